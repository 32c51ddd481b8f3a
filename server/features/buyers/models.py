"""The tables of the buyers: who comes, from where, and what they look for."""

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from server.features.buyers.rules import BusinessNature, JobFunction, PurchasingRole, TimeFrame, Volume
from server.infra.columns import enum_column
from server.kernel.provenance import Provenance


class Buyer(SQLModel, table=True):
    """A person who comes to buy. `name` is one field as printed on the badge, never split into first and last."""

    __tablename__ = "buyer"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=48)
    name: str
    name_zh: str | None = None
    call_me: str
    company: str
    country: str = Field(max_length=2, index=True)
    """Home of the company, ISO 3166-1 alpha-2."""
    business_nature: BusinessNature = Field(sa_column=enum_column("business_nature", BusinessNature))
    job_function: JobFunction | None = Field(
        default=None, sa_column=enum_column("job_function", JobFunction, nullable=True)
    )
    purchasing_role: PurchasingRole | None = Field(
        default=None, sa_column=enum_column("purchasing_role", PurchasingRole, nullable=True)
    )
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    """Spoken, ISO 639-1."""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class BuyerNeed(SQLModel, table=True):
    """One thing that a buyer looks for, as a code of the taxonomy with its conditions."""

    __tablename__ = "buyer_need"

    id: int | None = Field(default=None, primary_key=True)
    buyer_id: int = Field(foreign_key="buyer.id", index=True)
    category: str = Field(foreign_key="category.code", index=True)
    certificates: list[str] = Field(default_factory=list, sa_type=JSON)
    volume: Volume = Field(sa_column=enum_column("volume", Volume))
    timeframe: TimeFrame = Field(sa_column=enum_column("timeframe", TimeFrame))
    note: str = ""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))
