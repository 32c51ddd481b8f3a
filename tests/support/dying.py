"""A web or worker process that ends itself by kill -9 at a chosen point, the first time that it comes there.

Run as `python -m tests.support.dying <web|worker> <point>`; the points are the keys of `POINTS`.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event
from sqlmodel import Session

from server.infra import mail_delivery, outbox
from server.infra.smtp import send

_WROTE = "dying.wrote"


def die() -> None:
    """End at once, as if the power had gone."""
    os.kill(os.getpid(), signal.SIGKILL)


def _notes_inserts(table: str) -> None:
    """Remember at the connection that this transaction has written to a table."""

    def note(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(f"INSERT INTO {table} "):
            connection.info[_WROTE] = True

    event.listen(Connection, "before_cursor_execute", note)


def _after_commit_of(table: str) -> None:
    _notes_inserts(table)
    event.listen(Session, "before_commit", lambda session: session.info.update(wrote=_wrote(session)))
    event.listen(Session, "after_commit", lambda session: die() if session.info.get("wrote") else None)


def _before_commit_of(table: str) -> None:
    _notes_inserts(table)
    event.listen(Session, "before_commit", lambda session: die() if _wrote(session) else None)


def _wrote(session: Session) -> bool:
    session.flush()
    return bool(session.connection().info.get(_WROTE))


def _before_dispatch() -> None:
    asked = outbox._due

    def due(*args: Any) -> list[tuple[int, str]]:
        found = asked(*args)
        if found:
            die()
        return found

    setattr(outbox, "_due", due)  # noqa: B010 - a fault is planted


def _before_sending() -> None:
    setattr(mail_delivery, "send", lambda *_: die())  # noqa: B010 - a fault is planted


def _after_sending() -> None:
    def send_and_die(*args: Any) -> None:
        send(*args)
        die()

    setattr(mail_delivery, "send", send_and_die)  # noqa: B010 - a fault is planted


POINTS: dict[str, Callable[[], None]] = {
    "after the event's commit": lambda: _after_commit_of("outbox_event"),
    "before dispatch": _before_dispatch,
    "before the mail's commit": lambda: _before_commit_of("mail_message"),
    "after the mail's commit": lambda: _after_commit_of("mail_message"),
    "before sending": _before_sending,
    "after sending": _after_sending,
}


def main(command: str, point: str) -> None:
    """Run a process of the server that ends at that point."""
    from server.commands.processes import web, worker

    POINTS[point]()
    {"web": web, "worker": worker}[command]([])


if __name__ == "__main__":
    main(*sys.argv[1:])
