"""What comes in and goes out of the buyers, checked."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from server.features.buyers.rules import (
    MOST_NEEDS,
    NEEDED,
    BusinessNature,
    JobFunction,
    PurchasingRole,
    Purpose,
    TimeFrame,
    Volume,
)
from server.infra.schema import (
    SEEN,
    SEEN_OR_NOTHING,
    Checked,
    Code,
    CountryCode,
    Email,
    LanguageCode,
    NewPassword,
    once_each,
)
from server.kernel.certificates import unknown_certificates
from server.kernel.countries import HOMES
from server.kernel.provenance import Provenance

MOST_UNITS = 1_000_000


def _certificates(codes: list[str]) -> list[str]:
    if unknown := unknown_certificates(codes):
        raise ValueError(f"no such certificate: {', '.join(unknown)}")
    return codes


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # OSError is what a part of the world gives, such as America/Indiana.
        raise PydanticCustomError("form-choose", "no such time zone") from error


def _home(code: str) -> str:
    if code not in HOMES:
        raise PydanticCustomError("form-choose", "no such country or region")
    return code


# Without NUL, which PostgreSQL takes in no text.
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00]*$"), SEEN
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600, pattern=r"^[^\x00]*$"), SEEN_OR_NOTHING]
Languages = Annotated[list[LanguageCode], Field(max_length=8), AfterValidator(once_each)]
Country = Annotated[CountryCode, AfterValidator(_home)]
TimeZone = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}$", max_length=40), AfterValidator(_zone)
]
Certificates = Annotated[list[str], AfterValidator(_certificates), AfterValidator(once_each)]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS)]
CategoryCode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12, pattern=r"^[^\x00]*$")
]


class BuyerIn(Checked):
    """A buyer from a list; the name in one field as printed on the badge."""

    code: Code
    name: Words
    name_zh: Words | None = None
    call_me: Words
    company: Words
    country: Country
    business_nature: BusinessNature | None = None
    job_function: JobFunction | None = None
    purchasing_role: PurchasingRole | None = None
    languages: Annotated[list[LanguageCode], Field(min_length=1)]
    email: Email | None = None
    time_zone: TimeZone = "Asia/Shanghai"
    provenance: Provenance


class NeedWords(Checked):
    """One thing to look for, with its conditions; what is empty is no condition."""

    category: CategoryCode
    certificates: Certificates = []  # noqa: RUF012 - pydantic copies it
    quantity: Units | None = None
    volume: Volume | None = None
    timeframe: TimeFrame | None = None
    note: Note = ""


class NeedIn(NeedWords):
    """One thing that a buyer of a list looks for."""

    buyer: Code
    provenance: Provenance


class ProfileIn(Checked):
    """What a buyer says about themselves."""

    name: Words
    name_zh: Words | None = None
    call_me: Words | None = None
    company: Words
    country: Country
    languages: Languages = []  # noqa: RUF012 - pydantic copies it
    email: Email | None = None
    time_zone: TimeZone = "Asia/Shanghai"
    business_nature: BusinessNature | None = None


def _agreed(purposes: list[Purpose]) -> list[Purpose]:
    if NEEDED not in purposes:
        raise PydanticCustomError("form-consent-needed", "without this consent there is no account")
    return list(dict.fromkeys(purposes))


class ConsentsIn(Checked):
    """Everything that a buyer agrees to from now on; what is not named is withdrawn."""

    consents: Annotated[list[Purpose], AfterValidator(_agreed)] = Field(default=[], validate_default=True)


class RegistrationIn(ProfileIn, ConsentsIn):
    """Everything that a registration says; the conditions hold for each thing wanted."""

    wants: Annotated[list[CategoryCode], Field(min_length=1, max_length=MOST_NEEDS), AfterValidator(once_each)]
    certificates: Certificates = []  # noqa: RUF012 - pydantic copies it
    quantity: Units | None = None
    volume: Volume | None = None
    timeframe: TimeFrame | None = None
    note: Note = ""
    password: NewPassword

    def needs(self) -> list[NeedWords]:
        """The things wanted, each with the same conditions."""
        names = ("certificates", "quantity", "volume", "timeframe", "note")
        return [NeedWords(category=code, **{name: getattr(self, name) for name in names}) for code in self.wants]


class NeedOut(Checked):
    """One thing that a buyer looks for, as a page shows it."""

    id: int
    category: str
    category_en: str
    category_zh: str
    certificates: list[str]
    quantity: int | None
    volume: Volume | None
    timeframe: TimeFrame | None
    note: str


class ConsentOut(Checked):
    """What was agreed to, when, and since when no more."""

    purpose: Purpose
    given_at: datetime
    withdrawn_at: datetime | None


class BuyerOut(Checked):
    """A buyer as the organiser sees it."""

    code: str
    name: str
    name_zh: str | None
    call_me: str
    company: str
    country: str
    business_nature: BusinessNature | None
    job_function: JobFunction | None
    purchasing_role: PurchasingRole | None
    languages: list[str]
    email: str | None
    time_zone: str
    version: int
    created_at: datetime | None
    needs: list[NeedOut]
    provenance: Provenance


class BuyerSelf(BuyerOut):
    """A buyer as the buyer sees it: everything that we keep about the person."""

    consents: list[ConsentOut]

    def agrees_to(self, purpose: Purpose) -> bool:
        """Whether this consent stands at present."""
        return any(one.purpose is purpose and one.withdrawn_at is None for one in self.consents)


class CategoryChoice(Checked):
    """Something to look for: a node of the taxonomy, and how many products of the fair are of it or below it."""

    code: str
    parent: str | None
    name_en: str
    name_zh: str
    words_en: str
    """What people call it besides, with spaces."""
    words_zh: str
    products: int


class CategoryGroup(Checked):
    """A part of the taxonomy with what the fair shows of it; `name_*` are the part's own."""

    code: str
    name_en: str
    name_zh: str
    choices: list[CategoryChoice]
