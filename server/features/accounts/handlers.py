"""What follows when somebody has asked for a new password: a mail to the address of the account, if there is one."""

from dataclasses import dataclass

from sqlmodel import Session

from server.features.accounts.events import PasswordResetAsked
from server.features.accounts.schemas import MailRecipient
from server.features.accounts.service.resets import BY_MAIL, addressees, issue_reset
from server.infra.db import clock_of
from server.infra.i18n import FALLBACK_LANGUAGE, Catalogues
from server.infra.mail import Mail, post
from server.infra.outbox import Handler
from server.kernel.ids import token_digest
from server.kernel.languages import best_language
from server.settings import MailAddress, Settings


@dataclass(frozen=True)
class ResetMailer:
    """Writes to people how to set a new password, in the name of one installation."""

    sender: MailAddress
    site: str
    catalogues: Catalogues

    @classmethod
    def of(cls, settings: Settings) -> "ResetMailer":
        """The mailer of an installation with these settings."""
        site = settings.public_url or f"http://{settings.host}:{settings.port}"
        return cls(settings.mail_from, site, Catalogues(strict=settings.strict_translations))

    def write(self, session: Session, asked: PasswordResetAsked) -> None:
        """Post a link to every account that is meant, each to its own address; to none, nothing."""
        now = clock_of(session).now()
        for person in addressees(session, asked.name):
            secret = issue_reset(session, person.account_id, now, BY_MAIL)
            post(session, self._mail(person, secret))

    def _mail(self, person: MailRecipient, secret: str) -> Mail:
        language = best_language([person.locale or ""], self.catalogues.languages) or FALLBACK_LANGUAGE
        values: dict[str, str | int | float] = {
            "name": person.display_name,
            "username": person.username,
            "link": f"{self.site}/reset/{secret}",
            "minutes": int(BY_MAIL.total_seconds() // 60),
        }
        said = [self.catalogues.sentence(language, key, values) for key in _PARAGRAPHS]
        return Mail(
            message_id=f"{token_digest(secret)[:40]}.reset@{self.sender.domain}",
            about=f"account:{person.account_id}",
            thread=f"reset/{person.account_id}",
            to_name=person.display_name,
            to_address=person.email,
            subject=self.catalogues.sentence(language, "reset-mail-subject", {}),
            text="\n\n".join(said) + "\n",
            language=language,
        )


_PARAGRAPHS = ("reset-mail-hello", "reset-mail-sentence", "reset-mail-link", "reset-mail-otherwise")


def handlers_of(settings: Settings) -> tuple[Handler, ...]:
    """What an installation with these settings does."""
    return (Handler("password-resets", PasswordResetAsked, ResetMailer.of(settings).write),)
