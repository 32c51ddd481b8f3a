"""Hours and the meetings that need them: what would be orphaned is named, and never happens by a race."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from server.features.exhibitors.queries import desk_staff, staff_bookings
from server.features.exhibitors.rules import Booking, BookingKind
from server.features.exhibitors.schemas import DayHours, HoursEdit, StretchIn
from server.features.exhibitors.service import StaffBookedError, edit_hours, remove_person
from server.features.meetings.schemas import HoldIn
from server.features.meetings.service import MeetingRefusedError, hold
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.permissions import Role
from tests.support.small_fair import CLOSES, NOON, OPENS, SmallFair, make_small_fair

LEAD = Identity(Role.EXHIBITOR_ADMIN, display_name="Lead of Kapok", exhibitor_id=1, exhibitor="kapok")
PERSON = 11
AFTERNOON = NOON + timedelta(hours=3)
RIVALS = 6


def at_booth(*, hours: int) -> HoursEdit:
    """So many hours from opening."""
    stretch = StretchIn(starts_at=OPENS, ends_at=OPENS + timedelta(hours=hours))
    return HoursEdit(days=[DayHours(date=date(2026, 4, 16), stretches=[stretch])])


@pytest.fixture
def fair(database: Database) -> SmallFair:
    """A fair with one person a booth, and buyers who want to meet."""
    return make_small_fair(database, buyers=RIVALS)


def book(fair: SmallFair, buyer: int) -> str:
    """Let a buyer hold half an hour of the afternoon; the meeting's uid."""
    wish = HoldIn(exhibitor="kapok", starts_at=AFTERNOON, minutes=30)
    with fair.database.write() as session:
        return hold(session, fair.buyer(buyer), wish, NOON).uid


def test_a_meeting_is_named_by_its_buyer_and_its_own_time_without_buffers(fair: SmallFair) -> None:
    uid = book(fair, 1)

    with fair.database.read() as session:
        found = staff_bookings(session, PERSON, NOON)

    ends_at = AFTERNOON + timedelta(minutes=30)
    title = "Buyer 1, Company 1"
    assert found == [Booking(AFTERNOON, ends_at, BookingKind.MEETING, uid, title, title)]


def test_hours_may_end_with_a_meeting_and_not_before_it_does(fair: SmallFair) -> None:
    book(fair, 1)
    half = OPENS + timedelta(hours=6, minutes=30)
    exactly = HoursEdit(days=[DayHours(date=date(2026, 4, 16), stretches=[StretchIn(starts_at=OPENS, ends_at=half)])])

    with pytest.raises(StaffBookedError), fair.database.write() as session:
        edit_hours(session, LEAD, "kapok/s1", at_booth(hours=6), 1, now=NOON)
    with fair.database.write() as session:
        version = edit_hours(session, LEAD, "kapok/s1", exactly, 1, now=NOON)

    assert version == 2


def test_somebody_with_a_meeting_cannot_leave(fair: SmallFair) -> None:
    uid = book(fair, 1)

    with pytest.raises(StaffBookedError) as refusal, fair.database.write() as session:
        remove_person(session, LEAD, "kapok/s1", 1, now=NOON)

    assert [one.key for one in refusal.value.bookings] == [uid]


def test_hours_that_shrink_while_buyers_book_leave_no_meeting_without_its_host(fair: SmallFair) -> None:
    start = Barrier(RIVALS + 1)

    def try_to_book(buyer: int) -> bool:
        start.wait(60)
        try:
            book(fair, buyer)
        except MeetingRefusedError:
            return False
        return True

    def shrink() -> bool:
        start.wait(60)
        try:
            with fair.database.write() as session:
                edit_hours(session, LEAD, "kapok/s1", at_booth(hours=5), 1, now=NOON)
        except StaffBookedError:
            return False
        return True

    with ThreadPoolExecutor(RIVALS + 1) as pool:
        booked = [pool.submit(try_to_book, number) for number in range(1, RIVALS + 1)]
        shrunk = pool.submit(shrink).result(60)
        winners = sum(one.result(60) for one in booked)

    with fair.database.read() as session:
        ends_at = desk_staff(session, "kapok")[0].hours[0][1]
    assert (shrunk, winners, ends_at) in [(True, 0, OPENS + timedelta(hours=5)), (False, 1, CLOSES)]
