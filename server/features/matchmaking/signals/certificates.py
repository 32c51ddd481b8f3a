"""What a product is certified for: what the buyer asks for, and the safety of robots among people."""

from server.features.matchmaking.rules.matching import (
    BuyerWish,
    Judgement,
    Market,
    MatchReason,
    NamedCodes,
    Offer,
    Signal,
)

ROBOT_SAFETY = ("ISO13482", "UL3300", "CR")
"""Certificates of robots as such; the others are of machines, radios and batteries."""
_ASKED, _PER_HELD, _MOST_HELD = 0.8, 0.1, 4


def judge(wish: BuyerWish, offer: Offer, market: Market) -> Judgement:  # noqa: ARG001 - every signal is asked alike
    """Most of it for holding what is asked for (without a request: for holding any), the rest for robot safety."""
    safe = tuple(code for code in ROBOT_SAFETY if code in offer.certificates)
    extra = 0.2 if safe else 0.0
    if wish.certificates:
        return _asked(wish, offer, extra)
    if not offer.certificates:
        return Judgement(0.0, MatchReason("match-certificates-none"))
    score = 0.4 + _PER_HELD * min(_MOST_HELD, len(offer.certificates)) + extra
    return Judgement(
        min(1.0, score), MatchReason("match-certificates-held", {"held": NamedCodes("text", offer.certificates)})
    )


def _asked(wish: BuyerWish, offer: Offer, extra: float) -> Judgement:
    held = tuple(code for code in wish.certificates if code in offer.certificates)
    missing = tuple(code for code in wish.certificates if code not in offer.certificates)
    score = (_ASKED + extra) * len(held) / len(wish.certificates)
    if missing:
        return Judgement(score, MatchReason("match-certificates-missing", {"missing": NamedCodes("text", missing)}))
    return Judgement(score, MatchReason("match-certificates-all", {"held": NamedCodes("text", held)}))


SIGNAL = Signal(applies=lambda _wish: True, judge=judge)
