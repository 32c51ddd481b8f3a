"""What an exhibitor can offer at a time: its people with their hours, its tables, and what of them is taken."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlmodel import Session, col

from server.features.exhibitors.models import StaffHours, StaffMember
from server.features.floorplan.models import BoothAssignment, Hall, MeetingTable
from server.features.meetings.rules import STAFF_BREAK_CELLS, walk_cells
from server.features.reservations.models import Reservation
from server.features.reservations.rules import Choice, Claim, Group, Resource, ResourceKind, is_free
from server.features.timetable.models import FairDay
from server.infra.columns import UTCDateTime
from server.kernel.spans import CELL, Span, cells

MOST_BREAK = timedelta(minutes=30)
"""Longer than any buffer behind a meeting."""


@dataclass(frozen=True)
class Participants:
    """Who meets: a buyer, and whom and what of the exhibitor it asked for. Ids are keys of their tables."""

    buyer_id: int
    staff_id: int | None = None
    robot_id: int | None = None
    usual_staff_id: int | None = None
    usual_table_id: int | None = None
    """With whom and where they meet already: if these can be had, nobody else is looked for."""


@dataclass(frozen=True)
class Capacity:
    """An exhibitor's people by id with their hours, its tables, the fair's hours, and the longest walk in cells."""

    people: dict[int, tuple[Span, ...]]
    tables: tuple[int, ...]
    openings: tuple[Span, ...]
    walk: int

    @property
    def resources(self) -> set[Resource]:
        """Everything of the exhibitor's that a meeting needs, whichever it is."""
        staff = {Resource(ResourceKind.STAFF, number) for number in self.people}
        return staff | {Resource(ResourceKind.TABLE, number) for number in self.tables}


@dataclass(frozen=True)
class Availability:
    """The capacity, and who has which cell of what: enough to say what is possible without asking again."""

    capacity: Capacity
    taken: frozenset[tuple[Resource, int, str]]

    def after(self, *, free: Collection[str] = (), given: Sequence[Claim] = ()) -> "Availability":
        """The availability once these holders are free and those claims are given, each instead of what it had."""
        gone = {*free, *(claim.holder for claim in given)}
        kept = {row for row in self.taken if row[2] not in gone}
        new = {(Resource.of(key), cell, claim.holder) for claim in given for key, cell in claim.cells()}
        return replace(self, taken=frozenset(kept | new))

    def groups(self, participants: Participants, but: str | None = None) -> list[Group]:
        """For each part of a meeting the resources of which any one will do; what the holder `but` has is free."""
        busy: dict[Resource, set[int]] = defaultdict(set)
        for resource, cell, holder in self.taken:
            if holder != but:
                busy[resource].add(cell)

        def choice(kind: ResourceKind, number: int, windows: tuple[Span, ...], after: int = 0) -> Choice:
            resource = Resource(kind, number)
            return Choice(resource, windows, frozenset(busy[resource]), after=after)

        capacity = self.capacity
        asked = [number for number in capacity.people if participants.staff_id in {None, number}]
        people = sorted(asked, key=lambda number: (number != participants.usual_staff_id, number))
        tables = sorted(capacity.tables, key=lambda number: (number != participants.usual_table_id, number))
        groups: list[Group] = [
            [choice(ResourceKind.BUYER, participants.buyer_id, capacity.openings, capacity.walk)],
            [choice(ResourceKind.STAFF, number, capacity.people[number], STAFF_BREAK_CELLS) for number in people],
            [choice(ResourceKind.TABLE, number, capacity.openings) for number in tables],
        ]
        if participants.robot_id is not None:
            groups.append([choice(ResourceKind.ROBOT, participants.robot_id, capacity.openings)])
        return groups

    def serves(self, participants: Participants, span: Span) -> bool:
        """Whether the exhibitor could take this meeting; the buyer's own diary is not looked at."""
        return all(any(is_free(choice, span) for choice in group) for group in self.groups(participants)[1:])


def tables_of(session: Session, exhibitor_id: int) -> list[int]:
    """The tables at the booths of an exhibitor."""
    return list(session.connection().execute(_TABLES, {"exhibitor": exhibitor_id}).scalars())


def locked_tables(session: Session, exhibitor_id: int) -> list[int]:
    """The same, the assignments of the booths locked to be shared: while one is booked, nobody takes it away."""
    return list(session.connection().execute(_LOCKED_TABLES, {"exhibitor": exhibitor_id}).scalars())


