"""A bridge that takes no reports says so, and the organiser reads on the day's page what to do."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from device_bridge.wire.batch import Batch, decode_batch, encode_batch
from server.features.insight.service import today
from server.features.telemetry.live import health
from server.features.telemetry.models import BridgeTroubleRow
from server.features.telemetry.queries.bridges import TroubleNow, standing_troubles
from server.features.telemetry.service import store_batch
from server.infra.db import Database
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import bearer_of
from tests.support.zone import make_zone


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """Robots of one exhibitor."""
    make_zone(database)


def say(
    database: Database, *kinds: str, after_s: float = 0, exhibitor: str | None = None, name: str = "zone"
) -> datetime:
    """Let a bridge say what keeps it from taking reports; when it said so."""
    now = NOON + timedelta(seconds=after_s)
    with database.write() as session:
        store_batch(session, Batch(name, troubles=kinds), now, exhibitor)
    return now


def standing(database: Database, after_s: float) -> list[TroubleNow]:
    with database.read() as session:
        return standing_troubles(session, NOON + timedelta(seconds=after_s))


def test_a_trouble_stands_from_its_first_word_until_it_was_not_said_for_a_minute(database: Database) -> None:
    say(database, "disk-full")
    last = say(database, "disk-full", after_s=50)

    assert standing(database, 110) == [TroubleNow("", "", "", "zone", "disk-full", NOON, last)]
    assert standing(database, 111) == []
    again = say(database, "disk-full", after_s=200)
    assert standing(database, 200) == [TroubleNow("", "", "", "zone", "disk-full", again, again)]


def test_a_batch_of_an_older_moment_sets_nothing_back(database: Database) -> None:
    last = say(database, "disk-full", after_s=50)
    say(database, "disk-full", after_s=20)

    assert [row.last_seen for row in standing(database, 60)] == [last]


def test_a_booths_bridge_counts_as_one_whatever_it_calls_itself_and_says_what_has_a_word(database: Database) -> None:
    for number in range(5):
        say(database, "disk-full", "spool-full", "\0", f"odd-{number}", exhibitor="nanling", name=f"name {number}")

    assert [(row.exhibitor, row.exhibitor_en, row.bridge, row.kind) for row in standing(database, 1)] == [
        ("nanling", "Nanling Robotics", "", "disk-full"),
        ("nanling", "Nanling Robotics", "", "spool-full"),
    ]


def test_what_was_over_a_day_ago_is_not_kept(database: Database) -> None:
    say(database, "disk-full", name="old")
    say(database, "disk-full", after_s=86_401, name="new")

    with database.read() as session:
        assert [row.bridge for row in session.exec(select(BridgeTroubleRow))] == ["new"]


def test_an_older_bridge_says_nothing_of_it_on_the_wire(database: Database) -> None:
    assert encode_batch(Batch("zone")) == b'{"bridge":"zone"}'
    assert decode_batch(b'{"bridge":"zone"}').troubles == ()


def test_the_day_and_the_health_say_it(database: Database) -> None:
    say(database, "disk-full")
    say(database, "spool-full", exhibitor="nanling")

    with database.read() as session:
        found, figures = today(session, NOON), health(session, NOON)
        later = health(session, NOON + timedelta(minutes=2))

    assert [(one.exhibitor, one.kind) for one in found.bridges] == [("", "disk-full"), ("nanling", "spool-full")]
    assert (figures["bridge_trouble"], later["bridge_trouble"]) == ("disk-full, spool-full", None)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Disk full: a bridge takes no reports", "Bridge zone of the zone", "Free room on the disk"]),
        ("zh-Hans", ["磁盘已满：网桥不再接收报告", "请清理网桥缓存所在磁盘"]),
    ],
)
def test_the_organisers_page_says_what_to_do(
    language: str, words: list[str], database: Database, client: FlaskClient
) -> None:
    say(database, "disk-full")
    say(database, "spool-full", "spool-fails", exhibitor="nanling")
    headers = {**bearer_of(database, Role.ORGANISER), "Accept-Language": language}

    page = client.get("/today", headers=headers).get_data(as_text=True)

    assert [word for word in words if word not in page] == []
    assert 'href="/exhibitors/nanling"' in page
