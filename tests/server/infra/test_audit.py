"""The audit log: written with the change, found again, and the memory of what changed since a version."""

from datetime import timedelta

import pytest

from server.infra.audit import (
    AuditFilter,
    Changes,
    Difference,
    StaleError,
    count_entries,
    differences,
    list_entries,
    record,
    require_version,
)
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from tests.support.clock import FixedClock

NINA = Identity(role=Role.ORGANISER, account_id=7, username="nina", display_name="Nina 尼娜")


def test_an_entry_says_who_changed_what_from_what_to_what(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        record(session, NINA, "demo.move", "d1-01", {"starts_at": (clock.now(), None)}, version=2)

    with database.read() as session:
        (entry,) = list_entries(session, AuditFilter())
        assert (entry.who, entry.role, entry.action, entry.thing, entry.key, entry.version, entry.at) == (
            "Nina 尼娜",
            "organiser",
            "demo.move",
            "demo",
            "d1-01",
            2,
            clock.now(),
        )
        assert entry.differences == [Difference("starts_at", clock.now().isoformat(), None)]


def test_what_is_rolled_back_leaves_no_entry(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            record(session, NINA, "demo.move", "d1-01", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with database.read() as session:
        assert count_entries(session, AuditFilter()) == 0


def test_entries_are_found_by_thing_person_text_and_time_newest_first(database: Database, clock: FixedClock) -> None:
    start = clock.now()
    changed: tuple[tuple[str, str, Changes], ...] = (
        ("demo", "a", {"title": ("茶", "咖啡")}),
        ("booth", "b", {"who": ("x", "100%")}),
        ("demo", "c", {}),
    )
    for thing, key, changes in changed:
        with database.write() as session:
            record(session, NINA, f"{thing}.edit", key, changes)
        clock.move(lambda now: now + timedelta(hours=1))

    def keys(**wanted: object) -> list[str]:
        with database.read() as session:
            chosen = AuditFilter(**wanted)  # type: ignore[arg-type]  # the names are the filter's own
            found = [entry.key for entry in list_entries(session, chosen)]
            assert count_entries(session, chosen) == len(found)
            return found

    assert keys() == ["c", "b", "a"]
    assert keys(thing="demo") == ["c", "a"]
    assert keys(text="咖啡") == ["a"]
    assert keys(text="0%") == ["b"]
    assert keys(who="Nina 尼娜", key="b") == ["b"]
    assert keys(since=start + timedelta(hours=1), until=start + timedelta(hours=2)) == ["b"]


def test_only_what_differs_is_a_difference() -> None:
    old = {"name": "a", "size": 1, "kept": True}

    assert differences(old, {"name": "b", "size": 1, "new": 2}) == {"name": ("a", "b"), "new": (None, 2)}


def test_an_edit_of_the_present_version_passes(database: Database) -> None:
    with database.read() as session:
        require_version(session, "demo", "a", current=3, expected=3)
        assert count_entries(session, AuditFilter()) == 0


def test_a_stale_edit_is_told_what_changed_since(database: Database) -> None:
    with database.write() as session:
        record(session, NINA, "demo.edit", "a", {"title": ("one", "two")}, version=2)
        record(session, NINA, "demo.edit", "a", {"title": ("two", "three"), "size": (1, 2)}, version=3)
        record(session, NINA, "demo.edit", "b", {"title": ("other", "thing")}, version=4)

    with database.read() as session, pytest.raises(StaleError) as caught:
        require_version(session, "demo", "a", current=3, expected=1)

    assert caught.value.members() == {
        "version": 3,
        "changes": [{"field": "title", "old": "one", "new": "three"}, {"field": "size", "old": 1, "new": 2}],
    }


def test_values_of_any_kind_are_kept_as_text_or_figures(database: Database) -> None:
    with database.write() as session:
        record(session, NINA, "b.a", "c", {"origin": (Provenance.FACT, ["a", 1]), "other": (Role.BUYER, 1.5)})

    with database.read() as session:
        (entry,) = list_entries(session, AuditFilter())
        assert entry.differences == [
            Difference("origin", "fact", ["a", 1]),
            Difference("other", "buyer", 1.5),
        ]
