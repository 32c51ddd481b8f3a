"""Handing a mail to a mail server by SMTP: the one module that speaks it. It reads and writes no database.

Nothing waits longer than `TIMEOUT_S` for one answer, and a server that shall speak TLS must show a valid certificate.
"""

import contextlib
import smtplib
import ssl
from base64 import b64encode
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import Enum, auto

from server.infra.mail import MailMessage
from server.settings import MailAddress, MailServer

TIMEOUT_S = 10.0
_PERMANENT = 500
_LOGGED_IN = 235


class DeliveryFault(Enum):
    """What a mail met: no server that would talk, one that may take it later, or one that never will."""

    UNREACHABLE = auto()
    NOT_NOW = auto()
    REFUSED = auto()


class UndeliveredError(Exception):
    """The mail server has not taken responsibility for the mail."""

    def __init__(self, obstacle: DeliveryFault, cause: Exception) -> None:
        self.obstacle = obstacle
        super().__init__(f"{type(cause).__name__}: {cause}")


class NoTlsError(smtplib.SMTPException):
    """The server must speak TLS and offers none."""


def send(server: MailServer, mail: MailMessage, sender: MailAddress) -> None:
    """Hand over one mail; when this returns, the server has taken it.

    Raises:
        UndeliveredError: it has not, or not said so.
    """
    try:
        message = written(mail, sender)
    except (ValueError, LookupError, MessageError) as error:  # an address or a name that no header can hold
        raise UndeliveredError(DeliveryFault.REFUSED, error) from error
    connection = _connected(server)
    try:
        connection.send_message(message, sender.address, [mail.to_address])
    except (OSError, ValueError) as error:
        raise UndeliveredError(_obstacle(error), error) from error
    finally:
        _leave(connection)


def _connected(server: MailServer) -> smtplib.SMTP:
    """A connection to the server, secured and logged in as its address says."""
    with contextlib.ExitStack() as undo:
        try:
            connection = _opened(server)
            undo.callback(connection.close)
            if server.security == "starttls":
                _start_tls(connection)
            if server.username:
                _log_in(connection, server.username, server.password)
        except OSError as error:
            raise UndeliveredError(DeliveryFault.UNREACHABLE, error) from error
        undo.pop_all()
    return connection


def _opened(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)


def _log_in(connection: smtplib.SMTP, username: str, password: str) -> None:
    """Log in with the password as it was given: smtplib's own way takes ASCII alone, RFC 4616 says UTF-8."""
    if f"{username}{password}".isascii():
        connection.login(username, password)
        return
    connection.ehlo_or_helo_if_needed()
    said = b64encode(f"\0{username}\0{password}".encode()).decode()
    code, answer = connection.docmd("AUTH", f"PLAIN {said}")
    if code != _LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _start_tls(connection: smtplib.SMTP) -> None:
    connection.ehlo()
    if not connection.has_extn("starttls"):
        raise NoTlsError("the mail server offers no STARTTLS")
    connection.starttls(context=ssl.create_default_context())


def _leave(connection: smtplib.SMTP) -> None:
    # What had to be said has been answered by now; a server that is gone needs no farewell.
    with contextlib.suppress(OSError):
        connection.quit()
    connection.close()


def _obstacle(error: Exception) -> DeliveryFault:
    """What an answer to the mail itself means; everything that is no answer is a lost connection."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    elif isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        codes = [_PERMANENT]
    else:
        return DeliveryFault.UNREACHABLE
    return DeliveryFault.REFUSED if max(codes, default=0) >= _PERMANENT else DeliveryFault.NOT_NOW


def written(mail: MailMessage, sender: MailAddress) -> EmailMessage:
    """The mail as it goes over the wire: the text, the calendar as its alternative, and the calendar as a file.

    RFC 6047: the `method` of the calendar part is the METHOD inside, or clients show a file instead of an invitation.

    Raises:
        ValueError, LookupError, MessageError: a header cannot hold what it should.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender.name, sender.address)
    message["To"] = _address(mail.to_name, mail.to_address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="base64")
    if mail.calendar is not None:
        _add_calendar(message, mail.calendar, mail.method or "PUBLISH")
    _say_language(message, mail.language)
    return message


def _say_language(message: EmailMessage, language: str) -> None:
    """Name the language of the mail and of every part that is read (RFC 3282), once all parts are there.

    Said earlier it would move into the first part when a second one comes, and the mail itself would have none.
    """
    for part in message.walk():
        if part is message or part.get_content_maintype() == "text":
            part["Content-Language"] = language


def _address(name: str, address: str) -> Address:
    before, _, domain = address.rpartition("@")
    return Address(name, username=before, domain=domain)


def _add_calendar(message: EmailMessage, calendar: str, method: str) -> None:
    message.add_alternative(calendar, subtype="calendar", cte="base64", params={"method": method})
    name = "cancel.ics" if method == "CANCEL" else "invite.ics"
    message.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename=name)
