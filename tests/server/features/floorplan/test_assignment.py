"""One booth belongs to one exhibitor at a time, and is taken back only when nothing is reserved there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor
from server.features.floorplan.models import Booth, BoothAssignment, MeetingTable
from server.features.floorplan.queries import booth_uses, candidates, find_booth, list_booths, vacant_near
from server.features.floorplan.schemas import BoothUse
from server.features.floorplan.service import BoothInUseError, BoothTakenError, assign_booth, vacate_booth
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import claim
from server.infra.audit import AuditFilter, Difference, StaleError, list_entries
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.errors import FairZoneError, NotFoundError
from server.kernel.permissions import Role
from server.kernel.spans import Span
from tests.conftest import NOON

NINA = Identity(role=Role.ORGANISER, account_id=7, username="nina", display_name="Nina")
TAKEN, OWNER, VACANT = "D19.2C05", "nanling", "D19.2B07"


def occupant(database: Database, number: str) -> str | None:
    with database.read() as session:
        found = find_booth(session, number)
    assert found is not None
    return found.occupant.code if found.occupant else None


def version(database: Database, number: str) -> int:
    with database.read() as session:
        return session.exec(select(Booth.version).where(Booth.number == number)).one()


def place(session: Session, number: str) -> tuple[Resource, Resource]:
    """A booth and its first table as what can be reserved."""
    booth = session.exec(select(Booth.id).where(Booth.number == number)).one() or 0
    table = session.exec(
        select(MeetingTable.id).where(MeetingTable.booth_id == booth).order_by(col(MeetingTable.number))
    ).first()
    return Resource(ResourceKind.BOOTH, booth), Resource(ResourceKind.TABLE, table or 0)


def free_of_demos(database: Database, number: str) -> None:
    """Nothing is reserved at the booth any more."""
    with database.write() as session:
        for use in booth_uses(session, number, NOON - timedelta(days=9)):
            session.connection().exec_driver_sql(f"DELETE FROM reservation WHERE holder = '{use.kind}:{use.key}'")  # noqa: S608 - keys of the demo fair


@pytest.fixture
def vacant(fair_database: Database) -> str:
    """A booth of the demo fair that nobody has."""
    with fair_database.read() as session:
        return list_booths(session, free=True)[0].number


def test_a_vacant_booth_is_given_and_the_log_says_by_whom_to_whom(fair_database: Database, vacant: str) -> None:
    with fair_database.write() as session:
        assign_booth(session, NINA, vacant, OWNER, version=1)

    assert (occupant(fair_database, vacant), version(fair_database, vacant)) == (OWNER, 2)
    with fair_database.read() as session:
        (entry,) = list_entries(session, AuditFilter(thing="booth"))
        assert (entry.who, entry.action, entry.key, entry.version) == ("Nina", "booth.assign", vacant, 2)
        assert entry.differences == [Difference("exhibitor", None, OWNER)]


def test_a_taken_booth_is_refused_by_the_name_of_its_exhibitor(fair_database: Database) -> None:
    with fair_database.write() as session, pytest.raises(BoothTakenError) as refused:
        assign_booth(session, NINA, TAKEN, "egret", version=1)

    assert refused.value.params["exhibitor"] == OWNER
    assert occupant(fair_database, TAKEN) == OWNER


def test_giving_a_booth_to_whoever_has_it_changes_nothing(fair_database: Database) -> None:
    with fair_database.write() as session:
        assign_booth(session, NINA, TAKEN, OWNER, version=99)

    assert (occupant(fair_database, TAKEN), version(fair_database, TAKEN)) == (OWNER, 1)


@pytest.mark.parametrize(("number", "code"), [("D19.2Z99", OWNER), (None, "nobody-at-all")])
def test_an_unknown_booth_or_exhibitor_is_not_found(
    fair_database: Database, vacant: str, number: str | None, code: str
) -> None:
    with fair_database.write() as session, pytest.raises(NotFoundError):
        assign_booth(session, NINA, number or vacant, code, version=1)


def test_whoever_saw_an_older_booth_is_told_what_has_changed(fair_database: Database, vacant: str) -> None:
    with fair_database.write() as session:
        assign_booth(session, NINA, vacant, OWNER, version=1)

    with fair_database.write() as session, pytest.raises(StaleError) as refused:
        vacate_booth(session, NINA, vacant, version=1, now=NOON)

    assert refused.value.members() == {
        "version": 2,
        "changes": [{"field": "exhibitor", "old": None, "new": OWNER}],
    }


def test_a_booth_is_taken_back_when_nothing_is_reserved_there(fair_database: Database) -> None:
    free_of_demos(fair_database, TAKEN)

    with fair_database.write() as session:
        vacate_booth(session, NINA, TAKEN, version=1, now=NOON)

    assert (occupant(fair_database, TAKEN), version(fair_database, TAKEN)) == (None, 2)


def test_taking_back_a_vacant_booth_changes_nothing(fair_database: Database, vacant: str) -> None:
    with fair_database.write() as session:
        vacate_booth(session, NINA, vacant, version=99, now=NOON)

    assert version(fair_database, vacant) == 1


@pytest.mark.parametrize("where", [0, 1], ids=["booth", "table"])
def test_a_booth_in_use_is_refused_with_what_is_reserved_there(fair_database: Database, where: int) -> None:
    free_of_demos(fair_database, TAKEN)
    span = Span(NOON - timedelta(minutes=10), NOON + timedelta(minutes=20))
    with fair_database.write() as session:
        claim(session, "meeting:m-1", [Want(place(session, TAKEN)[where], span)])

    with fair_database.write() as session, pytest.raises(BoothInUseError) as refused:
        vacate_booth(session, NINA, TAKEN, version=1, now=NOON)

    assert refused.value.uses == [
        BoothUse(
            kind="meeting", key="m-1", name_en="m-1", name_zh="m-1", starts_at=span.starts_at, ends_at=span.ends_at
        )
    ]
    assert occupant(fair_database, TAKEN) == OWNER


def test_what_is_over_does_not_keep_a_booth(fair_database: Database) -> None:
    free_of_demos(fair_database, TAKEN)
    with fair_database.write() as session:
        claim(session, "demo:d", [Want(place(session, TAKEN)[0], Span(NOON - timedelta(hours=1), NOON))])

    with fair_database.write() as session:
        vacate_booth(session, NINA, TAKEN, version=1, now=NOON)

    assert occupant(fair_database, TAKEN) is None


def test_every_booth_has_its_meeting_tables(fair_database: Database) -> None:
    with fair_database.read() as session:
        rows = session.exec(
            select(Booth.kind, Booth.number, MeetingTable.number).join(
                MeetingTable, col(MeetingTable.booth_id) == Booth.id
            )
        ).all()
        booths = {(one.kind, one.number) for one in list_booths(session)}

    expected = {(kind, number, table) for kind, number in booths for table in range(1, 5 if kind == "raw" else 3)}
    assert set(rows) == expected


def test_exhibitors_without_a_booth_are_offered_first_and_found_in_both_scripts(fair_database: Database) -> None:
    free_of_demos(fair_database, TAKEN)
    with fair_database.write() as session:
        name = session.exec(select(Exhibitor.name_zh).where(Exhibitor.code == OWNER)).one()
        vacate_booth(session, NINA, TAKEN, version=1, now=NOON)

    with fair_database.read() as session:
        everybody, by_name = candidates(session), candidates(session, f" {name[:3]} ")

    assert (everybody[0].code, everybody[0].booths, len(everybody)) == (OWNER, [], 46)
    assert OWNER in [one.code for one in by_name]
    assert len(by_name) < len(everybody)


def test_the_vacant_booths_nearest_to_a_taken_one_are_of_its_kind_first(fair_database: Database) -> None:
    with fair_database.read() as session:
        booths = list_booths(session)

    near = vacant_near(booths, TAKEN)

    here = next(one for one in booths if one.number == TAKEN)
    free_of_kind = sum(one.occupant is None and one.kind == here.kind for one in booths)
    assert [one.kind == here.kind for one in near] == [index < free_of_kind for index in range(3)]
    assert all(one.occupant is None for one in near)


def attempt(act: Callable[[], None]) -> str:
    """How a try ended: done, or the code of its refusal."""
    try:
        act()
    except FairZoneError as refusal:
        return refusal.code
    return "done"


def test_of_many_who_give_a_booth_at_once_one_wins_and_the_others_hear_the_name(
    fair_database: Database, vacant: str
) -> None:
    with fair_database.read() as session:
        codes = list(session.exec(select(Exhibitor.code).limit(12)))

    def give(code: str) -> str:
        def act() -> None:
            with fair_database.write() as session:
                assign_booth(session, NINA, vacant, code, version=1)

        return attempt(act)

    with ThreadPoolExecutor(12) as pool:
        ends = list(pool.map(give, codes))

    assert sorted(ends) == ["booth-taken"] * 11 + ["done"]
    assert occupant(fair_database, vacant) == codes[ends.index("done")]


def book(session: Session, number: str, holder: str) -> None:
    """What a booking does: it locks the assignment to share it, then reserves a table."""
    assigned = session.exec(
        select(BoothAssignment)
        .join(Booth, col(Booth.id) == BoothAssignment.booth_id)
        .where(Booth.number == number)
        .with_for_update(read=True, of=BoothAssignment)
    ).first()
    if assigned is None:
        raise NotFoundError(what=number)
    span = Span(NOON + timedelta(hours=1), NOON + timedelta(hours=2))
    claim(session, holder, [Want(place(session, number)[1], span)])


def test_a_booth_is_either_taken_back_or_booked_never_both(fair_database: Database) -> None:
    with fair_database.read() as session:
        taken = [one.number for one in list_booths(session, free=False)][:10]
    for number in taken:
        free_of_demos(fair_database, number)

    def vacate(number: str) -> str:
        def act() -> None:
            with fair_database.write() as session:
                vacate_booth(session, NINA, number, version=1, now=NOON)

        return attempt(act)

    def reserve(number: str) -> str:
        def act() -> None:
            with fair_database.write() as session:
                book(session, number, f"meeting:{number}")

        return attempt(act)

    with ThreadPoolExecutor(8) as pool:
        both = [(pool.submit(vacate, number), pool.submit(reserve, number)) for number in taken]
        ends = {(one.result(), other.result()) for one, other in both}

    assert ends <= {("done", "not-found"), ("booth-in-use", "done")}
