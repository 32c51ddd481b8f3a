"""What comes in and goes out of the buyers, checked."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from server.features.buyers.rules import BusinessNature, JobFunction, PurchasingRole, TimeFrame, Volume
from server.kernel.certificates import unknown_certificates
from server.kernel.provenance import Provenance

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Checked(BaseModel):
    """Frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BuyerIn(Checked):
    """A buyer; the name in one field as printed on the badge."""

    code: Code
    name: Words
    name_zh: Words | None = None
    call_me: Words
    company: Words
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    business_nature: BusinessNature
    job_function: JobFunction | None = None
    purchasing_role: PurchasingRole | None = None
    languages: Annotated[list[Language], Field(min_length=1)]
    provenance: Provenance


class NeedIn(Checked):
    """One thing that a buyer looks for."""

    buyer: Code
    category: Words
    certificates: list[str] = []
    volume: Volume
    timeframe: TimeFrame
    note: str = ""
    provenance: Provenance

    @field_validator("certificates")
    @classmethod
    def check_certificates(cls, codes: list[str]) -> list[str]:
        """Only certificates that the code list knows."""
        if unknown := unknown_certificates(codes):
            raise ValueError(f"no such certificate: {', '.join(unknown)}")
        return codes


class NeedOut(Checked):
    """One thing that a buyer looks for, as a page shows it."""

    category: str
    category_en: str
    category_zh: str
    certificates: list[str]
    volume: Volume
    timeframe: TimeFrame
    note: str


class BuyerOut(Checked):
    """A buyer as the organiser sees it."""

    code: str
    name: str
    name_zh: str | None
    call_me: str
    company: str
    country: str
    business_nature: BusinessNature
    job_function: JobFunction | None
    purchasing_role: PurchasingRole | None
    languages: list[str]
    needs: list[NeedOut]
    provenance: Provenance
