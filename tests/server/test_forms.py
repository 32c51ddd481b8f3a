"""Every form that changes something: two taps act once, and what was seen too long ago overwrites nothing.

That a form of one account is refused under another is walked in `infra/web/test_csrf.py`. The routes come from the
application itself; listed here are only what is typed, and the forms that need no such proof, each with its reason.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from server.features.accounts.models import Account
from server.features.accounts.service import hash_password, set_token
from server.features.accounts.service.resets import BY_HAND, issue_reset
from server.features.exhibitors.schemas import ProductEdit, StaffEdit
from server.features.exhibitors.service import add_person, add_product
from server.features.floorplan.models import Booth, BoothAssignment
from server.features.floorplan.service import assign_booth
from server.features.inbox.events import Addressee, NoticeGiven
from server.features.inbox.models import Notice
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.server.test_strangers import HOST, House
from tests.support.buyers import GERMAN
from tests.support.forms import forms_of
from tests.support.people import PASSWORD

SECRET = "only-for-this-link"
NEW_PASSWORD = "tea in the harbour"
ADMIN, BUYER, ORGANISER, NOBODY = Role.EXHIBITOR_ADMIN, Role.BUYER, Role.ORGANISER, Role.VISITOR
OWNERS = {ADMIN: HOST, BUYER: GERMAN, ORGANISER: None, NOBODY: None}


@dataclass(frozen=True)
class Sent:
    """Who sends a form, from which page (its own address where none is named), and what is typed into it."""

    by: Role
    path: str
    page: str = ""
    typed: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] | None = None
    """What somebody else types who saw the same; nothing where there is nothing to overwrite."""


PRODUCT = {"name_en": "Otherwise", "name_zh": "别的", "category": "AC22", "moq": "1", "price_min": "10"}
PERSON = {"name": "Somebody Else", "name_zh": "别人", "call_me": "Else", "languages": ["en"]}
ROBOT = {"name_en": "Otherwise", "name_zh": "别的", "kind": "delivery", "protocol": "fair-mqtt"}
DEMO = {"exhibitor": HOST, "place": "stage:stage-1", "title_en": "Otherwise", "title_zh": "别的", "day": "3"}
NAMED = {"name_en": "Named", "name_zh": "名字"}
ON_A_DAY = {"from-2026-04-18": "10:00", "to-2026-04-18": "12:00"}
SAID = {"reason_text": "Otherwise"}
FORMS: dict[str, Sent] = {
    "/account": Sent(ADMIN, "/account", typed={"email": "one@firm.example"}, other={"email": "two@firm.example"}),
    "/account/sessions/<int:device>/end": Sent(ADMIN, "/account/sessions/{device}/end", "/account"),
    "/account/sessions/end": Sent(ADMIN, "/account/sessions/end", "/account"),
    "/account/token": Sent(BUYER, "/account/token", "/account"),
    "/account/token/end": Sent(ADMIN, "/account/token/end", "/account"),
    "/account/password": Sent(
        ADMIN,
        "/account/password",
        typed={"old": PASSWORD, "password": NEW_PASSWORD},
        other={"old": PASSWORD, "password": "rain in the harbour"},
    ),
    "/reset/<secret>": Sent(
        NOBODY,
        f"/reset/{SECRET}",
        typed={"password": NEW_PASSWORD},
        other={"password": "rain in the harbour"},
    ),
    "/accounts/<username>/<change>": Sent(
        ORGANISER, "/accounts/{admin}/role", "/accounts?q={admin}", other={"role": "exhibitor_admin"}
    ),
    "/inbox/<int:notice>/open": Sent(ADMIN, "/inbox/{notice}/open", "/inbox"),
    "/inbox/<int:notice>/read": Sent(ADMIN, "/inbox/{notice}/read", "/inbox"),
    "/inbox/read": Sent(ADMIN, "/inbox/read", "/inbox"),
    "/desk/profile": Sent(ADMIN, "/desk/profile", typed=NAMED, other={"name_en": "Another"}),
    "/desk/products/new": Sent(ADMIN, "/desk/products/new", typed={**PRODUCT, "price_max": "20"}),
    "/desk/products/<product>": Sent(ADMIN, "/desk/products/{product}", typed=NAMED, other={"name_en": "Another"}),
    "/desk/products/<product>/remove": Sent(ADMIN, "/desk/products/{product}/remove", other={}),
    "/desk/staff/new": Sent(ADMIN, "/desk/staff/new", typed=PERSON),
    "/desk/staff/<person>": Sent(ADMIN, "/desk/staff/{person}", typed={"name": "One"}, other={"name": "Another"}),
    "/desk/staff/<person>/remove": Sent(ADMIN, "/desk/staff/{person}/remove", other={}),
    "/desk/staff/<person>/hours": Sent(ADMIN, "/desk/staff/{person}/hours", typed=ON_A_DAY, other={}),
    "/desk/robots/new": Sent(ADMIN, "/desk/robots/new", typed=ROBOT),
    "/desk/robots/<robot>/edit": Sent(ADMIN, "/desk/robots/edu-2/edit", typed=NAMED, other={"name_en": "Another"}),
    "/exhibitors/<code>/edit": Sent(ORGANISER, f"/exhibitors/{HOST}/edit", typed=NAMED, other={"name_en": "Another"}),
    "/me/consents": Sent(
        BUYER, "/me/consents", "/me", {"consents": ["programme"]}, {"consents": ["programme", "mail"]}
    ),
    "/me/consents/withdraw": Sent(BUYER, "/me/consents/withdraw", "/me"),
    "/me/profile": Sent(BUYER, "/me/profile", typed={"company": "One"}, other={"company": "Another"}),
    "/me/needs/new": Sent(BUYER, "/me/needs/new", typed={"category": "AC22"}, other={"category": "AC22"}),
    "/me/needs/<int:need>": Sent(BUYER, "/me/needs/{need}", typed={"note": "One"}, other={"note": "Another"}),
    "/me/needs/<int:need>/remove": Sent(BUYER, "/me/needs/{need}/remove", "/me", other={}),
    "/booths/<number>/assign": Sent(
        ORGANISER, "/booths/{vacant}/assign", "/booths/{vacant}", {"exhibitor": HOST}, {"exhibitor": "kapok-clean"}
    ),
    "/booths/<number>/vacate": Sent(ORGANISER, "/booths/{given}/vacate", "/booths/{given}/vacate"),
    "/timetable/demos/new": Sent(
        ORGANISER,
        "/timetable/demos/new",
        typed={**DEMO, "start": "09:00", "minutes": "20", "staff": "tong-yanzhi", "robot": "edu-2"},
    ),
    "/timetable/demos/<demo>": Sent(
        ORGANISER, "/timetable/demos/d2-19", typed={"title_en": "One"}, other={"title_en": "Another"}
    ),
    "/timetable/demos/<demo>/cancel": Sent(ORGANISER, "/timetable/demos/d2-19/cancel", other={}),
    "/desk/robots/<robot>/credential/<purpose>/<change>": Sent(
        ADMIN, "/desk/robots/edu-2/credential/fair/rotate", other={}
    ),
    "/desk/robots/bridges": Sent(ADMIN, "/desk/robots/bridges", typed={"name": "other-pc"}),
    "/desk/robots/bridges/<bridge>/<change>": Sent(ADMIN, "/desk/robots/bridges/booth-pc/rotate", other={}),
    "/exhibitors/<code>/meet": Sent(BUYER, f"/exhibitors/{HOST}/meet", f"/exhibitors/{HOST}/meet?day=4"),
    "/meetings/<uid>/<act>": Sent(BUYER, "/meetings/{uid}/cancel", "/meetings/{uid}", SAID, {"reason_text": "No"}),
    "/meetings/<uid>/end": Sent(ORGANISER, "/meetings/{uid}/end", "/meetings/{uid}", SAID, {"reason_text": "No"}),
}
"""What is sent, by the route."""
BY_THEMSELVES = {
    "/login": "a session more is opened by each",
    "/logout": "what has ended stays so",
    "/language": "the same choice is made twice",
    "/reset": "whoever asks twice gets two mails, and the link of the last one holds",
    "/register": "the code hangs on the form: the second tap is the same buyer (features/buyers/test_pages.py)",
    "/check": "it changes nothing",
    "/account/erase": "the account, its session and its keys are gone with the first tap",
}
"""The forms that need no key, and why."""
REFUSED = 400
TOO_LATE = {401, 404, 409, 412}
"""How one is answered who saw the thing as it was before: it is another one, or gone, or the secret is."""


class Desk:
    """Everybody's browser at the demo fair, and things of each kind that a form may change."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.house = House(app, database)
        app.config["WTF_CSRF_METHODS"] = {"POST"}
        self.browsers = {role: self.house.browser(role, whose) for role, whose in OWNERS.items()}
        told = NoticeGiven(
            name="n1",
            kind="told-hours",
            facts={"who": "Wei", "hours": "09:00"},
            about="t",
            at=NOON,
            to=Addressee(name="A"),
        )
        more = {"device": self.house.another_device(), "notice": self.house.notice()}
        with database.write() as session:
            admin = session.exec(select(Account).where(Account.username == f"{ADMIN.value}.{HOST}")).one()
            given = set(session.exec(select(BoothAssignment.booth_id)))
            product = ProductEdit.model_validate(
                {**PRODUCT, "moq": 1, "price_min": 10, "price_max": 20, "currency": "USD"}
            )
            self.samples = {
                **self.house.samples,
                **more,
                "admin": admin.username,
                "product": add_product(session, SYSTEM, HOST, product).code,
                "person": add_person(session, SYSTEM, HOST, StaffEdit.model_validate(PERSON)).code,
            }
            session.connection().execute(update(Notice).values(body=told.model_dump_json()))
            password = update(Account).where(col(Account.id) == admin.id)
            session.connection().execute(password.values(password_hash=hash_password(SecretStr(PASSWORD))))
            vacant = sorted(one.number for one in session.exec(select(Booth)) if one.id not in given)
            assign_booth(session, SYSTEM, vacant[1], HOST, version=1)
            self.samples |= {"vacant": vacant[0], "given": vacant[1]}
            set_token(session, admin.username, "token-of-admin")
            issue_reset(session, self.house.first_one(), NOON, BY_HAND, SECRET)

    def form(self, sent: Sent) -> dict[str, Any]:
        """The form as its page shows it, with what is typed; without a key where it carries none."""
        place = sent.path.format(**self.samples)
        page = (sent.page or sent.path).format(**self.samples)
        text = self.browsers[sent.by].get(page).get_data(as_text=True)
        found = next((one for one in forms_of(text) if one.action.partition("?")[0] in {place, ""}), None)
        if found is None or "idempotency_key" not in found.fields:
            raise AssertionError(f"{page} has no form that goes to {place} and carries a key")
        free = re.findall(r'name="starts_at" value="([^"]+)"', text)
        return {**found.fields, **({"starts_at": unescape(free[0])} if free else {}), **sent.typed}

    def faults(self, sent: Sent) -> Iterator[str]:
        """What a second tap does that it shall not, and what one does who saw the thing as it was before."""
        typed = self.form(sent)
        first = self.send(sent, typed)
        after = self.house.digest()
        if first.status_code >= REFUSED:
            yield f"refused: {first.status_code} {first.get_data(as_text=True)}"
        second = self.send(sent, typed)
        if (second.status_code, second.location) != (first.status_code, first.location):
            yield f"the second tap: {second.status_code} {second.location} after {first.location}"
        if sent.other is not None:
            late = self.send(sent, {**typed, **sent.other, "idempotency_key": "other"})
            if late.status_code not in TOO_LATE:
                yield f"too late: {late.status_code}"
        if self.house.digest() != after:
            yield "something was done twice, or overwritten"

    def send(self, sent: Sent, typed: dict[str, Any]) -> TestResponse:
        """Press the button."""
        return self.browsers[sent.by].post(sent.path.format(**self.samples), data=typed)


@contextmanager
def taken_back(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While the block runs, all units of work are parts of one transaction, which is taken back at its end."""
    kind = database._session
    with database.engine.connect() as connection, monkeypatch.context() as patch:
        whole = connection.begin()

        def inside(_engine: Any) -> Session:
            info = kind(database.engine).info
            return Session(connection, info=dict(info), join_transaction_mode="create_savepoint")

        patch.setattr(database, "_session", inside)
        try:
            yield
        finally:
            whole.rollback()


@pytest.fixture
def desk(fair_app: Flask, fair_database: Database) -> Desk:
    """The demo fair at noon of its second day."""
    return Desk(fair_app, fair_database)


def test_every_form_is_walked_or_says_why_not(app: Flask) -> None:
    posted = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api")
    }

    assert posted == FORMS.keys() | BY_THEMSELVES.keys()


@pytest.mark.slow
def test_two_taps_act_once_and_who_saw_it_before_overwrites_nothing(
    desk: Desk, fair_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = {}
    for rule, sent in FORMS.items():
        with taken_back(fair_database, monkeypatch):
            faults[rule] = list(desk.faults(sent))

    assert {rule: found for rule, found in faults.items() if found} == {}
