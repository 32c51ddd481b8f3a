"""Where meetings stand at a moment, for the database to choose by: what the clock has ended is ended at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal
from sqlmodel import col

from server.features.meetings.models import Meeting
from server.features.meetings.rules import FINISH_GRACE, OPEN, State


def state_now(now: datetime) -> ColumnElement[State]:
    """The state of a meeting at `now`: `rules.state_at`, for the database."""
    state: Any = col(Meeting.state)
    kind = state.type
    lapsed = and_(state.in_(OPEN), col(Meeting.expires_at) <= now)
    over = and_(state == State.ACCEPTED, col(Meeting.ends_at) <= now - FINISH_GRACE)
    return case((lapsed, literal(State.EXPIRED, kind)), (over, literal(State.DONE, kind)), else_=state)
