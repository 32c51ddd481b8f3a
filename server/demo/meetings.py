"""The demo fair's meetings: booked, answered and invited to through the same services as everybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, select

from server.features.buyers.models import Buyer
from server.features.exhibitors.models import Exhibitor
from server.features.meetings import service
from server.features.meetings.models import Meeting
from server.features.meetings.schemas import HoldIn, MeetingOut
from server.features.meetings.service import MeetingRefusedError
from server.features.timetable.rules import Day
from server.infra.identity import Identity
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance


class DemoAnswer(StrEnum):
    """How a meeting of the demo fair stands when the demo begins."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class DemoMeeting(BaseModel):
    """A row of `meetings.csv`; `start` is in minutes after the opening of that day, counted from 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    buyer: str
    exhibitor: str
    day: Annotated[int, Field(ge=1, le=5)]
    start: Annotated[int, Field(ge=0)]
    minutes: int
    state: DemoAnswer
    topic: str = ""
    provenance: Provenance


@dataclass(frozen=True)
class _People:
    """The two sides as they act: their keys and names by their codes."""

    buyers: Mapping[str, tuple[int, str]]
    exhibitors: Mapping[str, tuple[int, str]]

    def buyer(self, code: str) -> Identity:
        """The buyer of that code, as if logged in."""
        key, name = self.buyers[code]
        return Identity(role=Role.BUYER, username=code, display_name=name, buyer_id=key, buyer=code)

    def exhibitor(self, code: str) -> Identity:
        """Somebody who may answer for the exhibitor of that code."""
        key, name = self.exhibitors[code]
        admin = Role.EXHIBITOR_ADMIN
        return Identity(role=admin, username=code, display_name=name, exhibitor_id=key, exhibitor=code)


def add_meetings(session: Session, rows: list[DemoMeeting], days: list[Day], now: datetime) -> int:
    """Book what the rows want, or the nearest free time; a row for which there is none is left out. Returns how many.

    What lies in the past by `now` moves to the nearest time that is left.
    """
    people = _People(_named(session, Buyer, Buyer.name), _named(session, Exhibitor, Exhibitor.name_en))
    booked = 0
    for row in rows:
        held = _hold(session, people.buyer(row.buyer), row, days[row.day - 1].opens_at, now)
        if held is not None:
            _answer(session, people, row, held, now)
            booked += 1
    return booked


def _named(session: Session, table: Any, name: Any) -> dict[str, tuple[int, str]]:
    return {code: (key, words) for code, key, words in session.execute(select(table.code, table.id, name))}


def move_meetings(session: Session, shift: timedelta) -> None:
    """Move every meeting in time, with its proposal and its expiry; its reservations move with everybody's."""
    fields = ("starts_at", "ends_at", "expires_at", "warned_of", "proposed_starts_at", "proposed_ends_at")
    for meeting in session.exec(select(Meeting)):
        for name in fields:
            moment = getattr(meeting, name)
            setattr(meeting, name, moment and moment + shift)


def _hold(session: Session, by: Identity, row: DemoMeeting, opens_at: datetime, now: datetime) -> MeetingOut | None:
    wanted = HoldIn(
        exhibitor=row.exhibitor,
        starts_at=opens_at + timedelta(minutes=row.start),
        minutes=row.minutes,
        topic=row.topic,
    )
    try:
        with session.begin_nested():
            return service.hold(session, by, wanted, now)
    except MeetingRefusedError as refusal:
        if not refusal.alternatives:
            return None
        nearest = refusal.alternatives[0].starts_at
    return service.hold(session, by, wanted.model_copy(update={"starts_at": nearest}), now)


def _answer(session: Session, people: _People, row: DemoMeeting, held: MeetingOut, now: datetime) -> None:
    asked = service.request(session, people.buyer(row.buyer), held.uid, held.version, topic=None, now=now)
    exhibitor = people.exhibitor(row.exhibitor)
    if row.state is DemoAnswer.ACCEPTED:
        service.accept(session, exhibitor, asked.uid, asked.version, now)
    elif row.state is DemoAnswer.DECLINED:
        reason = "We do not sell through distributors in your country yet."
        service.decline(session, exhibitor, asked.uid, asked.version, reason_text=reason, now=now)
