"""Debian's Chromium, driven by Playwright: real pages, as a visitor's panel or phone shows them.

While Playwright's blocking interface is open it owns this thread's event loop, and `asyncio.run` refuses to start. So
the browser lives as long as one test module; a module that drives a page runs nothing of asyncio in its own thread.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.support.parts import find_program

# No sandbox: root has none, and neither has a container. The rest keeps Chromium from calling home at start.
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-features=MediaRouter,OptimizationHints,Translate",
    "--disable-gpu",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)
DEADLINE_MILLISECONDS = 45_000
"""For every wait in a page, assertions included: what only a hang exceeds, and still less than a test may take."""

Scheme = Literal["light", "dark"]


class PageFaultsError(Exception):
    """A page threw, broke its content security policy or asked another host for something; the message says what."""


@dataclass
class Pages:
    """Opens pages of one test and listens to each for what a person would not see: errors in the console."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(
        self,
        url: str,
        *,
        width: int = 1440,
        height: int = 900,
        locale: str = "en-GB",
        scheme: Scheme = "light",
        storage: Path | None = None,
    ) -> Page:
        """Open an address in a window of its own (own cookies) of that size in CSS pixels; wait until it is loaded."""
        page = self.blank(width=width, height=height, locale=locale, scheme=scheme, storage=storage)
        page.goto(url)
        return page

    def blank(
        self,
        *,
        width: int = 1440,
        height: int = 900,
        locale: str = "en-GB",
        scheme: Scheme = "light",
        storage: Path | None = None,
        touch: bool = False,
    ) -> Page:
        """The same window before anything is loaded; with `touch`, a phone's."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=touch,
            is_mobile=touch,
            locale=locale,
            color_scheme=scheme,
            timezone_id="Europe/Berlin",  # neither UTC nor the fair's, so that a page that forgets the zone is seen
            storage_state=storage,
        )
        self.contexts.append(context)
        context.set_default_timeout(DEADLINE_MILLISECONDS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url} threw: {error}"))
        page.on("console", self._hear)
        page.on("request", self._watch)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        # A lost connection is logged as an error by Chromium itself; that is weather, not a fault of the page.
        if message.type == "error" and not message.text.startswith("Failed to load resource: net::ERR_"):
            self.faults.append(f"{message.location.get('url', '?')} logged: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            self.faults.append(f"a page asked another host: {request.url}")

    def forgive(self, fragment: str) -> None:
        """Drop the faults that contain a fragment: a test that provokes one on purpose says which."""
        self.faults[:] = [fault for fault in self.faults if fragment not in fault]

    def close(self) -> None:
        """Close every window of the test."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def joined(page: Page) -> None:
    """Wait until the page hears the live feed: what changes from now on reaches it."""
    expect(page.locator("html[data-joined=feed]")).to_be_attached(timeout=30_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium for the tests of one module."""
    expect.set_options(timeout=DEADLINE_MILLISECONDS)
    program = find_program(["chromium", "chromium-browser", "google-chrome"], package="chromium")
    with sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, "LANG": "C.UTF-8"}
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS], env=environment)
        yield browser
        browser.close()


@pytest.fixture
def pages(chromium: Browser) -> Iterator[Pages]:
    """Opens pages; a page that throws, breaks its policy or calls another host fails the test when it ends."""
    opened = Pages(chromium)
    yield opened
    opened.close()
    if opened.faults:
        raise PageFaultsError("\n".join(opened.faults))
