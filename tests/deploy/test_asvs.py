"""The table of the verification standard, and the inventory of keys: what they name is there."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from server.settings import BrokerAdmin, MailServer, Secrets, Settings

ROOT = Path(__file__).parents[2]
STATUSES = {"met", "not applicable", "not met"}
CHAPTERS = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16"}


def rows() -> list[list[str]]:
    """(requirement, what, status, how, test) of the table."""
    lines = (ROOT / "deploy" / "asvs.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d", line)]


def test_every_requirement_stands_once_with_a_status_and_a_reason() -> None:
    numbers = [row[0] for row in rows()]

    assert [row for row in rows() if len(row) != 5 or row[2] not in STATUSES or not row[3]] == []
    assert len(numbers) == len(set(numbers)) > 200
    assert {number.partition(".")[0] for number in numbers} == CHAPTERS


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_is_met_is_tested_and_the_test_is_there(row: list[str]) -> None:
    number, _, status, _, test = row
    if status != "met":
        assert test == "", number
        return

    file, _, name = test.strip("`").partition("::")

    text = (ROOT / file).read_text(encoding="utf-8")
    assert "def test_" in text if name == "*" else re.search(rf"def {re.escape(name)}\(", text), test


def test_every_secret_of_the_settings_is_in_the_inventory() -> None:
    inventory = (ROOT / "deploy" / "keys.md").read_text(encoding="utf-8")
    hidden = {one.name for kind in (Settings, Secrets) for one in fields(kind) if not one.repr}
    holders = {one.name for one in fields(Settings) if re.search("MailServer|BrokerAdmin", str(one.type))}

    assert hidden == {"database_url", "secret_key", "bridge_token"}
    assert [name for name in hidden | holders if f"`{name}`" not in inventory] == []
    assert holders == {"mail_server", "broker_admin"}
    assert all(any(not one.repr for one in fields(kind)) for kind in (MailServer, BrokerAdmin))
