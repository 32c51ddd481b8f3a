"""What every validated shape that comes in or goes out has in common; free of Flask, so that schemas may use it."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

_EMAIL = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def _email(text: str) -> str:
    lowered = text.lower()
    if not _EMAIL.fullmatch(lowered):
        raise PydanticCustomError("form-email", "not an e-mail address")
    return lowered


Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), AfterValidator(_email)]
"""An e-mail address in lower case; whether somebody reads what is sent there, nobody checks."""


class ApiModel(BaseModel):
    """What comes in or goes out; an unknown key is an error, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
