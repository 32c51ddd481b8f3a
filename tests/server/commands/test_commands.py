"""The server's commands, as a person types them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.commands.db import db
from server.commands.user import user
from server.features.accounts.queries import find_account
from server.features.accounts.schemas import Credentials
from server.features.accounts.service import Accounts, log_in
from server.infra.audit import AuditFilter, list_entries
from server.infra.db import Database
from server.infra.migrate import newest_version
from server.kernel.ids import token_digest
from tests.support.people import PASSWORD, make_exhibitor


@pytest.fixture
def fair(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that the commands find in their environment."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("FAIRZONE_DATA", str(tmp_path))
    return database


def run(*words: str, typed: str | None = None) -> Result:
    command = {"user": user, "db": db}[words[0]]
    return CliRunner().invoke(command, words[1:], input=typed)


def test_an_account_is_made_and_listed(fair: Database) -> None:
    make_exhibitor(fair)

    made = run("user", "add", "Wei", "--role", "exhibitor_admin", "--exhibitor", "nanling", "--password", PASSWORD)
    listed = run("user", "list")

    assert (made.exit_code, made.output) == (0, "Account wei made.\n")
    assert listed.output.split() == ["wei", "exhibitor_admin", "nanling", "Wei"]


def test_a_password_is_asked_for_and_not_shown(fair: Database) -> None:
    made = run("user", "add", "wei", "--role", "organiser", typed=f"{PASSWORD}\n{PASSWORD}\n")

    with fair.read() as session:
        who = log_in(session, Credentials.model_validate({"username": "wei", "password": PASSWORD}))
    assert (made.exit_code, PASSWORD in made.output, who.username) == (0, False, "wei")


def test_a_machine_gets_a_token_that_works(fair: Database) -> None:
    made = run("user", "add", "hall-screen", "--role", "screen")

    token = made.output.strip().rpartition(" ")[2]
    with fair.read() as session:
        who = Accounts().by_token(session, token_digest(token))
    assert who is not None
    assert who.username == "hall-screen"


def test_what_is_done_by_command_is_in_the_audit_without_the_secret(fair: Database) -> None:
    made = run("user", "add", "hall-screen", "--role", "screen")
    run("user", "password", "hall-screen", "--password", PASSWORD)
    run("user", "disable", "hall-screen")
    run("user", "enable", "hall-screen")
    fresh = run("user", "token", "hall-screen").output.strip()

    with fair.read() as session:
        entries = list_entries(session, AuditFilter())
    did = [f"account.{one}" for one in ("token.make", "enable", "disable", "password.set", "token.make", "add")]
    assert [(entry.action, entry.who, entry.key) for entry in entries] == [(a, "FairZone", "hall-screen") for a in did]
    changes = " ".join(entry.changes for entry in entries)
    assert [s for s in (PASSWORD, fresh, made.output.split()[-1]) if s in changes] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["user", "add", "x y", "--role", "organiser", "--password", PASSWORD], "a user name has 3 to 80 letters"),
        (["user", "add", "wei", "--role", "organiser", "--password", "short"], "at least 10"),
        (["user", "add", "wei", "--role", "exhibitor_admin", "--password", PASSWORD], "name their exhibitor"),
        (["user", "disable", "nobody"], "There is no nobody here."),
        (["user", "password", "nobody", "--password", "short"], "at least 10 characters"),
    ],
)
def test_a_refusal_is_one_sentence(fair: Database, words: list[str], sentence: str) -> None:
    refused = run(*words)

    assert (refused.exit_code, sentence in refused.output, "Traceback" in refused.output) == (1, True, False)


def test_an_address_is_written_down_and_taken_back(fair: Database) -> None:
    run("user", "add", "wei", "--role", "organiser", "--password", PASSWORD, "--email", "Wei@Firm.Example")
    with fair.read() as session:
        made = find_account(session, "wei")

    refused, emptied = run("user", "email", "wei", "nowhere"), run("user", "email", "wei")

    assert made is not None
    assert (made.email, refused.exit_code, emptied.output) == ("wei@firm.example", 1, "wei has no address any more.\n")


@pytest.mark.slow
def test_accounts_are_kept_by_a_process_of_its_own(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "fair.db")
    environ = {**os.environ, "FAIRZONE_DATA": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'fair.db'}"}
    commands = [
        ["user", "add", "wei", "--role", "organiser", "--password", PASSWORD],
        ["user", "token", "wei"],
        ["user", "password", "wei", "--password", f"{PASSWORD}!"],
        ["user", "disable", "wei"],
    ]

    ended = [
        subprocess.run(  # our own command
            [sys.executable, "-m", "device_bridge", *words], env=environ, capture_output=True, text=True, check=False
        )
        for words in commands
    ]

    assert [(end.returncode, end.stderr) for end in ended] == [(0, "")] * len(commands)


def test_an_account_is_switched_off(fair: Database) -> None:
    run("user", "add", "wei", "--role", "organiser", "--password", PASSWORD)

    run("user", "disable", "wei")

    assert run("user", "list").output.strip().endswith("(off)")


def test_the_database_says_where_it_stands(fair: Database) -> None:
    newest = newest_version()

    assert run("db", "status").output == f"database: {newest}, needed: {newest}\n"


def test_an_empty_database_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("FAIRZONE_DATA", str(tmp_path / "new"))
    newest = newest_version()

    outputs = [run("db", word).output for word in ("status", "upgrade", "status")]

    assert outputs == [
        f"database: empty, needed: {newest}\n",
        f"The schema is at {newest}.\n",
        f"database: {newest}, needed: {newest}\n",
    ]
