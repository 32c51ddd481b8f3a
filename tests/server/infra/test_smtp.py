"""SMTP as it goes over the wire: the shape of a mail, TLS where it is asked for, and what a refusal means."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from server.infra.mail import MailMessage, MailState
from server.infra.smtp import DeliveryFault, UndeliveredError, send, written
from server.settings import MailAddress, MailServer, read_settings
from tests.conftest import NOON
from tests.support.ports import LOOPBACK
from tests.support.post_office import Mailboxes, PostOffice, self_signed

SENDER = MailAddress("机器人展区 Zone", "zone@fair.example")
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:洽谈\r\n  folded\r\nEND:VCALENDAR\r\n"


def a_mail(**values: Any) -> MailMessage:
    plain: dict[str, Any] = {
        "message_id": "m-1.0.request.abc@fair.example",
        "about": "m-1",
        "thread": "m-1/abc",
        "to_name": "Weber, Anna",
        "to_address": "anna@weber.example",
        "subject": "已确认：洽谈 ☕, 10:00",
        "text": "您好\n\n10:00–10:30\n" + "长" * 1200 + "\n",
        "language": "zh-Hans",
        "at": NOON,
        "state": MailState.WAITING,
    }
    return MailMessage(**{**plain, **values})


def test_a_mail_with_a_calendar_says_it_three_times(post_office: PostOffice) -> None:
    send(server_of(post_office), a_mail(calendar=CALENDAR, method="CANCEL"), SENDER)

    (message,) = post_office.boxes.taken
    shape = [(part.get_content_type(), part.get_param("method"), part.get_filename()) for part in message.walk()]
    assert shape == [
        ("multipart/mixed", None, None),
        ("multipart/alternative", None, None),
        ("text/plain", None, None),
        ("text/calendar", "CANCEL", None),
        ("application/ics", None, "cancel.ics"),
    ]


def test_the_calendar_arrives_to_the_byte_twice(post_office: PostOffice) -> None:
    send(server_of(post_office), a_mail(calendar=CALENDAR, method="CANCEL"), SENDER)

    parts = [part for part in post_office.boxes.taken[0].walk() if part.get_content_subtype() in {"calendar", "ics"}]
    assert [base64.b64decode(str(part.get_payload())) for part in parts] == [CALENDAR.encode()] * 2
    assert parts[0].get_content_charset() == "utf-8"


def test_the_heads_of_a_mail_name_both_ends_and_the_mail_itself(post_office: PostOffice) -> None:
    send(server_of(post_office), a_mail(), SENDER)

    (message,) = post_office.boxes.taken
    heads = {name: str(message[name]) for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")}
    assert heads == {
        "From": "机器人展区 Zone <zone@fair.example>",
        "To": '"Weber, Anna" <anna@weber.example>',
        "Subject": "已确认：洽谈 ☕, 10:00",
        "Date": "Thu, 16 Apr 2026 04:00:00 +0000",
        "Message-ID": "<m-1.0.request.abc@fair.example>",
        "Auto-Submitted": "auto-generated",
    }
    assert message.get_content().replace("\r\n", "\n") == a_mail().text


def test_no_line_on_the_wire_is_longer_than_a_mail_allows() -> None:
    raw = written(a_mail(calendar=CALENDAR, method="CANCEL"), SENDER).as_bytes()

    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()


def test_a_name_cannot_add_a_header_or_a_recipient(post_office: PostOffice) -> None:
    send(server_of(post_office), a_mail(to_name='Evil" <c@d.example>, "x'), SENDER)

    (message,) = post_office.boxes.taken
    assert [address.addr_spec for address in message["To"].addresses] == ["anna@weber.example"]


def server_of(office: PostOffice, user: str = "") -> MailServer:
    """The server as the settings read it from its URL."""
    found = read_settings(
        {
            "FAIRZONE_SECRET_KEY": "only-for-tests-0123456789abcdefghij",
            "FAIRZONE_SMTP": office.url(user),
            "FAIRZONE_MAIL_FROM": "zone@fair.example",
        }
    ).mail_server
    assert found is not None
    return found


Secured = Callable[[str], PostOffice]


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    """Opens a mail server that speaks TLS by a certificate of its own."""
    context, _ = self_signed(tmp_path)
    offices: list[PostOffice] = []

    def open_one(security: str) -> PostOffice:
        office = PostOffice(Mailboxes(), security=security, certificate=context)
        # With TLS from the first byte there is no later moment at which it would begin to offer the log-in.
        from_the_start = security == "tls"
        office.open(
            authenticator=office.boxes.authenticate,
            auth_required=not from_the_start,
            auth_require_tls=not from_the_start,
        )
        offices.append(office)
        return office

    yield open_one
    for office in offices:
        office.close()


@pytest.fixture
def trusting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secured: Secured) -> Secured:
    """The same, on a machine that trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    return secured


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_goes_over_tls_after_the_log_in(trusting: Secured, security: str) -> None:
    office = trusting(security)

    send(server_of(office, "fair%40zone:secret"), a_mail(), SENDER)

    assert (office.boxes.logins, office.boxes.secured) == ([(b"fair@zone", b"secret")], [True])


