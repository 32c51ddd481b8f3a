"""The hard filters: conditions of the buyer or of the exhibitor that leave an offer out, each with its reason.

They are one table, in the order in which a person would name them. `medical` and `kind` are what the offer is; the
others are conditions that somebody may relax.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from server.features.matchmaking.rules.matching import NEAR_ENOUGH, BuyerWish, Market, MatchReason, NamedCodes, Offer
from server.features.matchmaking.rules.taxonomy import MEDICAL, SERVICE
from server.kernel.countries import region_of


class Bar(StrEnum):
    """What can leave an offer out."""

    MEDICAL = "medical"
    KIND = "kind"
    CERTIFICATE = "certificate"
    COUNTRY = "country"
    ORDER = "order"


RELAXABLE = (Bar.CERTIFICATE, Bar.ORDER, Bar.COUNTRY)
"""Conditions: two that the buyer may drop, and one that the exhibitor may be asked to."""
USD = "USD"


@dataclass(frozen=True)
class LeftOutBy:
    """Why an offer is left out."""

    bar: Bar
    reason: MatchReason


Filter = Callable[[BuyerWish, Offer, Market], MatchReason | None]


def obstacles(wish: BuyerWish, offer: Offer, market: Market, ignoring: frozenset[Bar] = frozenset()) -> list[LeftOutBy]:
    """Everything that leaves an offer out, in the order of the table; nothing for one that passes."""
    found = ((bar, refuse(wish, offer, market)) for bar, refuse in FILTERS.items() if bar not in ignoring)
    return [LeftOutBy(bar, reason) for bar, reason in found if reason is not None]


def _medical(wish: BuyerWish, offer: Offer, market: Market) -> MatchReason | None:
    roots = market.taxonomy.root(wish.category), market.taxonomy.root(offer.category)
    if roots == (SERVICE, MEDICAL):
        return MatchReason("match-bar-medical-offer", {"kind": offer.kind})
    if roots == (MEDICAL, SERVICE):
        return MatchReason("match-bar-medical-wish", {"kind": offer.kind})
    return None


def _kind(wish: BuyerWish, offer: Offer, market: Market) -> MatchReason | None:
    if market.taxonomy.nearness(wish.category, offer.category).score >= NEAR_ENOUGH:
        return None
    return MatchReason("match-bar-kind", {"kind": offer.kind})


def _certificate(wish: BuyerWish, offer: Offer, _market: Market) -> MatchReason | None:
    missing = tuple(code for code in wish.certificates if code not in offer.certificates)
    return MatchReason("match-bar-certificate", {"missing": NamedCodes("text", missing)}) if missing else None


def _country(wish: BuyerWish, offer: Offer, _market: Market) -> MatchReason | None:
    # A firm that sells to one country of a region can be asked about its neighbour.
    region = region_of(wish.country)
    if not offer.markets or wish.country in offer.markets or (region and region in map(region_of, offer.markets)):
        return None
    places = {"country": NamedCodes("country", (wish.country,)), "markets": NamedCodes("country", offer.markets)}
    return MatchReason("match-bar-country", places)


def _order(wish: BuyerWish, offer: Offer, _market: Market) -> MatchReason | None:
    # A price in another currency is not converted: the rate of the day is nobody's promise.
    if wish.most_usd is None or offer.currency != USD or offer.moq * offer.price_min <= wish.most_usd:
        return None
    least = offer.moq * offer.price_min
    return MatchReason("match-bar-order", {"moq": offer.moq, "least": least, "most": wish.most_usd})


FILTERS: Mapping[Bar, Filter] = MappingProxyType(
    {
        Bar.MEDICAL: _medical,
        Bar.KIND: _kind,
        Bar.CERTIFICATE: _certificate,
        Bar.COUNTRY: _country,
        Bar.ORDER: _order,
    }
)
