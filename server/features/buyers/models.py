"""The tables of the buyers: who comes, from where, what they look for, and what they agreed to."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from server.features.buyers.rules import BusinessNature, JobFunction, PurchasingRole, Purpose, TimeFrame, Volume
from server.infra.columns import UTCDateTime, enum_column
from server.kernel.provenance import Provenance


class Buyer(SQLModel, table=True):
    """A person who comes to buy. `name` is one field as printed on the badge, never split into first and last."""

    __tablename__ = "buyer"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=48)
    """The zone code: what the buyer shows and logs in with; the fair's own badge is not ours to read."""
    name: str
    name_zh: str | None = None
    call_me: str
    company: str
    country: str = Field(max_length=2, index=True)
    """Home of the company, ISO 3166-1 alpha-2."""
    business_nature: BusinessNature | None = Field(
        default=None, sa_column=enum_column("business_nature", BusinessNature, nullable=True)
    )
    job_function: JobFunction | None = Field(
        default=None, sa_column=enum_column("job_function", JobFunction, nullable=True)
    )
    purchasing_role: PurchasingRole | None = Field(
        default=None, sa_column=enum_column("purchasing_role", PurchasingRole, nullable=True)
    )
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    """Spoken, ISO 639-1, the best first."""
    email: str | None = Field(default=None, max_length=80)
    time_zone: str = Field(default="Asia/Shanghai", max_length=40, sa_column_kwargs={"server_default": "Asia/Shanghai"})
    """IANA; times are printed in it beside fair time."""
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """Counts the edits of the profile, the needs and the consents."""
    created_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the buyer registered; empty for those who were taken in from a list."""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class BuyerNeed(SQLModel, table=True):
    """One thing that a buyer looks for: a code of the taxonomy with conditions; what is empty is no condition."""

    __tablename__ = "buyer_need"

    id: int | None = Field(default=None, primary_key=True)
    buyer_id: int = Field(foreign_key="buyer.id", index=True)
    category: str = Field(foreign_key="category.code", index=True)
    certificates: list[str] = Field(default_factory=list, sa_type=JSON)
    quantity: int | None = None
    """Units of the first order."""
    volume: Volume | None = Field(default=None, sa_column=enum_column("volume", Volume, nullable=True))
    timeframe: TimeFrame | None = Field(default=None, sa_column=enum_column("timeframe", TimeFrame, nullable=True))
    note: str = ""
    provenance: Provenance = Field(sa_column=enum_column("provenance", Provenance))


class BuyerConsent(SQLModel, table=True):
    """What a buyer agreed to, when, and since when no more; given again, it starts anew."""

    __tablename__ = "buyer_consent"

    buyer_id: int = Field(foreign_key="buyer.id", primary_key=True)
    purpose: Purpose = Field(sa_column=enum_column("purpose", Purpose, primary_key=True))
    given_at: datetime = Field(sa_type=UTCDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
