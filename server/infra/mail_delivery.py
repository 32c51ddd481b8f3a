"""The sending of what was posted: outside every unit of work, in order within a thread, tried again until it is old.

A mail is taken (a short unit of work), sent (none), and booked (another). A process that dies between the last two
leaves it to be sent again after `LEASE`, with the Message-ID of the first time: at a mail server no program can
do better.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from server.infra.db import Database
from server.infra.mail import MailMessage, MailState
from server.infra.smtp import DeliveryFault, UndeliveredError, send
from server.kernel.clock import Clock
from server.kernel.text import one_line
from server.settings import MailAddress, MailServer

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
"""So long nobody else sends a mail that somebody has begun to send."""
GIVE_UP = timedelta(days=5)
"""RFC 5321, 4.5.4.1. An older one waits for good, and holds back the rest of its thread."""
BATCH = 50
MOST_AT_ONCE = 200
"""So many leave in one go, so that a worker that shall end does so soon."""
MAX_ERROR_CHARS = 500
_MAX_DOUBLINGS = 20


@dataclass(frozen=True)
class MailPatience:
    """How long to wait after the first failure, and at the most; each further one doubles it."""

    first: timedelta
    last: timedelta

    def delay(self, attempts: int) -> timedelta:
        """How long to wait after so many failures."""
        return min(self.first * (1 << min(attempts - 1, _MAX_DOUBLINGS)), self.last)


PATIENCE = {
    DeliveryFault.UNREACHABLE: MailPatience(timedelta(seconds=5), timedelta(minutes=2)),
    DeliveryFault.NOT_NOW: MailPatience(timedelta(seconds=30), timedelta(minutes=15)),
    # Worth another try only since somebody may mend the server or its settings.
    DeliveryFault.REFUSED: MailPatience(timedelta(hours=1), timedelta(hours=1)),
}


@dataclass(frozen=True)
class MailRelay:
    """Where mail is handed over, and in whose name. Without a server it is kept."""

    server: MailServer | None
    sender: MailAddress


def deliver(database: Database, office: MailRelay, clock: Clock) -> int:
    """Send what waits and is due, or keep it all where there is no server; how many were sent or kept."""
    if office.server is None:
        return _keep_all(database, clock)
    sent = 0
    while sent < MOST_AT_ONCE and (due := _due(database, clock)):
        for mail_id in due:
            obstacle = _deliver_one(database, office.server, office.sender, mail_id, clock)
            if obstacle is DeliveryFault.UNREACHABLE:
                return sent  # the others would wait as long to learn the same
            sent += obstacle is None
    return sent


def _keep_all(database: Database, clock: Clock) -> int:
    waiting = col(MailMessage.state) == MailState.WAITING
    with database.read() as session:
        if session.exec(select(MailMessage.id).where(waiting).limit(1)).first() is None:
            return 0
    with database.write() as session:
        kept = update(MailMessage).where(waiting).values(state=MailState.KEPT, sent_at=clock.now(), retry_at=None)
        return int(session.connection().execute(kept).rowcount)


def _due(database: Database, clock: Clock) -> list[int]:
    """The mails to send next, oldest first; of each thread the first that waits."""
    earlier = aliased(MailMessage)
    held_back = exists().where(
        col(earlier.thread) == MailMessage.thread,
        col(earlier.state) == MailState.WAITING,
        col(earlier.id) < col(MailMessage.id),
    )
    query = select(col(MailMessage.id)).where(*_sendable(clock), ~held_back)
    with database.read() as session:
        return [int(mail or 0) for mail in session.exec(query.order_by(col(MailMessage.id)).limit(BATCH))]


def _sendable(clock: Clock) -> tuple[Any, ...]:
    """That a mail waits, is not too old, and that nobody is sending it."""
    now = clock.now()
    due = or_(col(MailMessage.retry_at).is_(None), col(MailMessage.retry_at) <= now)
    return col(MailMessage.state) == MailState.WAITING, col(MailMessage.at) > now - GIVE_UP, due


def _deliver_one(
    database: Database, server: MailServer, sender: MailAddress, mail_id: int, clock: Clock
) -> DeliveryFault | None:
    """Take a mail, send it and record what became of it: None when it was sent."""
    mail = _taken(database, mail_id, clock)
    if mail is None:
        return DeliveryFault.NOT_NOW
    try:
        send(server, mail, sender)
    except UndeliveredError as error:
        log.warning("mail %s was not sent: %s", mail.message_id, error)
        retry_at = clock.now() + PATIENCE[error.obstacle].delay(mail.attempts)
        _book(database, mail, error=one_line(str(error))[:MAX_ERROR_CHARS], retry_at=retry_at)
        return error.obstacle
    _book(database, mail, state=MailState.SENT, sent_at=clock.now(), error="", retry_at=None)
    return None


def _taken(database: Database, mail_id: int, clock: Clock) -> MailMessage | None:
    """The mail, for this process alone until the lease is over; None when another one has taken it."""
    take = update(MailMessage).where(col(MailMessage.id) == mail_id, *_sendable(clock))
    take = take.values(attempts=MailMessage.attempts + 1, retry_at=clock.now() + LEASE)
    with database.write() as session:
        if not session.connection().execute(take).rowcount:
            return None
        mail = session.get_one(MailMessage, mail_id)
        session.expunge(mail)
    return mail


def _book(database: Database, mail: MailMessage, **values: Any) -> None:
    with database.write() as session:
        session.connection().execute(update(MailMessage).where(col(MailMessage.id) == mail.id).values(**values))
