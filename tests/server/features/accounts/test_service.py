"""The use cases of accounts."""

from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from server.features.accounts.models import Account, AccountSession
from server.features.accounts.schemas import NewAccount
from server.features.accounts.service import (
    Accounts,
    UsernameTakenError,
    create_account,
    ensure_bridge,
    set_password,
    set_token,
    who_is,
)
from server.features.accounts.service.sessions import open_session
from server.infra.changes import Change
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.errors import NotFoundError
from server.kernel.ids import token_digest
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import make_account, make_exhibitor


def test_an_exhibitors_account_knows_its_exhibitor(database: Database) -> None:
    make_account(database, Role.EXHIBITOR_STAFF, NOON)

    with database.read() as session:
        identity = who_is(session, 1)

    assert identity == Identity(
        role=Role.EXHIBITOR_STAFF,
        account_id=1,
        username="exhibitor_staff",
        display_name="Exhibitor Staff",
        exhibitor_id=1,
        exhibitor="nanling",
    )


def test_a_name_is_taken_once(database: Database) -> None:
    make_account(database, Role.BUYER, NOON)

    with pytest.raises(UsernameTakenError), database.write() as session:
        create_account(session, NewAccount(username="Buyer", display_name="Other", role=Role.BUYER), NOON)


def test_an_unknown_exhibitor_is_refused(database: Database) -> None:
    new = NewAccount(username="wei", display_name="Wei", role=Role.EXHIBITOR_ADMIN, exhibitor="nobody")

    with pytest.raises(NotFoundError), database.write() as session:
        create_account(session, new, NOON)


@pytest.mark.parametrize(
    "fields",
    [
        {"role": Role.VISITOR},
        {"role": Role.EXHIBITOR_ADMIN},
        {"role": Role.BUYER, "exhibitor": "nanling"},
        {"role": Role.BUYER, "password": SecretStr("7 chars")},
        {"role": Role.BUYER, "username": "no spaces please"},
        {"role": Role.BUYER, "colour": "red"},
    ],
)
def test_an_account_that_makes_no_sense_cannot_be_described(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NewAccount.model_validate({"username": "wei", "display_name": "Wei", **fields})


def test_the_database_itself_refuses_an_exhibitors_person_without_exhibitor(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Account(username="x", display_name="x", role=Role.EXHIBITOR_STAFF, created_at=NOON))


def test_a_token_stands_for_its_account_and_is_not_stored(database: Database) -> None:
    with database.write() as session:
        ensure_bridge(session, "a token", NOON)
        ensure_bridge(session, "a token", NOON)

    with database.read() as session:
        kept = session.exec(select(Account)).one()
        found = Accounts().by_token(session, token_digest("a token"))
    assert (kept.role, kept.token_hash == "a token", found.username if found else None) == (
        Role.BRIDGE,
        False,
        "bridge",
    )


def test_a_new_token_ends_the_old_one(database: Database) -> None:
    with database.write() as session:
        ensure_bridge(session, "old", NOON)
        set_token(session, "bridge", "new")

    with database.read() as session:
        known = [Accounts().by_token(session, token_digest(token)) is not None for token in ("old", "new")]
    assert known == [False, True]


def test_the_same_token_again_changes_nothing_and_a_new_one_ends_what_was_open(database: Database) -> None:
    with database.write() as session:
        ensure_bridge(session, "old", NOON)
        ensure_bridge(session, "old", NOON)
        open_session(session, 1, device="", address="", now=NOON, lifetime=timedelta(days=1))
        before = len(session.exec(select(AccountSession)).all())
        set_token(session, "bridge", "new")

    with database.read() as session:
        after = len(session.exec(select(AccountSession)).all())
        announced = [change.topic for change in session.exec(select(Change))]
    assert (before, after, announced) == (1, 0, ["session", "news"])


def test_a_bridge_elsewhere_keeps_its_token(database: Database) -> None:
    with database.write() as session:
        ensure_bridge(session, None, NOON)
        set_token(session, "bridge", "its own")
        ensure_bridge(session, None, NOON)

    with database.read() as session:
        assert Accounts().by_token(session, token_digest("its own")) is not None


@pytest.mark.parametrize(("role", "kept"), [(Role.ORGANISER, False), (Role.BRIDGE, True)])
def test_a_new_password_ends_a_persons_token_and_no_machines(database: Database, role: Role, *, kept: bool) -> None:
    make_account(database, role, NOON)
    with database.write() as session:
        set_token(session, role.value, "a token")
        set_password(session, role.value, SecretStr("another pass phrase"))

    with database.read() as session:
        assert (Accounts().by_token(session, token_digest("a token")) is not None) is kept


def test_an_account_that_is_switched_off_is_nobody(database: Database) -> None:
    make_exhibitor(database)
    with database.write() as session:
        ensure_bridge(session, "a token", NOON)
        session.exec(select(Account)).one().active = False

    with database.read() as session:
        assert Accounts().by_token(session, token_digest("a token")) is None


def test_making_an_account_announces_nothing(database: Database) -> None:
    make_account(database, Role.BUYER, NOON)

    with database.read() as session:
        assert session.exec(select(Change)).all() == []
