"""Wishes, offers and a small market for tests of the matching: sensible unless a test says otherwise."""

from typing import Any

from server.features.matchmaking.rules.matching import BuyerWish, Market, Name, Offer, WishTimeFrame
from server.features.matchmaking.rules.taxonomy import plant
from server.features.matchmaking.rules.words import index_texts

PARENTS: dict[str, str | None] = {
    "SR": None, "SR-C": "SR", "SR-P": "SR", "AP2": "SR-P", "AP21": "AP2", "AP22": "AP2", "AP5": "SR-P", "AP51": "AP5",
    "AP52": "AP5", "AC1": "SR-C", "AC11": "AC1", "AP6": None, "AP62": "AP6", "AP63": "AP6", "XF": None, "XF1": "XF",
    "XF2": "XF",
}  # fmt: skip


def a_wish(**said: Any) -> BuyerWish:
    """A German buyer who looks for indoor delivery."""
    given: dict[str, Any] = {
        "number": 1,
        "category": "AP52",
        "country": "DE",
        "languages": ("de", "en"),
        "certificates": ("CE-MD",),
        "quantity": 20,
        "most_usd": 250_000,
        "timeframe": WishTimeFrame.SIX_MONTHS,
        "note": "Carries trays through a hospital, calls the lift.",
        **said,
    }
    return BuyerWish(name=Name(f"Wanted {given['category']}", f"想要{given['category']}"), **given)


def an_offer(exhibitor: str = "nanling", **said: Any) -> Offer:
    """A delivery robot with a certificate, sold to Germany, shown by a person who speaks German."""
    given: dict[str, Any] = {
        "number": 0,
        "product": "runner",
        "category": "AP52",
        "certificates": ("CE-MD", "CE-EMC"),
        "moq": 5,
        "price_min": 6_000,
        "price_max": 7_000,
        "markets": ("DE", "SG"),
        "speakers": {"de": ("Kim",), "zh": ("Kim", "Lin")},
        "robots": (Name("Runner One", "跑者一号"),),
        "text": "A hospital runner that carries trays and calls the lift. 医院送药配送机器人",
        **said,
    }
    kind = Name(f"Kind {given['category']}", f"类{given['category']}")
    return Offer(exhibitor=exhibitor, name=Name("Runner", "跑者"), kind=kind, **given)


def a_market(*offers: Offer) -> Market:
    """The market of these offers alone; each offer's number must be its place."""
    return Market(
        plant(PARENTS, [offer.category for offer in offers]), index_texts([[(offer.text, 1.0)] for offer in offers])
    )
