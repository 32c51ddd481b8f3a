"""What the database finds, whatever the kind of characters on either side, alike on SQLite and PostgreSQL."""

import pytest
from sqlmodel import select

from server.infra.columns import holds
from server.infra.db import Database
from server.infra.mail import Mail, MailMessage, post

SUBJECTS = (
    "廣東服務機器人",
    "广东服务机器人",
    "Café São Paulo",
    "100% ＡＢＣ_1",
    "Straße",
    "coff\u200bee",
    "Ünïcode 50% off",
)
SAME = {"about": "a", "thread": "t", "to_name": "n", "to_address": "a@b.example", "text": "", "language": "en"}


def found(database: Database, text: str) -> list[str]:
    """The subjects that hold the words."""
    with database.read() as session:
        query = select(MailMessage.subject).where(holds(MailMessage.subject, text)).order_by(MailMessage.id)  # type: ignore[arg-type]  # a column
        return list(session.exec(query))


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("服務", (0, 1)),
        ("服务", (0, 1)),
        ("SAO paulo", (2,)),
        ("CAFÉ", (2,)),
        ("abc_", (3,)),
        ("b_1", ()),
        ("0% a", (3,)),
        ("STRASSE", (4,)),
        ("coffee", (5,)),
        ("unicode", (6,)),
        ("o'reilly \\", ()),
    ],
)
def test_words_are_found_however_they_are_written(database: Database, typed: str, places: tuple[int, ...]) -> None:
    with database.write() as session:
        for number, subject in enumerate(SUBJECTS):
            post(session, Mail(message_id=f"{number}@b.example", subject=subject, **SAME))

    assert found(database, typed) == [SUBJECTS[place] for place in places]
