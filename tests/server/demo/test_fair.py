"""Loading the demo fair: whole, once, around any moment, and never over a real fair."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlmodel import Session, SQLModel, func, select

from server.demo.fair import (
    DEMO_LOGINS,
    Loaded,
    add_logins,
    load_demo_fair,
    reopen_demo_fair,
)
from server.features.accounts.models import Account
from server.features.accounts.schemas import Credentials, NewAccount
from server.features.accounts.service import create_account, log_in
from server.features.buyers.models import Buyer, BuyerNeed
from server.features.exhibitors.models import Category, Exhibitor, Product, Robot, StaffHours, StaffMember
from server.features.floorplan.models import Booth, BoothAssignment, Hall, PlanFeature
from server.features.timetable.models import Demo, FairDay
from server.features.timetable.queries import list_days, list_demos
from server.features.timetable.rules import is_open, running
from server.infra.db import Database
from server.kernel.errors import SetupError
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance

NOW = datetime(2026, 4, 16, 4, 0, tzinfo=UTC)
"""Noon in fair time."""
TABLES: tuple[type[SQLModel], ...] = (
    Category, Exhibitor, Product, Robot, StaffMember, StaffHours, Buyer, BuyerNeed,
    Hall, Booth, PlanFeature, BoothAssignment, FairDay, Demo, Account,
)  # fmt: skip


def sizes(session: Session) -> dict[str, int]:
    return {str(table.__tablename__): session.exec(select(func.count()).select_from(table)).one() for table in TABLES}


@pytest.fixture
def loaded(database: Database) -> Loaded:
    """The demo fair, loaded at noon."""
    return load_demo_fair(database, NOW)


def test_the_whole_fair_is_there(fair_database: Database) -> None:
    with fair_database.read() as session:
        found = sizes(session)

    assert found.pop("staff_hours") > found["staff_member"] * 3
    assert found.pop("buyer_need") >= found["buyer"]
    assert found == {
        "category": 66,
        "exhibitor": 46,
        "product": 106,
        "robot": 101,
        "staff_member": 133,
        "buyer": 300,
        "hall": 1,
        "booth": 70,
        "plan_feature": 17,
        "booth_assignment": 46,
        "fair_day": 5,
        "demo": 207,
        "account": 0,
    }


def test_it_says_what_was_loaded_and_where_the_hours_come_from(loaded: Loaded) -> None:
    assert str(loaded) == (
        "Loaded the demo fair: 46 exhibitors, 16 of them from Guangdong, 106 products, 101 robots, 70 booths,"
        " 133 staff, 300 buyers, 207 demos, 69 meetings. Today is day 2, open until 18:00 北京时间. Demo: the date is"
        " derived from the moment at which the fair was loaded. Hours 09:00 to 18:00 are assumed."
    )


def test_loading_again_is_refused_in_a_sentence_and_changes_nothing(fair_database: Database) -> None:
    with fair_database.read() as session:
        before = sizes(session)

    with pytest.raises(SetupError, match="There is a fair in this database already; nothing was changed"):
        load_demo_fair(fair_database, NOW + timedelta(hours=1))

    with fair_database.read() as session:
        assert sizes(session) == before


def test_a_fresh_load_replaces_the_demo_fair_and_keeps_the_organiser(fair_database: Database) -> None:
    with fair_database.write() as session:
        add_logins(session, {"organiser": "long-enough-1", "nanling.admin": "long-enough-2"}, NOW)

    load_demo_fair(fair_database, NOW + timedelta(days=30), fresh=True)

    with fair_database.read() as session:
        days, accounts = list_days(session), session.exec(select(Account.username)).all()
        assert sizes(session)["exhibitor"] == 46
    assert (is_open(days, NOW + timedelta(days=30)), accounts) == (True, ["organiser"])


def test_a_fair_with_a_real_exhibitor_is_never_deleted(fair_database: Database) -> None:
    with fair_database.write() as session:
        session.exec(select(Exhibitor).where(Exhibitor.code == "nanling")).one().provenance = Provenance.FACT

    with pytest.raises(SetupError, match="This is no demo fair"):
        load_demo_fair(fair_database, NOW, fresh=True)

    with fair_database.read() as session:
        assert sizes(session)["exhibitor"] == 46


def test_nobody_can_log_in_unless_told(database: Database) -> None:
    load_demo_fair(database, NOW)

    with database.read() as session:
        assert session.exec(select(Account.username)).all() == []


@pytest.mark.slow
def test_the_demo_log_ins_open_with_the_passwords_that_were_given(database: Database) -> None:
    passwords = {login.username: f"tea pot of {login.username}" for login in DEMO_LOGINS}

    load_demo_fair(database, NOW, passwords)

    with database.read() as session:
        found = [
            log_in(session, Credentials(username=name, password=SecretStr(word))) for name, word in passwords.items()
        ]
    assert [(who.username, who.role, who.exhibitor) for who in found] == [
        ("organiser", Role.ORGANISER, None),
        ("nanling.admin", Role.EXHIBITOR_ADMIN, "nanling"),
        ("nanling.staff", Role.EXHIBITOR_STAFF, "nanling"),
        ("buyer", Role.BUYER, None),
        ("official", Role.OFFICIAL, None),
    ]


def test_every_exhibitor_of_a_demo_with_log_ins_has_somebody_to_write_to(database: Database) -> None:
    load_demo_fair(database, NOW, {"nanling.admin": "long-enough-2"})

    with database.read() as session:
        exhibitors = set(session.exec(select(Exhibitor.code)))
        accounts = session.exec(select(Account).where(Account.role == Role.EXHIBITOR_ADMIN)).all()
    assert {account.email for account in accounts} == {f"admin@{code}.example" for code in exhibitors}
    assert [account.username for account in accounts if account.password_hash] == ["nanling.admin"]


def test_an_account_that_is_there_already_keeps_its_password(fair_database: Database) -> None:
    own = SecretStr("my-own-password")
    with fair_database.write() as session:
        create_account(
            session, NewAccount(username="organiser", display_name="Me", role=Role.ORGANISER, password=own), NOW
        )

        made = add_logins(session, {"organiser": "another-password"}, NOW)

    with fair_database.read() as session:
        who = log_in(session, Credentials(username="organiser", password=own))
    assert (made, who.display_name) == (0, "Me")


@pytest.mark.slow
@pytest.mark.parametrize("hour", [0, 9, 16, 20])
def test_whenever_it_is_loaded_demos_run_and_soon_others_start(database: Database, hour: int) -> None:
    now = datetime(2026, 4, 16, hour, 40, tzinfo=UTC)

    load_demo_fair(database, now)

    with database.read() as session:
        days, demos = list_days(session), list_demos(session, since=now, until=now + timedelta(minutes=30))
    assert is_open(days, now)
    assert running(demos, now)
    assert len(demos) > len(running(demos, now))


def test_an_open_fair_is_not_moved(fair_database: Database) -> None:
    with fair_database.write() as session:
        before = list_demos(session)

        moved = reopen_demo_fair(session, NOW + timedelta(hours=2))

        assert (moved, list_demos(session)) == (False, before)


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(hours=7), timedelta(days=-1)])
def test_a_fair_that_is_over_for_today_moves_with_its_demos_and_hours(
    fair_database: Database, later: timedelta
) -> None:
    now = NOW + later
    with fair_database.read() as session:
        first = list_days(session)[0]
        demos, hours = list_demos(session), session.exec(select(StaffHours.starts_at, StaffHours.id)).all()

    with fair_database.write() as session:
        assert reopen_demo_fair(session, now)

    with fair_database.read() as session:
        days, moved = list_days(session), list_demos(session)
        starts = {key: start for start, key in session.exec(select(StaffHours.starts_at, StaffHours.id))}
    shift = days[0].opens_at - first.opens_at
    assert (is_open(days, now), days[1].opens_at <= now < days[1].closes_at) == (True, True)
    assert [demo.starts_at for demo in moved] == [demo.starts_at + shift for demo in demos]
    assert starts == {key: start + shift for start, key in hours}


def test_a_fair_with_real_dates_is_never_moved(fair_database: Database) -> None:
    with fair_database.write() as session:
        session.exec(select(FairDay)).first().provenance = Provenance.FACT  # type: ignore[union-attr]  # it is loaded

        assert not reopen_demo_fair(session, NOW + timedelta(days=9))
