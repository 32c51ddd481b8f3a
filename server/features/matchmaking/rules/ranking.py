"""The ranking: every exhibitor's best offer for a buyer's wishes, who is left out and why, and what to relax."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from server.features.matchmaking.rules.filters import RELAXABLE, Bar, LeftOutBy, obstacles
from server.features.matchmaking.rules.matching import (
    GOOD,
    WEIGHTS,
    BuyerWish,
    Fit,
    Judgement,
    Market,
    Offer,
    ScorePart,
)
from server.features.matchmaking.signals import load_signals

_TOO_WIDE = 2
"""The levels at the top of the taxonomy that nobody looks for as a whole."""


@dataclass(frozen=True)
class Match:
    """An exhibitor with the offer that fits best; `also` are other wishes of the buyer that it can meet."""

    exhibitor: str
    best: Fit
    also: tuple[BuyerWish, ...] = ()
    products: int = 1
    """How many of its products pass."""


@dataclass(frozen=True)
class LeftOut:
    """An exhibitor none of whose offers passes; the one that comes nearest, and what is in its way."""

    exhibitor: str
    wish: BuyerWish
    offer: Offer
    obstacles: tuple[LeftOutBy, ...]


@dataclass(frozen=True)
class Relaxation:
    """Conditions that would bring exhibitors back if they were dropped, by their codes."""

    bars: tuple[Bar, ...]
    """One, or all that can be dropped where no single one brings anybody."""
    exhibitors: tuple[str, ...]


@dataclass(frozen=True)
class Widening:
    """A wider kind in place of a wanted one, and the exhibitors that would come in addition."""

    wish: BuyerWish
    category: str
    exhibitors: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """Everybody, in order: who fits, the best first; who is left out; what would change that."""

    matches: tuple[Match, ...]
    left_out: tuple[LeftOut, ...]
    relaxations: tuple[Relaxation, ...]
    widenings: tuple[Widening, ...]


def judge(wish: BuyerWish, offer: Offer, market: Market) -> Fit:
    """How well an offer fits a wish, part by part; the weights of the signals that apply sum to 1."""
    speaking = {name: signal for name, signal in load_signals().items() if signal.applies(wish)}
    whole = sum(WEIGHTS[name] for name in speaking)
    judged = ((name, signal.judge(wish, offer, market)) for name, signal in speaking.items())
    return Fit(wish, offer, tuple(_part(name, one, WEIGHTS[name] / whole) for name, one in judged))


def _part(name: str, one: Judgement, weight: float) -> ScorePart:
    speaks_for = one.score >= GOOD if one.speaks_for is None else one.speaks_for
    return ScorePart(name, weight, one.score, one.reason, speaks_for)


def rank(
    wishes: Sequence[BuyerWish], offers: Sequence[Offer], market: Market, ignoring: frozenset[Bar] = frozenset()
) -> Ranking:
    """Rank all exhibitors for these wishes, without the conditions in `ignoring`. Equals stand by their codes."""
    by_exhibitor: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_exhibitor[offer.exhibitor].append(offer)
    matches: list[Match] = []
    left_out: list[LeftOut] = []
    for code, theirs in sorted(by_exhibitor.items()):
        fits = list(_fits(wishes, theirs, market, ignoring))
        if fits:
            matches.append(_match(code, fits))
        elif wishes:
            left_out.append(_left_out(code, wishes, theirs, market, ignoring))
    matches.sort(key=lambda match: (-match.best.total, match.exhibitor))
    left_out.sort(key=lambda one: (_least([one.obstacles]), one.exhibitor))
    fitting = {match.exhibitor for match in matches}
    return Ranking(
        tuple(matches),
        tuple(left_out),
        tuple(_relaxations(left_out, wishes, by_exhibitor, market, ignoring)),
        tuple(_widenings(wishes, offers, market, ignoring, fitting)),
    )


def _fits(
    wishes: Iterable[BuyerWish], offers: Sequence[Offer], market: Market, ignoring: frozenset[Bar]
) -> Iterator[Fit]:
    for wish in wishes:
        for offer in offers:
            if not obstacles(wish, offer, market, ignoring):
                yield judge(wish, offer, market)


def _match(code: str, fits: Sequence[Fit]) -> Match:
    best = min(fits, key=lambda fit: (-fit.total, fit.wish.number, fit.offer.product))
    also = {fit.wish.number: fit.wish for fit in fits if fit.wish.number != best.wish.number}
    return Match(code, best, tuple(also[number] for number in sorted(also)), len({fit.offer.product for fit in fits}))


def _left_out(
    code: str, wishes: Sequence[BuyerWish], offers: Sequence[Offer], market: Market, ignoring: frozenset[Bar]
) -> LeftOut:
    """The offer that comes nearest: a wrong kind is further off than any condition."""
    tried = [(wish, offer, tuple(obstacles(wish, offer, market, ignoring))) for wish in wishes for offer in offers]
    wish, offer, found = min(tried, key=lambda one: (_least([one[2]]), one[0].number, one[1].product))
    return LeftOut(code, wish, offer, found)


def _least(found: Iterable[Sequence[LeftOutBy]]) -> tuple[int, int]:
    """How far off: whether the kind is wrong, then how many things are in the way."""
    return min((int(any(one.bar in {Bar.KIND, Bar.MEDICAL} for one in each)), len(each)) for each in found)


def _relaxations(
    left_out: Sequence[LeftOut],
    wishes: Sequence[BuyerWish],
    offers: dict[str, list[Offer]],
    market: Market,
    ignoring: frozenset[Bar],
) -> Iterator[Relaxation]:
    """What comes back when one condition alone is dropped; the one that brings most back first."""
    found: list[Relaxation] = []
    for bars in (*((bar,) for bar in RELAXABLE), RELAXABLE):
        if ignoring.issuperset(bars) or (found and bars == RELAXABLE):
            continue
        without = ignoring.union(bars)
        back = tuple(one.exhibitor for one in left_out if any(_fits(wishes, offers[one.exhibitor], market, without)))
        if back:
            found.append(Relaxation(bars, back))
    yield from sorted(found, key=lambda one: -len(one.exhibitors))


def _widenings(
    wishes: Sequence[BuyerWish],
    offers: Sequence[Offer],
    market: Market,
    ignoring: frozenset[Bar],
    fitting: set[str],
) -> Iterator[Widening]:
    """The kind above each wanted one, where that brings somebody new; a root and its parts are too wide to look for."""
    offered: set[str] = set()
    for wish in wishes:
        above = market.taxonomy.line(wish.category)[1:-_TOO_WIDE]
        for category in (code for code in above if code not in offered):
            wider = replace(wish, category=category)
            new = {fit.offer.exhibitor for fit in _fits([wider], offers, market, ignoring)} - fitting
            if new:
                offered.add(category)
                yield Widening(wish, category, tuple(sorted(new)))
                break
