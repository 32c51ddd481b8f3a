"""Invites: a meeting that was agreed, moved or called off becomes a mail to everybody concerned who has an address.

Who is told what follows from what each was told last: only somebody who has been invited can be uninvited, so that no
cancellation ever comes before its invitation.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from server.features.meetings.events import InviteAttendee, InviteIssued, InviteMethod
from server.features.meetings.handlers.letter import Letter, News, written
from server.infra.formats import ics
from server.infra.i18n import FALLBACK_LANGUAGE, Catalogues
from server.infra.mail import MAX_NAME_CHARS, Mail, MailMessage, last_mails, post
from server.kernel.languages import best_language
from server.kernel.text import one_line
from server.settings import MailAddress, Settings

_METHODS = {
    News.NEW: ("REQUEST", ics.request),
    News.CHANGED: ("REQUEST", ics.request),
    News.CANCELLED: ("CANCEL", ics.cancel),
    News.UNINVITED: ("CANCEL", ics.uninvite),
    News.READDRESSED: ("CANCEL", ics.uninvite),
}


@dataclass(frozen=True)
class InviteMailer:
    """Writes the mails in the name of one installation; `public_url` may be empty, then they carry no link."""

    sender: MailAddress
    public_url: str
    catalogues: Catalogues

    @classmethod
    def of(cls, settings: Settings) -> "InviteMailer":
        """The mailer of an installation with these settings."""
        return cls(settings.mail_from, settings.public_url, Catalogues(strict=settings.strict_translations))

    def issue(self, session: Session, event: InviteIssued) -> None:
        """Post a mail to everybody whom the event concerns; a second time it changes nothing."""
        told = {_key(mail.to_address): mail for mail in last_mails(session, event.uid)}
        for person, news in _audience(event, told):
            post(session, self._mail(event, person, news))

    def _mail(self, event: InviteIssued, person: InviteAttendee, news: News) -> Mail:
        language = best_language([person.language], self.catalogues.languages) or FALLBACK_LANGUAGE
        link = f"{self.public_url}/meetings/{event.uid}" if self.public_url else ""
        letter = Letter(event, person, news, language, link)
        method, compose = _METHODS[news]
        address = str(person.address)
        digest = hashlib.sha256(_key(address).encode()).hexdigest()[:12]
        return Mail(
            message_id=f"{event.uid}.{event.sequence}.{method.lower()}.{digest}@{self.sender.domain}",
            about=event.uid,
            thread=f"{event.uid}/{digest}",
            person=person.key,
            to_name=person.name,
            to_address=address,
            language=language,
            calendar=compose(_calendar_event(letter, self.catalogues, self.sender)),
            method=method,
            **written(letter, self.catalogues),
        )


def _audience(event: InviteIssued, told: dict[str, MailMessage]) -> Iterator[tuple[InviteAttendee, News]]:
    """Who is told what, each address once.

    Who has taken back the address, or the consent to be mailed, is told nothing: a cancellation would be a mail that
    they no longer agree to, and would take a meeting out of their calendar that takes place. Who is written to under
    another address than before is invited there, and the old address, which may be a stranger's, keeps no stale time.
    """
    coming = {_key(person.address): person for person in event.attendees if person.address}
    silent = [person for person in event.attendees if not person.address]
    invited = {
        key: mail
        for key, mail in told.items()
        if mail.method == InviteMethod.REQUEST and (key in coming or not any(_is(mail, one) for one in silent))
    }
    if event.method is InviteMethod.CANCEL:
        yield from ((coming.get(key) or _known(mail), News.CANCELLED) for key, mail in invited.items())
        return
    yield from (
        (person, News.CHANGED if key in invited else News.NEW)
        for key, person in coming.items()
        if event.only in {"", person.key}
    )
    for mail in (mail for key, mail in invited.items() if key not in coming):
        here_still = any(_is(mail, person) for person in event.attendees)
        if event.only in {"", mail.person}:
            yield _known(mail), News.READDRESSED if here_still else News.UNINVITED


def _is(mail: MailMessage, person: InviteAttendee) -> bool:
    """Whether a mail went to this person, by what they are called in mails that do not say who it was."""
    if mail.person and person.key:
        return mail.person == person.key
    return mail.to_name == one_line(person.name)[:MAX_NAME_CHARS]


def _known(mail: MailMessage) -> InviteAttendee:
    """Somebody of whom only the earlier invitation still knows."""
    return InviteAttendee(name=mail.to_name, side="", key=mail.person, address=mail.to_address, language=mail.language)


def _key(address: str) -> str:
    return address.strip().lower()


def _calendar_event(letter: Letter, catalogues: Catalogues, sender: MailAddress) -> ics.CalendarEvent:
    event = letter.event
    return ics.CalendarEvent(
        uid=event.uid,
        sequence=event.sequence,
        issued_at=event.issued_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        summary=letter.summary,
        location=letter.location,
        description=letter.description(catalogues),
        comment=letter.ended(catalogues),
        organiser=ics.CalendarPerson(sender.name, sender.address),
        attendees=tuple(ics.CalendarPerson(person.name, person.address or "") for person in letter.visible),
        url=letter.link,
    )
