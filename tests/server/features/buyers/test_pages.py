"""The pages of the buyers: registration, the own page, and every refusal with what was typed."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from server.features.accounts.models import Account
from server.features.buyers.models import Buyer, BuyerConsent, BuyerNeed
from server.features.buyers.rules import Purpose
from server.infra.audit import AuditEntry
from server.infra.db import Database
from tests.conftest import NOON

TYPED: dict[str, Any] = {
    "name": "João Prado da Silva",
    "company": "Rede Hospitais Aurora",
    "country": "BR",
    "time_zone": "America/Sao_Paulo",
    "wants": ["AP52", "AP21"],
    "note": "Bandejas no corredor",
    "password": "long-enough",
    "consents": ["programme", "contact"],
}


def send(browser: FlaskClient, address: str, typed: dict[str, Any], form_at: str = "") -> Any:
    """Fill in the form of a page and send it, with everything hidden that the form carries."""
    page = browser.get(form_at or address).get_data(as_text=True)
    names = ("csrf_token", "version", "idempotency_key")
    hidden = {name: found.group(1) for name in names if (found := re.search(rf'name="{name}" value="([^"]*)"', page))}
    return browser.post(address, data={**hidden, **typed})


def code_of(database: Database, company: str = TYPED["company"]) -> str:
    with database.read() as session:
        return session.exec(select(Buyer.code).where(Buyer.company == company)).one()


def test_a_visitor_registers_and_sees_the_first_match_at_once(
    fair_client: FlaskClient, fair_database: Database
) -> None:
    answer = send(fair_client, "/register", TYPED)
    matches = fair_client.get(answer.location).get_data(as_text=True)

    code = code_of(fair_database)
    assert (answer.status_code, answer.location) == (303, "/matches?welcome=1")
    assert re.fullmatch(r"[2-9b-z]{4}-[2-9b-z]{4}", code)
    assert code.upper() in matches
    assert '<svg role="img"' in matches
    assert "<h1>" in matches


def test_what_was_registered_is_kept_with_its_consents_and_their_time(
    fair_client: FlaskClient, fair_database: Database
) -> None:
    send(fair_client, "/register", TYPED)

    with fair_database.read() as session:
        buyer = session.exec(select(Buyer).where(Buyer.company == TYPED["company"])).one()
        needs = session.exec(select(BuyerNeed.category, BuyerNeed.note).where(BuyerNeed.buyer_id == buyer.id)).all()
        consents = session.exec(select(BuyerConsent).where(BuyerConsent.buyer_id == buyer.id)).all()
        account = session.exec(select(Account).where(Account.buyer_id == buyer.id)).one()
        logged = session.exec(select(AuditEntry).where(AuditEntry.thing == "buyer", AuditEntry.key == buyer.code)).one()
    assert (buyer.name, buyer.call_me, buyer.country, buyer.time_zone, buyer.version, buyer.created_at) == (
        *(TYPED["name"], TYPED["name"], "BR", "America/Sao_Paulo"),
        *(1, NOON),
    )
    assert sorted(needs) == [("AP21", "Bandejas no corredor"), ("AP52", "Bandejas no corredor")]
    assert {(one.purpose, one.given_at, one.withdrawn_at) for one in consents} == {
        (Purpose.PROGRAMME, NOON, None),
        (Purpose.CONTACT, NOON, None),
    }
    assert account.username == buyer.code
    assert (logged.action, logged.thing, logged.version) == ("buyer.register", "buyer", 1)
    assert "long-enough" not in logged.changes


def test_who_gives_an_e_mail_logs_in_with_it(fair_client: FlaskClient) -> None:
    send(fair_client, "/register", {**TYPED, "email": "Joao@Aurora.example"})
    fair_client.post("/logout", data={})
    page = send(fair_client, "/login", {"username": "joao@aurora.example", "password": "long-enough"})

    assert page.status_code == 303


def test_a_second_tap_makes_no_second_buyer(fair_client: FlaskClient, fair_database: Database) -> None:
    page = fair_client.get("/register").get_data(as_text=True)
    names = ("csrf_token", "idempotency_key")
    hidden = {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[-1] for name in names}
    other = fair_client.application.test_client()
    with fair_client.session_transaction() as mine, other.session_transaction() as same:
        same.update(mine)

    first = fair_client.post("/register", data={**hidden, **TYPED})
    second = other.post("/register", data={**hidden, **TYPED})

    with fair_database.read() as session:
        made = session.exec(select(Buyer.id).where(Buyer.company == TYPED["company"])).all()
    assert (first.status_code, second.status_code, len(made)) == (303, 303, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"wants": []}, "Please choose at least one."),
        ({"password": "short"}, "A password has at least 8 characters."),
        ({"email": "no address"}, "This is no e-mail address."),
        ({"quantity": "many"}, "Please give a whole number, in digits."),
        ({"consents": ["mail"]}, "Without the first consent we may not keep what you typed."),
        ({"wants": ["AP52", "NO-KIND"]}, "There is no kind of robot with the code NO-KIND."),
    ],
)
def test_a_refused_registration_says_what_to_do_and_keeps_what_was_typed(
    fair_client: FlaskClient, fair_database: Database, change: dict[str, Any], sentence: str
) -> None:
    answer = send(fair_client, "/register", {**TYPED, **change})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Rede Hospitais Aurora"' in page
    assert "Bandejas no corredor</textarea>" in page
    assert re.search(r'value="AP52" checked', page) if change.get("wants") != [] else True
    assert "long-enough" not in page
    with fair_database.read() as session:
        assert session.exec(select(Buyer.id).where(Buyer.company == TYPED["company"])).all() == []


def test_an_e_mail_that_has_an_account_is_refused_with_the_way_to_log_in(fair_client: FlaskClient) -> None:
    send(fair_client, "/register", {**TYPED, "email": "joao@aurora.example"})
    stranger = fair_client.application.test_client()
    stranger.get("/language?lang=en")

    answer = send(stranger, "/register", {**TYPED, "email": "joao@aurora.example"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "/login?user=joao%40aurora.example" in page
    assert 'value="Rede Hospitais Aurora"' in page


def test_the_browsers_language_proposes_country_and_language(fair_client: FlaskClient) -> None:
    page = fair_client.get("/register", headers={"Accept-Language": "pt-BR,pt;q=0.9"}).get_data(as_text=True)

    assert re.search(r'<option value="BR" selected>Brazil', page)
    assert re.search(r'name="languages" value="pt" checked', page)


def test_without_a_script_the_time_zone_is_that_of_the_country(
    fair_client: FlaskClient, fair_database: Database
) -> None:
    send(fair_client, "/register", {**TYPED, "time_zone": "Mars/Base", "country": "DE"})

    with fair_database.read() as session:
        zone = session.exec(select(Buyer.time_zone).where(Buyer.company == TYPED["company"])).one()
    assert zone == "Europe/Berlin"


def test_the_own_page_shows_everything_that_is_kept(buyer: FlaskClient) -> None:
    page = buyer.get("/me").get_data(as_text=True)

    for words in (
        "B001",
        "Elbkontor Servicetechnik GmbH",
        "Germany",
        "Berlin",
        "Exoskeleton",
        "CE-MD",
        "Agreed on",
    ):
        assert words in page


def test_a_profile_is_changed_and_an_old_version_is_refused_with_what_changed(
    buyer: FlaskClient, fair_database: Database
) -> None:
    said = {"name": "Katrin Ellerbrock", "company": "Elbkontor", "country": "DE", "time_zone": "Europe/Berlin"}
    done = send(buyer, "/me/profile", said)

    late = send(buyer, "/me/profile", {**said, "company": "My own words", "version": "1"})

    assert (done.status_code, done.location, late.status_code) == (303, "/me", 412)
    page = late.get_data(as_text=True)
    assert 'value="My own words"' in page
    assert "Elbkontor Servicetechnik GmbH → Elbkontor" in page


def test_needs_are_added_edited_and_removed(buyer: FlaskClient, fair_database: Database) -> None:
    send(buyer, "/me/needs/new", {"category": "XF2", "quantity": "3", "note": "Stairs"})
    with fair_database.read() as session:
        number = session.exec(select(BuyerNeed.id).where(BuyerNeed.note == "Stairs")).one()

    edited = send(buyer, f"/me/needs/{number}", {"category": "XF2", "quantity": "4", "certificates": ["CE-MD"]})
    with fair_database.read() as session:
        need = session.get(BuyerNeed, number)
        after = (need.quantity, need.certificates, need.note) if need else None
    removed = send(buyer, f"/me/needs/{number}/remove", {}, form_at="/me")

    assert (edited.location, after, removed.status_code) == ("/matches", (4, ["CE-MD"], ""), 303)
    with fair_database.read() as session:
        assert session.get(BuyerNeed, number) is None
        assert session.exec(select(Buyer.version).where(Buyer.code == "b001")).one() == 4


def test_a_need_that_is_refused_keeps_what_was_typed(buyer: FlaskClient) -> None:
    answer = send(buyer, "/me/needs/new", {"category": "", "quantity": "-2", "note": "Kept words"})

    assert answer.status_code == 422
    assert "Kept words</textarea>" in answer.get_data(as_text=True)


def test_somebody_elses_need_is_not_there(buyer: FlaskClient, fair_database: Database) -> None:
    with fair_database.read() as session:
        mine = session.exec(select(Buyer.id).where(Buyer.code == "b001")).one()
        other = session.exec(select(BuyerNeed.id).where(BuyerNeed.buyer_id != mine)).first()

    answers = [
        buyer.get(f"/me/needs/{other}").status_code,
        send(buyer, f"/me/needs/{other}", {"category": "XF2"}, form_at="/me/needs/new").status_code,
        send(buyer, f"/me/needs/{other}/remove", {}, form_at="/me").status_code,
    ]

    assert answers == [404, 404, 404]
    with fair_database.read() as session:
        assert session.get(BuyerNeed, other) is not None


def test_a_consent_is_withdrawn_and_given_again_with_its_time(buyer: FlaskClient, fair_database: Database) -> None:
    send(buyer, "/me/consents", {"consents": ["programme"]}, form_at="/me")
    with fair_database.read() as session:
        mine = session.exec(select(Buyer.id).where(Buyer.code == "b001")).one()
        query = select(BuyerConsent.purpose, BuyerConsent.withdrawn_at).where(BuyerConsent.buyer_id == mine)
        without = dict(session.exec(query).all())
    send(buyer, "/me/consents", {"consents": ["programme", "contact"]}, form_at="/me")
    with fair_database.read() as session:
        again = dict(session.exec(query).all())

    assert without == {Purpose.PROGRAMME: None, Purpose.CONTACT: NOON, Purpose.MAIL: NOON}
    assert again == {Purpose.PROGRAMME: None, Purpose.CONTACT: None, Purpose.MAIL: NOON}


def test_a_visitor_has_no_own_page(fair_client: FlaskClient) -> None:
    assert [fair_client.get(place).status_code for place in ("/me", "/me/profile", "/me/needs/new")] == [401, 401, 401]
