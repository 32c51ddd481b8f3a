"""Whether the buyer's own words stand in what is written about a product, the rare ones most."""

from math import sqrt

from server.features.matchmaking.rules.matching import (
    BuyerWish,
    Judgement,
    Market,
    MatchReason,
    NamedCodes,
    Offer,
    Signal,
)
from server.features.matchmaking.rules.words import passages, tokens

_SHOWN = 4


def judge(wish: BuyerWish, offer: Offer, market: Market) -> Judgement:
    """The share of the note that is found, each word by its rarity; its root, since nobody's words are all found."""
    terms = sorted({token.term for token in tokens(wish.note)})
    index = market.words
    known = index.texts[offer.number] if offer.number < len(index.texts) else {}
    found = [term for term in terms if term in known]
    total = sum(index.rarity(term) for term in terms)
    share = sum(index.rarity(term) for term in found) / total if total else 0.0
    if not found:
        return Judgement(0.0, MatchReason("match-words-none"))
    spans = passages(wish.note, found)
    words = tuple(dict.fromkeys(wish.note[first:last] for first, last in spans))[:_SHOWN]
    return Judgement(
        min(1.0, sqrt(share)), MatchReason("match-words-found", {"words": NamedCodes("text", words)}), speaks_for=True
    )


SIGNAL = Signal(applies=lambda wish: bool(tokens(wish.note)), judge=judge)
