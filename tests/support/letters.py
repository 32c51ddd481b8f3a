"""Mails for tests: short ones, and what became of them."""

from typing import Any

from sqlmodel import col, select

from server.infra.db import Database
from server.infra.mail import Mail, MailMessage, post


def letter(number: int = 1, *, thread: str = "m-1/weber", **values: Any) -> Mail:
    """The mail of that number in a thread, with whatever else it shall be."""
    plain = {
        "message_id": f"{thread.replace('/', '.')}.{number}@fair.example",
        "about": thread.partition("/")[0],
        "thread": thread,
        "to_name": "Anna Weber",
        "to_address": "anna@weber.example",
        "subject": f"{thread} {number}",
        "text": "Hello\n",
        "language": "en",
    }
    return Mail(**{**plain, **values})


def post_all(database: Database, *mails: Mail) -> None:
    """Post these in one unit of work."""
    with database.write() as session:
        for mail in mails:
            post(session, mail)


def kept_mails(database: Database) -> list[MailMessage]:
    """All mails, oldest first, to be read outside their session."""
    with database.read() as session:
        found = list(session.exec(select(MailMessage).order_by(col(MailMessage.id))))
        session.expunge_all()
    return found
