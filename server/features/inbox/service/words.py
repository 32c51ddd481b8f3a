"""A notice in words: the same for the inbox, the mail and every channel to come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.features.inbox.events import Fact, MomentFact, NameFact, NoticeGiven, PhraseFact, SpanFact
from server.features.inbox.models import Notice
from server.features.inbox.schemas import NoticeOut
from server.infra.i18n import Catalogues, fair_datetime, fair_span, own_span
from server.kernel.clock import FAIR_ZONE
from server.kernel.languages import named_in


@dataclass(frozen=True)
class NoticeText:
    """What a person reads: a heading, a sentence, and a line for each detail."""

    subject: str
    sentence: str
    lines: Sequence[str]


def in_words(catalogues: Catalogues, notice: NoticeGiven, language: str) -> NoticeText:
    """A notice in a language that has a catalogue, with the times of the zone in which its reader lives."""
    values = {name: _value(catalogues, fact, language) for name, fact in notice.facts.items()}
    return NoticeText(
        subject=catalogues.sentence(language, f"{notice.kind}.subject", values),
        sentence=catalogues.sentence(language, notice.kind, values),
        lines=list(_lines(catalogues, notice, language, values)),
    )


def shown(catalogues: Catalogues, row: Notice, language: str) -> NoticeOut:
    """A notice of an inbox in a language."""
    told = in_words(catalogues, NoticeGiven.model_validate_json(row.body), language)
    return NoticeOut(
        id=row.id or 0,
        kind=row.kind,
        subject=told.subject,
        text=told.sentence,
        details=list(told.lines),
        about=row.about,
        link=row.link,
        at=row.at,
        read_at=row.read_at,
    )


def _lines(catalogues: Catalogues, notice: NoticeGiven, language: str, values: Mapping[str, str]) -> Iterator[str]:
    for name in notice.details:
        if not values.get(name):
            continue
        yield catalogues.sentence(language, f"notice-{name}", {"value": values[name]})
        own = _own(notice.facts[name], notice.to.time_zone, language)
        if own:
            yield catalogues.sentence(language, "notice-own-time", {"value": own})


def _value(catalogues: Catalogues, fact: Fact, language: str) -> str:
    """A fact as a sentence names it; times are fair time, with its zone."""
    if isinstance(fact, NameFact):
        return named_in(language, fact.en, fact.zh)
    if isinstance(fact, SpanFact):
        return fair_span(fact.starts_at, fact.ends_at, language)
    if isinstance(fact, MomentFact):
        return fair_datetime(fact.at, language)
    return catalogues.sentence(language, fact.key, {}) if isinstance(fact, PhraseFact) else fact


def _own(fact: Fact, zone: str, language: str) -> str:
    """A time where the reader lives; empty where that is fair time, and for what is no time."""
    if isinstance(fact, SpanFact):
        return own_span(fact.starts_at, fact.ends_at, zone, language)
    return _own_moment(fact.at, zone, language) if isinstance(fact, MomentFact) else ""


def _own_moment(moment: datetime, zone: str, language: str) -> str:
    span = own_span(moment, moment, zone, language)
    if not span:
        return ""
    # From 04:00 to 04:00: the second hour says nothing that the first does not.
    hour = f"{moment.astimezone(_zone(zone)):%H:%M}"
    return span.replace(f"{hour}–{hour}", hour, 1)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return FAIR_ZONE
