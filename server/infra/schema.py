"""What every validated shape that comes in or goes out has in common; free of Flask, so that schemas may use it.

Passwords come in through `TypedPassword` and `NewPassword` alone: nothing else may touch a secret on its way in.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from server.kernel.passwords import MAX_PASSWORD, MIN_OWN_PASSWORD, is_typeable, password_text, weakness
from server.kernel.text import is_seen, typed

_EMAIL = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def _email(text: str) -> str:
    lowered = text.lower()
    if not _EMAIL.fullmatch(lowered):
        raise PydanticCustomError("form-email", "not an e-mail address")
    return lowered


Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), AfterValidator(_email)]
"""An e-mail address in lower case; whether somebody reads what is sent there, nobody checks."""
_KNOWN = ("username", "display_name", "name", "name_zh", "call_me", "company", "email", "exhibitor")
"""What a shape says of a person before the password, and others know."""


def _as_text(typed: SecretStr) -> SecretStr:
    try:
        return SecretStr(password_text(typed.get_secret_value()))
    except ValueError as error:
        raise PydanticCustomError("form-invalid", "not a text") from error


def _fit(typed: SecretStr, info: ValidationInfo) -> SecretStr:
    password = _as_text(typed)
    if len(password) < MIN_OWN_PASSWORD:
        raise PydanticCustomError("form-password-short", "too short", {"least": MIN_OWN_PASSWORD})
    if len(password) > MAX_PASSWORD:
        raise PydanticCustomError("form-too-long", "too long", {"max_length": MAX_PASSWORD})
    if not is_typeable(password.get_secret_value()):
        raise PydanticCustomError("form-password-line", "line breaks and control characters cannot be typed again")
    about = [value for name in _KNOWN if isinstance(value := info.data.get(name), str)]
    if why := weakness(password.get_secret_value(), about):
        raise PydanticCustomError(f"form-password-{why}", f"too easily guessed: {why}")
    return password


def _seen(text: str) -> str:
    if not is_seen(text):
        raise PydanticCustomError("form-unseen", "nobody sees anything of this text")
    return typed(text)


def _seen_or_nothing(text: str) -> str:
    return typed(text) if is_seen(text) else ""


SEEN = AfterValidator(_seen)
"""For a name or a title: something that others see, without characters that turn the words around it."""
SEEN_OR_NOTHING = AfterValidator(_seen_or_nothing)
"""The same for words that may be left out."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$")]
"""What an exhibitor, a buyer, a robot or a person is called in addresses."""
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), SEEN]
"""A name or a title from a list."""
# Bounded: at the ends of the calendar there is no fair time.
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]
"""A time that somebody gives, aware."""


def once_each(values: list[str]) -> list[str]:
    """Every value once, where it stood first."""
    return list(dict.fromkeys(values))


TypedPassword = Annotated[SecretStr, AfterValidator(_as_text)]
"""A password that somebody typed to be let in: exactly as typed, in the form in which passwords are compared."""
NewPassword = Annotated[SecretStr, AfterValidator(_fit)]
"""A password that somebody chooses; not one that others guess, knowing what the fields before it say."""


class ApiModel(BaseModel):
    """What comes in or goes out; an unknown key is an error, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Checked(BaseModel):
    """Frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
