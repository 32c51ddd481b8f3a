"""What is matched: a wish with an offer, judged part by part, each part with a reason that a person can check.

A reason is a key of the catalogues with what fills it in; names and codes stay as they are until a language is chosen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import fsum
from types import MappingProxyType

from server.features.matchmaking.rules.taxonomy import Taxonomy
from server.features.matchmaking.rules.words import WordIndex

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"category": 42, "words": 13, "order": 12, "certificates": 10, "country": 9, "languages": 8, "timeframe": 6}
)
"""How much each signal counts. Those that have nothing to say of a wish leave their share to the others."""
NEAR_ENOUGH = 0.3
"""So near must a product's kind be to the wanted one, for it to be a match at all."""
GOOD = 0.6
"""From this score on a part speaks for an offer; below it is something to ask about."""


@dataclass(frozen=True)
class Name:
    """A name in both of the fair's languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class NamedCodes:
    """Codes or words of one kind (`country`, `language`, `text`), to be named in the reader's language."""

    kind: str
    codes: tuple[str, ...]


Filling = str | int | float | Name | NamedCodes


@dataclass(frozen=True)
class MatchReason:
    """A sentence of the catalogues by its key, with what fills it in."""

    key: str
    params: Mapping[str, Filling] = field(default_factory=dict)


class WishTimeFrame(StrEnum):
    """When a purchase is to be made, as the buyers' code list has it."""

    NOW = "NOW"
    THREE_MONTHS = "M3"
    SIX_MONTHS = "M6"
    TWELVE_MONTHS = "M12"
    INFORMATION = "INFO"


@dataclass(frozen=True, kw_only=True)
class BuyerWish:
    """One thing that a buyer looks for, with the buyer's side of the conditions; what is None or empty is none."""

    number: int
    category: str
    name: Name
    country: str
    languages: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    quantity: int | None = None
    most_usd: int | None = None
    """The upper end of the yearly volume."""
    timeframe: WishTimeFrame | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One product, with the exhibitor's side of the conditions; `number` is its text in the index."""

    number: int
    exhibitor: str
    product: str
    name: Name
    category: str
    kind: Name
    certificates: tuple[str, ...] = ()
    moq: int = 1
    price_min: int = 1
    price_max: int = 1
    currency: str = "USD"
    markets: tuple[str, ...] = ()
    """Countries served; empty: the exhibitor does not say."""
    speakers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Who at the booth speaks a language, by its code."""
    robots: tuple[Name, ...] = ()
    """The robots on the booth that are this product."""
    text: str = ""
    """Everything that is written about it, to look words up in."""


@dataclass(frozen=True)
class Market:
    """What is true of all offers together: the tree of kinds, and which words stand where."""

    taxonomy: Taxonomy
    words: WordIndex


@dataclass(frozen=True)
class Judgement:
    """What one signal thinks of an offer: a score in [0, 1] and why."""

    score: float
    reason: MatchReason
    speaks_for: bool | None = None
    """Whether it is a reason to meet rather than something to ask about; by the score, where it is not said."""


@dataclass(frozen=True)
class Signal:
    """One graded signal. Both functions are pure; `applies` looks at the wish alone, so that all offers are equals."""

    applies: Callable[[BuyerWish], bool]
    judge: Callable[[BuyerWish, Offer, Market], Judgement]


@dataclass(frozen=True)
class ScorePart:
    """One signal's share of a total: its weight is a share of 1."""

    signal: str
    weight: float
    score: float
    reason: MatchReason
    speaks_for: bool
    """Whether the part is a reason to meet rather than something to ask about."""

    @property
    def points(self) -> float:
        """What the part adds to the total, which is at most 1."""
        return self.weight * self.score


@dataclass(frozen=True)
class Fit:
    """How well an offer fits a wish: the sum of its parts, in [0, 1]."""

    wish: BuyerWish
    offer: Offer
    parts: tuple[ScorePart, ...]

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return fsum(part.points for part in self.parts)

    @property
    def percent(self) -> int:
        """The total as people read it, from 0 to 100."""
        return round(100 * self.total)
