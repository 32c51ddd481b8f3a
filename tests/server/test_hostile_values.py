"""Values that no honest program sends, at every route and in every place of a request: refused, never raised."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.db import Database
from server.kernel.permissions import Role, may
from tests.server.test_strangers import HOST, VALUES, House, everything_forgotten
from tests.support.buyers import GERMAN

TEXTS = (
    "9" * 400,
    "9" * 5000,
    str(2**53),
    str(2**63),
    str(-(2**63) - 1),
    "1e999",
    "nan",
    "-inf",
    "²",
    "٣",
    "0001-01-01T00:00:00+08:00",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01",
    "9999-12-31",
    "2026-04-16T25:61",
    "a\0b",
    "\ud800",
    "\u202e",
    "'; DROP TABLE robot; --",
    "%",
    "../../etc/passwd",
    "{{7*7}}",
    "x" * 100_000,
)
"""What is typed where a form, an address or a header has room for a text."""
FEW = (TEXTS[3], TEXTS[10], TEXTS[15], TEXTS[16])
"""Those of them that have made most trouble."""
OF_HEADERS = ("Bearer " + "9" * 400, "bytes=0-" + "9" * 400, "q=" + "9" * 400, f'W/"{2**70}"')
IN_A_FIELD = (TEXTS[10], TEXTS[15])
"""Those that are tried in each field by itself, among values that are right."""
VALUES_OF_JSON = (
    "9" * 400,
    "1e400",
    "-1e400",
    "9223372036854775808",
    "-9223372036854775809",
    "1e308",
    "true",
    "null",
    "[]",
    "{}",
    '"a\\u0000b"',
    '"\\ud800"',
    '"0001-01-01T00:00:00+08:00"',
    '"9999-12-31T23:59:59-12:00"',
    '"0001-01-01"',
    '"9999-12-31"',
    json.dumps("9" * 5000),
    json.dumps("x" * 50_000),
    '["\\u0000", "\\ud800", 1e308]',
    '{"en": "\\u0000", "\\ud800": 9223372036854775808}',
    "NaN",
    "Infinity",
)
"""What stands in a document in the place of a value."""
DOCUMENTS = (b"", b"[" * 200_000, b'{"a":' * 100_000, b"\xff\xfe", b"\0", b'"' + b"x" * 70_000, b"9" * 5000)
"""Whole bodies that are no document of ours."""
QUERY = (
    *("page", "per_page", "day", "date", "q", "show", "state", "robot", "before", "lang", "at", "minutes", "need"),
    *("without", "category", "kind", "live", "who", "thing", "key", "text", "staff", "message", "uid", "done", "next"),
    *("user", "starts_at", "place", "only", "demo", "exhibitor", "country", "since", "until", "limit", "last", "zone"),
)
HEADERS = (
    *("If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID", "Accept-Language", "Range", "Accept"),
    *("If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Proto", "HX-Request", "Referer", "Accept-Encoding"),
)
KEYS = ("Cookie", "Authorization", "Origin", "Host", "Content-Type")
"""Headers that decide who asks, or that stop a request at the door."""
OWNERS = {Role.ORGANISER: None, Role.EXHIBITOR_ADMIN: HOST, Role.BUYER: GERMAN, Role.VISITOR: None}
"""Who sends it: the first of them who may, since a refusal at the door would prove nothing."""


class Attacker:
    """Sends what is hostile by every door, and notes what was answered with a fault of ours."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.samples.update(build="0", name="css/tokens.css")
        self.browsers = {role: house.browser(role, whose) for role, whose in OWNERS.items()}
        self.faults: set[tuple[str, str, str]] = set()
        self.whole = house.database.dialect == "sqlite"
        """What never reaches the database is the same on both: on the second one goes what may reach it."""
        self.asked = 0

    def routes(self) -> Iterator[tuple[str, str, str, FlaskClient, Callable[..., Any]]]:
        """(method, rule, address with samples, who may, view) of every route."""
        for knock in self._knocks():
            role = next((one for one in OWNERS if may(one, knock.action)), Role.ORGANISER)
            yield knock.method, knock.rule, knock.path, self.browsers[role], self._view(knock.rule, knock.method)

    def send(self, browser: FlaskClient, method: str, rule: str, path: str, **options: Any) -> None:
        """Send one request; an answer of 500 or more is a fault."""
        self.asked += 1
        shown = repr(options.get("query_string") or options.get("data") or options.get("headers") or path)[:120]
        response = browser.open(path, method=method, **options)
        response.get_data()
        response.close()
        if response.status_code >= 500:
            self.faults.add((f"{method} {rule}", shown, str(response.status_code)))

    def _knocks(self) -> Iterator[Any]:
        for rule in self.house.app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                if rule.rule != "/logout":
                    yield self.house._knock(method, rule.rule, rule.endpoint, None)

    def _view(self, rule: str, method: str) -> Callable[..., Any]:
        for one in self.house.app.url_map.iter_rules():
            if one.rule == rule and method in (one.methods or ()):
                return self.house.app.view_functions[one.endpoint]
        raise LookupError(rule)


