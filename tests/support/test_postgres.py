"""The throw-away cluster: fresh databases, copied from a template that is filled once."""

import psycopg

from tests.support.postgres import PostgresCluster, database_of


def execute(cluster: PostgresCluster, url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.conninfo(database_of(url)), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_a_database_copied_from_a_template_holds_its_rows_and_keeps_its_own(postgres_cluster: PostgresCluster) -> None:
    fills: list[str] = []

    def fill(url: str) -> None:
        fills.append(url)
        execute(postgres_cluster, url, "CREATE TABLE booth (number text)")

    postgres_cluster.create_template("booths", fill)
    postgres_cluster.create_template("booths", fill)
    first = postgres_cluster.create_database("booths")
    second = postgres_cluster.create_database("booths")
    execute(postgres_cluster, first, "INSERT INTO booth VALUES ('D19.2C05')")

    assert len(fills) == 1
    assert execute(postgres_cluster, first, "SELECT * FROM booth") == [("D19.2C05",)]
    assert execute(postgres_cluster, second, "SELECT * FROM booth") == []


def test_a_dropped_database_is_gone_even_while_somebody_is_connected(postgres_cluster: PostgresCluster) -> None:
    url = postgres_cluster.create_database()
    with psycopg.connect(postgres_cluster.conninfo(database_of(url))):
        postgres_cluster.drop_database(url)

    assert execute(postgres_cluster, postgres_cluster.url("postgres"), "SELECT datname FROM pg_database") != [(url,)]


def test_the_cluster_is_reached_by_its_socket_alone(postgres_cluster: PostgresCluster) -> None:
    rows = execute(postgres_cluster, postgres_cluster.url("postgres"), "SHOW listen_addresses")

    assert rows == [("",)]
