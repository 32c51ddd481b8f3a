"""The people at booths: their hours, and what happens to those whom meetings and demos need."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from server.features.exhibitors.models import StaffHours, StaffMember
from server.features.exhibitors.queries import desk_staff, find_exhibitor, list_openings, staff_bookings
from server.features.exhibitors.rules import Booking, BookingKind, HoursFault, HoursSpan
from server.features.exhibitors.schemas import DayHours, HoursEdit, StaffDesk, StaffEdit, StretchIn
from server.features.exhibitors.service import (
    HoursError,
    StaffBookedError,
    add_person,
    edit_hours,
    edit_person,
    remove_person,
)
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import claim, release
from server.infra.audit import AuditEntry, StaleError
from server.infra.db import Database
from server.kernel.clock import FAIR_ZONE
from server.kernel.errors import ConflictError, NotFoundError
from server.kernel.spans import Span
from tests.conftest import NOON
from tests.server.features.exhibitors.test_edits import LEAD, STRANGER

PERSON = "nanling/PERSON"
TODAY = date(2026, 4, 16)
MORNING = NOON - timedelta(hours=3)
ANNA = StaffEdit(name="Anna Li", name_zh="李安娜", call_me="Anna", languages=["zh", "en"], email="anna@nanling.example")


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the second fair day, in fair time."""
    return datetime(2026, 4, 16, hour, minute, tzinfo=FAIR_ZONE)


def hours(*spans: tuple[int, int], day: date = TODAY) -> HoursEdit:
    """Hours of one day, from and to full hours."""
    stretches = [StretchIn(starts_at=at(first), ends_at=at(last)) for first, last in spans]
    return HoursEdit(days=[DayHours(date=day, stretches=stretches)])


def staff_id(session: Session, key: str = "anna-li") -> int:
    """The key of somebody of Nanling in the database."""
    return session.exec(select(StaffMember.id).where(StaffMember.code == key)).one() or 0


def anna(database: Database) -> StaffDesk:
    """Anna as her desk shows her."""
    with database.read() as session:
        return desk_staff(session, "nanling", "anna-li")[0]


def todays(database: Database) -> list[HoursSpan]:
    """Anna's hours of today."""
    return [HoursSpan(*one) for one in anna(database).hours if one[0].astimezone(FAIR_ZONE).date() == TODAY]


def reserve(database: Database, holder: str, first: datetime, last: datetime) -> None:
    """Let a meeting or demo need Anna."""
    with database.write() as session:
        claim(session, holder, [Want(Resource(ResourceKind.STAFF, staff_id(session)), Span(first, last))])


@pytest.fixture
def booth(fair_database: Database) -> Database:
    """A fair at which Anna works for Nanling, today from nine to twelve and from one to six."""
    with fair_database.write() as session:
        add_person(session, LEAD, "nanling", ANNA)
        edit_hours(session, LEAD, "nanling/anna-li", hours((9, 12), (13, 18)), 1, now=MORNING)
    return fair_database


def test_a_new_person_has_hours_and_an_address_that_the_public_does_not_see(booth: Database) -> None:
    with booth.read() as session:
        page = find_exhibitor(session, "nanling")

    assert anna(booth) == StaffDesk(
        code="anna-li",
        name="Anna Li",
        name_zh="李安娜",
        call_me="Anna",
        languages=["zh", "en"],
        hours=[(at(9), at(12)), (at(13), at(18))],
        email="anna@nanling.example",
        version=2,
    )
    assert page is not None
    assert "email" not in page.staff[0].model_dump()


def test_hours_of_days_that_are_not_named_stay_as_they_are(booth: Database) -> None:
    with booth.read() as session:
        tomorrow = list_openings(session)[2]
    more = HoursEdit(
        days=[
            DayHours(date=tomorrow.date, stretches=[StretchIn(starts_at=tomorrow.opens_at, ends_at=tomorrow.closes_at)])
        ]
    )

    with booth.write() as session:
        version = edit_hours(session, LEAD, "nanling/anna-li", more, 2, now=MORNING)

    assert (version, anna(booth).hours) == (
        3,
        [(at(9), at(12)), (at(13), at(18)), (tomorrow.opens_at, tomorrow.closes_at)],
    )


def test_the_log_tells_hours_by_the_clock(booth: Database) -> None:
    with booth.write() as session:
        edit_hours(session, LEAD, "nanling/anna-li", hours((10, 12)), 2, now=MORNING)

    with booth.read() as session:
        last = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert last is not None
    assert (last.action, last.key, last.version, last.changes) == (
        "staff.hours.edit",
        "nanling/anna-li",
        3,
        '{"2026-04-16": [["09:00–12:00", "13:00–18:00"], ["10:00–12:00"]]}',
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (hours((9, 12), (11, 13)), HoursFault.OVERLAP),
        (hours((12, 9)), HoursFault.BACKWARD),
        (hours((8, 12)), HoursFault.OUTSIDE),
        (hours((9, 12), day=date(2026, 5, 1)), HoursFault.NO_DAY),
    ],
)
def test_hours_that_cannot_be_are_refused_with_the_reason(booth: Database, data: HoursEdit, fault: HoursFault) -> None:
    with pytest.raises(HoursError) as refusal, booth.write() as session:
        edit_hours(session, LEAD, "nanling/anna-li", data, 2, now=MORNING)

    assert refusal.value.fault is fault
    assert todays(booth) == [HoursSpan(at(9), at(12)), HoursSpan(at(13), at(18))]


