"""What goes out of the matchmaking: matches with their reasons, who is left out and why, and what a search found."""

from datetime import datetime

from pydantic import Field

from server.features.matchmaking.rules.filters import Bar
from server.features.matchmaking.rules.searching import Kind
from server.infra.schema import ApiModel

Sentence = dict[str, str]
"""A sentence by the language that it is in."""


class Asked(ApiModel):
    """Which matches: of one need by its number, and without which conditions."""

    need: int | None = None
    without: list[Bar] = Field(default=[], max_length=5)


class PartOut(ApiModel):
    """One signal's share of a fit; `points` = `weight` x `score`, and the points of all parts sum to the total."""

    signal: str
    weight: float
    score: float
    points: float
    speaks_for: bool
    reason: Sentence


class ExhibitorCard(ApiModel):
    """An exhibitor as a card names it, with what it is doing at the moment."""

    exhibitor: str
    name_en: str
    name_zh: str
    city_en: str
    city_zh: str
    booths: list[str]
    robots: int = 0
    robots_live: int = 0
    measured: str | None = None
    """The counter that tells most of today, by its name in the reports."""
    measured_value: float | None = None
    next_demo_at: datetime | None = None
    """Today's next demo."""


class MatchOut(ApiModel):
    """An exhibitor that fits: its best product for one of the buyer's needs, and every part of the total."""

    who: ExhibitorCard
    product: str
    product_en: str
    product_zh: str
    products: int
    """How many of the exhibitor's products pass."""
    need: int
    also: list[int]
    """The buyer's other needs that the exhibitor can meet."""
    fit: int
    """0 to 100."""
    total: float
    parts: list[PartOut]

    @property
    def reasons(self) -> list[PartOut]:
        """At most three parts that speak for it, the weightiest first."""
        good = sorted((part for part in self.parts if part.speaks_for), key=lambda part: (-part.points, part.signal))
        return good[:3]

    @property
    def doubts(self) -> list[PartOut]:
        """At most two parts to ask about, the weightiest first."""
        failing = [part for part in self.parts if not part.speaks_for]
        return sorted(failing, key=lambda part: (part.points - part.weight, part.signal))[:2]


class LeftOutOut(ApiModel):
    """An exhibitor that is left out, and everything that stands in its way."""

    who: ExhibitorCard
    product_en: str
    product_zh: str
    need: int
    bars: list[Bar]
    reasons: list[Sentence]


class RelaxationOut(ApiModel):
    """Conditions, and the exhibitors that come back without them."""

    conditions: list[Bar]
    exhibitors: list[str]


class WideningOut(ApiModel):
    """A wider kind in place of a need's, and the exhibitors that come in addition."""

    need: int
    category: str
    name_en: str
    name_zh: str
    exhibitors: list[str]


class WishOut(ApiModel):
    """A need as the matches refer to it."""

    need: int
    category: str
    name_en: str
    name_zh: str
    certificates: list[str]
    quantity: int | None
    most_usd: int | None
    timeframe: str | None


class MatchesOut(ApiModel):
    """Everybody, in order: who fits, who is left out, what would change that."""

    needs: list[WishOut]
    matches: list[MatchOut]
    left_out: list[LeftOutOut]
    relaxations: list[RelaxationOut]
    widenings: list[WideningOut]

    def need_of(self, number: int) -> WishOut:
        """The need of that number."""
        return next(need for need in self.needs if need.need == number)

    def left_by(self, bar: Bar) -> list[LeftOutOut]:
        """Those whose first obstacle is this one."""
        return [one for one in self.left_out if one.bars[0] == bar]


class PieceOut(ApiModel):
    """A piece of a text, and whether it was looked for."""

    text: str
    hit: bool


class HitOut(ApiModel):
    """Something found: where it is, how it is called in both languages, and what is said of it, in pieces."""

    kind: Kind
    key: str
    url: str
    name_en: list[PieceOut]
    name_zh: list[PieceOut]
    about_en: list[PieceOut]
    about_zh: list[PieceOut]
    place: str
    """The exhibitor's booths."""
    exhibitor_en: str
    exhibitor_zh: str
    score: float


class Guess(ApiModel):
    """A word that stands nowhere as it was typed, and the one that was looked for instead."""

    typed: str
    meant: str


class SearchOut(ApiModel):
    """A page of what was found, the best first; `total` counts all."""

    query: str
    category: str
    category_en: str
    category_zh: str
    total: int
    counts: dict[Kind, int]
    hits: list[HitOut]
    guessed: list[Guess]
