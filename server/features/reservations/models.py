"""The one table of reservations: its key is the invariant that nobody and nothing is anywhere twice."""

from sqlmodel import Field, SQLModel

from server.infra.columns import BigId


class Reservation(SQLModel, table=True):
    """One resource for five minutes: `cell` counts them from 1970-01-01 UTC.

    `holder` says for what, such as `meeting:<uid>` or `demo:<code>`.
    """

    __tablename__ = "reservation"

    resource: str = Field(primary_key=True, max_length=40)
    cell: int = Field(primary_key=True, sa_type=BigId)
    holder: str = Field(max_length=80, index=True)
