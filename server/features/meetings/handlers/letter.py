"""The words of an invite: what one person reads about a meeting, in their language and with both times."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from server.features.meetings.events import InviteAttendee, InviteIssued
from server.infra.i18n import Catalogues, fair_span, own_span
from server.kernel.languages import named_in


class News(StrEnum):
    """What has become of the meeting, for this reader."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    UNINVITED = "uninvited"
    READDRESSED = "readdressed"


class LetterWords(TypedDict):
    """What a mail says."""

    subject: str
    text: str


_SUBJECTS = {
    News.NEW: "invite-subject-new",
    News.CHANGED: "invite-subject-changed",
    News.CANCELLED: "invite-subject-cancelled",
    News.UNINVITED: "invite-subject-uninvited",
    News.READDRESSED: "invite-subject-readdressed",
}
_LEADS = {
    News.NEW: "invite-lead-new",
    News.CHANGED: "invite-lead-changed",
    News.CANCELLED: "invite-lead-cancelled",
    News.UNINVITED: "invite-lead-uninvited",
    News.READDRESSED: "invite-lead-readdressed",
}
_ON = frozenset({News.NEW, News.CHANGED})
_APART = frozenset({News.UNINVITED, News.READDRESSED})
"""News to somebody who no longer comes, or not under this address."""


@dataclass(frozen=True)
class Letter:
    """One event told to one person; `link` leads to the meeting's page, or is empty."""

    event: InviteIssued
    person: InviteAttendee
    news: News
    language: str
    link: str

    @property
    def summary(self) -> str:
        """What the meeting is called, in the reader's language."""
        return named_in(self.language, self.event.summary_en, self.event.summary_zh)

    @property
    def location(self) -> str:
        """Where it is, in the reader's language."""
        return named_in(self.language, self.event.location_en, self.event.location_zh)

    @property
    def visible(self) -> tuple[InviteAttendee, ...]:
        """Whom the reader's calendar names: the reader, and who shares the address; of who is uninvited nobody else."""
        if self.news in _APART:
            return (self.person,)
        others = (one for one in self.event.attendees if one.shared and one.address and not self._is_reader(one))
        return (self.person, *others)

    def description(self, catalogues: Catalogues) -> str:
        """What the calendar says beside title, time and place."""
        return "\n".join([*self.details(catalogues), self.link]).strip()

    def ended(self, catalogues: Catalogues) -> str:
        """Who called it off, and why; empty for what is still on."""
        return "\n".join(self._end(catalogues))

    def _end(self, catalogues: Catalogues) -> Iterator[str]:
        if self.news is not News.CANCELLED:
            return
        who = named_in(self.language, self.event.who_en, self.event.who_zh)
        if who:
            yield catalogues.sentence(self.language, "invite-cancelled-by", {"who": who})
        if self.event.reason:
            yield catalogues.sentence(self.language, "invite-reason", {"reason": self.event.reason})

    def details(self, catalogues: Catalogues) -> Iterator[str]:
        """Who called it off and why, whom the reader meets, and what it is about; a line each."""
        yield from self._end(catalogues)
        if self.news is News.READDRESSED:
            return  # whoever reads at the old address may be somebody else
        others = [
            named_in(self.language, one.name, one.name_zh) for one in self.event.attendees if not self._is_reader(one)
        ]
        if others:
            separator = "、" if self.language.startswith("zh") else ", "
            yield catalogues.sentence(self.language, "invite-with", {"names": separator.join(others)})
        if self.event.description:
            yield catalogues.sentence(self.language, "invite-about", {"topic": self.event.description})

    def _is_reader(self, one: InviteAttendee) -> bool:
        return (one.address or "").lower() == (self.person.address or "").lower()


def written(letter: Letter, catalogues: Catalogues) -> LetterWords:
    """Subject and text of the mail."""
    when = fair_span(letter.event.starts_at, letter.event.ends_at, letter.language)
    subject = catalogues.sentence(letter.language, _SUBJECTS[letter.news], {"what": letter.summary, "when": when})
    paragraphs = ["\n".join(paragraph) for paragraph in _paragraphs(letter, catalogues, when)]
    return LetterWords(subject=subject, text="\n\n".join(paragraphs) + "\n")


def _paragraphs(letter: Letter, catalogues: Catalogues, when: str) -> Iterator[list[str]]:
    def say(key: str, **values: str) -> str:
        return catalogues.sentence(letter.language, key, values)

    event = letter.event
    own = own_span(event.starts_at, event.ends_at, letter.person.time_zone, letter.language)
    yield [say("invite-hello", name=named_in(letter.language, letter.person.name, letter.person.name_zh))]
    yield [say(_LEADS[letter.news])]
    yield [
        letter.summary,
        say("invite-when", when=when),
        *([say("invite-own-time", when=own)] if own else []),
        say("invite-where", where=letter.location),
        *letter.details(catalogues),
    ]
    if letter.news in _ON:
        yield [say("invite-calendar")]
    if letter.link and letter.news is not News.READDRESSED:
        yield [say("invite-link", link=letter.link)]
