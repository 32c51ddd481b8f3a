"""The conformance suite of the signals: every one that is in the folder, and the sum that they make."""

from math import fsum, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.matchmaking.rules.matching import WEIGHTS, BuyerWish, Judgement, Market, Name, Offer, WishTimeFrame
from server.features.matchmaking.rules.ranking import judge
from server.features.matchmaking.service import say
from server.features.matchmaking.signals import load_signals
from server.infra.i18n import Catalogues
from server.kernel.certificates import CERTIFICATES
from tests.server.features.matchmaking.offers import PARENTS, a_market, a_wish, an_offer

CODES = st.sampled_from(sorted(PARENTS))
COUNTRIES = st.sampled_from(["DE", "FR", "BR", "JP", "CN", "ZZ"])
LANGUAGES = st.sampled_from(["de", "en", "zh", "pt"])
HELD = st.lists(st.sampled_from(sorted(CERTIFICATES)), max_size=4, unique=True).map(tuple)
TEXTS = st.sampled_from(["", "lift", "Carries trays", "电梯 送药", "机器人清洁酒店", "of the", "200 cups a day"])
CATALOGUES = Catalogues(strict=True)

wishes = st.builds(
    BuyerWish,
    number=st.integers(1, 9),
    category=CODES,
    name=st.just(Name("What I want", "想要的")),
    country=COUNTRIES,
    languages=st.lists(LANGUAGES, max_size=3, unique=True).map(tuple),
    certificates=HELD,
    quantity=st.none() | st.integers(1, 1_000_000),
    most_usd=st.none() | st.integers(1, 5_000_000),
    timeframe=st.none() | st.sampled_from(WishTimeFrame),
    note=TEXTS,
)
products = st.builds(
    Offer,
    number=st.just(0),
    exhibitor=st.just("nanling"),
    product=st.just("runner"),
    name=st.just(Name("Runner", "跑者")),
    category=CODES,
    kind=st.just(Name("Kind", "类")),
    certificates=HELD,
    moq=st.integers(1, 100_000),
    price_min=st.integers(1, 500_000),
    price_max=st.just(500_000),
    currency=st.sampled_from(["USD", "EUR"]),
    markets=st.lists(COUNTRIES, max_size=4, unique=True).map(tuple),
    speakers=st.dictionaries(LANGUAGES, st.just(("Kim",)), max_size=3),
    robots=st.lists(st.just(Name("One", "一号")), max_size=2).map(tuple),
    text=TEXTS,
)


def test_every_signal_has_its_weight_and_every_weight_its_signal() -> None:
    assert set(load_signals()) == set(WEIGHTS)
    assert all(weight > 0 for weight in WEIGHTS.values())


@pytest.mark.parametrize("name", sorted(WEIGHTS))
@given(wish=wishes, offer=products)
def test_a_signal_gives_a_score_between_0_and_1_the_same_every_time(name: str, wish: BuyerWish, offer: Offer) -> None:
    signal, market = load_signals()[name], a_market(offer)

    first, second = signal.judge(wish, offer, market), signal.judge(wish, offer, market)

    assert 0.0 <= first.score <= 1.0
    assert first == second


@pytest.mark.parametrize("name", sorted(WEIGHTS))
@given(wish=wishes, offer=products)
def test_a_signal_says_why_in_every_language(name: str, wish: BuyerWish, offer: Offer) -> None:
    judged: Judgement = load_signals()[name].judge(wish, offer, a_market(offer))

    said = say(CATALOGUES, judged.reason)

    assert set(said) == set(CATALOGUES.languages)
    assert all(sentence and "{" not in sentence for sentence in said.values())


@given(wish=wishes, offer=products)
def test_the_total_is_the_sum_of_its_parts_and_the_weights_sum_to_one(wish: BuyerWish, offer: Offer) -> None:
    fit = judge(wish, offer, a_market(offer))

    assert fit.total == fsum(part.weight * part.score for part in fit.parts)
    assert isclose(fsum(part.weight for part in fit.parts), 1.0)
    assert 0 <= fit.percent <= 100


@given(wish=wishes, one=products, other=products)
def test_which_signals_speak_depends_on_the_wish_alone(wish: BuyerWish, one: Offer, other: Offer) -> None:
    market = a_market(one)

    def spoken(offer: Offer) -> list[str]:
        return [part.signal for part in judge(wish, offer, market).parts]

    assert spoken(one) == spoken(other)


def scores(name: str, wish: BuyerWish, offer: Offer, market: Market | None = None) -> tuple[float, str]:
    judged = load_signals()[name].judge(wish, offer, market or a_market(offer))
    return round(judged.score, 2), say(CATALOGUES, judged.reason)["en"]


def test_the_kind_itself_is_worth_more_than_its_neighbour_and_that_more_than_the_rest() -> None:
    offers = [an_offer(number=place, category=code) for place, code in enumerate(("AP52", "AP51", "AP21", "AP22"))]
    market = a_market(*offers)

    found = [load_signals()["category"].judge(a_wish(), offer, market).score for offer in offers]

    assert found[0] == 1.0 > found[1] > found[2] == found[3]


def test_the_first_language_counts_more_than_the_second() -> None:
    both = an_offer(speakers={"de": ("Kim",), "en": ("Lin",)})

    assert scores("languages", a_wish(), both) == (1.0, "German is spoken at the booth: Kim")
    assert scores("languages", a_wish(languages=("fr", "en")), both) == (0.7, "English is spoken at the booth: Lin")
    assert scores("languages", a_wish(languages=("fr",)), both) == (
        0.0,
        "At the booth: German, English; bring an interpreter",
    )


def test_a_smallest_order_above_the_first_order_is_something_to_ask_about() -> None:
    fit = judge(a_wish(quantity=20), an_offer(moq=30), a_market(an_offer()))

    part = next(part for part in fit.parts if part.signal == "order")
    assert not part.speaks_for
    assert say(CATALOGUES, part.reason) == {
        "zh-Hans": "最小起订量 30 台；您说首单为 20 台",
        "en": "Minimum order 30; you said 20 for the first order",
    }


def test_the_own_words_are_named_as_they_were_typed() -> None:
    english = a_wish(note="Trays, please; and the LIFTS.")
    chinese = a_wish(note="我们要能送药的机器人")

    assert scores("words", english, an_offer())[1] == "Your words, found there: Trays, LIFTS"
    assert "送药" in scores("words", chinese, an_offer())[1]
    assert scores("words", a_wish(note="Coffee"), an_offer()) == (0.0, "None of your own words found there")


def test_who_buys_at_the_fair_wants_to_see_the_robot_run() -> None:
    paper = an_offer(robots=())

    assert scores("timeframe", a_wish(timeframe=WishTimeFrame.NOW), an_offer())[0] == 1.0
    assert (
        scores("timeframe", a_wish(timeframe=WishTimeFrame.NOW), paper)[0]
        < scores("timeframe", a_wish(timeframe=WishTimeFrame.INFORMATION), paper)[0]
    )


def test_a_neighbour_of_a_served_country_is_half_served() -> None:
    assert scores("country", a_wish(country="DE"), an_offer())[0] == 1.0
    assert scores("country", a_wish(country="PL"), an_offer()) == (0.5, "Supplies Germany; ask about Poland")
