"""The real browser, and the ear that hears what a page would keep to itself."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.axe import violations
from tests.support.chromium import Pages
from tests.support.ports import LOOPBACK

pytestmark = pytest.mark.browser

FINE = b"<!doctype html><html lang=en><title>Zone</title><main><h1>Zone</h1></main></html>"
THROWS = b"<!doctype html><html lang=en><title>Zone</title><script>throw new Error('no plan')</script></html>"
CALLS = b"<!doctype html><html lang=en><title>Zone</title><img src='http://192.0.2.1/x.png' alt=''></html>"
BARE = b"<!doctype html><html><img src='data:,'></html>"
ANSWERS = {"/fine": FINE, "/throws": THROWS, "/calls": CALLS, "/bare": BARE, "/favicon.ico": b""}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with the pages above."""

    def do_GET(self) -> None:
        """Send the page of that path."""
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(ANSWERS[self.path])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Keep quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a small site on loopback."""
    with http.server.ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_port}"
        server.shutdown()


def test_a_page_opens_at_the_size_of_a_panel(pages: Pages, site: str) -> None:
    page = pages.open(f"{site}/fine", width=1920, height=1080)

    assert page.title() == "Zone"
    assert page.evaluate("[innerWidth, innerHeight]") == [1920, 1080]


def test_a_page_without_a_fault_passes_the_accessibility_check(pages: Pages, site: str) -> None:
    assert violations(pages.open(f"{site}/fine")) == []


def test_the_accessibility_check_names_what_is_wrong(pages: Pages, site: str) -> None:
    found = violations(pages.open(f"{site}/bare"))

    assert any("html-has-lang" in sentence for sentence in found)
    assert any("image-alt" in sentence for sentence in found)


@pytest.mark.parametrize(("path", "fault"), [("/throws", "no plan"), ("/calls", "asked another host")])
def test_what_a_page_keeps_to_itself_is_heard(chromium: Browser, site: str, path: str, fault: str) -> None:
    opened = Pages(chromium)

    opened.open(f"{site}{path}")

    assert any(fault in heard for heard in opened.faults)
    opened.close()
