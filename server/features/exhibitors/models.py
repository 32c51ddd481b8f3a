"""The tables of the exhibitors: who shows what, with whom, and with which robots."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.features.exhibitors.rules import RobotKind, SourceClass, is_guangdong
from server.infra.columns import UTCDateTime, enum_column
from server.kernel.provenance import Provenance

FIRST_VERSION = {"server_default": "1"}
"""For the versions of rows that were there before there were versions."""


class Category(SQLModel, table=True):
    """A node of the service-robot taxonomy; a root has no parent (medical robots, `AP6`, are a root of their own)."""

    __tablename__ = "category"

    code: str = Field(primary_key=True, max_length=12)
    parent: str | None = Field(default=None, foreign_key="category.code", index=True)
    name_en: str
    name_zh: str
    name_de: str
    scheme: str
    """Where the code comes from: an IFR group, an ISO 13482 type or the project's own facet."""
    gb_class: str = ""
    """The class of the Chinese standard under which it falls."""
    verification: str = ""
    """How well the code is attested."""
    note: str = ""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class Exhibitor(SQLModel, table=True):
    """A firm with a booth. `code` is the first half of the keys of its robots."""

    __tablename__ = "exhibitor"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=48)
    name_en: str
    name_zh: str
    province: str = Field(index=True)
    city: str
    city_zh: str
    profile_en: str
    profile_zh: str
    version: int = Field(default=1, sa_column_kwargs=FIRST_VERSION)
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))

    @property
    def is_guangdong(self) -> bool:
        """Whether the firm sits in Guangdong, by its province."""
        return is_guangdong(self.province)


class ExhibitorCategory(SQLModel, table=True):
    """What an exhibitor shows, as codes of the taxonomy; `position` keeps the order in which it names them."""

    __tablename__ = "exhibitor_category"

    exhibitor_id: int = Field(foreign_key="exhibitor.id", primary_key=True)
    category: str = Field(foreign_key="category.code", primary_key=True, index=True)
    position: int = 0
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class Product(SQLModel, table=True):
    """Something for sale; prices are per unit in `currency`, ex works."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("exhibitor_id", "code"),
        CheckConstraint("moq >= 1", name="moq_positive"),
        CheckConstraint("price_min > 0 AND price_max >= price_min", name="price_band"),
    )

    id: int | None = Field(default=None, primary_key=True)
    exhibitor_id: int = Field(foreign_key="exhibitor.id", index=True)
    code: str = Field(max_length=48)
    name_en: str
    name_zh: str
    description_en: str = Field(default="", sa_column_kwargs={"server_default": ""})
    description_zh: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What it does, in a sentence or a few."""
    category: str = Field(foreign_key="category.code", index=True)
    payload_kg: float | None = None
    runtime_min: int | None = None
    certificates: list[str] = Field(default_factory=list, sa_type=JSON)
    moq: int = 1
    """Smallest order, in units."""
    price_min: int
    price_max: int
    currency: str = Field(max_length=3)
    markets: list[str] = Field(default_factory=list, sa_type=JSON)
    """Countries served, ISO 3166-1 alpha-2."""
    version: int = Field(default=1, sa_column_kwargs=FIRST_VERSION)
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class StaffMember(SQLModel, table=True):
    """A person at a booth. `name` is one field as printed on the badge."""

    __tablename__ = "staff_member"
    __table_args__ = (UniqueConstraint("exhibitor_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    exhibitor_id: int = Field(foreign_key="exhibitor.id", index=True)
    code: str = Field(max_length=48)
    name: str
    name_zh: str
    call_me: str
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    """Spoken, ISO 639-1."""
    email: str | None = Field(default=None, max_length=120)
    """For the exhibitor's own people and for invitations; on no public page."""
    active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    """Whether the person still works here; who has left keeps the row, since past meetings and demos name it."""
    version: int = Field(default=1, sa_column_kwargs=FIRST_VERSION)
    """Rises with the hours, too."""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class StaffHours(SQLModel, table=True):
    """One stretch of time in which a member of staff is at the booth."""

    __tablename__ = "staff_hours"
    __table_args__ = (
        UniqueConstraint("staff_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="span"),
    )

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff_member.id", index=True)
    starts_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)


class Robot(SQLModel, table=True):
    """An enrolled robot: what it is, and under which address the bridge hears it."""

    __tablename__ = "robot"
    __table_args__ = (UniqueConstraint("exhibitor_id", "code"), UniqueConstraint("protocol", "address"))

    id: int | None = Field(default=None, primary_key=True)
    exhibitor_id: int = Field(foreign_key="exhibitor.id", index=True)
    product_id: int | None = Field(default=None, foreign_key="product.id", index=True)
    code: str = Field(max_length=48)
    name_en: str
    name_zh: str
    kind: RobotKind = Field(sa_column=enum_column("kind", RobotKind))
    protocol: str = Field(max_length=32)
    """One of the bridge's registry: the schemas look there, so that a new one needs no other table."""
    address: str = Field(max_length=100)
    options: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    """What its protocol has to be told, by the protocol's own names."""
    source: SourceClass = Field(sa_column=enum_column("source", SourceClass))
    active: bool = True
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))
    version: int = Field(default=1, sa_column_kwargs=FIRST_VERSION)


class RobotMaker(SQLModel, table=True):
    """Whose robots a maker's name stands for in addresses: no second exhibitor may be heard under it."""

    __tablename__ = "robot_maker"

    name: str = Field(primary_key=True, max_length=48)
    """In small letters."""
    exhibitor_id: int = Field(foreign_key="exhibitor.id", index=True)
