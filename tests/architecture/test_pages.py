"""One way to stay fresh: no page loads itself anew or asks by a clock, and each ban finds its planted sinner."""

import re

import pytest

from server.kernel.robot_states import STATES
from tests.architecture import pages
from tests.architecture.source import ROOT

SINNERS = [
    ("server/features/screens/static/zone.js", "if (changed) location.reload();", "loads the whole page anew"),
    ("server/features/screens/static/zone.js", "location.href = location.href;", "loads the whole page anew"),
    ("server/templates/base.html", '<meta http-equiv="refresh" content="60">', "loads the whole page anew"),
    ("server/features/screens/static/wall.js", "setInterval(refresh, 60_000);", "runs by a clock"),
    ("server/templates/x.html", '<div hx-get="/x" hx-trigger="load, every 5s">', "asks for a part by a clock"),
    ("server/templates/x.html", "<div hx-get='/x'\n hx-trigger='news,\n every 1m'>", "asks for a part by a clock"),
]
INNOCENTS = [
    ("server/features/screens/static/zone.js", "const url = new URL(location.href);"),
    ("server/templates/x.html", '<div hx-get="/x" hx-trigger="load, news"><p>every day</p></div>'),
    ("server/static/js/live.js", "if (answer?.ok) location.reload();"),
]


def test_pages_stay_fresh_by_the_feed_alone() -> None:
    assert [sentence for name, text in pages.page_files(ROOT) for sentence in pages.stale_ways(name, text)] == []


@pytest.mark.parametrize(("name", "text", "finding"), SINNERS)
def test_a_planted_page_that_asks_by_a_clock_is_found(name: str, text: str, finding: str) -> None:
    (found,) = pages.stale_ways(name, text)

    assert found.startswith(f"{name}:")
    assert found.endswith(finding)


@pytest.mark.parametrize(("name", "text"), INNOCENTS)
def test_what_only_looks_like_it_is_left_alone(name: str, text: str) -> None:
    assert list(pages.stale_ways(name, text)) == []


def test_templates_and_scripts_keep_to_their_columns() -> None:
    assert [sentence for name, text in pages.page_files(ROOT) for sentence in pages.long_lines(name, text)] == []


def test_a_planted_wide_line_is_found() -> None:
    found = list(pages.long_lines("server/templates/x.html", f"<p>\n{'x' * 121}"))

    assert found == ["server/templates/x.html:2: 121 columns"]


def test_buttons_and_badges_look_as_one_stylesheet_says() -> None:
    assert [sentence for name, text in pages.page_files(ROOT) for sentence in pages.scattered_buttons(name, text)] == []


def test_a_planted_second_button_is_found_and_one_that_is_only_placed_is_not() -> None:
    planted = ".acts .btn { width: 100%; }\n.btn-danger { color: red; }\n.tag.striped:hover, .x { border: 0; }"

    found = list(pages.scattered_buttons("server/static/css/desk.css", planted))

    assert [sentence.split(" ")[1] for sentence in found] == [".btn-danger", ".tag.striped:hover"]


def test_every_state_of_a_robot_has_a_colour_and_a_shape() -> None:
    tokens = (ROOT / "server/static/css/tokens.css").read_text(encoding="utf-8")
    shapes = (ROOT / "server/templates/_shapes.html").read_text(encoding="utf-8")
    of_the_feed = {"loading", "connected", "offline"}

    assert pages.coloured_states(tokens) == {*STATES, *of_the_feed}
    assert set(re.findall(r'id="shape-(\w+)"', shapes)) == {*STATES, *of_the_feed, "simulated"}


def test_every_exception_is_still_needed() -> None:
    texts = dict(pages.page_files(ROOT))

    idle = [(name, finding) for name, finding in pages.ALLOWED if not pages.FINDINGS[finding].search(texts[name])]

    assert idle == []
