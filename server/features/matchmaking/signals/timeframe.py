"""Whether the product can be seen at work here: who buys soon wants to see it run, who only looks around less so."""

from collections.abc import Mapping
from types import MappingProxyType

from server.features.matchmaking.rules.matching import (
    BuyerWish,
    Judgement,
    Market,
    MatchReason,
    Name,
    Offer,
    Signal,
    WishTimeFrame,
)

WITHOUT: Mapping[WishTimeFrame, float] = MappingProxyType(
    {
        WishTimeFrame.NOW: 0.1,
        WishTimeFrame.THREE_MONTHS: 0.3,
        WishTimeFrame.SIX_MONTHS: 0.5,
        WishTimeFrame.TWELVE_MONTHS: 0.6,
        WishTimeFrame.INFORMATION: 0.6,
    }
)
"""What is left of the score when the product is only on paper here, by how soon it is wanted."""


def judge(wish: BuyerWish, offer: Offer, market: Market) -> Judgement:  # noqa: ARG001 - every signal is asked alike
    """1 for a product that runs at the booth; exhibitors do not say how soon they deliver, so that is not judged."""
    if offer.robots:
        names = Name(offer.robots[0].en, offer.robots[0].zh)
        return Judgement(1.0, MatchReason("match-timeframe-runs", {"robot": names}))
    if wish.timeframe is None:
        return Judgement(0.5, MatchReason("match-timeframe-paper"))
    return Judgement(WITHOUT[wish.timeframe], MatchReason("match-timeframe-paper"))


SIGNAL = Signal(applies=lambda wish: wish.timeframe is not None, judge=judge)
