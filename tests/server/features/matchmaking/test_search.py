"""The search: short Chinese words, long sentences, case and width, slips of the finger, highlights."""

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from server.features.exhibitors.models import Product
from server.features.matchmaking.rules.searching import Kind, excerpt, marked
from server.features.matchmaking.rules.words import passages, tokens
from server.features.matchmaking.schemas import SearchOut
from server.features.matchmaking.service import Search, find
from server.infra.db import Database


def found(database: Database, text: str, kind: Kind | None = None, category: str = "") -> SearchOut:
    with database.read() as session:
        return find(session, Search(text, kind, category, limit=200))


def keys(database: Database, text: str, kind: Kind | None = None) -> list[str]:
    return [hit.key for hit in found(database, text, kind).hits]


def terms(text: str) -> list[str]:
    return [token.term for token in tokens(text)]


def test_words_are_cut_folded_and_taken_in_pairs_where_there_are_no_spaces() -> None:
    assert terms("The ＣＡＦÉ robots, 送餐机器人!") == ["cafe", "robot", "送餐", "餐机", "机器", "器人"]
    assert terms("狗") == ["狗"]
    assert terms("") == []


def test_passages_are_found_in_the_text_as_it_stands() -> None:
    text = "Ａ Café 送餐机器人"

    assert [text[first:last] for first, last in passages(text, ["cafe", "送餐", "餐机"])] == ["Café", "送餐机"]


def test_an_excerpt_shows_the_place_and_marks_it() -> None:
    text = "word " * 60 + "hospital " + "word " * 60

    shown = excerpt(text, ["hospital"])

    assert [piece.text for piece in shown if piece.hit] == ["hospital"]
    assert len("".join(piece.text for piece in shown)) < 130
    assert "".join(piece.text for piece in marked("plain", ["x"])) == "plain"


@pytest.mark.parametrize("text", ["送餐", "配送", "消防", "外骨骼", "狗", "咖啡", "广州"])
def test_short_chinese_words_are_found(fair_database: Database, text: str) -> None:
    assert found(fair_database, text).total > 0


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("nanling", None, "nanling"),
        ("ＮＡＮＬＩＮＧ", None, "nanling"),
        ("D19.2C05", None, "nanling"),
        ("南岭行者", Kind.EXHIBITOR, "nanling"),
        ("酒店送餐机器人", Kind.PRODUCT, "canal-porter/porter-30"),
        ("robot dog", Kind.CATEGORY, "XF2"),
        ("机器狗", Kind.CATEGORY, "XF2"),
    ],
)
def test_what_fits_best_stands_first(fair_database: Database, text: str, kind: Kind | None, first: str) -> None:
    assert keys(fair_database, text, kind)[:1] == [first]


def test_a_long_chinese_sentence_without_spaces_finds_who_carries_medicine(fair_database: Database) -> None:
    with_sentence = keys(fair_database, "我们医院需要一台能自己坐电梯送药的机器人", Kind.PRODUCT)

    assert set(with_sentence) & set(keys(fair_database, "送药", Kind.PRODUCT))


def test_a_slip_of_the_finger_is_guessed_and_said(fair_database: Database) -> None:
    slipped = found(fair_database, "delievry")

    assert [(guess.typed, guess.meant) for guess in slipped.guessed] == [("delievry", "delivery")]
    assert slipped.total > 0


def test_a_category_lists_what_is_of_it_or_below_it(fair_database: Database) -> None:
    of_whole, of_part = found(fair_database, "", category="AP2"), found(fair_database, "", category="AP22")

    assert of_whole.category_en == "Professional cleaning"
    assert {hit.key for hit in of_part.hits} < {hit.key for hit in of_whole.hits}


def test_a_search_never_returns_a_person(fair_database: Database) -> None:
    for text in ("Katrin", "Ellerbrock", "elbkontor", "katrin.ellerbrock", "Yan Haotian", "b001"):
        shown = "".join(hit.model_dump_json().lower() for hit in found(fair_database, text).hits)
        assert [name for name in ("katrin", "ellerbrock", "haotian", "elbkontor") if name in shown] == []


def test_the_page_marks_what_was_looked_for_and_counts_by_kind(fair_client: FlaskClient) -> None:
    page = fair_client.get("/search?q=coffee&lang=en").get_data(as_text=True)

    assert "<mark>Coffee</mark>" in page
    assert "Products " in page


def test_a_search_without_hits_says_what_to_try(fair_client: FlaskClient) -> None:
    page = fair_client.get("/search?q=zzqx<qqzz>&lang=en").get_data(as_text=True)

    assert "Nothing found for" in page
    assert "<qqzz>" not in page
    assert 'value="zzqx&lt;qqzz&gt;"' in page


def test_programs_search_too(fair_client: FlaskClient) -> None:
    answer = fair_client.get("/api/v1/search?q=nanling&kind=exhibitor").get_json()

    assert [hit["url"] for hit in answer["hits"]] == ["/exhibitors/nanling"]


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("coffee", {"longleaf/bean-bar", "mangrove/slow-drip"}),
        ("咖啡", {"longleaf/bean-bar", "mangrove/slow-drip"}),
        ("noodle", {"wokwind/noodle-post"}),
        ("windows", {"garden-court/court-pane"}),
    ],
)
def test_a_product_is_found_by_its_own_words_and_not_by_what_others_of_its_kind_are(
    fair_database: Database, text: str, products: set[str]
) -> None:
    assert set(keys(fair_database, text, Kind.PRODUCT)[: len(products)]) == products
    assert "wokwind/noodle-post" not in keys(fair_database, "coffee") + keys(fair_database, "咖啡")


def test_what_has_the_word_in_its_name_stands_before_what_only_speaks_of_it(fair_database: Database) -> None:
    found_keys = keys(fair_database, "tea", Kind.PRODUCT)

    assert found_keys[:2] == ["longleaf/leaf-bar", "nanling/walker-host"]


@pytest.mark.parametrize(("text", "language"), [("espresso", "en"), ("浓缩", "zh")])
def test_the_sentence_that_is_shown_is_the_products_own_with_the_word_marked(
    fair_database: Database, text: str, language: str
) -> None:
    hit = next(one for one in found(fair_database, text).hits if one.key == "longleaf/bean-bar")
    pieces = hit.about_zh if language == "zh" else hit.about_en

    shown = "".join(piece.text for piece in pieces).strip("… ")

    whole = {"en": "Grinds beans for each cup and pours espresso, latte and filter coffee."}
    assert shown in whole.get(language, "现磨咖啡豆，出品浓缩、拿铁和滤泡咖啡。")
    assert [piece.text.lower() for piece in pieces if piece.hit] == [text]


def test_every_product_of_the_demo_fair_says_what_it_does_in_both_languages(fair_database: Database) -> None:
    with fair_database.read() as session:
        rows = session.exec(select(Product)).all()

    assert [row.code for row in rows if not (row.description_en and row.description_zh)] == []
    assert [row.code for row in rows if not any("\u4e00" <= char <= "\u9fff" for char in row.description_zh)] == []
