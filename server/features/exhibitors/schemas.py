"""What comes in and goes out of the exhibitors, checked."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from server.features.exhibitors.rules import CODE_PATTERN, Protocol, RobotKind, SourceClass
from server.kernel.certificates import unknown_certificates
from server.kernel.provenance import Provenance

Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Checked(BaseModel):
    """Frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CategoryIn(Checked):
    """A node of the taxonomy."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{2,12}$")]
    parent: str | None = None
    name_en: Words
    name_zh: Words
    name_de: Words
    scheme: Words
    gb_class: str = ""
    verification: str = ""
    note: str = ""
    provenance: Provenance


class ExhibitorIn(Checked):
    """An exhibitor with the codes of what it shows, in its own order."""

    code: Code
    name_en: Words
    name_zh: Words
    province: Words
    city: Words
    city_zh: Words
    profile_en: Words
    profile_zh: Words
    categories: Annotated[list[str], Field(min_length=1)]
    provenance: Provenance


class ProductIn(Checked):
    """A product of an exhibitor; prices per unit."""

    exhibitor: Code
    code: Code
    name_en: Words
    name_zh: Words
    category: str
    payload_kg: Annotated[float, Field(gt=0)] | None = None
    runtime_min: Annotated[int, Field(gt=0)] | None = None
    certificates: list[str] = []
    moq: Annotated[int, Field(ge=1)]
    price_min: Annotated[int, Field(gt=0)]
    price_max: Annotated[int, Field(gt=0)]
    currency: Currency
    markets: list[Country] = []
    provenance: Provenance

    @field_validator("certificates")
    @classmethod
    def check_certificates(cls, codes: list[str]) -> list[str]:
        """Only certificates that the code list knows."""
        if unknown := unknown_certificates(codes):
            raise ValueError(f"no such certificate: {', '.join(unknown)}")
        return codes

    @model_validator(mode="after")
    def check_band(self) -> "ProductIn":
        """A price band runs upward."""
        if self.price_max < self.price_min:
            raise ValueError("the price band runs downward")
        return self


class StaffIn(Checked):
    """A person at a booth."""

    exhibitor: Code
    code: Code
    name: Words
    name_zh: Words
    call_me: Words
    languages: Annotated[list[Language], Field(min_length=1)]
    provenance: Provenance


class StaffHoursIn(Checked):
    """One stretch of time in which somebody is at the booth."""

    exhibitor: Code
    staff: Code
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class RobotIn(Checked):
    """A robot to be enrolled. `product` is the code of a product of the same exhibitor."""

    exhibitor: Code
    code: Code
    product: Code | None = None
    name_en: Words
    name_zh: Words
    kind: RobotKind
    protocol: Protocol
    address: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    source: SourceClass
    provenance: Provenance


class CategoryOut(Checked):
    """A category as pages name it."""

    code: str
    parent: str | None
    name_en: str
    name_zh: str


class RobotOut(Checked):
    """A robot as pages name it; `key` is `<exhibitor>/<robot>`."""

    key: str
    name_en: str
    name_zh: str
    kind: RobotKind
    protocol: Protocol
    source: SourceClass
    active: bool
    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    product_en: str | None
    product_zh: str | None
    booths: list[str]
    provenance: Provenance


class ExhibitorOut(Checked):
    """An exhibitor as a list shows it."""

    code: str
    name_en: str
    name_zh: str
    province: str
    city: str
    city_zh: str
    guangdong: bool
    profile_en: str
    profile_zh: str
    categories: list[CategoryOut]
    booths: list[str]
    robots: list[RobotOut]
    provenance: Provenance


class ProductOut(Checked):
    """A product as a page shows it."""

    code: str
    name_en: str
    name_zh: str
    category: str
    category_en: str
    category_zh: str
    payload_kg: float | None
    runtime_min: int | None
    certificates: list[str]
    moq: int
    price_min: int
    price_max: int
    currency: str
    markets: list[str]
    provenance: Provenance


class StaffOut(Checked):
    """A person at a booth as a page shows it, with the hours in UTC."""

    code: str
    name: str
    name_zh: str
    call_me: str
    languages: list[str]
    hours: list[tuple[datetime, datetime]]


class ExhibitorPage(Checked):
    """Everything about one exhibitor."""

    exhibitor: ExhibitorOut
    products: list[ProductOut]
    staff: list[StaffOut]
