"""The hard filters: conditions of the buyer or of the exhibitor that leave an offer out, each with its reason.

They are one table, in the order in which a person would name them. `medical` and `kind` are what the offer is; the
others are conditions that somebody may relax.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from server.features.matchmaking.rules.matching import NEAR_ENOUGH, Listed, Market, Offer, Reason, Wish
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
class Obstacle:
    """Why an offer is left out."""

    bar: Bar
    reason: Reason


Filter = Callable[[Wish, Offer, Market], Reason | None]


def obstacles(wish: Wish, offer: Offer, market: Market, ignoring: frozenset[Bar] = frozenset()) -> list[Obstacle]:
    """Everything that leaves an offer out, in the order of the table; nothing for one that passes."""
    found = ((bar, refuse(wish, offer, market)) for bar, refuse in FILTERS.items() if bar not in ignoring)
    return [Obstacle(bar, reason) for bar, reason in found if reason is not None]


def _medical(wish: Wish, offer: Offer, market: Market) -> Reason | None:
    roots = market.taxonomy.root(wish.category), market.taxonomy.root(offer.category)
    if roots == (SERVICE, MEDICAL):
        return Reason("match-bar-medical-offer", {"kind": offer.kind})
    if roots == (MEDICAL, SERVICE):
        return Reason("match-bar-medical-wish", {"kind": offer.kind})
    return None


def _kind(wish: Wish, offer: Offer, market: Market) -> Reason | None:
    if market.taxonomy.nearness(wish.category, offer.category).score >= NEAR_ENOUGH:
        return None
    return Reason("match-bar-kind", {"kind": offer.kind})


def _certificate(wish: Wish, offer: Offer, _market: Market) -> Reason | None:
    missing = tuple(code for code in wish.certificates if code not in offer.certificates)
    return Reason("match-bar-certificate", {"missing": Listed("text", missing)}) if missing else None


def _country(wish: Wish, offer: Offer, _market: Market) -> Reason | None:
    # A firm that sells to one country of a region can be asked about its neighbour.
    region = region_of(wish.country)
    if not offer.markets or wish.country in offer.markets or (region and region in map(region_of, offer.markets)):
        return None
    places = {"country": Listed("country", (wish.country,)), "markets": Listed("country", offer.markets)}
    return Reason("match-bar-country", places)


def _order(wish: Wish, offer: Offer, _market: Market) -> Reason | None:
    # A price in another currency is not converted: the rate of the day is nobody's promise.
    if wish.most_usd is None or offer.currency != USD or offer.moq * offer.price_min <= wish.most_usd:
        return None
    least = offer.moq * offer.price_min
    return Reason("match-bar-order", {"moq": offer.moq, "least": least, "most": wish.most_usd})


FILTERS: Mapping[Bar, Filter] = MappingProxyType(
    {
        Bar.MEDICAL: _medical,
        Bar.KIND: _kind,
        Bar.CERTIFICATE: _certificate,
        Bar.COUNTRY: _country,
        Bar.ORDER: _order,
    }
)
