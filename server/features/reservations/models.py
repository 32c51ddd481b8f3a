"""The one table of reservations: its key is the invariant that nobody and nothing is anywhere twice."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlmodel import Field, SQLModel, col

from server.infra.columns import BigId, UTCDateTime


class Reservation(SQLModel, table=True):
    """One resource for five minutes: `cell` counts them from 1970-01-01 UTC.

    `holder` says for what, such as `meeting:<uid>` or `demo:<code>`. From `expires_at` on the cell is free again for
    everybody, whether somebody has tidied it away or not.
    """

    __tablename__ = "reservation"

    resource: str = Field(primary_key=True, max_length=40)
    cell: int = Field(primary_key=True, sa_type=BigId)
    holder: str = Field(max_length=80, index=True)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def in_force(now: datetime) -> ColumnElement[bool]:
    """That a reservation has not run out at `now`."""
    return or_(col(Reservation.expires_at).is_(None), col(Reservation.expires_at) > now)
