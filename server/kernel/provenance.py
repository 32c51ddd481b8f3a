"""Where a row of the fair comes from: a published fact, something derived from facts, or an invention."""

from enum import StrEnum


class Provenance(StrEnum):
    """How far a row may be believed."""

    FACT = "fact"
    DERIVED = "derived"
    INVENTED = "invented"