@pytest.fixture
def attacker(fair_app: Flask, fair_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attacker]:
    """Somebody at the demo fair's doors; whatever succeeds is forgotten again."""
    found = Attacker(House(fair_app, fair_database))
    with everything_forgotten(monkeypatch):
        yield found


def in_address(text: str) -> str:
    """A text as it stands in an address: half a character as three bytes, as a careless program sends it."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_value_in_an_address_is_a_fault_of_ours(attacker: Attacker) -> None:
    for method, rule, path, browser, _ in attacker.routes():
        for text in TEXTS[::2] if method == "GET" and attacker.whole else FEW:
            value = in_address(text[:1000])
            if "<" in rule:
                attacker.send(browser, method, rule, re.sub(r"<[^>]+>", lambda _found, value=value: value, rule))  # type: ignore[misc]  # bound at once
            if method == "GET":
                asked = "&".join(f"{name}={value[:150]}" for name in QUERY)
                attacker.send(browser, method, rule, path.partition("?")[0], query_string=asked)

    assert attacker.asked > 500
    assert attacker.faults == set()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_value_in_a_header_or_cookie_is_a_fault_of_ours(attacker: Attacker) -> None:
    for method, rule, path, browser, _ in attacker.routes():
        for text in (*FEW, *OF_HEADERS) if attacker.whole else FEW[:2]:
            value = text.encode("utf-8", "surrogatepass").decode("latin-1").replace("\0", "\x01")[:4000]
            attacker.send(browser, method, rule, path, headers=dict.fromkeys(HEADERS, value))
            if text in FEW[:2]:
                attacker.send(browser, method, rule, path, headers=dict.fromkeys(KEYS, value))

    assert attacker.faults == set()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_field_of_a_form_is_a_fault_of_ours(attacker: Attacker) -> None:
    for method, rule, path, browser, _ in attacker.routes():
        if method != "POST" or rule.startswith("/api"):
            continue
        for text in TEXTS if attacker.whole else FEW:
            value = in_address(text)
            everything = "&".join(f"{name}={value[:5000]}" for name in fields_of_forms())
            attacker.send(browser, method, rule, path, data=everything, content_type=FORM)
        for name in VALUES:
            rest = "&".join(f"{key}={in_address(str(kept))}" for key, kept in VALUES.items() if key != name)
            for text in IN_A_FIELD if attacker.whole else IN_A_FIELD[1:]:
                body = f"{rest}&version=1&{name}={in_address(text)}"
                attacker.send(browser, method, rule, path, data=body, content_type=FORM)

    assert attacker.faults == set()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_value_in_a_document_is_a_fault_of_ours(attacker: Attacker) -> None:
    headers = {"If-Match": '"1"', "Content-Type": "application/json"}
    for method, rule, path, browser, view in attacker.routes():
        if method == "GET" or not rule.startswith("/api"):
            continue
        for document in DOCUMENTS if attacker.whole else ():
            attacker.send(browser, method, rule, path, data=document, headers=headers)
        model = get_type_hints(inspect.unwrap(view)).get("body")
        names = list(model.model_fields) if model else []
        fair = {name: json.dumps(VALUES.get(name)) for name in names if name in VALUES}
        for hostile in VALUES_OF_JSON if attacker.whole else VALUES_OF_JSON[3:5] + VALUES_OF_JSON[10:16]:
            for name in names:
                body = ", ".join(f'"{key}": {value}' for key, value in {**fair, name: hostile}.items())
                attacker.send(browser, method, rule, path, data=f"{{{body}}}".encode(), headers=headers)

    assert attacker.faults == set()


FORM = "application/x-www-form-urlencoded"


def fields_of_forms() -> list[str]:
    """The names of fields that forms of the house have."""
    more = ("version", "idempotency_key", "robot", "message", "form", "encoding", "csrf_token", "time_zone", "country")
    return [*VALUES, *more, "certificates", "regions", "act", "date", "back", "username", "next", "consents"]
