"""The audit log says in words who changed what from what to what; it is filtered, paged, and open to programs."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.features.meetings.rules import Act
from server.infra.audit import Changes, record
from server.infra.db import Database
from server.infra.i18n import Catalogues
from server.infra.identity import SYSTEM, Identity
from server.kernel.permissions import PERMISSIONS, Role
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.people import bearer_of

NINA = Identity(role=Role.ORGANISER, account_id=7, username="nina", display_name="Nina 尼娜")
FEATURES = Path(__file__).parents[4] / "server" / "features"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).strip()


def log_of(client: FlaskClient, query: str = "") -> list[str]:
    """The sentences of the entries that the page shows."""
    page = client.get(f"/audit{query}").get_data(as_text=True)
    return [text_of(one) for one in re.findall(r'<p class="did">(.*?)(?:<a |</p>)', page, re.DOTALL)]


def moment_of(moment: datetime) -> Callable[[datetime], datetime]:
    """A move of the clock to that moment, wherever it stands."""
    return lambda _: moment


@pytest.fixture
def written(fair_database: Database, clock: FixedClock) -> None:
    """Three changes by two people, on two days."""
    changes: tuple[tuple[Identity, str, str, Changes], ...] = (
        (NINA, "booth.assign", "D19.2E24", {"exhibitor": (None, "nanling")}),
        (NINA, "demo.change", "d2-01", {"starts_at": (NOON, NOON + timedelta(minutes=30))}),
        (SYSTEM, "meeting.expire", "m-1", {"state": ("requested", "expired")}),
    )
    for number, (by, action, key, fields) in enumerate(changes):
        clock.move(moment_of(NOON - timedelta(days=2 - number)))
        with fair_database.write() as session:
            record(session, by, action, key, fields, version=2)


@pytest.mark.usefixtures("written")
def test_entries_are_sentences_with_old_and_new_values_in_words(organiser: FlaskClient) -> None:
    page = text_of(organiser.get("/audit").get_data(as_text=True))

    assert log_of(organiser) == [
        "The request of somebody expired without an answer",
        "Nina 尼娜 changed the demo The strip under the fridge",
        "Nina 尼娜 assigned booth D19.2E24",
    ]
    assert "State from Requested → to Expired" in page
    assert "from Apr 16, 2026 12:00 Beijing time → to Apr 16, 2026 12:30 Beijing time" in page
    assert "Exhibitor to Nanling Walker Robotics" in page


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?who=FairZone", ["The request of somebody expired without an answer"]),
        ("?thing=demo", ["Nina 尼娜 changed the demo The strip under the fridge"]),
        ("?key=d2-01", ["Nina 尼娜 changed the demo The strip under the fridge"]),
        ("?day=2026-04-14", ["Nina 尼娜 assigned booth D19.2E24"]),
        ("?text=NANLING", ["Nina 尼娜 assigned booth D19.2E24"]),
        ("?who=Nina+尼娜&thing=meeting", []),
    ],
)
def test_the_log_is_filtered_by_person_thing_day_and_text(organiser: FlaskClient, query: str, found: list[str]) -> None:
    assert log_of(organiser, query) == found


def test_a_chinese_log_calls_people_and_firms_by_their_chinese_names(
    organiser: FlaskClient, fair_database: Database
) -> None:
    booth = Identity(role=Role.EXHIBITOR_ADMIN, display_name="Nanling Walker Robotics")
    with fair_database.write() as session:
        record(session, booth, "meeting.accept", "m-1", {"staff": (None, "Yuan Qiuyue")})

    chinese, english = (organiser.get(f"/audit?lang={tag}").get_data(as_text=True) for tag in ("zh-Hans", "en"))

    assert "南岭行者机器人接受了与对方的洽谈" in chinese
    assert '<span class="to"><span class="visually-hidden">改为 </span>袁秋月</span>' in chinese
    assert 'value="Nanling Walker Robotics">南岭行者机器人</option>' in chinese
    assert "</span>Yuan Qiuyue</span>" in english


@pytest.mark.usefixtures("written")
def test_a_filter_that_finds_nothing_and_an_empty_log_say_so(organiser: FlaskClient) -> None:
    page = text_of(organiser.get("/audit?text=xyzzy").get_data(as_text=True))

    assert "No change matches. Clear the filters to see all of them." in page


def test_an_empty_log_says_what_will_stand_there(organiser: FlaskClient) -> None:
    page = text_of(organiser.get("/audit").get_data(as_text=True))

    assert "Every change by a person or by the clock is written down here" in page


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("query", ["?day=yesterday", "?page=x", "?page=999999999999", "?text=%25_'\"<b>"])
def test_nonsense_in_the_address_gives_a_page(organiser: FlaskClient, query: str) -> None:
    assert organiser.get(f"/audit{query}").status_code == 200


def test_a_long_log_comes_in_pages(organiser: FlaskClient, fair_database: Database) -> None:
    with fair_database.write() as session:
        for number in range(51):
            record(session, NINA, "demo.change", f"d-{number}", {})

    first, second = log_of(organiser), log_of(organiser, "?page=2")

    assert (len(first), second) == (50, ["Nina 尼娜 changed the demo d-0"])
    assert 'rel="next"' in organiser.get("/audit").get_data(as_text=True)


def test_a_change_that_has_no_words_of_its_own_is_told_in_general_ones(
    organiser: FlaskClient, fair_database: Database
) -> None:
    with fair_database.write() as session:
        record(session, NINA, "gadget.frobnicate", "g-1", {"knob": (True, [])})

    page = text_of(organiser.get("/audit").get_data(as_text=True))

    assert "Nina 尼娜 changed gadget g-1" in page
    assert "knob from yes → to nothing" in page


def test_every_change_that_is_recorded_has_a_sentence() -> None:
    files = [*FEATURES.glob("*/service.py"), *FEATURES.glob("*/service/*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))
    things = "account|booth|buyer|demo|exhibitor|product|robot|staff"
    written = set(re.findall(rf'"((?:{things})(?:\.[a-z]+)*\.[a-z-]+)"', source)) - (
        set(PERMISSIONS) - {"booth.assign"}
    )
    meetings = {f"meeting.{act.value.replace('_', '-')}" for act in Act}
    credentials = {f"{thing}.{verb}" for thing in ("credential", "bridge") for verb in ("issue", "rotate", "revoke")}
    catalogues = Catalogues(strict=True)

    recorded = written | {"exhibitor.edit"} | meetings | credentials

    assert {"account.session.end", "buyer.need.add", "demo.plan", "staff.hours.edit"} < recorded
    missing = [one for one in recorded if not catalogues.has("en", f"audit-did-{one.replace('.', '-')}")]
    assert sorted(missing) == []


@pytest.mark.usefixtures("written")
def test_programs_read_the_log_a_page_at_a_time(fair_app: Flask, fair_database: Database) -> None:
    bearer = bearer_of(fair_database, Role.ORGANISER)

    answer = fair_app.test_client().get("/api/v1/audit?who=Nina+尼娜&per_page=1", headers=bearer)

    assert answer.headers["X-Total-Count"] == "2"
    assert answer.get_json() == [
        {
            "id": answer.get_json()[0]["id"],
            "at": (NOON - timedelta(days=1)).isoformat().replace("+00:00", "Z"),
            "who": "Nina 尼娜",
            "role": "organiser",
            "action": "demo.change",
            "thing": "demo",
            "key": "d2-01",
            "version": 2,
            "changes": [
                {
                    "field": "starts_at",
                    "old": NOON.isoformat(),
                    "new": (NOON + timedelta(minutes=30)).isoformat(),
                }
            ],
        }
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_days_of_the_log(organiser: FlaskClient, day: str) -> None:
    refused = organiser.get(f"/api/v1/audit?day={day}")

    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid-request")
    assert log_of(organiser, f"?day={day}") == log_of(organiser)


@pytest.mark.parametrize("address", ["/today", "/audit", "/api/v1/today", "/api/v1/audit"])
@pytest.mark.parametrize("role", [Role.VISITOR, Role.BUYER, Role.EXHIBITOR_ADMIN, Role.OFFICIAL])
def test_only_the_organiser_reads_either(fair_app: Flask, fair_database: Database, role: Role, address: str) -> None:
    headers = {} if role is Role.VISITOR else bearer_of(fair_database, role)

    answer = fair_app.test_client().get(address, headers=headers)

    assert answer.status_code == (401 if role is Role.VISITOR else 403)
