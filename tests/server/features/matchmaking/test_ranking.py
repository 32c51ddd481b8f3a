"""Hard filters and the ranking: who is left out and why, what to relax, and an order that is always the same."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.matchmaking.rules.filters import Bar, obstacles
from server.features.matchmaking.rules.matching import BuyerWish, Offer
from server.features.matchmaking.rules.ranking import Ranking, Relaxation, rank
from server.features.matchmaking.service import say
from server.infra.i18n import Catalogues
from tests.server.features.matchmaking.offers import a_market, a_wish, an_offer
from tests.server.features.matchmaking.test_signals import products, wishes

CATALOGUES = Catalogues(strict=True)


def ranked(wanted: Sequence[BuyerWish], *offers: Offer, ignoring: frozenset[Bar] = frozenset()) -> Ranking:
    return rank(wanted, offers, a_market(*offers), ignoring)


@pytest.mark.parametrize(
    ("wish", "offer", "bar", "sentence"),
    [
        (a_wish(certificates=("CE-MD", "UKCA")), an_offer(), Bar.CERTIFICATE, "No UKCA."),
        (
            a_wish(country="BR"),
            an_offer(),
            Bar.COUNTRY,
            "Supplies Germany, Singapore, not Brazil or its neighbours.",
        ),
        (
            a_wish(most_usd=50_000),
            an_offer(moq=10, price_min=6_000),
            Bar.ORDER,
            "Minimum order 10 for about USD 60,000, over your USD 50,000 a year.",
        ),
        (
            a_wish(),
            an_offer(category="AP63"),
            Bar.MEDICAL,
            "Shows a medical robot (Kind AP63), which is no service robot by ISO 8373.",
        ),
        (a_wish(), an_offer(category="XF1"), Bar.KIND, "Shows Kind XF1."),
    ],
)
def test_a_condition_that_is_not_met_leaves_an_offer_out_and_says_so(
    wish: BuyerWish, offer: Offer, bar: Bar, sentence: str
) -> None:
    found = obstacles(wish, offer, a_market(an_offer(), offer))

    first = found[0]
    assert (first.bar, say(CATALOGUES, first.reason)["en"]) == (bar, sentence)


def test_a_medical_wish_finds_no_service_robot() -> None:
    ranking = ranked([a_wish(category="AP63")], an_offer())

    assert [one.obstacles[0].bar for one in ranking.left_out] == [Bar.MEDICAL]


def test_a_price_in_another_currency_is_not_converted() -> None:
    euros = an_offer(moq=1_000, currency="EUR")

    assert obstacles(a_wish(), euros, a_market(euros)) == []


def test_an_exhibitor_that_does_not_say_where_it_sells_is_not_left_out() -> None:
    silent = an_offer(markets=())

    assert obstacles(a_wish(country="BR"), silent, a_market(silent)) == []


def test_the_better_fit_stands_first_and_equals_stand_by_their_code() -> None:
    worse = an_offer("aaa", number=0, speakers={}, robots=())
    twin, other = an_offer("ccc", number=1), an_offer("bbb", number=2)

    ranking = ranked([a_wish()], worse, twin, other)

    assert [match.exhibitor for match in ranking.matches] == ["bbb", "ccc", "aaa"]


def test_an_exhibitor_stands_once_with_its_best_product_and_the_other_wishes_it_meets() -> None:
    first, second = a_wish(number=1, note=""), a_wish(number=2, category="AP21", note="")
    delivery = an_offer(number=0)
    cleaning = an_offer(number=1, product="scrub", category="AP21", certificates=("CE-MD",), robots=())

    ranking = ranked([first, second], delivery, cleaning)

    assert [(one.exhibitor, one.best.offer.product, one.also, one.products) for one in ranking.matches] == [
        ("nanling", "runner", (second,), 2)
    ]


def test_an_empty_result_names_the_condition_that_brings_somebody_back() -> None:
    strict = a_wish(certificates=("UKCA",))

    ranking = ranked([strict], an_offer("aaa"), an_offer("bbb", number=1, markets=("BR",)))

    assert ranking.matches == ()
    assert ranking.relaxations == (Relaxation((Bar.CERTIFICATE,), ("aaa",)),)
    assert [
        one.exhibitor for one in ranked([strict], an_offer("aaa"), ignoring=frozenset({Bar.CERTIFICATE})).matches
    ] == ["aaa"]


def test_where_no_single_condition_helps_all_of_them_are_offered_together() -> None:
    ranking = ranked([a_wish(certificates=("UKCA",), country="BR")], an_offer("aaa"))

    assert ranking.relaxations == (Relaxation((Bar.CERTIFICATE, Bar.ORDER, Bar.COUNTRY), ("aaa",)),)


def test_a_wider_kind_is_offered_where_it_brings_somebody_new() -> None:
    wanted, near = an_offer("aaa", category="AP22"), an_offer("bbb", number=1, category="AP21")
    many = [an_offer(f"x{place}", number=place, category="AP52") for place in (2, 3)]

    ranking = ranked([a_wish(category="AP22", note="")], wanted, near, *many)

    offered = [(one.category, one.exhibitors) for one in ranking.widenings]
    assert offered in ([("AP2", ("bbb",))], [])
    assert {"aaa"} <= {match.exhibitor for match in ranking.matches}


@given(wanted=st.lists(wishes, max_size=3, unique_by=lambda wish: wish.number), offer=products)
def test_everybody_is_either_matched_or_left_out_with_a_reason(wanted: list[BuyerWish], offer: Offer) -> None:
    ranking = ranked(wanted, offer)

    assert len(ranking.matches) + len(ranking.left_out) == (1 if wanted else 0)
    assert all(one.obstacles for one in ranking.left_out)
    assert ranking == ranked(wanted, offer)
