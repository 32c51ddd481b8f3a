"""Adding, editing and removing the people at a booth, and saying when they are there.

Whoever books somebody's time locks the person's row FOR SHARE before looking at the hours; here it is locked FOR
UPDATE before looking at the bookings. So hours never shrink under a booking that both saw as possible.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete

from server.features.exhibitors.events import StaffContactChanged
from server.features.exhibitors.models import StaffHours, StaffMember
from server.features.exhibitors.queries import hanging_on, list_openings, staff_bookings, staff_stretches
from server.features.exhibitors.rules import (
    Booking,
    HoursFault,
    HoursSpan,
    Opening,
    hours_fault,
    orphans,
    overlapping,
)
from server.features.exhibitors.schemas import BookingOut, DayHours, HoursEdit, StaffEdit
from server.features.exhibitors.service.owned import PERSON, add_owned, change_owned, gone, locked_owned
from server.features.exhibitors.service.owning import locked_exhibitor
from server.features.inbox.service import Addressee, NoticeContent, tell_person
from server.features.reservations.rules import Resource, ResourceKind
from server.infra.audit import Changes, record
from server.infra.db import clock_of, insert_new
from server.infra.identity import Identity
from server.infra.outbox import emit
from server.kernel.clock import FAIR_ZONE
from server.kernel.errors import ConflictError, FairZoneError
from server.kernel.languages import written_language


class StaffBookedError(ConflictError):
    """Meetings or demos need this person then; `bookings` are they, by time."""

    code = "staff-booked"

    def __init__(self, bookings: Sequence[Booking]) -> None:
        self.bookings = bookings
        super().__init__(number=len(bookings))

    def members(self) -> dict[str, Any]:
        """The meetings and demos, with what leads to each."""
        return {"bookings": [BookingOut.of(one).model_dump(mode="json") for one in self.bookings]}


class HoursError(FairZoneError):
    """Hours that cannot be: `fault` says why, `stretch` which, on the day `date`."""

    code = "hours"
    status = 422

    def __init__(self, fault: HoursFault, date: str, stretch: str) -> None:
        self.fault = fault
        super().__init__(fault=fault.value, date=date, stretch=stretch)


def add_person(session: Session, by: Identity, exhibitor: str, data: StaffEdit) -> StaffMember:
    """Let somebody work at the booth, without hours at first; the code is made from the name.

    Raises:
        QuotaError: the exhibitor has as many as one may have.
        NotFoundError: there is no such exhibitor, or it is somebody else's.
    """
    return add_owned(session, by, PERSON, locked_exhibitor(session, by, exhibitor), data)


def edit_person(session: Session, by: Identity, key: str, data: StaffEdit, version: int) -> int:
    """Change what is said of the person with this `key` (`<exhibitor>/<person>`) and return the version now.

    Saying the same again changes nothing.

    Raises:
        NotFoundError: there is no such person, or they are somebody else's.
        StaleError: somebody changed them or their hours since `version`.
    """
    row = locked_owned(session, by, PERSON, key, version)
    changes = change_owned(session, by, key, row, data)
    if "email" in changes:
        emit(session, StaffContactChanged(staff_id=row.id or 0, at=clock_of(session).now()), subject=f"staff:{row.id}")
    return row.version


def remove_person(
    session: Session, by: Identity, key: str, version: int, *, now: datetime, release: bool = False
) -> None:
    """Let somebody leave: their hours and address go, the name stays with the past meetings and demos.

    What is booked with them, or asked for, is cancelled if `release` says so, and everybody concerned is told.

    Raises:
        NotFoundError: there is no such person, or they are somebody else's.
        StaffBookedError: meetings or demos from now on need them, or requests ask for them.
        StaleError: somebody changed them or their hours since `version`.
    """
    row = locked_owned(session, by, PERSON, key, version)
    booked = hanging_on(session, Resource(ResourceKind.STAFF, row.id or 0), now)
    if booked and not release:
        raise StaffBookedError(booked)
    session.connection().execute(delete(StaffHours).where(col(StaffHours.staff_id) == row.id))
    said = gone(row, StaffEdit)
    row.active = False
    row.email = None
    row.version += 1
    record(session, by, "staff.remove", key, said, version=row.version)


def edit_hours(session: Session, by: Identity, key: str, data: HoursEdit, version: int, *, now: datetime) -> int:
    """Say when somebody is at the booth on the days that `data` names, and return the version now.

    Raises:
        HoursError: a stretch cannot be.
        NotFoundError: there is no such person, or they are somebody else's.
        StaffBookedError: meetings or demos from now on would lie outside the hours.
        StaleError: somebody changed them or their hours since `version`.
    """
    row = locked_owned(session, by, PERSON, key, version)
    openings = {opening.date: opening for opening in list_openings(session)}
    for day in data.days:
        _require_possible(day, openings)
    before = staff_stretches(session, row.id or 0)
    after = _replaced(before, data.days, openings)
    if sorted(before) == sorted(after):
        return row.version
    if lost := orphans(staff_bookings(session, row.id or 0, now), before, after):
        raise StaffBookedError(lost)
    _write_hours(session, row.id or 0, before, after)
    row.version += 1
    told = _told(before, after, openings.values())
    record(session, by, "staff.hours.edit", key, told, version=row.version)
    _tell_of_hours(session, by, key, row, told)
    return row.version


def _require_possible(day: DayHours, openings: dict[Any, Opening]) -> None:
    stretches = [one.stretch for one in day.stretches]
    faults = ((one, hours_fault(one, openings.get(day.date))) for one in stretches)
    wrong = [(one, fault) for one, fault in faults if fault]
    wrong += [(one, HoursFault.OVERLAP) for one in overlapping(stretches)]
    if wrong:
        stretch, fault = wrong[0]
        raise HoursError(fault, day.date.isoformat(), _clocks(stretch))


def _replaced(before: Iterable[HoursSpan], days: Iterable[DayHours], openings: dict[Any, Opening]) -> list[HoursSpan]:
    """The stretches with those of the named days exchanged."""
    edited = [openings[day.date] for day in days if day.date in openings]
    kept = [one for one in before if not any(opening.has(one.starts_at) for opening in edited)]
    return kept + [one.stretch for day in days for one in day.stretches]


def _write_hours(session: Session, staff_id: int, before: Iterable[HoursSpan], after: Iterable[HoursSpan]) -> None:
    gone, new = set(before) - set(after), set(after) - set(before)
    session.connection().execute(
        delete(StaffHours).where(
            col(StaffHours.staff_id) == staff_id, col(StaffHours.starts_at).in_(one.starts_at for one in gone)
        )
    )
    rows: list[dict[str, Any]] = [
        {"staff_id": staff_id, "starts_at": one.starts_at, "ends_at": one.ends_at} for one in new
    ]
    insert_new(session, StaffHours, rows, ("staff_id", "starts_at"))


def _told(before: Iterable[HoursSpan], after: Iterable[HoursSpan], openings: Iterable[Opening]) -> Any:
    """What changed for the log: a field a day, with the hours by the clock in fair time."""
    spoken = {
        opening.date.isoformat(): tuple(
            [_clocks(one) for one in sorted(stretches) if opening.has(one.starts_at)] for stretches in (before, after)
        )
        for opening in openings
    }
    return {day: hours for day, hours in spoken.items() if hours[0] != hours[1]}


def _tell_of_hours(session: Session, by: Identity, key: str, row: StaffMember, told: Changes) -> None:
    """Tell a person that their hours at the booth are others than before, day by day."""
    if not row.email:
        return
    days = [f"{day}: {', '.join(hours) or '–'}" for day, (_, hours) in sorted(told.items())]
    message = NoticeContent(
        name=f"staff:{row.id}:{row.version}:hours",
        kind="told-hours",
        facts={"who": by.display_name or by.username, "hours": "; ".join(days)},
        details=("hours",),
        about=f"staff:{row.id}",
        link="" if by.exhibitor is None else f"/desk/staff/{key.partition('/')[2]}/hours",
        at=clock_of(session).now(),
    )
    language = written_language(None, row.languages)
    tell_person(session, Addressee(name=row.name, address=row.email, language=language), message)


def _clocks(stretch: HoursSpan) -> str:
    first, last = (moment.astimezone(FAIR_ZONE).strftime("%H:%M") for moment in (stretch.starts_at, stretch.ends_at))
    return f"{first}–{last}"
