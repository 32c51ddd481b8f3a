"""The navigation of every page, put together from what the features declare: places, phone bar, header, next steps.

Templates get `places()`, `phone_bar()`, `header_parts` and `next_step()`.
"""

from collections.abc import Iterable, Iterator, Mapping

from flask import Flask

from server.infra.feature import Feature, NavEntry
from server.infra.web.context import identity

READERS = {"organiser": "dashboard.view", "crew": "desk.view", "buyer": "match.view"}
"""Who a page is for, by what that reader alone may do; anybody else is an official or a visitor."""


def install(app: Flask, features: Iterable[Feature], own: Iterable[NavEntry]) -> None:
    """Give the templates of `app` the places of its features and the frame's `own`, in their order."""
    chosen = tuple(features)
    all_places = sorted((*own, *(one for feature in chosen for one in feature.places)), key=lambda one: one.rank)
    steps: Mapping[str, str] = {who: step for feature in chosen for who, step in feature.next_steps.items()}
    app.jinja_env.globals.update(
        places=lambda: [(one, stands_first(one)) for one in all_places if one.keys and identity().may(one.action)],
        phone_bar=lambda: list(_phone_bar(all_places)),
        header_parts=[feature.header for feature in chosen if feature.header],
        next_step=lambda: steps.get(reader(), "/"),
        reader=reader,
    )


def reader() -> str:
    """Who the page is for: `organiser`, `crew`, `buyer`, `official` or `visitor`."""
    found = next((who for who, action in READERS.items() if identity().may(action)), "")
    return found or ("official" if identity().account_id else "visitor")


def stands_first(place: NavEntry) -> bool:
    """Whether the place stands in the bar itself for who asks; the others stand behind "more"."""
    return place.first and not (place.unless and identity().may(place.unless))


def _phone_bar(places: Iterable[NavEntry]) -> Iterator[NavEntry]:
    who = reader()
    shown = {one.phone[who]: one for one in places if who in one.phone}
    return (shown[position] for position in sorted(shown))
