"""Short ways to book in tests: every act is a unit of work of its own, as behind a door."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from server.features.meetings import service
from server.features.meetings.models import Meeting
from server.features.meetings.queries import find_meeting
from server.features.meetings.queries.listing import standing_of
from server.features.meetings.rules import OWNING, SEATED, State, state_at
from server.features.meetings.schemas import HoldIn, MeetingOut
from server.features.reservations.models import Reservation, in_force
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.spans import CELL, cell_at
from tests.support.small_fair import NOON, SmallFair

ONE = NOON + timedelta(hours=1)
WALK, BREAK = 1, 1
"""Cells behind a meeting, in the small fair."""


def held(fair: SmallFair, buyer: int = 1, *, at: datetime = ONE, now: datetime = NOON, **wanted: Any) -> MeetingOut:
    """A hold."""
    new = HoldIn.model_validate({"exhibitor": "kapok", "starts_at": at, **wanted})
    with fair.database.write() as session:
        return service.hold(session, fair.buyer(buyer), new, now)


def requested(
    fair: SmallFair, buyer: int = 1, *, at: datetime = ONE, now: datetime = NOON, **wanted: Any
) -> MeetingOut:
    """A hold that became a request."""
    kept = held(fair, buyer, at=at, now=now, **wanted)
    return act(fair, service.request, fair.buyer(buyer), kept, now=now)


def accepted(fair: SmallFair, buyer: int = 1, *, at: datetime = ONE, now: datetime = NOON, **wanted: Any) -> MeetingOut:
    """A request that was accepted."""
    asked = requested(fair, buyer, at=at, now=now, **wanted)
    return act(fair, service.accept, fair.exhibitor(asked.exhibitor), asked, now=now)


def act(
    fair: SmallFair,
    use_case: Callable[..., MeetingOut],
    by: Identity,
    meeting: MeetingOut,
    *,
    now: datetime = NOON,
    **said: Any,
) -> MeetingOut:
    """Do something with a meeting in the version that is passed."""
    with fair.database.write() as session:
        return use_case(session, by, meeting.uid, meeting.version, now=now, **said)


def seen(fair: SmallFair, by: Identity, meeting: MeetingOut, now: datetime = NOON) -> MeetingOut:
    """The meeting as it is now."""
    with fair.database.read() as session:
        return find_meeting(session, by, meeting.uid, now)


def expire(database: Database, now: datetime) -> int:
    """Let the clock end what ran out."""
    with database.write() as session:
        return service.expire_due(session, now)


def owned_cells(session: Session, now: datetime = NOON) -> set[tuple[str, str, int]]:
    """What meetings own, as (holder, resource, cell)."""
    rows = session.exec(select(Reservation).where(in_force(now)))
    return {(row.holder, row.resource, row.cell) for row in rows if row.holder.startswith("meeting:")}


def due_cells(meetings: Collection[Meeting], now: datetime = NOON) -> set[tuple[str, str, int]]:
    """What meetings should own by their states at a time."""
    alive = (meeting for meeting in meetings if state_at(standing_of(meeting), now) is meeting.state)
    return {cell for meeting in alive for cell in _due(meeting)}


def assert_cells_fit_states(database: Database, now: datetime = NOON) -> None:
    """Every meeting owns exactly what its state says."""
    with database.read() as session:
        assert owned_cells(session, now) == due_cells(session.exec(select(Meeting)).all(), now)


def states(database: Database) -> dict[State, int]:
    """How many meetings there are in each state."""
    found: dict[State, int] = {}
    with database.read() as session:
        for meeting in session.exec(select(Meeting)):
            found[meeting.state] = found.get(meeting.state, 0) + 1
    return found


def _due(meeting: Meeting) -> set[tuple[str, str, int]]:
    first, last = cell_at(meeting.starts_at), cell_at(meeting.ends_at - CELL)
    needs: dict[str, int] = {}
    if meeting.state in OWNING:
        needs[f"buyer:{meeting.buyer_id}"] = last + WALK
    if meeting.state in SEATED:
        needs[f"staff:{meeting.staff_id}"] = last + BREAK
        needs[f"table:{meeting.table_id}"] = last
        if meeting.robot_id is not None:
            needs[f"robot:{meeting.robot_id}"] = last
    holder = f"meeting:{meeting.uid}"
    return {(holder, key, cell) for key, stop in needs.items() for cell in range(first, stop + 1)}
