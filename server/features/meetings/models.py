"""The table of meetings; what a meeting owns of people, tables and robots are its reservations, never a column."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Index, Text, and_, case, literal
from sqlmodel import Field, SQLModel, col

from server.features.meetings.notices import Voice
from server.features.meetings.rules import FINISH_GRACE, OPEN, Reason, Side, State
from server.infra.columns import UTCDateTime, enum_column


class Meeting(SQLModel, table=True):
    """A meeting of a buyer with somebody of an exhibitor. `uid` is its name for life, also in calendars.

    The booth is the table's: naming it here as well would lock it against the organiser while a meeting is written.
    """

    __tablename__ = "meeting"
    __table_args__: Any = (
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("(proposed_by IS NULL) = (proposed_starts_at IS NULL)", name="proposed_start"),
        CheckConstraint("(proposed_by IS NULL) = (proposed_ends_at IS NULL)", name="proposed_end"),
        CheckConstraint("proposed_by IS NULL OR proposed_ends_at > proposed_starts_at", name="proposed_span"),
        CheckConstraint(
            "state NOT IN ('held', 'accepted') OR (staff_id IS NOT NULL AND table_id IS NOT NULL)", name="seated"
        ),
        CheckConstraint("state NOT IN ('held', 'requested', 'waiting') OR expires_at IS NOT NULL", name="open_ends"),
        CheckConstraint("state NOT IN ('requested', 'waiting') OR requested_at IS NOT NULL", name="queued_since"),
        CheckConstraint("version >= 1 AND sequence >= 0", name="counts"),
        Index(None, "exhibitor_id", "starts_at"),
        Index(None, "buyer_id", "starts_at"),
        Index(None, "state", "expires_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(unique=True, max_length=40)
    exhibitor_id: int = Field(foreign_key="exhibitor.id")
    buyer_id: int = Field(foreign_key="buyer.id")
    asked_staff_id: int | None = Field(default=None, foreign_key="staff_member.id", index=True)
    """Whom the buyer asked for; nobody in particular when empty."""
    staff_id: int | None = Field(default=None, foreign_key="staff_member.id", index=True)
    table_id: int | None = Field(default=None, foreign_key="meeting_table.id", index=True)
    robot_id: int | None = Field(default=None, foreign_key="robot.id", index=True)
    """The robot that the buyer wants to see, if one."""
    starts_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    state: State = Field(sa_column=enum_column("state", State))
    version: int = 1
    sequence: int = 0
    """Of the invite: how often a material fact has changed since it was accepted."""
    topic: str = Field(default="", sa_type=Text)
    requested_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    proposed_by: Side | None = Field(default=None, sa_column=enum_column("proposed_by", Side, nullable=True))
    proposed_starts_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    proposed_ends_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reason: Reason | None = Field(default=None, sa_column=enum_column("reason", Reason, nullable=True))
    """Why FairZone changed it last, where no person did."""
    reason_text: str = Field(default="", sa_type=Text)
    """What a person wrote who declined or cancelled it."""
    ended_by: Voice | None = Field(default=None, sa_column=enum_column("ended_by", Voice, nullable=True))
    """Who declined, cancelled or took it back, or let it end."""
    warned_of: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """The `expires_at` of which both sides have been warned."""
    created_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)


def state_now(now: datetime) -> ColumnElement[State]:
    """The state of a meeting at `now`: `rules.state_at`, for the database."""
    state: Any = col(Meeting.state)
    kind = state.type
    lapsed = and_(state.in_(OPEN), col(Meeting.expires_at) <= now)
    over = and_(state == State.ACCEPTED, col(Meeting.ends_at) <= now - FINISH_GRACE)
    return case((lapsed, literal(State.EXPIRED, kind)), (over, literal(State.DONE, kind)), else_=state)
