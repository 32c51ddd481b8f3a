"""What is taken in of a fair: taxonomy, exhibitors, products, people and robots."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints, field_validator, model_validator

from server.features.exhibitors.rules import RobotKind, SourceClass
from server.features.exhibitors.schemas.protocols import Protocol
from server.features.exhibitors.schemas.words import Currency, Email, LongWords
from server.infra.schema import SEEN_OR_NOTHING, Checked, Code, CountryCode, LanguageCode
from server.kernel.certificates import unknown_certificates
from server.kernel.provenance import Provenance


class CategoryIn(Checked):
    """A node of the taxonomy."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{2,12}$")]
    parent: str | None = None
    name_en: LongWords
    name_zh: LongWords
    name_de: LongWords
    scheme: LongWords
    gb_class: str = ""
    verification: str = ""
    note: Annotated[str, SEEN_OR_NOTHING] = ""
    provenance: Provenance


class ExhibitorIn(Checked):
    """An exhibitor with the codes of what it shows, in its own order."""

    code: Code
    name_en: LongWords
    name_zh: LongWords
    province: LongWords
    city: LongWords
    city_zh: LongWords
    profile_en: LongWords
    profile_zh: LongWords
    categories: Annotated[list[str], Field(min_length=1)]
    provenance: Provenance


class ProductIn(Checked):
    """A product of an exhibitor; prices per unit."""

    exhibitor: Code
    code: Code
    name_en: LongWords
    name_zh: LongWords
    description_en: str = ""
    description_zh: str = ""
    category: str
    payload_kg: Annotated[float, Field(gt=0)] | None = None
    runtime_min: Annotated[int, Field(gt=0)] | None = None
    certificates: list[str] = Field(default_factory=list)
    moq: Annotated[int, Field(ge=1)]
    price_min: Annotated[int, Field(gt=0)]
    price_max: Annotated[int, Field(gt=0)]
    currency: Currency
    markets: list[CountryCode] = Field(default_factory=list)
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


class StaffMemberIn(Checked):
    """A person at a booth."""

    exhibitor: Code
    code: Code
    name: LongWords
    name_zh: LongWords
    call_me: LongWords
    languages: Annotated[list[LanguageCode], Field(min_length=1)]
    email: Email | None = None
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
    name_en: LongWords
    name_zh: LongWords
    kind: RobotKind
    protocol: Protocol
    address: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    source: SourceClass
    provenance: Provenance
