"""One way to stay fresh: no page loads itself anew or asks by a clock, and each ban finds its planted sinner."""

import pytest

from tests.architecture import pages
from tests.architecture.source import ROOT

SINNERS = [
    ("server/static/js/zone.js", "if (changed) location.reload();", "loads the whole page anew"),
    ("server/static/js/zone.js", "location.href = location.href;", "loads the whole page anew"),
    ("server/templates/base.html", '<meta http-equiv="refresh" content="60">', "loads the whole page anew"),
    ("server/static/js/wall.js", "setInterval(refresh, 60_000);", "runs by a clock"),
    ("server/templates/x.html", '<div hx-get="/x" hx-trigger="load, every 5s">', "asks for a part by a clock"),
    ("server/templates/x.html", "<div hx-get='/x'\n hx-trigger='news,\n every 1m'>", "asks for a part by a clock"),
]
INNOCENTS = [
    ("server/static/js/zone.js", "const url = new URL(location.href);"),
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


def test_every_exception_is_still_needed() -> None:
    texts = dict(pages.page_files(ROOT))

    idle = [(name, finding) for name, finding in pages.ALLOWED if not pages.FINDINGS[finding].search(texts[name])]

    assert idle == []
