"""The tables of the floor plan: the hall, its booths and their tables, what else stands in it, who has what.

All measures are metres on the zone's plan: x to the east, y to the north, each rectangle named by its south-west
corner.
"""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.features.floorplan.rules import BoothKind, FeatureKind
from server.infra.columns import enum_column
from server.kernel.provenance import Provenance


class Hall(SQLModel, table=True):
    """The zone's part of a hall; `settings` holds what no public source tells (floor load, height, power)."""

    __tablename__ = "hall"
    __table_args__ = (CheckConstraint("width_m > 0 AND depth_m > 0", name="area"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=12)
    name_en: str
    name_zh: str
    width_m: float
    depth_m: float
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class Booth(SQLModel, table=True):
    """A numbered piece of floor: standard booths of 9 m2 (or two or three in a row), raw space from 36 m2."""

    __tablename__ = "booth"
    __table_args__ = (
        CheckConstraint("x >= 0 AND y >= 0 AND width_m > 0 AND depth_m > 0", name="rectangle"),
        CheckConstraint(
            "(kind = 'standard' AND width_m * depth_m IN (9, 18, 27)) OR (kind = 'raw' AND width_m * depth_m >= 36)",
            name="area",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    hall_id: int = Field(foreign_key="hall.id", index=True)
    number: str = Field(unique=True, max_length=16)
    kind: BoothKind = Field(sa_column=enum_column("kind", BoothKind))
    x: float
    y: float
    width_m: float
    depth_m: float
    power_kw: float
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """Rises by one with every change of the booth or of who has it."""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class MeetingTable(SQLModel, table=True):
    """A table at a booth, at which one meeting can take place at a time. `number` counts from 1 in each booth."""

    __tablename__ = "meeting_table"
    __table_args__ = (UniqueConstraint("booth_id", "number"), CheckConstraint("number >= 1", name="number"))

    id: int | None = Field(default=None, primary_key=True)
    booth_id: int = Field(foreign_key="booth.id", index=True)
    number: int


class PlanFeature(SQLModel, table=True):
    """What is on the floor and is no booth: aisles, stages, services, entrances."""

    __tablename__ = "plan_feature"
    __table_args__ = (
        UniqueConstraint("hall_id", "code"),
        CheckConstraint("x >= 0 AND y >= 0 AND width_m > 0 AND depth_m > 0", name="rectangle"),
    )

    id: int | None = Field(default=None, primary_key=True)
    hall_id: int = Field(foreign_key="hall.id", index=True)
    kind: FeatureKind = Field(sa_column=enum_column("kind", FeatureKind))
    code: str = Field(max_length=48)
    name_en: str
    name_zh: str
    x: float
    y: float
    width_m: float
    depth_m: float
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class BoothAssignment(SQLModel, table=True):
    """Who has a booth: one exhibitor at most, which may have several booths."""

    __tablename__ = "booth_assignment"

    booth_id: int = Field(foreign_key="booth.id", primary_key=True)
    exhibitor_id: int = Field(foreign_key="exhibitor.id", index=True)
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))
