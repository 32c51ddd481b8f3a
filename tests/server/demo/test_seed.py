"""`fairzone seed` is for the demo: a hall's data are safe from it, however it is called."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from server.demo.fair import is_demo
from server.demo.seed import seed as seed_command
from server.features.exhibitors.models import Exhibitor
from server.features.floorplan.models import Hall
from server.infra.db import Database
from server.infra.migrate import current_version
from server.kernel.provenance import Provenance
from tests.support.people import make_exhibitor


def seed(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(seed_command, words, input=typed)


def codes(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.exec(select(Exhibitor.code)))


@pytest.fixture
def hall(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An installation that nobody has told to be a demo."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("FAIRZONE_DATA", str(tmp_path / "hall-data"))
    return database


@pytest.mark.parametrize(
    ("words", "typed"),
    [([], None), (["--yes"], None), (["--logins"], None), (["--into-a-hall"], "yes\n"), (["--into-a-hall"], "\n\n")],
)
def test_a_hall_is_left_alone_unless_told_twice(hall: Database, words: list[str], typed: str | None) -> None:
    done = seed(*words, typed=typed)

    assert (done.exit_code, codes(hall)) == (1, set())


def test_a_refused_seed_says_why_and_what_to_do(hall: Database) -> None:
    told = seed().output

    assert "hall-data is not the demo's: nothing was loaded." in told
    assert "fairzone demo" in told
    assert "fairzone seed --into-a-hall" in told


@pytest.mark.parametrize("words", [["--fresh"], ["--fresh", "--into-a-hall", "--yes"]])
def test_nothing_is_ever_deleted_in_a_hall(hall: Database, words: list[str]) -> None:
    floor: dict[str, Any] = {"width_m": 84, "depth_m": 50, "provenance": Provenance.FACT}
    with hall.write() as session:
        session.add(Hall(code="1", name_en="Hall", name_zh="展馆", **floor))

    done = seed(*words)

    with hall.read() as session:
        assert (done.exit_code, session.exec(select(Hall.code)).all()) == (1, ["1"])


@pytest.mark.slow
@pytest.mark.parametrize(("words", "typed"), [(["--yes"], None), ([], "hall-data\n")])
def test_told_twice_the_demo_fair_is_loaded(hall: Database, words: list[str], typed: str | None) -> None:
    done = seed("--into-a-hall", *words, typed=typed)

    assert (done.exit_code, len(codes(hall))) == (0, 46)


@pytest.mark.slow
def test_a_demo_is_loaded_afresh_without_a_question(hall: Database) -> None:
    seed("--into-a-hall", "--yes")

    again = seed("--fresh")

    assert (again.exit_code, len(codes(hall)), is_demo(hall)) == (0, 46, True)


def test_one_real_exhibitor_makes_it_a_hall(hall: Database) -> None:
    seed("--into-a-hall", "--yes")
    make_exhibitor(hall, "real-firm")
    with hall.write() as session:
        session.exec(select(Exhibitor).where(Exhibitor.code == "real-firm")).one().provenance = Provenance.FACT

    done = seed("--fresh")

    assert (done.exit_code, "real-firm" in codes(hall), len(codes(hall))) == (1, True, 47)


def test_a_refused_seed_makes_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("FAIRZONE_DATA", str(tmp_path))

    done = seed()

    database = Database(f"sqlite:///{tmp_path / 'fairzone.db'}")
    assert (done.exit_code, current_version(database)) == (1, None)
    database.close()


def test_the_folder_of_the_demo_is_the_demos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ".fairzone" / "demo"
    folder.mkdir(parents=True)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("FAIRZONE_DATA", str(folder))

    assert seed().exit_code == 0
