"""Whether the smallest order fits what the buyer buys: the first order's units, and the yearly volume."""

from math import log2

from server.features.matchmaking.rules.matching import BuyerWish, Judgement, Market, MatchReason, Offer, Signal

USD = "USD"
_ONE_ORDER, _PER_DOUBLING = 0.4, 0.2
"""A volume of one smallest order is tight; each doubling of it is easier, up to eight."""


def judge(wish: BuyerWish, offer: Offer, market: Market) -> Judgement:  # noqa: ARG001 - every signal is asked alike
    """The units first, since a person checks them first; then how often the smallest order goes into the volume."""
    if wish.quantity is not None:
        return _units(wish.quantity, offer)
    if wish.most_usd is None or offer.currency != USD:
        return Judgement(0.5, MatchReason("match-order-currency", {"moq": offer.moq, "currency": offer.currency}))
    least = offer.moq * offer.price_min
    score = _ONE_ORDER + _PER_DOUBLING * log2(wish.most_usd / least)
    facts = {"moq": offer.moq, "least": least, "most": wish.most_usd}
    return Judgement(min(1.0, max(0.0, score)), MatchReason(f"match-order-{_word(score)}", facts))


def _units(quantity: int, offer: Offer) -> Judgement:
    facts = {"moq": offer.moq, "quantity": quantity}
    if offer.moq <= quantity:
        return Judgement(1.0, MatchReason("match-order-units", facts))
    return Judgement(0.5 * quantity / offer.moq, MatchReason("match-order-units-more", facts))


def _word(score: float) -> str:
    return "easy" if score >= _ONE_ORDER + _PER_DOUBLING else "tight"


SIGNAL = Signal(applies=lambda wish: wish.quantity is not None or wish.most_usd is not None, judge=judge)
