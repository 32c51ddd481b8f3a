"""The free times of an exhibitor on one day."""

from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from server.features.exhibitors.models import Exhibitor
from server.features.exhibitors.queries import find_owner
from server.features.meetings.models import Meeting
from server.features.meetings.queries.availability import Participants, look, tables_of
from server.features.meetings.rules import QUEUED
from server.features.meetings.schemas import SlotOut, SlotsOut
from server.features.reservations.rules import free_starts
from server.features.timetable.queries import list_days
from server.infra.identity import Identity
from server.kernel.errors import NotFoundError
from server.kernel.spans import Span

STEP = timedelta(minutes=15)
NOBODY = 0
"""The key of no buyer: for the exhibitor's own view of its times."""


def slots(  # noqa: PLR0913 - the sentence: which times of whom on which day, for how long, and asked for when
    session: Session,
    by: Identity,
    exhibitor: str,
    day: date,
    *,
    minutes: int,
    now: datetime,
    lead: timedelta = timedelta(0),
    staff_id: int | None = None,
    robot_id: int | None = None,
) -> SlotsOut:
    """The times of an exhibitor on a day of the fair, every 15 minutes, those more than `lead` ahead.

    A request has to be made so long before its time: see `service.answer_lead`.

    A buyer sees as free what is free in the own diary, too, and at the person and robot asked for, by their keys. In
    seven queries, however many times there are.

    Raises:
        NotFoundError: there is no such exhibitor, no fair on that day, or one exhibitor asks for another's times.
    """
    who = find_owner(session, exhibitor)
    if who is None or by.exhibitor_id not in {None, who.id}:
        raise NotFoundError(what=exhibitor)
    participants = Participants(by.buyer_id or NOBODY, staff_id, robot_id)
    return _offered(session, who, day, timedelta(minutes=minutes), now, lead=lead, participants=participants)


def slots_to_move(
    session: Session, uid: str, day: date, *, minutes: int, now: datetime, lead: timedelta = timedelta(0)
) -> SlotsOut:
    """The times to which a meeting that is there could go: with whom and what was asked for, and the buyer free.

    What the meeting has itself counts as free. Raises `NotFoundError` when there is no fair on that day.
    """
    query: Any = select(Meeting, Exhibitor).join(Exhibitor, col(Exhibitor.id) == col(Meeting.exhibitor_id))
    meeting, who = session.execute(query.where(col(Meeting.uid) == uid)).one()
    participants = Participants(meeting.buyer_id, meeting.asked_staff_id, meeting.robot_id)
    return _offered(
        session, who, day, timedelta(minutes=minutes), now, lead=lead, participants=participants, but=f"meeting:{uid}"
    )


def _offered(
    session: Session,
    who: Any,
    day: date,
    length: timedelta,
    now: datetime,
    *,
    lead: timedelta,
    participants: Participants,
    but: str | None = None,
) -> SlotsOut:
    opening = next((one for one in list_days(session) if one.date == day), None)
    if opening is None:
        raise NotFoundError(what=str(day))
    times = _times(Span(opening.opens_at, opening.closes_at), length, now + lead)
    free = _free(session, who.id, participants, times, now=now, but=but)
    queue = _queue(session, who.id, times, now)
    return SlotsOut(
        exhibitor=who.code,
        exhibitor_en=who.name_en,
        exhibitor_zh=who.name_zh,
        date=day,
        minutes=length // timedelta(minutes=1),
        opens_at=opening.opens_at,
        closes_at=opening.closes_at,
        slots=[
            SlotOut(
                starts_at=time.starts_at,
                ends_at=time.ends_at,
                free=time.starts_at in free,
                waiting=sum(time.overlaps(queued) for queued in queue),
            )
            for time in times
        ],
    )


def _times(opening: Span, length: timedelta, now: datetime) -> list[Span]:
    starts = (opening.starts_at + number * STEP for number in range((opening.ends_at - opening.starts_at) // STEP + 1))
    fitting = takewhile(lambda start: start + length <= opening.ends_at, starts)
    return [Span(start, start + length) for start in fitting if start > now]


def _free(
    session: Session,
    exhibitor_id: int,
    participants: Participants,
    times: list[Span],
    *,
    now: datetime,
    but: str | None = None,
) -> set[datetime]:
    if not times:
        return set()
    within = Span(times[0].starts_at, times[-1].ends_at)
    availability = look(session, exhibitor_id, [participants], within, tables=tables_of(session, exhibitor_id), now=now)
    length = times[0].ends_at - times[0].starts_at
    return set(free_starts(availability.groups(participants, but), length, within))


def _queue(session: Session, exhibitor_id: int, times: list[Span], now: datetime) -> list[Span]:
    if not times:
        return []
    query: Any = select(col(Meeting.starts_at), col(Meeting.ends_at)).where(
        col(Meeting.exhibitor_id) == exhibitor_id,
        col(Meeting.state).in_(QUEUED),
        col(Meeting.expires_at) > now,
        col(Meeting.ends_at) > times[0].starts_at,
        col(Meeting.starts_at) < times[-1].ends_at,
    )
    return [Span(starts_at, ends_at) for starts_at, ends_at in session.execute(query)]
