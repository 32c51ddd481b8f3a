"""What comes in and goes out when somebody asks what is kept about them, or erases it."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from server.infra.schema import ApiModel, TypedPassword


class ErasureIn(ApiModel):
    """The password of the account that is to be erased."""

    password: TypedPassword = Field(min_length=1)


class EndingMeeting(BaseModel):
    """A meeting, request or hold that ends with an account."""

    uid: str
    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    starts_at: datetime
    ends_at: datetime
    state: str
    day: date
    """In fair time."""


class EndingOut(BaseModel):
    """All that ends with an account."""

    username: str
    display_name: str
    meetings: list[EndingMeeting]
    """Accepted meetings, open requests and held times, by start."""
    needs: int
    sessions: int
    notices: int
    token: bool

    @property
    def days(self) -> dict[date, list[EndingMeeting]]:
        """The meetings by day."""
        found: dict[date, list[EndingMeeting]] = {}
        for one in self.meetings:
            found.setdefault(one.day, []).append(one)
        return found


class ErasedOut(BaseModel):
    """What became of an account that was erased."""

    meetings: int
    """So many meetings, requests and holds were ended; everybody concerned is told."""


class LogEntryOut(BaseModel):
    """One line of the audit log: what a person did, or what was done to the account."""

    at: datetime
    by: str
    """The role of whoever did it; `self` for the person."""
    action: str
    thing: str
    key: str
    changes: dict[str, Any]


class OwnData(BaseModel):
    """Everything that is kept about a person, for that person."""

    made_at: datetime
    account: dict[str, Any]
    buyer: dict[str, Any] | None
    """Profile, needs, and consents with their times; for buyers."""
    meetings: list[dict[str, Any]]
    inbox: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    log: list[LogEntryOut]
