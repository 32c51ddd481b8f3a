"""Buyers with what they look for."""

import pytest
from pydantic import ValidationError

from server.features.buyers.queries import list_buyers
from server.features.buyers.rules import TimeFrame, Volume
from server.features.buyers.schemas import NeedIn
from server.features.buyers.service import add_needs
from server.infra.db import Database
from server.kernel.errors import NotFoundError
from server.kernel.provenance import Provenance


def a_need(buyer: str, *certificates: str) -> NeedIn:
    return NeedIn(
        buyer=buyer,
        category="AP52",
        certificates=list(certificates),
        volume=Volume.UNDER_1M,
        timeframe=TimeFrame.NOW,
        provenance=Provenance.INVENTED,
    )


def test_buyers_are_found_by_country_and_by_words(fair_database: Database) -> None:
    with fair_database.read() as session:
        german = list_buyers(session, country="DE")
        hotels = list_buyers(session, text="hotelgruppe")

    assert len(german) == 8
    assert {buyer.country for buyer in german} == {"DE"}
    assert [(buyer.code, buyer.name, buyer.company) for buyer in hotels] == [
        ("b003", "Sabine Oltmanns", "Hotelgruppe Nordlicht")
    ]
    assert all(need.category_zh for buyer in german for need in buyer.needs)


def test_what_a_buyer_has_said_before_is_not_taken_in_twice(fair_database: Database) -> None:
    with fair_database.write() as session:
        assert add_needs(session, [a_need("b001")]) == 0


def test_the_need_of_an_unknown_buyer_is_refused(fair_database: Database) -> None:
    with fair_database.write() as session, pytest.raises(NotFoundError):
        add_needs(session, [a_need("b999")])


def test_a_certificate_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="no such certificate: CE-X"):
        a_need("b001", "CE-MD", "CE-X")