def test_shrinking_hours_under_bookings_is_refused_with_those_that_would_be_orphaned(booth: Database) -> None:
    reserve(booth, "meeting:kept", at(9), at(9, 30))
    reserve(booth, "meeting:lost", at(16), at(16, 35))
    reserve(booth, "demo:d2-99", at(11), at(11, 30))

    with pytest.raises(StaffBookedError) as refusal, booth.write() as session:
        edit_hours(session, LEAD, "nanling/anna-li", hours((9, 11), (13, 16)), 2, now=MORNING)

    assert [(one.kind, one.key, one.starts_at) for one in refusal.value.bookings] == [
        (BookingKind.DEMO, "d2-99", at(11)),
        (BookingKind.MEETING, "lost", at(16)),
    ]
    assert todays(booth) == [HoursSpan(at(9), at(12)), HoursSpan(at(13), at(18))]


def test_hours_may_shrink_where_nothing_is_booked_and_under_what_is_over(booth: Database) -> None:
    reserve(booth, "meeting:over", at(9), at(9, 30))
    reserve(booth, "meeting:kept", at(14), at(14, 30))

    with booth.write() as session:
        edit_hours(session, LEAD, "nanling/anna-li", hours((11, 12), (13, 15)), 2, now=at(10))

    assert todays(booth) == [HoursSpan(at(11), at(12)), HoursSpan(at(13), at(15))]


def test_a_person_whom_a_demo_needs_cannot_leave_and_the_demo_is_named(fair_database: Database) -> None:
    with fair_database.write() as session:
        add_person(session, LEAD, "nanling", ANNA)
    reserve(fair_database, "demo:d3-01", at(15), at(15, 20))

    with pytest.raises(StaffBookedError) as refusal, fair_database.write() as session:
        remove_person(session, LEAD, "nanling/anna-li", 1, now=NOON)

    (booking,) = refusal.value.bookings
    assert (booking.kind, booking.key, booking.title_en != "") == (BookingKind.DEMO, "d3-01", True)


def test_a_person_who_leaves_takes_hours_and_address_along_and_leaves_the_name(booth: Database) -> None:
    reserve(booth, "meeting:over", at(9), at(9, 30))

    with booth.write() as session:
        remove_person(session, LEAD, "nanling/anna-li", 2, now=NOON)

    with booth.read() as session:
        row = session.exec(select(StaffMember).where(StaffMember.code == "anna-li")).one()
        left = session.exec(select(StaffHours).where(StaffHours.staff_id == row.id)).all()
        shown = [person.code for person in desk_staff(session, "nanling")]
    assert (row.name, row.active, row.email, row.version, left) == ("Anna Li", False, None, 3, [])
    assert "anna-li" not in shown


def test_somebody_of_the_same_name_comes_after_one_who_left_as_somebody_else(booth: Database) -> None:
    with booth.write() as session:
        remove_person(session, LEAD, "nanling/anna-li", 2, now=NOON)

    with booth.write() as session:
        code = add_person(session, LEAD, "nanling", ANNA).code

    assert code == "anna-li-2"


def test_an_edit_of_a_person_after_the_hours_were_changed_is_stale(booth: Database) -> None:
    with pytest.raises(StaleError), booth.write() as session:
        edit_person(session, LEAD, "nanling/anna-li", ANNA, 1)


def test_somebody_elses_people_are_not_there(booth: Database) -> None:
    with pytest.raises(NotFoundError), booth.write() as session:
        edit_hours(session, STRANGER, "nanling/anna-li", hours((9, 10)), 2, now=MORNING)
    with pytest.raises(NotFoundError), booth.write() as session:
        remove_person(session, STRANGER, "nanling/anna-li", 2, now=MORNING)


def book(session: Session, holder: str, first: datetime, last: datetime) -> None:
    """Claim Anna's time as bookings do: lock her row FOR SHARE, look at her hours, then claim."""
    row = session.exec(select(StaffMember).where(StaffMember.code == "anna-li").with_for_update(read=True)).one()
    there = session.exec(
        select(StaffHours.id).where(
            StaffHours.staff_id == row.id, StaffHours.starts_at <= first, StaffHours.ends_at >= last
        )
    ).first()
    if there is None:
        raise ConflictError
    claim(session, holder, [Want(Resource(ResourceKind.STAFF, row.id or 0), Span(first, last))])


def test_hours_never_shrink_under_a_booking_of_the_same_moment(booth: Database) -> None:
    rounds = 12
    start = threading.Barrier(2)

    def shrink(version: int) -> bool:
        start.wait(60)
        try:
            with booth.write() as session:
                edit_hours(session, LEAD, "nanling/anna-li", hours((9, 12)), version, now=MORNING)
        except StaffBookedError:
            return False
        return True

    def take(holder: str) -> bool:
        start.wait(60)
        try:
            with booth.write() as session:
                book(session, holder, at(15), at(15, 30))
        except ConflictError:
            return False
        return True

    outcomes = []
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            version = anna(booth).version
            futures = pool.submit(shrink, version), pool.submit(take, f"meeting:{number}")
            outcomes.append((futures[0].result(30), futures[1].result(30)))
            with booth.write() as session:
                for holding in staff_bookings(session, staff_id(session), MORNING):
                    release_one(session, holding)
                edit_hours(
                    session, LEAD, "nanling/anna-li", hours((9, 12), (13, 18)), version + outcomes[-1][0], now=MORNING
                )

    assert set(outcomes) <= {(True, False), (False, True)}


def release_one(session: Session, booking: Booking) -> None:
    """Free what a booking has."""
    release(session, f"{booking.kind}:{booking.key}")