def look(
    session: Session,
    exhibitor_id: int,
    parties: Iterable[Participants],
    within: Span,
    *,
    tables: Sequence[int],
    now: datetime,
) -> Availability:
    """The availability of an exhibitor within a span, with the diaries of the buyers and robots that matter."""
    capacity = _capacity(session, exhibitor_id, within, tables)
    wanted = set(capacity.resources)
    for participants in parties:
        wanted.add(Resource(ResourceKind.BUYER, participants.buyer_id))
        wanted |= {Resource(ResourceKind.ROBOT, participants.robot_id)} if participants.robot_id is not None else set()
    numbers = cells(within.longer(before=CELL, after=MOST_BREAK))
    found = session.connection().execute(
        _TAKEN, {"keys": [one.key for one in wanted], "first": numbers.start, "stop": numbers.stop, "moment": now}
    )
    by_key = {one.key: one for one in wanted}
    return Availability(capacity, frozenset((by_key[key], cell, holder) for key, cell, holder in found))


def longest_walk(session: Session) -> int:
    """So many cells a buyer needs for the longest walk here."""
    return walk_cells(session.execute(select(func.max(Hall.width_m + Hall.depth_m))).scalar() or 0)


def rest_of_fair(session: Session, now: datetime) -> Span | None:
    """From behind this very moment to the last closing; nothing once the fair is over.

    What starts now has begun: it can be booked no longer, and must not be offered.
    """
    last = session.execute(select(func.max(FairDay.closes_at))).scalar()
    first = now + timedelta.resolution
    return Span(first, last) if last is not None and first < last else None


def _capacity(session: Session, exhibitor_id: int, within: Span, tables: Sequence[int]) -> Capacity:
    time = {"since": within.starts_at, "until": within.ends_at}
    days = session.connection().execute(_DAYS, time).all()
    openings = tuple(Span(opens_at, closes_at) for opens_at, closes_at, _ in days)
    hours: dict[int, list[Span]] = defaultdict(list)
    for number, starts_at, ends_at in session.connection().execute(_HOURS, {**time, "exhibitor": exhibitor_id}):
        shared = (Span(starts_at, ends_at).shared(opening) for opening in openings)
        hours[number] += [window for window in shared if window]
    return Capacity(
        people={number: tuple(windows) for number, windows in hours.items()},
        tables=tuple(tables),
        openings=openings,
        walk=walk_cells(next((metres for _, _, metres in days if metres), 0)),
    )


# Made once: a statement that is put together anew for each booking costs more than the database needs to answer it.
_DAYS: Select[Any] = (
    select(
        col(FairDay.opens_at), col(FairDay.closes_at), select(func.max(Hall.width_m + Hall.depth_m)).scalar_subquery()
    )
    .where(col(FairDay.closes_at) > bindparam("since"), col(FairDay.opens_at) < bindparam("until"))
    .order_by(col(FairDay.opens_at))
)
_HOURS: Any = (
    select(col(StaffMember.id), col(StaffHours.starts_at), col(StaffHours.ends_at))
    .join(StaffHours, col(StaffHours.staff_id) == col(StaffMember.id))
    .where(
        col(StaffMember.exhibitor_id) == bindparam("exhibitor"),
        col(StaffMember.active).is_(True),
        col(StaffHours.ends_at) > bindparam("since"),
        col(StaffHours.starts_at) < bindparam("until"),
    )
    .order_by(col(StaffMember.id), col(StaffHours.starts_at))
)
_TABLES: Select[Any] = (
    select(col(MeetingTable.id))
    .join(BoothAssignment, col(BoothAssignment.booth_id) == col(MeetingTable.booth_id))
    .where(col(BoothAssignment.exhibitor_id) == bindparam("exhibitor"))
    .order_by(col(MeetingTable.id))
)
_LOCKED_TABLES = _TABLES.with_for_update(read=True, of=BoothAssignment)
_TAKEN: Any = select(col(Reservation.resource), col(Reservation.cell), col(Reservation.holder)).where(
    col(Reservation.resource).in_(bindparam("keys", expanding=True)),
    col(Reservation.cell) >= bindparam("first"),
    col(Reservation.cell) < bindparam("stop"),
    or_(col(Reservation.expires_at).is_(None), col(Reservation.expires_at) > bindparam("moment", type_=UTCDateTime())),
)
