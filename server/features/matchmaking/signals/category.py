"""Whether a product is of the kind that is looked for, or near it in the taxonomy."""

from server.features.matchmaking.rules.matching import BuyerWish, Judgement, Market, MatchReason, Offer, Signal


def judge(wish: BuyerWish, offer: Offer, market: Market) -> Judgement:
    """1 for the wanted kind and everything below it; credit for what is shared above, by how rare that is."""
    near = market.taxonomy.nearness(wish.category, offer.category)
    names = {"kind": offer.kind, "wanted": wish.name}
    if wish.category == offer.category:
        return Judgement(near.score, MatchReason("match-category-same", {"kind": offer.kind}))
    if near.shared == wish.category:
        return Judgement(near.score, MatchReason("match-category-part", names))
    if near.shared is not None:
        return Judgement(near.score, MatchReason("match-category-near", names))
    return Judgement(near.score, MatchReason("match-category-other", names))


SIGNAL = Signal(applies=lambda _wish: True, judge=judge)
