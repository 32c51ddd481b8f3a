"""Seats for a meeting: somebody, a table and what else it needs, or the reason why not with the nearest times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from server.features.meetings.queries.availability import (
    Availability,
    Capacity,
    Participants,
    look,
    rest_of_fair,
    tables_of,
)
from server.features.meetings.rules import STAFF_BREAK_CELLS
from server.features.meetings.service.refusals import (
    MeetingRefusedError,
    NoPlaceError,
    OffGridError,
    OutsideHoursError,
    OwnTimeTakenError,
    PastError,
    SlotTakenError,
    TooNearError,
)
from server.features.reservations.rules import Claim, Resource, ResourceKind, Want, first_free, nearest_free
from server.kernel.spans import CELL, Span, on_grid

ALTERNATIVES = 3


@dataclass(frozen=True)
class Seats:
    """Who of the exhibitor's people meets, and at which table."""

    staff_id: int
    table_id: int


def span_from(starts_at: datetime, minutes: int) -> Span:
    """The span of a meeting."""
    return Span(starts_at, starts_at + timedelta(minutes=minutes))


def nearest(
    session: Session,
    exhibitor_id: int,
    participants: Participants,
    wanted: Span,
    *,
    now: datetime,
    lead: timedelta = timedelta(0),
    but: str | None = None,
) -> list[Span]:
    """The nearest times more than `lead` ahead at which they could meet an exhibitor; what `but` holds is free."""
    within = rest_of_fair(session, now + lead)
    if within is None:
        return []
    availability = look(session, exhibitor_id, [participants], within, tables=tables_of(session, exhibitor_id), now=now)
    return nearest_free(availability.groups(participants, but), wanted, within, ALTERNATIVES)


def fault_of_time(
    span: Span, now: datetime, lead: timedelta = timedelta(0)
) -> Callable[[Sequence[Span]], MeetingRefusedError] | None:
    """What is wrong with a time whoever meets, if anything is; one that is asked for is at least `lead` ahead."""
    if not on_grid(span.starts_at):
        return OffGridError
    if span.starts_at <= now:
        return PastError
    too_near = partial(TooNearError, minutes=lead // timedelta(minutes=1))
    return too_near if span.starts_at - lead <= now else None


def choose(
    availability: Availability, participants: Participants, span: Span, but: str | None = None
) -> Seats | type[MeetingRefusedError]:
    """Seats for those who meet, or the reason why there are none."""
    groups = availability.groups(participants, but)
    chosen = [first_free(group, span) for group in groups]
    buyer, staff, table, *_ = chosen
    if staff is not None and table is not None and all(chosen):
        return Seats(staff.resource.id, table.resource.id)
    return _fault(availability.capacity, participants, span, buyer_is_free=buyer is not None)


def _fault(
    capacity: Capacity, participants: Participants, span: Span, *, buyer_is_free: bool
) -> type[MeetingRefusedError]:
    if not capacity.tables:
        return NoPlaceError
    asked = [windows for number, windows in capacity.people.items() if participants.staff_id in {None, number}]
    if not any(span.within(window) for windows in asked for window in windows):
        return OutsideHoursError
    return SlotTakenError if buyer_is_free else OwnTimeTakenError


def seated(
    holder: str, participants: Participants, seats: Seats, span: Span, walk: int, *, until: datetime | None = None
) -> Claim:
    """What a held or accepted meeting owns: everybody and everything, with the way and the break behind it.

    A hold owns it `until` it ends.
    """
    wants = [
        *buyers_part(holder, participants, span, walk, until=until).wants,
        Want(Resource(ResourceKind.STAFF, seats.staff_id), span.longer(after=STAFF_BREAK_CELLS * CELL)),
        Want(Resource(ResourceKind.TABLE, seats.table_id), span),
    ]
    if participants.robot_id is not None:
        wants.append(Want(Resource(ResourceKind.ROBOT, participants.robot_id), span))
    return Claim(holder, tuple(wants), until)


def buyers_part(holder: str, participants: Participants, span: Span, walk: int, *, until: datetime | None) -> Claim:
    """What a requested meeting owns until it ends: the buyer's own time, with the way to the next one."""
    return Claim(
        holder, (Want(Resource(ResourceKind.BUYER, participants.buyer_id), span.longer(after=walk * CELL)),), until
    )


def hull(spans: Sequence[Span]) -> Span:
    """The shortest span that holds them all. Raises `ValueError` for none."""
    return Span(min(span.starts_at for span in spans), max(span.ends_at for span in spans))
