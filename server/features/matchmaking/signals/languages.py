"""Whether somebody at the booth speaks the buyer's languages, the best one most."""

from server.features.matchmaking.rules.matching import (
    BuyerWish,
    Judgement,
    Market,
    MatchReason,
    NamedCodes,
    Offer,
    Signal,
)

_SECOND = 0.7


def judge(wish: BuyerWish, offer: Offer, market: Market) -> Judgement:  # noqa: ARG001 - every signal is asked alike
    """1 for the first language, less for another one, 0 for none: then an interpreter is needed."""
    shared = next((code for code in wish.languages if offer.speakers.get(code)), None)
    if shared is None:
        return Judgement(
            0.0, MatchReason("match-languages-none", {"spoken": NamedCodes("language", tuple(sorted(offer.speakers)))})
        )
    facts = {"language": NamedCodes("language", (shared,)), "who": NamedCodes("text", offer.speakers[shared][:2])}
    score = 1.0 if shared == wish.languages[0] else _SECOND
    return Judgement(score, MatchReason("match-languages-shared", facts))


SIGNAL = Signal(applies=lambda wish: bool(wish.languages), judge=judge)
