"""The tables of the timetable: the days of the fair and the demos on them."""

from datetime import date as calendar_date
from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from server.infra.columns import UTCDateTime, enum_column
from server.kernel.provenance import Provenance


class FairDay(SQLModel, table=True):
    """One day of the fair. `date` is its date in fair time; the notes say where the hours come from."""

    __tablename__ = "fair_day"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="span"),)

    id: int | None = Field(default=None, primary_key=True)
    date: calendar_date = Field(unique=True)
    opens_at: datetime = Field(sa_type=UTCDateTime)
    closes_at: datetime = Field(sa_type=UTCDateTime)
    note_en: str = ""
    note_zh: str = ""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class Demo(SQLModel, table=True):
    """A robot shown at a time, either at a booth or on a stage."""

    __tablename__ = "demo"
    __table_args__ = (
        CheckConstraint("(booth_id IS NULL) <> (stage_id IS NULL)", name="one_place"),
        CheckConstraint("ends_at > starts_at", name="span"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=48)
    exhibitor_id: int = Field(foreign_key="exhibitor.id", index=True)
    booth_id: int | None = Field(default=None, foreign_key="booth.id", index=True)
    stage_id: int | None = Field(default=None, foreign_key="plan_feature.id", index=True)
    robot_id: int | None = Field(default=None, foreign_key="robot.id", index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff_member.id", index=True)
    title_en: str
    title_zh: str
    starts_at: datetime = Field(sa_type=UTCDateTime, index=True)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """Rises by one with every change that somebody makes."""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))
