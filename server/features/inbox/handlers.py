"""The channels: what becomes of a notice. Each is a handler of its own, so that one that fails holds up no other."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session

from server.features.inbox.events import NoticeGiven
from server.features.inbox.service import in_words, keep
from server.infra.i18n import FALLBACK_LANGUAGE, Catalogues
from server.infra.mail import Mail, post
from server.infra.outbox import Handler
from server.kernel.languages import best_language
from server.settings import MailAddress, Settings


@dataclass(frozen=True)
class NoticeMailer:
    """Writes notices as mails in the name of one installation; without its `public_url` they carry no link."""

    sender: MailAddress
    public_url: str
    catalogues: Catalogues

    @classmethod
    def of(cls, settings: Settings) -> "NoticeMailer":
        """The mailer of an installation with these settings."""
        return cls(settings.mail_from, settings.public_url, Catalogues(strict=settings.strict_translations))

    def post(self, session: Session, notice: NoticeGiven) -> None:
        """Post a notice to its person's address, if there is one; a second time it changes nothing."""
        if notice.to.address and notice.by_mail:
            post(session, self._mail(notice, notice.to.address))

    def _mail(self, notice: NoticeGiven, address: str) -> Mail:
        language = best_language([notice.to.language], self.catalogues.languages) or FALLBACK_LANGUAGE
        told = in_words(self.catalogues, notice, language)
        link = f"{self.public_url}{notice.link}" if self.public_url and notice.link else ""
        return Mail(
            message_id=f"{_digest(notice.name)}.notice@{self.sender.domain}",
            about=notice.about,
            thread=f"{notice.about}/{_digest(address.strip().lower())[:12]}",
            to_name=notice.to.name,
            to_address=address,
            subject=told.subject,
            text=self._text(notice.to.name, told.sentence, "\n".join(told.lines), link, language=language),
            language=language,
        )

    def _text(self, name: str, *paragraphs: str, language: str) -> str:
        *said, link = paragraphs
        hello = self.catalogues.sentence(language, "invite-hello", {"name": name})
        way = self.catalogues.sentence(language, "notice-link", {"link": link}) if link else ""
        return "\n\n".join(part for part in (hello, *said, way) if part) + "\n"


def handlers_of(settings: Settings) -> tuple[Handler, ...]:
    """The channels of an installation with these settings."""
    return (
        Handler("inbox", NoticeGiven, keep),
        Handler("mail-notices", NoticeGiven, NoticeMailer.of(settings).post),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
