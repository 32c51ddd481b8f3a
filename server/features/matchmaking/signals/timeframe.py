"""Whether the product can be seen at work here: who buys soon wants to see it run, who only looks around less so."""

from collections.abc import Mapping
from types import MappingProxyType

from server.features.matchmaking.rules.matching import (
    Judgement,
    Market,
    Name,
    Offer,
    Reason,
    Signal,
    TimeFrame,
    Wish,
)

WITHOUT: Mapping[TimeFrame, float] = MappingProxyType(
    {
        TimeFrame.NOW: 0.1,
        TimeFrame.THREE_MONTHS: 0.3,
        TimeFrame.SIX_MONTHS: 0.5,
        TimeFrame.TWELVE_MONTHS: 0.6,
        TimeFrame.INFORMATION: 0.6,
    }
)
"""What is left of the score when the product is only on paper here, by how soon it is wanted."""


def judge(wish: Wish, offer: Offer, market: Market) -> Judgement:  # noqa: ARG001 - every signal is asked alike
    """1 for a product that runs at the booth; exhibitors do not say how soon they deliver, so that is not judged."""
    if offer.robots:
        names = Name(offer.robots[0].en, offer.robots[0].zh)
        return Judgement(1.0, Reason("match-timeframe-runs", {"robot": names}))
    if wish.timeframe is None:
        return Judgement(0.5, Reason("match-timeframe-paper"))
    return Judgement(WITHOUT[wish.timeframe], Reason("match-timeframe-paper"))


SIGNAL = Signal(applies=lambda wish: wish.timeframe is not None, judge=judge)
