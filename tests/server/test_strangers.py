"""Other people's things: whoever they do not belong to reaches none of them, by any route, and changes nothing.

The routes come from the application itself; listed here are only samples of what stands in their addresses and bodies.
"""

import hashlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any, get_type_hints

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlmodel import Session, SQLModel, col, select
from werkzeug.test import TestResponse

from server.features.accounts.models import AccountSession
from server.features.accounts.schemas import NewAccount
from server.features.accounts.service import create_account
from server.features.buyers.models import Buyer, BuyerConsent, BuyerNeed
from server.features.buyers.rules import Purpose
from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.service import issue, issue_bridge
from server.features.exhibitors.models import Exhibitor
from server.features.inbox.models import Notice
from server.features.meetings.models import Meeting
from server.features.meetings.rules import TRANSITIONS, Act, Side, State
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.infra.web.guard import action_of
from server.kernel.permissions import PERMISSIONS, Role, may
from tests.conftest import NOON
from tests.support.buyers import GERMAN
from tests.support.people import enter

HOST, OTHER_HOST, OTHER_BUYER = "nanling", "kapok-clean", "b014"
DECLINED_BUYER = "b171"
"""Whose request the host has declined: it needs no address any more."""
OWNERS = {Role.BUYER: GERMAN, Role.EXHIBITOR_ADMIN: HOST, Role.ORGANISER: None}
"""Whose the things are; the organiser's are booths and demos."""
STRANGERS = {
    Role.VISITOR: None,
    Role.BUYER: OTHER_BUYER,
    Role.EXHIBITOR_STAFF: OTHER_HOST,
    Role.EXHIBITOR_ADMIN: OTHER_HOST,
    Role.OFFICIAL: None,
    Role.SCREEN: None,
    Role.BRIDGE: None,
}
"""Who tries; buyer and exhibitor have things of their own, among them meetings, but not these."""
DONE_BY_PEOPLE = {
    act for (before, act), transition in TRANSITIONS.items() if before and transition.by & {Side.BUYER, Side.EXHIBITOR}
}
"""What can be done to a meeting that is there; the other acts are the clock's and the system's."""
REFUSED = {401, 403, 404}
NOT_REACHED = {*REFUSED, 400, 405, 412, 415, 422, 428}
BOOKED_BY_BUYERS = "/exhibitors/<code>/"
"""Free times lie behind these addresses: every buyer may see them and book."""
SAMPLES = {
    "secret": "nobodys",
    "username": "nobody",
    "notice": "77",
    "number": "D19.2C05",
    "code": HOST,
    "demo": "d2-19",
    "product": "walker-edu",
    "staff": "gong-yifan",
    "person": "gong-yifan",
    "file": "fairzone-booth-bridge-0.1.0-linux.zip",
    "robot": "edu-2",
    "purpose": "fair",
    "device": "77",
    "change": "rotate",
    "bridge": "booth-pc",
}
LISTS = [f"/diary?day=all&show={show}" for show in ("planned", "open", "agreed", "off")]
"""Pages that show more of somebody's things when asked for it."""
VALUES: dict[str, Any] = {
    "name": "Somebody Else",
    "kind": "humanoid",
    "name_en": "Otherwise",
    "name_zh": "别的",
    "call_me": "Else",
    "languages": ["en"],
    "category": "AC22",
    "categories": ["AC22"],
    "city": "Shenzhen",
    "city_zh": "深圳",
    "profile_en": "Otherwise.",
    "profile_zh": "别的。",
    "moq": 1,
    "price_min": 10,
    "price_max": 20,
    "currency": "USD",
    "exhibitor": HOST,
    "staff": "tong-yanzhi",
    "robot": "edu-2",
    "place": "stage:stage-1",
    "title_en": "Otherwise",
    "title_zh": "别的",
    "day": "3",
    "start": "13:00",
    "starts_at": (NOON + timedelta(days=1)).isoformat(),
    "minutes": 20,
    "topic": "Otherwise",
    "reason_text": "Otherwise",
    "days": [],
    "act": "save",
}
"""What is sent, by the name of the field."""


@dataclass(frozen=True)
class Knock:
    """A request at the address of somebody's thing; `version` is the one that the thing has."""

    method: str
    rule: str
    path: str
    action: str
    body: dict[str, Any] | None
    version: int
    act: Act | None

    def send(self, browser: FlaskClient) -> TestResponse:
        """Knock."""
        if self.path.startswith("/api"):
            headers = {"If-Match": f'"{self.version}"'}
            response = browser.open(self.path, method=self.method, json=self.body, headers=headers)
        else:
            form = {**VALUES, "version": self.version} if self.method == "POST" else None
            response = browser.open(self.path, method=self.method, data=form)
        response.get_data()
        response.close()
        return response


