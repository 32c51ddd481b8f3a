"""What the desk's pages share: the choices that their forms offer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from server.features.exhibitors.schemas import CategoryOut
from server.infra.regions import countries
from server.infra.web.language import called, language, t
from server.kernel.countries import REGIONS


@dataclass(frozen=True)
class OptionGroup:
    """Choices that belong together, as (code, words)."""

    title: str
    options: tuple[tuple[str, str], ...]


def own_name(row: CategoryOut) -> str:
    """The name of a category in the reader's language."""
    return called(row)


def category_groups(categories: Iterable[CategoryOut]) -> list[OptionGroup]:
    """The taxonomy as choices: below each category those right under it. A root is only a title."""
    names = {row.code: own_name(row) for row in categories}
    below: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in categories:
        if row.parent is not None:
            below[row.parent].append((row.code, names[row.code]))
    return [OptionGroup(names[code], tuple(options)) for code, options in sorted(below.items())]


def market_groups() -> list[OptionGroup]:
    """The countries by region, with their names in the reader's language and in their order."""
    named = dict(countries(language()))
    order = {code: place for place, code in enumerate(named)}
    return [
        OptionGroup(
            t(f"region-{region}"),
            tuple((code, named[code]) for code in sorted(set(codes) & set(named), key=lambda code: order[code])),
        )
        for region, codes in REGIONS.items()
    ]


def words_of(groups: Iterable[OptionGroup]) -> dict[str, str]:
    """The words of every choice by its code."""
    return {code: words for group in groups for code, words in group.options}
