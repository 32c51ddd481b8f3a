"""The sign of life of the worker, as a row that `/health` can see from any process."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from server.infra.columns import UTCDateTime
from server.infra.news import ORGANISER, announce_news
from server.infra.rows import upsert

WORKER = "worker"


class Heartbeat(SQLModel, table=True):
    """When a process last showed that it is alive."""

    __tablename__ = "heartbeat"

    name: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UTCDateTime)


def last_heartbeat(session: Session) -> datetime | None:
    """When the worker was last alive, None before its first start."""
    row = session.get(Heartbeat, WORKER)
    return row.at if row else None


def beat(session: Session, now: datetime) -> int:
    """Note that the worker is alive at `now`, and tell it once a minute. Counts as no work."""
    before = last_heartbeat(session)
    upsert(session, Heartbeat, [{"name": WORKER, "at": now}], ("name",))
    if before is None or before.replace(second=0, microsecond=0) != now.replace(second=0, microsecond=0):
        announce_news(session, "beat", ORGANISER)
    return 0
