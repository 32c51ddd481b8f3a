"""Pages as a person meets them in these tests: their words, their forms and buttons, and the browser of somebody."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.infra.identity import Identity
from tests.support.people import enter

_VOID = frozenset({"input", "meta", "link", "br", "img", "use", "path", "circle", "rect"})


@dataclass
class Form:
    """A form of a page: where it goes, what it carries, and the (name, value) of its buttons with their words."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A page: `text` is what is read, in one line."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.forms: list[Form] = []
        self._words: list[str] = []
        self._quiet = 0
        self._button: tuple[str, str, int] | None = None
        self._area = ""
        self.html = response.get_data(as_text=True)
        self.feed(self.html)
        self.text = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, what is in their fields, and their buttons."""
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(named.get("action", "")))
        elif tag == "input" and self.forms:
            self.forms[-1].fields[named.get("name", "")] = named.get("value", "")
        elif tag == "option" and "selected" in named and self._area:
            self.forms[-1].fields[self._area] = named["value"]
        elif tag == "button":
            self._button = (named.get("name", ""), named.get("value", ""), len(self._words))
        self._area = named.get("name", "") if tag in {"textarea", "select"} else self._area
        self._quiet += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        """Close what was noted."""
        if tag == "button" and self._button and self.forms:
            name, value, first = self._button
            self.forms[-1].buttons.append((name, value, " ".join(" ".join(self._words[first:]).split())))
        self._area = "" if tag in {"textarea", "select"} else self._area
        self._quiet -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        """Keep what is read, and what stands in an area."""
        if self._quiet:
            return
        if self._area and self.lasttag == "textarea":
            self.forms[-1].fields[self._area] = data
        self._words.append(data)

    def form(self, action: str) -> Form:
        """The form that goes to an address. Raises `AssertionError` when the page has none."""
        for found in self.forms:
            if found.action == action:
                return found
        raise AssertionError(f"no form goes to {action}; there are {[form.action for form in self.forms]}")

    def actions(self, start: str = "/meetings/") -> list[str]:
        """Where the page's forms below `start` go, by the last part."""
        return [form.action.rsplit("/", 1)[-1] for form in self.forms if form.action.startswith(start)]

    def times(self, action: str) -> list[str]:
        """The words of the buttons of times in a form."""
        return [words for name, _, words in self.form(action).buttons if name == "starts_at"]


class Reader:
    """Somebody's browser."""

    def __init__(self, app: Flask, who: Identity) -> None:
        self.client: FlaskClient = app.test_client()
        enter(self.client, who.account_id)

    def see(self, address: str, **headers: str) -> Page:
        """A page, in English unless the address says otherwise."""
        mark = "&" if "?" in address else "?"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Page(self.client.get(address if "lang=" in address else f"{address}{mark}lang=en", headers=named))

    def press(self, page: Page, action: str, **typed: str) -> Page:
        """Send a form of a page, and read where it leads."""
        return Page(self.send(page, action, follow_redirects=True, **typed))

    def send(self, page: Page, action: str, *, follow_redirects: bool = False, **typed: str) -> TestResponse:
        """Send a form of a page; the bare answer."""
        self.client.set_cookie("fairzone_language", "en")
        fields = {**page.form(action).fields, **typed}
        return self.client.post(action, data=fields, follow_redirects=follow_redirects)


def uid_in(page: Page) -> str:
    """The uid of the first meeting that a page names."""
    found = re.search(r"\"/meetings/([0-9a-zA-Z-]{8,40})", page.html)
    if found is None:
        raise AssertionError("the page names no meeting")
    return found.group(1)
