"""What has happened to a meeting, in words: the audit log without the numbers of rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from server.features.meetings.rules import Act
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.views.clock import ReaderClock
from server.infra.audit import AuditFilter, Difference, list_entries
from server.infra.web.language import language, t

_ACTS = frozenset(Act)


@dataclass(frozen=True)
class FieldChange:
    """One thing that changed: its name and both values, in words; `old` is empty where only the new one counts."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryEvent:
    """One line of the history."""

    at: datetime
    who: str
    what: str
    changes: tuple[FieldChange, ...]


def history_of(session: Session, meeting: MeetingOut, clock: ReaderClock) -> list[HistoryEvent]:
    """All that happened to a meeting, the oldest first; its people are called as the page calls them."""
    entries = reversed(list_entries(session, AuditFilter(thing="meeting", key=meeting.uid), limit=100))
    called = _called(meeting)
    return [
        HistoryEvent(
            entry.at,
            called.get(entry.who, entry.who),
            t(f"meeting-history-{act}"),
            tuple(in_words(entry.differences, clock, but="state")),
        )
        for entry in entries
        if (act := entry.action.removeprefix("meeting.").replace("-", "_")) in _ACTS
    ]


def _called(meeting: MeetingOut) -> dict[str | None, str]:
    """The Chinese names by those that the log has, for a Chinese page."""
    pairs = (
        (meeting.exhibitor_en, meeting.exhibitor_zh),
        (meeting.buyer_name, meeting.buyer_zh),
        (meeting.staff_name, meeting.staff_zh),
    )
    return {name: chinese for name, chinese in pairs if chinese} if language().startswith("zh") else {}


def in_words(differences: Iterable[Difference], clock: ReaderClock, but: str = "") -> Iterator[FieldChange]:
    """The changes that mean something to people: state, times, words and reasons; `but` is a field left out."""
    for one in differences:
        if one.field in _WORDS and one.field != but and (one.old or one.new):
            name, say = _WORDS[one.field]
            yield FieldChange(t(name), say(one.old, clock), say(one.new, clock))


def _moment(value: Any, clock: ReaderClock) -> str:
    return clock.day_and_hour(datetime.fromisoformat(value)) if value else ""


def _state(value: Any, _clock: ReaderClock) -> str:
    return t(f"meeting-state-{value}") if value else ""


def _reason(value: Any, _clock: ReaderClock) -> str:
    return t(f"meeting-reason-{value}") if value else ""


def _text(value: Any, _clock: ReaderClock) -> str:
    return str(value or "")


_WORDS: Mapping[str, tuple[str, Callable[[Any, ReaderClock], str]]] = {
    "state": ("meeting-field-state", _state),
    "starts_at": ("meeting-field-start", _moment),
    "ends_at": ("meeting-field-end", _moment),
    "proposed_starts_at": ("meeting-field-proposal", _moment),
    "topic": ("meeting-field-topic", _text),
    "reason": ("meeting-field-why", _reason),
    "reason_text": ("meeting-field-reason", _text),
}
"""The fields of the log that people read, each with its name and how its values are said."""
