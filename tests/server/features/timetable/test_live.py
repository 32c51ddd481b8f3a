"""The timetable on the live feed: what a screen starts from, who hears of which change, and how fast."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.features import load_features
from server.features.timetable.live import DEMOS
from server.infra.db import Database
from server.infra.identity import Audience
from server.infra.livetopic import LiveScope
from tests.server.features.timetable.demos import BOOTH, at, typed
from tests.support.site import running_site


def snapshot(database: Database, kind: str, value: str = "1") -> list[dict[str, Any]]:
    with database.read() as session:
        return DEMOS.snapshot(session, LiveScope(kind, value))


def test_a_booths_screen_starts_from_the_demos_to_come_of_whoever_has_it(fair_database: Database) -> None:
    found = snapshot(fair_database, "booth", BOOTH)

    assert [one["demo"] for one in found] == ["d3-05", "d3-06", "d4-14", "d4-37", "d5-26"]
    assert found[0] == {
        "demo": "d3-05",
        "act": "planned",
        "version": 1,
        "exhibitor": "nanling",
        "booths": [BOOTH],
        "robot": "nanling/walker-7",
        "en": "Soup up a ramp",
        "zh": "端汤上坡",
        "place_en": "Stage 2",
        "place_zh": "二号演示台",
        "starts_at": "2026-04-17T01:50:00+00:00",
        "ends_at": "2026-04-17T02:10:00+00:00",
    }


def test_the_overview_starts_from_the_next_thirty_and_a_robots_page_from_its_own(fair_database: Database) -> None:
    zone = [one["demo"] for one in snapshot(fair_database, "zone")]

    assert (len(zone), zone[:8]) == (30, [f"d2-{number}" for number in range(21, 29)])
    assert [one["demo"] for one in snapshot(fair_database, "robot", "nanling/edu-2")] == ["d3-06"]
    assert snapshot(fair_database, "timetable") == []


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("zone", "1", True),
        ("timetable", "1", True),
        ("booth", BOOTH, True),
        ("booth", "D19.2A04", False),
        ("robot", "nanling/walker-7", True),
        ("robot", "nanling/walker-8", False),
    ],
)
def test_a_change_is_heard_where_it_matters(fair_database: Database, kind: str, value: str, *, expected: bool) -> None:
    change = snapshot(fair_database, "booth", BOOTH)[0]

    assert DEMOS.matches(change, LiveScope(kind, value)) is expected
    assert DEMOS.redact(change, Audience()) == change


def test_a_screen_hears_of_a_planned_a_moved_and_a_cancelled_demo(app: Flask, organiser: FlaskClient) -> None:
    topics = [topic for feature in load_features() for topic in feature.live_topics]
    with running_site(app, topics) as site:
        screen, page = site.listen(f"booth={BOOTH}"), site.listen("timetable=1")
        first = screen.next("snapshot").data
        page.next("snapshot")
        code = organiser.post("/api/v1/demos", json=typed()).get_json()["code"]
        planned = screen.next("timetable").data
        organiser.patch(f"/api/v1/demos/{code}", json={"starts_at": at(330).isoformat()}, headers={"If-Match": '"1"'})
        moved = screen.next("timetable").data
        organiser.delete(f"/api/v1/demos/{code}", headers={"If-Match": '"2"'})
        gone = screen.next("timetable").data
        heard = [page.next("timetable").data for _ in range(3)]

    assert code not in [demo["demo"] for demo in first["demos"]]
    assert [(one["act"], one["demo"], one["starts_at"]) for one in (planned, moved, gone)] == [
        ("planned", code, at(300).isoformat()),
        ("changed", code, at(330).isoformat()),
        ("cancelled", code, at(330).isoformat()),
    ]
    assert heard == [planned, moved, gone]
