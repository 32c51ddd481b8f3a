"""The languages: sentences from Fluent catalogues, the choice among them, and fair time, numbers and dates as printed.

Each feature keeps its sentences in its own `translations/<language>.ftl`, the frame around them in
`server/translations`; a language is a file beside each of these, so adding one is adding data. Nothing here knows of
requests; `server.infra.web.language` brings the two together.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast

from server.infra.zones import find_zone, in_zone
from server.kernel.clock import FAIR_ZONE
from server.kernel.languages import CHINESE, ENGLISH
from server.kernel.text import isolated

log = logging.getLogger(__name__)

DEFAULT_LANGUAGE = CHINESE
FALLBACK_LANGUAGE = ENGLISH
SERVER = Path(__file__).parents[1]
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

Value = str | int | float
MOST_CHARS = 300
"""So much of a value stands in a sentence."""


class MissingTranslationError(LookupError):
    """A sentence, or a value in it, that a catalogue does not have. Raised in strict mode only."""


class Catalogues:
    """All sentences in all languages, read once."""

    def __init__(self, server: Path = SERVER, *, strict: bool) -> None:
        self._strict = strict
        self._bundles = {tag: _bundle(tag, files) for tag, files in catalogue_files(server).items()}
        if FALLBACK_LANGUAGE not in self._bundles:
            raise FileNotFoundError(f"There are no sentences in {FALLBACK_LANGUAGE} below {server}")

    @property
    def languages(self) -> tuple[str, ...]:
        """The language tags that have a catalogue, the default one first."""
        return tuple(sorted(self._bundles, key=lambda tag: (tag != DEFAULT_LANGUAGE, tag)))

    def has(self, language: str, key: str) -> bool:
        """Whether `language` has the sentence `key` (`id`, or `id.attribute`)."""
        message_id, _, attribute = key.partition(".")
        bundle = self._bundles[language]
        if not bundle.has_message(message_id):
            return False
        message = bundle.get_message(message_id)
        return attribute in message.attributes if attribute else message.value is not None

    def sentence(self, language: str, key: str, args: Mapping[str, Value]) -> str:
        """The sentence `key` in `language`, filled in; without one, English.

        Raises `MissingTranslationError` in strict mode; otherwise a line in the log tells of it.
        """
        for tag in (language, FALLBACK_LANGUAGE):
            if self.has(tag, key):
                return self._format(tag, key, args)
            self._complain(f"{tag} has no sentence {key}")
        return key

    def _format(self, language: str, key: str, args: Mapping[str, Value]) -> str:
        message_id, _, attribute = key.partition(".")
        bundle = self._bundles[language]
        message = bundle.get_message(message_id)
        pattern: Any = message.attributes[attribute] if attribute else message.value
        text, errors = bundle.format_pattern(pattern, {name: _fitting(value, language) for name, value in args.items()})
        if errors:
            self._complain(f"{language}: {key} cannot be filled in: {errors[0]}")
        return str(text)

    def _complain(self, problem: str) -> None:
        if self._strict:
            raise MissingTranslationError(problem)
        log.warning("%s", problem)


def _fitting(value: Value, language: str) -> Value:
    """A value that a sentence has room for: more than 1,000 characters would leave the whole sentence unfilled.

    What runs from right to left keeps to itself, so that it does not turn the words around it; a day as programs write
    it (`2026-04-16`) is written as people do.
    """
    if not isinstance(value, str):
        return value
    if _PROGRAMS_DAY.fullmatch(value):
        return _peoples_day(value, language)
    return isolated(f"{value[:MOST_CHARS]}…" if len(value) > MOST_CHARS else value)


_PROGRAMS_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _peoples_day(text: str, language: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:  # a booth or a product may look like a day
        return text
    return str(format_date(day, "medium", locale=_locale(language)))


def catalogue_files(server: Path = SERVER) -> dict[str, list[Path]]:
    """The files of sentences by language tag: those of the frame, then those of the features."""
    features = sorted(server.glob("features/*/translations/*.ftl"))
    return {
        frame.stem: [frame, *(path for path in features if path.stem == frame.stem)]
        for frame in sorted(server.glob("translations/*.ftl"))
    }


def _bundle(language: str, files: Iterable[Path]) -> FluentBundle:
    # use_isolating: marks around every value would break copying; those that need them get them (`isolated`).
    bundle = FluentBundle([language], use_isolating=False)
    for path in files:
        bundle.add_resource(_parsed(path.read_text(encoding="utf-8")))
    return bundle


@cache
def _parsed(text: str) -> ast.Resource:
    """The sentences of a catalogue. Reading 2,400 of them takes half a second, so a process does it once."""
    return FluentResource(text)


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` of a page."""
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def fair_time(moment: datetime, language: str) -> str:
    """The hour in fair time, with its zone: `10:00 北京时间`, `10:00 Beijing time`."""
    there = moment.astimezone(FAIR_ZONE)
    return in_zone(f"{there:%H:%M}", there, language)


def fair_date(moment: datetime, language: str) -> str:
    """The day in fair time, with its weekday, in the reader's order."""
    return str(format_date(moment.astimezone(FAIR_ZONE).date(), "full", locale=_locale(language)))


def fair_day(moment: datetime, language: str) -> str:
    """The day in fair time, short: `Thu, Apr 16`, `4月16日周四`."""
    day = moment.astimezone(FAIR_ZONE).date()
    return str(format_skeleton("MMMEd", day, locale=_locale(language)))


def fair_datetime(moment: datetime, language: str) -> str:
    """Day and hour in fair time, with the zone."""
    day = format_date(moment.astimezone(FAIR_ZONE).date(), "medium", locale=_locale(language))
    return f"{day} {fair_time(moment, language)}"


def fair_span(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """From when to when in fair time, with day and zone: `Apr 16, 2026 10:00–10:30 Beijing time`."""
    return f"{_day_and_hour(starts_at.astimezone(FAIR_ZONE), language)}–{fair_time(ends_at, language)}"


def own_span(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    """The same in the reader's own zone, by its IANA name; empty where that is fair time, or no zone at all."""
    there = find_zone(zone)
    if there is None or there == FAIR_ZONE:
        return ""
    start, end = starts_at.astimezone(there), ends_at.astimezone(there)
    return in_zone(f"{_day_and_hour(start, language)}–{end:%H:%M}", end, language)


def _day_and_hour(moment: datetime, language: str) -> str:
    day = format_date(moment.date(), "medium", locale=_locale(language))
    return f"{day} {moment:%H:%M}"


def number(value: float, language: str, digits: int = 0) -> str:
    """A number grouped as the reader's language does, with `digits` decimals."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, format=pattern, locale=_locale(language)))


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
