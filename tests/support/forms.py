"""The forms of a page as a browser would send them: every field with what stands in it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """A form that changes something: where it goes, and what is sent if nobody types anything."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def put(self, name: str, value: str) -> None:
        """One more value of a field."""
        self.fields.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._open: PageForm | None = None
        self._select, self._area, self._text = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = PageForm(about.get("action", "")) if about.get("method") == "post" else None
            self.forms += [self._open] if self._open else []
        if self._open is None:
            return
        name = about.get("name", "")
        if tag == "input" and name and (about.get("type") not in {"checkbox", "radio"} or "checked" in about):
            self._open.put(name, about.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in about:
            self._open.put(self._select, about.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._open:
            self._open.put(self._area, self._text)
        if tag == "form":
            self._open = None


def forms_of(page: str) -> list[PageForm]:
    """The forms of a page that are posted."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