@pytest.mark.parametrize("quoted", ["%20a%20space%20", "gr%C3%BCner%20Tee", "%E5%AF%86%E7%A0%81", "a+b%25"])
def test_a_password_reaches_the_server_to_the_letter(trusting: Secured, quoted: str) -> None:
    office = trusting("tls")
    office.boxes.password = unquote(quoted).encode()

    send(server_of(office, f"fair:{quoted}"), a_mail(), SENDER)

    assert office.boxes.logins == [(b"fair", office.boxes.password)]
    assert len(office.boxes.taken) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_nobody_vouches_for_gets_neither_mail_nor_password(secured: Secured, security: str) -> None:
    office = secured(security)

    with pytest.raises(UndeliveredError, match="CERTIFICATE_VERIFY_FAILED") as refusal:
        send(server_of(office, "fair:secret"), a_mail(), SENDER)

    assert (refusal.value.obstacle, office.boxes.logins, office.boxes.taken) == (DeliveryFault.UNREACHABLE, [], [])


def test_a_server_without_the_tls_that_was_asked_for_gets_nothing(post_office: PostOffice) -> None:
    server = MailServer(host=LOOPBACK, port=post_office.port, security="starttls", username="fair", password="secret")

    with pytest.raises(UndeliveredError, match="STARTTLS"):
        send(server, a_mail(), SENDER)

    assert post_office.boxes.taken == []


def test_a_wrong_password_is_the_houses_fault_and_not_the_mails(trusting: Secured) -> None:
    office = trusting("tls")

    with pytest.raises(UndeliveredError, match="535") as refusal:
        send(server_of(office, "fair:wrong"), a_mail(), SENDER)

    assert (refusal.value.obstacle, "wrong" in str(refusal.value)) == (DeliveryFault.UNREACHABLE, False)


@pytest.mark.parametrize(
    ("answer", "obstacle"), [("450 mailbox busy", DeliveryFault.NOT_NOW), ("550 no such person", DeliveryFault.REFUSED)]
)
def test_a_refused_recipient_is_told_apart_by_the_servers_word(
    post_office: PostOffice, answer: str, obstacle: DeliveryFault
) -> None:
    post_office.boxes.recipient_answer = lambda _address: answer

    with pytest.raises(UndeliveredError) as refusal:
        send(server_of(post_office), a_mail(), SENDER)

    assert refusal.value.obstacle is obstacle


@pytest.mark.parametrize(
    ("answer", "obstacle"), [("452 disk full", DeliveryFault.NOT_NOW), ("554 looks like spam", DeliveryFault.REFUSED)]
)
def test_a_refused_mail_is_told_apart_by_the_servers_word(
    post_office: PostOffice, answer: str, obstacle: DeliveryFault
) -> None:
    post_office.boxes.answer = lambda _message: answer

    with pytest.raises(UndeliveredError) as refusal:
        send(server_of(post_office), a_mail(), SENDER)

    assert refusal.value.obstacle is obstacle


def test_nothing_is_sent_to_a_port_where_nobody_listens(post_office: PostOffice) -> None:
    post_office.close()

    with pytest.raises(UndeliveredError) as refusal:
        send(server_of(post_office), a_mail(), SENDER)

    assert refusal.value.obstacle is DeliveryFault.UNREACHABLE
