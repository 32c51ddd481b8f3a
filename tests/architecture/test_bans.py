"""What no code may do: the product does none of it, and each ban finds its planted sinner."""

import pytest

from tests.architecture import bans
from tests.architecture.plant import module
from tests.architecture.source import ROOT, read_tree

SINNERS = [
    (bans.commits_elsewhere, "server/features/floorplan/service.py", "session.commit()"),
    (bans.prints, "server/infra/db.py", "print('hello')"),
    (bans.naive_times, "server/infra/db.py", "import datetime\nx = datetime.datetime.now()"),
    (bans.naive_times, "server/infra/db.py", "x = datetime.utcnow()"),
    (bans.naive_times, "server/infra/db.py", "x = date.today()"),
    (bans.naive_times, "server/infra/db.py", "x = datetime.fromtimestamp(1)"),
    (bans.asks_the_clock, "server/features/floorplan/service.py", "x = datetime.now(UTC)"),
    (bans.sums_that_overflow, "server/features/telemetry/queries/hours.py", "x = select(func.sum(a.b))"),
    (bans.sleeps, "device_bridge/pipeline.py", "time.sleep(1)"),
    (bans.vague_names, "server/infra/db_utils.py", ""),
    (bans.vague_names, "server/infra/db.py", "class BoothManager: pass"),
    (bans.vague_names, "server/infra/db.py", "def f(helper): pass"),
    (bans.vague_names, "server/infra/db.py", "misc = 1"),
    (bans.without_a_sentence, "server/infra/db.py", "x = 1"),
    (bans.without_a_sentence, "server/infra/db.py", '"""Database"""'),
    (bans.acts_on_import, "server/infra/db.py", "print('hello')"),
    (bans.acts_on_import, "server/infra/db.py", "CONFIG = open('x')"),
    (bans.acts_on_import, "server/infra/db.py", "for x in y: pass"),
    (bans.unreasoned_ignores, "server/infra/db.py", "import os  # noqa"),
    (bans.unreasoned_ignores, "server/infra/db.py", "import os  # noqa: F401"),
    (bans.unreasoned_ignores, "server/infra/db.py", "x = y  # type: ignore[attr-defined]"),
]

INNOCENTS = [
    (bans.commits_elsewhere, "server/infra/db.py", "session.commit()"),
    (bans.commits_elsewhere, "device_bridge/spool.py", "connection.commit()"),
    (bans.prints, "server/doctor/command.py", "print('all is well')"),
    (bans.naive_times, "server/infra/db.py", "x = datetime.now(UTC)"),
    (bans.naive_times, "server/infra/db.py", "x = clock.now()"),
    (bans.asks_the_clock, "server/kernel/clock.py", "x = datetime.now(UTC)"),
    (bans.sums_that_overflow, "server/features/telemetry/rules/hours.py", "x = sum(y)"),
    (bans.sums_that_overflow, "server/infra/sums.py", "x = func.sum(y)"),
    (bans.sleeps, "device_bridge/transports/mqtt.py", "time.sleep(1)"),
    (bans.vague_names, "server/infra/db.py", "class Utility: pass"),
    (bans.without_a_sentence, "server/infra/db.py", '"""The database: one unit of work."""'),
    (bans.acts_on_import, "server/infra/db.py", "TABLE = frozenset({1})\nlater = lambda: open('x')"),
    (bans.unreasoned_ignores, "server/infra/db.py", "import os  # noqa: F401 - others import it from here"),
    (bans.unreasoned_ignores, "server/infra/db.py", "x = y  # type: ignore[attr-defined]  # set by Flask"),
]


@pytest.mark.parametrize("ban", bans.BANS, ids=lambda ban: ban.__name__)
def test_the_product_keeps_the_ban(ban: bans.Ban) -> None:
    assert [sentence for found in read_tree(ROOT).values() for sentence in ban(found)] == []


@pytest.mark.parametrize(("ban", "path", "text"), SINNERS)
def test_a_planted_sinner_is_found_and_named(ban: bans.Ban, path: str, text: str) -> None:
    found = list(ban(module(text, path)))

    assert len(found) == 1, found
    assert found[0].startswith(f"{path}:")


@pytest.mark.parametrize(("ban", "path", "text"), INNOCENTS)
def test_the_innocent_is_left_alone(ban: bans.Ban, path: str, text: str) -> None:
    assert list(ban(module(text, path))) == []


def test_every_ban_has_a_planted_sinner() -> None:
    assert {ban for ban, _, _ in SINNERS} == set(bans.BANS)
