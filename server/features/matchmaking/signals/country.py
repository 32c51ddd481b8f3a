"""Whether the exhibitor sells to the buyer's country already, or to its neighbours only."""

from server.features.matchmaking.rules.matching import (
    BuyerWish,
    Judgement,
    Market,
    MatchReason,
    NamedCodes,
    Offer,
    Signal,
)
from server.kernel.countries import region_of

_NEIGHBOUR, _UNSAID = 0.5, 0.5


def judge(wish: BuyerWish, offer: Offer, market: Market) -> Judgement:  # noqa: ARG001 - every signal is asked alike
    """1 for a country that is served; half for a neighbour of one, and where the exhibitor does not say."""
    country = NamedCodes("country", (wish.country,))
    if not offer.markets:
        return Judgement(_UNSAID, MatchReason("match-country-unsaid", {"country": country}))
    if wish.country in offer.markets:
        return Judgement(1.0, MatchReason("match-country-served", {"country": country}))
    near = tuple(code for code in offer.markets if region_of(code) == region_of(wish.country))
    facts = {"country": country, "markets": NamedCodes("country", near or offer.markets)}
    return Judgement(_NEIGHBOUR if near else 0.0, MatchReason("match-country-other", facts))


SIGNAL = Signal(applies=lambda wish: bool(wish.country), judge=judge)
