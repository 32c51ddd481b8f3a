"""Lists in pages: which one is asked for, and what its neighbours are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Generic, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")
MAX_PAGE_SIZE = 200
MAX_PAGE = 100_000
MAX_PAGE_DIGITS = 9


class PageQuery(BaseModel):
    """Which page of a list, counted from 1, and how many to a page."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(default=1, ge=1, le=MAX_PAGE)
    per_page: int = Field(default=50, ge=1, le=MAX_PAGE_SIZE)

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.per_page


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list of `total`."""

    items: Sequence[Item]
    total: int
    number: int
    per_page: int

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one page."""
        return max(1, ceil(self.total / self.per_page))

    @property
    def previous(self) -> int | None:
        """The page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, if there is one."""
        return self.number + 1 if self.number < self.last else None


def paged(items: Sequence[Item], per_page: int) -> Page[Item]:
    """The page of a list at hand that the address of this request asks for."""
    number = asked_page(request.args)
    first = (number - 1) * per_page
    return Page(items[first : first + per_page], len(items), number, per_page)


def asked_page(args: Mapping[str, str]) -> int:
    """The number of the page that an address asks for; 1 for none or nonsense: better a list than a refusal."""
    wanted = args.get("page", "")
    return min(max(int(wanted), 1), MAX_PAGE) if wanted.isdecimal() and len(wanted) <= MAX_PAGE_DIGITS else 1