class House:
    """The demo fair, its application, and what in it is whose."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.database = database
        self.app = app
        self.app.config["WTF_CSRF_METHODS"] = set()
        with database.read() as session:
            buyer = session.exec(select(Buyer).where(Buyer.code == GERMAN)).one()
            host = session.exec(select(Exhibitor.id).where(Exhibitor.code == HOST)).one()
            mine = select(Meeting).where(Meeting.buyer_id == buyer.id, Meeting.exhibitor_id == host)
            meeting = session.exec(mine.where(Meeting.state == State.ACCEPTED)).one()
            self.buyers = {one.code: (one.name, one.email or one.name) for one in session.exec(select(Buyer))}
            need = session.exec(select(BuyerNeed.id).where(BuyerNeed.buyer_id == buyer.id)).first()
        with database.write() as session:
            issue_bridge(session, SYSTEM, HOST, SAMPLES["bridge"], NOON)
            issue(session, SYSTEM, f"{HOST}/{SAMPLES['robot']}", CredentialPurpose.FAIR, NOON)
        self.samples = {**SAMPLES, "uid": meeting.uid, "need": str(need)}
        self.versions = {"uid": meeting.version, "need": buyer.version}

    def browser(self, role: Role, works_for: str | None) -> FlaskClient:
        """The browser of somebody new in a role: that buyer's, or one who works for that exhibitor."""
        browser = self.app.test_client()
        if role is Role.VISITOR:
            return browser
        buyer, exhibitor = (works_for, None) if role is Role.BUYER else (None, works_for)
        name = f"{role.value}.{works_for}"
        new = NewAccount(username=name, display_name="Somebody", role=role, buyer=buyer, exhibitor=exhibitor)
        with self.database.write() as session:
            account_id = create_account(session, new, NOON)
        enter(browser, account_id)
        return browser

    def first_one(self) -> int:
        """The account of the first one who logged in."""
        with self.database.read() as session:
            return session.exec(select(AccountSession.account_id).order_by(col(AccountSession.id))).first() or 0

    def notice(self) -> str:
        """Something that the first one who logged in was told."""
        whose = self.first_one()
        with self.database.write() as session:
            notice = Notice(name="n1", account_id=whose, kind="test", body="{}", about="", link="/diary", at=NOON)
            session.add(notice)
            session.flush()
            return str(notice.id)

    def another_device(self) -> str:
        """A session that the first one who logged in has open somewhere else."""
        enter(self.app.test_client(), self.first_one())
        with self.database.read() as session:
            return str(max(number or 0 for number in session.exec(select(AccountSession.id))))

    def knocks(self) -> list[Knock]:
        """Every request to an address that names a thing, unless everybody may make it."""
        return [
            self._knock(method, rule.rule, rule.endpoint, act)
            for rule in self.app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            for act in (Act if "<act>" in rule.rule else [None])
            if "<" in rule.rule and len(PERMISSIONS[str(action_of(self.app, rule.endpoint))]) < len(Role)
        ]

    def _knock(self, method: str, rule: str, endpoint: str, act: Act | None) -> Knock:
        names = re.findall(r"<(?:\w+:)?(\w+)>", rule)
        samples = {**self.samples, "act": act.value if act else ""}
        asked = f"?date={NOON.date()}" if rule.endswith("/slots") else ""
        if rule.startswith("/api/v1/demos/"):
            samples["code"] = SAMPLES["demo"]
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: samples[found[1]], rule) + asked
        version = next((self.versions[name] for name in names if name in self.versions), 1)
        body = body_of(self.app.view_functions[endpoint])
        return Knock(method, rule, path, str(action_of(self.app, endpoint)), body, version, act)

    def told(self, browser: FlaskClient) -> set[str]:
        """The names and addresses of buyers that anything tells this browser."""
        rules = [rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        places = [
            self._knock("GET", rule.rule, rule.endpoint, act).path
            for rule in rules
            for act in (DONE_BY_PEOPLE if "<act>" in rule.rule else [None])
            if not rule.rule.startswith("/static")
        ]
        read = [unescape(browser.get(place).get_data(as_text=True)) for place in (*places, *LISTS)]
        return {fact for fact in self.facts_of(self.buyers) if any(fact in text for text in read)}

    def facts_of(self, codes: Iterable[str]) -> set[str]:
        """The names and addresses of these buyers."""
        return {fact for code in codes for fact in self.buyers[code]}

    def guests_of(self, exhibitor: str) -> set[str]:
        """The buyers who asked this exhibitor for a meeting."""
        with self.database.read() as session:
            asked = (
                select(Buyer.code)
                .join(Meeting, col(Meeting.buyer_id) == col(Buyer.id))
                .join(Exhibitor, col(Exhibitor.id) == col(Meeting.exhibitor_id))
                .where(Exhibitor.code == exhibitor, col(Meeting.requested_at).is_not(None))
            )
            return set(session.exec(asked))

    def digest(self) -> str:
        """What the whole database holds, audit log included."""
        found = hashlib.blake2b()
        with self.database.read() as session:
            for table in SQLModel.metadata.sorted_tables:
                rows = session.execute(table.select().order_by(*table.primary_key.columns))
                found.update(repr((table.name, rows.all())).encode())
        return found.hexdigest()


def body_of(view: Callable[..., Any]) -> dict[str, Any] | None:
    """What the API's view takes, made of the samples; none where it takes nothing."""
    model = get_type_hints(inspect.unwrap(view)).get("body")
    return {name: VALUES[name] for name in model.model_fields if name in VALUES} if model else None


@pytest.fixture
def house(fair_app: Flask, fair_database: Database) -> House:
    """The demo fair at noon of its second day."""
    return House(fair_app, fair_database)


@contextmanager
def everything_forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While the block runs, what is written lasts as long as its unit of work: each finds the fair as it was."""
    keep = Database.write

    @contextmanager
    def write_and_forget(self: Database) -> Iterator[Session]:
        with keep(self) as session:
            yield session
            session.flush()
            session.rollback()
            session.info.clear()  # what would still have been announced

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", write_and_forget)
        yield


def test_every_thing_of_a_route_has_a_sample(house: House) -> None:
    assert [knock.path for knock in house.knocks() if "<" in knock.path] == []
    assert len({knock.rule for knock in house.knocks()}) > 30


@pytest.mark.slow
@pytest.mark.parametrize("role", STRANGERS)
def test_a_stranger_reaches_nothing_of_others_and_changes_nothing(house: House, role: Role) -> None:
    browser = house.browser(role, STRANGERS[role])
    before = house.digest()

    answers = {
        (knock.method, knock.path): knock.send(browser).status_code
        for knock in house.knocks()
        if not (role is Role.BUYER and BOOKED_BY_BUYERS in knock.rule and may(role, knock.action))
    }

    assert {request: status for request, status in answers.items() if status not in REFUSED} == {}
    assert house.digest() == before


def test_those_to_whom_a_thing_belongs_reach_it_by_every_route(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    browsers = {role: house.browser(role, whose) for role, whose in OWNERS.items()}
    buyer = f"{Role.BUYER.value}.{OWNERS[Role.BUYER]}"
    house.samples |= {"device": house.another_device(), "notice": house.notice(), "username": buyer}
    before = house.digest()
    reached: dict[tuple[str, str], set[int]] = {}

    with everything_forgotten(monkeypatch):
        for knock in house.knocks():
            if knock.act is None or knock.act in DONE_BY_PEOPLE:
                statuses = {knock.send(browser).status_code for browser in browsers.values()}
                reached[knock.method, knock.path] = statuses

    assert {request: found for request, found in reached.items() if not found - NOT_REACHED} == {}
    assert house.digest() == before


@pytest.mark.slow
def test_names_reach_an_exhibitor_by_a_request_and_addresses_by_consent_and_nobody_else_any(house: House) -> None:
    silent = {house.buyers[code][1] for code in (OTHER_BUYER, DECLINED_BUYER)}
    with house.database.write() as session:
        whose = select(Buyer.id).where(Buyer.code == OTHER_BUYER).scalar_subquery()
        theirs = (col(BuyerConsent.buyer_id) == whose, col(BuyerConsent.purpose) == Purpose.CONTACT)
        session.connection().execute(update(BuyerConsent).where(*theirs).values(withdrawn_at=NOON))
    readers = {**STRANGERS, Role.BUYER: GERMAN, Role.EXHIBITOR_ADMIN: HOST}

    told = {role: house.told(house.browser(role, whose)) for role, whose in readers.items()}

    assert told == {
        **{key: set() for key in readers},
        Role.BUYER: house.facts_of({GERMAN}),
        Role.EXHIBITOR_ADMIN: house.facts_of(house.guests_of(HOST)) - silent,
        Role.EXHIBITOR_STAFF: house.facts_of(house.guests_of(OTHER_HOST)),
    }
