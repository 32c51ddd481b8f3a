"""A buyer's matches as page and interface: ranked, explained, relaxable, and the same few queries for any fair."""

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, delete, select

from server.features.buyers.models import Buyer, BuyerNeed
from server.features.exhibitors.models import Product, Robot
from server.infra.db import Database
from tests.support.buyers import buyer_browser
from tests.support.queries import same_number_of_queries


def text(browser: FlaskClient, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)[:500]
    return response.get_data(as_text=True)


def buyer_key(session: Session, code: str = "b001") -> int:
    return session.exec(select(Buyer.id).where(Buyer.code == code)).one() or 0


def test_the_page_shows_who_fits_the_best_first_with_reasons_and_the_way_to_a_meeting(buyer: FlaskClient) -> None:
    page = text(buyer, "/matches")

    assert "11 exhibitors fit what you look for" in page
    assert page.index("Kapok Clean Systems") < page.index("Gecko Ridge Facade Robotics")
    assert "What you look for: Floor cleaning (commercial)" in page
    assert "木棉净场科技" in page
    assert 'href="/exhibitors/kapok-clean/meet"' in page
    assert "35 exhibitors are left out" in page


def test_the_page_speaks_chinese(fair_app: Flask, fair_database: Database) -> None:
    page = text(buyer_browser(fair_app, fair_database, language="zh-Hans"), "/matches")

    assert "11 家参展商符合您的需求" in page
    assert "正是您要找的：商用地面清洁" in page


def test_the_totals_of_the_interface_are_the_sums_of_their_parts(buyer: FlaskClient) -> None:
    answer = buyer.get("/api/v1/matches").get_json()

    sums = [sum(part["points"] for part in match["parts"]) for match in answer["matches"]]
    assert [round(match["total"], 9) for match in answer["matches"]] == [round(total, 9) for total in sums]
    assert [match["fit"] for match in answer["matches"]] == sorted((m["fit"] for m in answer["matches"]), reverse=True)
    assert len(answer["matches"]) + len(answer["left_out"]) == 46
    assert all(one["reasons"][0]["en"] and one["reasons"][0]["zh-Hans"] for one in answer["left_out"])


def test_one_need_can_be_looked_at_by_itself_and_somebody_elses_is_not_there(
    buyer: FlaskClient, fair_database: Database
) -> None:
    with fair_database.read() as session:
        own = session.exec(select(BuyerNeed.id).where(BuyerNeed.buyer_id == buyer_key(session))).first()
        other = session.exec(select(BuyerNeed.id).where(BuyerNeed.buyer_id != buyer_key(session))).first()

    assert "Tidewalk Exoskeletons" in text(buyer, f"/matches?need={own}")
    assert buyer.get(f"/matches?need={other}").status_code == 404


def test_a_buyer_without_matches_is_told_what_to_relax_and_the_link_shows_them(
    fair_app: Flask, fair_database: Database
) -> None:
    strict = buyer_browser(fair_app, fair_database, "b041")

    assert "No exhibitor meets all your conditions." in text(strict, "/matches")
    assert "without=certificate" in text(strict, "/matches")
    relaxed = text(strict, "/matches?without=certificate")
    assert "Shown without your certificates." in relaxed
    assert "match-list" in relaxed


def test_a_buyer_who_looks_for_nothing_is_led_to_say_what(buyer: FlaskClient, fair_database: Database) -> None:
    with fair_database.write() as session:
        session.execute(delete(BuyerNeed).where(col(BuyerNeed.buyer_id) == buyer_key(session)))

    page = text(buyer, "/matches")
    assert "You have not said what you look for." in page
    assert 'href="/me/needs/new"' in page


def test_matches_are_for_buyers_alone(fair_client: FlaskClient) -> None:
    assert fair_client.get("/matches").status_code == 401
    assert fair_client.get("/api/v1/matches").status_code == 401


def test_nonsense_in_the_address_shows_the_whole_list(buyer: FlaskClient) -> None:
    assert "11 exhibitors fit" in text(buyer, "/matches?need=x&without=everything&live=maybe")


def test_matches_and_search_cost_the_same_few_queries_for_any_number_of_products(
    buyer: FlaskClient, fair_client: FlaskClient, fair_database: Database
) -> None:
    def visit() -> None:
        buyer.get("/matches")
        fair_client.get("/search?q=robot")

    def leave_few() -> None:
        with fair_database.write() as session:
            session.execute(delete(BuyerNeed).where(col(BuyerNeed.id) > 1))
            shown = select(Robot.product_id).where(col(Robot.product_id).is_not(None))
            session.execute(delete(Product).where(col(Product.id).not_in(shown)))

    with fair_database.count_statements() as count:
        buyer.get("/matches")
    assert sum(not statement.startswith("BEGIN") for statement in count.statements) <= 12
    same_number_of_queries(fair_database, visit, leave_few)
