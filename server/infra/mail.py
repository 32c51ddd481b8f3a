"""Mail to people: written in the unit of work that causes it, sent later, and kept where the organiser can read it.

`post` only writes a row. What is sent, and when, is the business of `server.infra.mail_delivery`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, Text, and_, cast, delete, false, func, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from server.infra.columns import BigId, UTCDateTime, enum_column
from server.infra.db import clock_of
from server.infra.rows import insert_new
from server.kernel.text import one_line, plain

MAX_NAME_CHARS = 200
FORGOTTEN = "—"
"""What stands for what was erased."""


class MailState(StrEnum):
    """Where a mail is: on its way (perhaps after failed tries), handed over, or kept where none is sent."""

    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"


class MailMessage(SQLModel, table=True):
    """One mail to one person. Mails of one `thread` leave in the order of their ids."""

    __tablename__ = "mail_message"
    __table_args__ = (
        Index(None, "thread", "id"),
        Index(None, "state", "retry_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    message_id: str = Field(max_length=200, unique=True)
    """Without its angle brackets. The same at every try, so that whoever gets a mail twice can tell."""
    about: str = Field(max_length=80, index=True)
    """What it is about, such as the uid of a meeting."""
    thread: str = Field(max_length=200)
    """Of what it is about, the part that this person sees."""
    person: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})
    """Who that is in what it is about, whatever they are called and wherever they are written to: `buyer:12`."""
    to_name: str = Field(max_length=MAX_NAME_CHARS)
    to_address: str = Field(max_length=320)
    subject: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    calendar: str | None = Field(default=None, sa_type=Text)
    method: str | None = Field(default=None, max_length=20)
    """The METHOD of the calendar."""
    language: str = Field(max_length=20)
    at: datetime = Field(sa_type=UTCDateTime)
    state: MailState = Field(sa_column=enum_column("state", MailState, default=MailState.WAITING))
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When it was handed over, or kept."""
    attempts: int = 0
    error: str = Field(default="", sa_type=Text)
    """Why the last try failed."""
    retry_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What to say to whom. `message_id` names it for good: posting it a second time changes nothing."""

    message_id: str
    about: str
    thread: str
    to_name: str
    to_address: str
    subject: str
    text: str
    language: str
    person: str = ""
    calendar: str | None = None
    method: str | None = None


def post(session: Session, mail: Mail) -> bool:
    """Write a mail, to be sent if and when this unit of work commits; whether it is a new one."""
    row = {**vars(mail), "subject": one_line(mail.subject), "to_name": one_line(mail.to_name)[:MAX_NAME_CHARS]}
    row["text"] = plain(mail.text)
    fresh = {"state": MailState.WAITING, "attempts": 0, "error": "", "at": clock_of(session).now()}
    return insert_new(session, MailMessage, [{**row, **fresh}], ("message_id",)) == 1


def mails(session: Session, *, offset: int, limit: int, state: MailState | None = None) -> list[MailMessage]:
    """The mails, the newest first."""
    query = select(MailMessage).order_by(col(MailMessage.id).desc()).offset(offset).limit(limit)
    if state is not None:
        query = query.where(MailMessage.state == state)
    return list(session.exec(query))


def last_mails(session: Session, about: str) -> list[MailMessage]:
    """What each person was told last about something."""
    found = session.exec(select(MailMessage).where(MailMessage.about == about).order_by(col(MailMessage.id)))
    return list({mail.thread: mail for mail in found}.values())


def forget_mails(session: Session, about: Collection[str], own: Any, before: datetime) -> bool:
    """Empty the mails about these things, and the names and addresses of `own_mails`; whether some still wait.

    What waits to be sent stays whole until it has left, unless it was written before `before`.
    """
    mine = or_(col(MailMessage.about).in_(about), own)
    left = or_(col(MailMessage.state) != MailState.WAITING, col(MailMessage.at) < before)
    emptied = {"subject": FORGOTTEN, "text": "", "calendar": None, "error": ""}
    session.flush()
    number: Any = "erased." + cast(MailMessage.id, Text)
    gone = {"to_name": FORGOTTEN, "to_address": "", "person": "", "thread": FORGOTTEN, "message_id": number}
    session.connection().execute(update(MailMessage).where(mine, left).values(**emptied))
    session.connection().execute(update(MailMessage).where(own, left).values(**gone))
    waits = select(MailMessage.id).where(mine, col(MailMessage.state) == MailState.WAITING, ~left)
    return session.exec(waits.limit(1)).first() is not None


def own_mails(person: str, digest: str, about: str, but: Collection[str] = ()) -> Any:
    """Which mails went to a person: under this key, to the address of this digest, or about the person alone.

    Those about the things in `but` are left out.
    """
    reached = col(MailMessage.thread).endswith(f"/{digest}") if digest else false()
    named = col(MailMessage.person) == person if person else false()
    return and_(or_(named, reached, col(MailMessage.about) == about), col(MailMessage.about).not_in(but))


def count_mails(session: Session) -> Mapping[MailState, int]:
    """How many mails there are in each state, 0 included."""
    query: Any = select(MailMessage.state, func.count()).group_by(col(MailMessage.state))
    return {**dict.fromkeys(MailState, 0), **dict(session.exec(query).all())}


def prune_mails(session: Session, before: datetime) -> int:
    """Forget the mails from before `before`, sent or not, and return how many went."""
    return int(session.connection().execute(delete(MailMessage).where(col(MailMessage.at) < before)).rowcount)
