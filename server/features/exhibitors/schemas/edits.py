"""What exhibitors and the organiser edit: whole for pages, in parts (`…Patch`) for programs."""

import json
import re
import tomllib
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, get_args, get_origin

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
    field_validator,
)
from pydantic_core import PydanticCustomError

from server.features.exhibitors.rules import (
    CURRENCIES,
    MOST_STRETCHES,
    NAMED_BY_KEY,
    VDA5050,
    HoursSpan,
    RobotKind,
    is_address,
)
from server.features.exhibitors.schemas.protocols import Protocol
from server.features.exhibitors.schemas.words import (
    MOST_CATEGORIES,
    Description,
    Email,
    Line,
    Text,
    offered,
)
from server.infra.schema import Checked, LanguageCode, once_each
from server.kernel.certificates import CERTIFICATES
from server.kernel.countries import COUNTRIES

# Bounded: at the ends of the calendar a moment has no fair time.
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]


def read_options(typed: object) -> object:
    """A robot's options as somebody types them: the lines of a TOML file, or JSON. What is none has a fault."""
    if not isinstance(typed, str):
        return typed
    try:
        read = json.loads(typed) if typed.lstrip().startswith("{") else tomllib.loads(typed)
        return json.loads(json.dumps(read, allow_nan=False))
    except (ValueError, TypeError, RecursionError) as error:
        where = {"line": _line_of(error, typed)}
        raise PydanticCustomError("form-options", "Neither TOML nor JSON; see line {line}.", where) from error


def _line_of(error: Exception, typed: str) -> int:
    """Where a parser gave up; at the end of the text unless it says otherwise."""
    said = re.search(r"line (\d+)", str(error))
    return int(said[1]) if said else len(typed.splitlines())


def shown_options(options: dict[str, Any]) -> str:
    """A robot's options as a form shows them, so that they can be sent again unchanged."""
    return json.dumps(options, ensure_ascii=False, indent=2) if options else ""


def _bounded(options: dict[str, Any]) -> dict[str, Any]:
    if len(shown_options(options).encode()) > MOST_OPTION_BYTES:
        raise PydanticCustomError("form-options-long", "At most {limit} bytes.", {"limit": MOST_OPTION_BYTES})
    return options


MOST_OPTION_BYTES = 16_384
Options = Annotated[dict[str, Any], BeforeValidator(read_options), AfterValidator(_bounded)]


class ExhibitorEdit(Checked):
    """What an exhibitor says of itself; `categories` are codes of the taxonomy, the most important first."""

    name_en: Line
    name_zh: Line
    city: Line
    city_zh: Line
    profile_en: Text
    profile_zh: Text
    categories: Annotated[list[Line], Field(min_length=1, max_length=MOST_CATEGORIES), AfterValidator(once_each)]


class ProductEdit(Checked):
    """What an exhibitor says of a product; prices are per unit in `currency`, ex works."""

    name_en: Line
    name_zh: Line
    description_en: Description = ""
    description_zh: Description = ""
    category: Line
    payload_kg: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] | None = None
    runtime_min: Annotated[int, Field(gt=0, le=100_000)] | None = None
    certificates: Annotated[
        list[Annotated[str, offered(CERTIFICATES)]], AfterValidator(once_each), Field(default_factory=list)
    ]
    moq: Annotated[int, Field(ge=1, le=1_000_000)]
    price_min: Annotated[int, Field(gt=0, le=1_000_000_000)]
    price_max: Annotated[int, Field(gt=0, le=1_000_000_000)]
    currency: Annotated[str, offered(CURRENCIES)]
    markets: Annotated[list[Annotated[str, offered(COUNTRIES)]], AfterValidator(once_each), Field(default_factory=list)]

    @field_validator("price_max")
    @classmethod
    def check_band(cls, highest: int, info: ValidationInfo) -> int:
        """A price band runs upward."""
        if highest < info.data.get("price_min", 0):
            raise PydanticCustomError("form-price-band", "The price band runs downward.")
        return highest


class RobotEdit(Checked):
    """What an exhibitor says of a robot that it enrols; `address` is the maker's name and serial, or a port's name."""

    name_en: Line
    name_zh: Line
    kind: RobotKind
    protocol: Protocol
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = Field("", validate_default=True)
    options: Options = Field(default_factory=dict)
    """What the protocol has to be told, by its own names."""

    @field_validator("address")
    @classmethod
    def check_address(cls, address: str, info: ValidationInfo) -> str:
        """One that fits the protocol; where the robot's own name is its address, whatever was typed is passed over."""
        protocol = info.data.get("protocol")
        if protocol is None or protocol in NAMED_BY_KEY:
            return ""
        needed = protocol == VDA5050
        if (address or needed) and not is_address(protocol, address):
            if needed:
                raise PydanticCustomError("form-address-vda5050", "VDA 5050 needs manufacturer/serialNumber.")
            raise PydanticCustomError("form-address-port", "A port's name has letters, digits and . _ : @ + - in it.")
        return address


class RobotChange(RobotEdit):
    """What an exhibitor changes of an enrolled robot; its protocol stays."""

    active: bool = False
    """Whether it may speak: the box of a form is not sent when it is empty."""
    release: bool = False
    """That what is booked with it shall be cancelled when it may not: whoever says so has seen the list."""


class StaffEdit(Checked):
    """What an exhibitor says of a person at its booth."""

    name: Line
    name_zh: Line
    call_me: Line
    languages: Annotated[list[LanguageCode], Field(min_length=1, max_length=20), AfterValidator(once_each)]
    email: Email | None = None


class StretchIn(Checked):
    """A time without a break at the booth."""

    starts_at: Moment
    ends_at: Moment

    @property
    def stretch(self) -> HoursSpan:
        """The same for the rules."""
        return HoursSpan(self.starts_at, self.ends_at)


class DayHours(Checked):
    """Somebody's hours on one fair day, by its date in fair time; none means not there."""

    date: date
    stretches: Annotated[list[StretchIn], Field(max_length=MOST_STRETCHES, default_factory=list)]


class HoursEdit(Checked):
    """Somebody's hours on some fair days; days that are not named stay as they are."""

    days: Annotated[list[DayHours], Field(max_length=31)]


def _unbound(annotation: Any) -> Any:
    """A type without its conditions: they hold for the whole thing after a patch, not for its parts."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _unbound(parts[0])
    plain = [_unbound(part) for part in parts]
    return annotation if not plain else list[plain[0]] if origin is list else reduce(or_, plain)  # type: ignore[valid-type]  # made when it runs


def _patch_of(edit: type[Checked], but: Collection[str] = ()) -> Callable[[type[Checked]], Any]:
    """Let a class be some of what an edit says, or all of it `but` some fields; what is left out stays."""
    parts = {name: _unbound(field.annotation) for name, field in edit.model_fields.items() if name not in but}
    fields: Any = {name: (part | None, None) for name, part in parts.items()}
    return lambda patch: create_model(patch.__name__, __base__=patch, __doc__=patch.__doc__, **fields)


@_patch_of(ExhibitorEdit)
class ExhibitorPatch(Checked):
    """Some of what an exhibitor says of itself; what is left out stays."""


@_patch_of(ProductEdit, but=("description_en", "description_zh"))
class ProductPatch(Checked):
    """Some of what an exhibitor says of a product; what is left out stays, and null takes a figure away."""


@_patch_of(StaffEdit)
class StaffPatch(Checked):
    """Some of what an exhibitor says of a person; what is left out stays, and null takes the address away."""
