"""The terms of an installation: how long before its start a request ends."""

from datetime import timedelta

from sqlmodel import Session

from server.features.meetings.rules import ANSWER_LEAD
from server.infra.db import settings_of


def answer_lead(session: Session) -> timedelta:
    """So long before a meeting its request ends, and so far ahead a time can be asked for."""
    settings = settings_of(session)
    return ANSWER_LEAD if settings is None else timedelta(minutes=settings.answer_minutes)
