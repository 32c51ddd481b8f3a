"""The kinds of words that schemas of exhibitors are made of: codes, names, addresses, and choices from lists."""

import re
from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from server.infra.schema import SEEN

LongWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), SEEN]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$"), SEEN
]
"""A name or the like: one line that a person types."""
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=r"^[^\x00]+$"), SEEN
]
"""What a person types in several lines."""
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600, pattern=r"^[^\x00]*$")]
"""What a person may type in a few lines, or leave empty."""
_ADDRESS = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)+")
MOST_CATEGORIES = 12


def check_email(address: str) -> str:
    """An address that mail can be sent to, as far as its looks tell."""
    if not _ADDRESS.fullmatch(address):
        raise PydanticCustomError("form-email", "This is no e-mail address.")
    return address


def offered(codes: Collection[str]) -> AfterValidator:
    """Only what is offered."""

    def check(code: str) -> str:
        if code not in codes:
            raise PydanticCustomError("form-choose", "This is none of those offered.")
        return code

    return AfterValidator(check)


Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), AfterValidator(check_email)]
