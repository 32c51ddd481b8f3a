"""The settings of the mail: whom to hand it to and in whose name, refused when they cannot work or would leak."""

import pytest

from server.kernel.errors import SetupError
from server.settings import MailAddress, MailServer, Settings, read_settings

FROM = "Robot Zone <zone@fair.example>"


def settings(**values: str) -> Settings:
    return read_settings({"FAIRZONE_SECRET_KEY": "from-outside-0123456789abcdefghij", **values})


def test_without_a_mail_server_mail_is_kept_under_a_name_that_reaches_nobody() -> None:
    found = settings()

    assert (found.mail_server, found.mail_from) == (None, MailAddress("FairZone", "invitations@fairzone.invalid"))


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer(host="mail.example", port=25, security="none")),
        ("smtp://127.0.0.1:1025/", MailServer(host="127.0.0.1", port=1025, security="none")),
        (
            "smtps://fair%40zone:pa%3Ass@mail.example",
            MailServer(host="mail.example", port=465, security="tls", username="fair@zone", password="pa:ss"),
        ),
        (
            "smtp+starttls://fair:secret@mail.example:2587",
            MailServer(host="mail.example", port=2587, security="starttls", username="fair", password="secret"),
        ),
        (
            "smtp://fair:secret@localhost",
            MailServer(host="localhost", port=25, security="none", username="fair", password="secret"),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(url: str, server: MailServer) -> None:
    found = settings(FAIRZONE_SMTP=url, FAIRZONE_MAIL_FROM=FROM)

    assert (found.mail_server, found.mail_from) == (server, MailAddress("Robot Zone", "zone@fair.example"))


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail:port",
        "smtp://mail:0",
        "smtp://mail/x",
        "smtp://[",
    ],
)
def test_an_address_of_no_mail_server_is_refused_with_how_to_write_it(url: str) -> None:
    with pytest.raises(SetupError, match="FAIRZONE_SMTP") as refusal:
        settings(FAIRZONE_SMTP=url, FAIRZONE_MAIL_FROM=FROM)

    assert "smtps://user:password@host:465" in refusal.value.remedy


@pytest.mark.parametrize(
    ("quoted", "password"),
    [
        (" spaces%20", " spaces "),
        ("%20before", " before"),
        ("gr%C3%BCn%23%3F%2F%40", "grün#?/@"),
        ("50%25", "50%"),
        ("a+b", "a+b"),
    ],
)
def test_the_password_of_a_mail_server_is_taken_to_the_letter(quoted: str, password: str) -> None:
    found = settings(FAIRZONE_SMTP=f"smtps://fair:{quoted}@mail.example", FAIRZONE_MAIL_FROM=FROM)

    assert found.mail_server == MailServer(
        host="mail.example", port=465, security="tls", username="fair", password=password
    )


@pytest.mark.parametrize("password", ["1234#tail", "1234?tail", "tab\tinside", "line\n", "bad%FFbytes", "nul%00"])
@pytest.mark.parametrize("name", ["FAIRZONE_SMTP", "FAIRZONE_BROKER_ADMIN"])
def test_a_password_that_would_lose_a_part_is_refused_and_not_shown(name: str, password: str) -> None:
    scheme = "smtps" if name == "FAIRZONE_SMTP" else "mqtts"

    with pytest.raises(SetupError, match=name) as refusal:
        settings(**{name: f"{scheme}://fair:{password}@host.example"}, FAIRZONE_MAIL_FROM=FROM)

    assert "1234" not in str(refusal.value)


def test_a_password_is_never_sent_in_the_clear_to_another_machine() -> None:
    with pytest.raises(SetupError, match="everybody on the way") as refusal:
        settings(FAIRZONE_SMTP="smtp://fair:hush-hush@mail.example", FAIRZONE_MAIL_FROM=FROM)

    assert "hush-hush" not in str(refusal.value)


@pytest.mark.parametrize("user", ["fair@", "fair:@", ":secret@"])
def test_half_a_log_in_is_refused(user: str) -> None:
    with pytest.raises(SetupError, match="user without a password"):
        settings(FAIRZONE_SMTP=f"smtps://{user}mail.example", FAIRZONE_MAIL_FROM=FROM)


def test_a_house_that_sends_must_say_from_whom() -> None:
    with pytest.raises(SetupError, match="no sender"):
        settings(FAIRZONE_SMTP="smtp://mail.example")


@pytest.mark.parametrize("sender", ["Zone", "zone@", "@fair.example", "a b@fair.example", "zöne@fair.example"])
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    with pytest.raises(SetupError, match="FAIRZONE_MAIL_FROM"):
        settings(FAIRZONE_MAIL_FROM=sender)


def test_a_bare_sender_gets_the_houses_name() -> None:
    assert settings(FAIRZONE_MAIL_FROM="zone@fair.example").mail_from == MailAddress("FairZone", "zone@fair.example")


def test_the_password_of_the_mail_server_does_not_show() -> None:
    found = settings(FAIRZONE_SMTP="smtps://fair:hush-hush@mail.example", FAIRZONE_MAIL_FROM=FROM)

    assert "hush-hush" not in repr(found)
