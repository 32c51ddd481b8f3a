"""How much one exhibitor or account may have: ONE table, a setting of the installation, refused with a sentence."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from server.kernel.errors import ConflictError, SetupError


class Quota(StrEnum):
    """What is counted: of one exhibitor, removed and switched-off ones too, and requests of one account in a day."""

    PRODUCTS = "products"
    ROBOTS = "robots"
    PEOPLE = "people"
    BRIDGES = "bridges"
    REQUESTS = "requests"
    """Requests with a key against double sending: each is kept with its answer for a while."""


MOST_DIGITS = 6
Quotas = Mapping[Quota, int]
QUOTAS: Quotas = MappingProxyType(
    {Quota.PRODUCTS: 150, Quota.ROBOTS: 80, Quota.PEOPLE: 150, Quota.BRIDGES: 20, Quota.REQUESTS: 3_000}
)
"""What holds unless the installation says otherwise (`FAIRZONE_QUOTAS`)."""


class QuotaError(ConflictError):
    """There are as many as one exhibitor or account may have: `most` of `what`."""

    code = "quota"


def require_room(quotas: Quotas, what: Quota, present: int) -> None:
    """Raise `QuotaError` unless one more may be added to the `present` ones."""
    most = quotas[what]
    if present >= most:
        raise QuotaError(what=what.value, most=most)


def read_quotas(raw: str) -> Quotas:
    """The quotas, with those that `products=300 robots=200` names in the place of the usual ones.

    Raises:
        SetupError: a word sets no quota.
    """
    found = dict(QUOTAS)
    for word in raw.replace(",", " ").split():
        name, _, number = word.partition("=")
        if name not in set(Quota) or not number.isdecimal() or len(number) > MOST_DIGITS:
            raise SetupError(
                f"FAIRZONE_QUOTAS has {word!r} in it, which sets no quota.",
                f"Write it as products=300 robots=200; there are {', '.join(Quota)}.",
            )
        found[Quota(name)] = int(number)
    return found
