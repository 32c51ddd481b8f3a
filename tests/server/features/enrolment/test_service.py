"""Giving credentials, renewing them and taking them back, on both databases; and who a token is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from server.features.enrolment.rules.credentials import BridgeIdentity, CredentialPurpose, RobotIdentity, robot_token
from server.features.enrolment.service import (
    FairOverError,
    authenticate,
    follow_the_fair,
    issue,
    issue_bridge,
    revoke,
    revoke_bridge,
    rotate,
    rotate_bridge,
    secret_of,
    valid_credentials,
)
from server.features.exhibitors.models import Exhibitor, Robot
from server.features.timetable.models import FairDay
from server.features.timetable.schemas import DayIn
from server.features.timetable.service import add_days
from server.infra.audit import AuditFilter, list_entries
from server.infra.db import Database
from server.infra.identity import SYSTEM, Identity
from server.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from tests.conftest import NOON
from tests.support.zone import make_zone

KEY = "only-for-tests-0123456789abcdefghij"
CLOSES = NOON + timedelta(hours=5)
ROBOT = "nanling/walker-7"
ADMIN = Identity(role=Role.EXHIBITOR_ADMIN, username="gong", display_name="Gong", exhibitor="nanling")
STAFF = Identity(role=Role.EXHIBITOR_STAFF, username="tong", display_name="Tong", exhibitor="nanling")
STRANGER = Identity(role=Role.EXHIBITOR_ADMIN, username="other", display_name="Other", exhibitor="kapok-clean")


@pytest.fixture
def zone(database: Database) -> Database:
    """A small zone whose fair closes at five."""
    make_zone(database)
    day = DayIn(date=NOON.date(), opens_at=NOON - timedelta(hours=4), closes_at=CLOSES, provenance=Provenance.DERIVED)
    with database.write() as session:
        add_days(session, [day])
    return database


def who(session: Session, token: str, minutes: int = 0) -> RobotIdentity | BridgeIdentity | None:
    """Who speaks with a token so many minutes after noon."""
    return authenticate(session, token, NOON + timedelta(minutes=minutes), KEY)


def walker(session: Session, purpose: CredentialPurpose = CredentialPurpose.FAIR) -> RobotIdentity:
    """The robot of these tests."""
    robot_id = session.exec(select(Robot.id).where(Robot.code == "walker-7")).one()
    return RobotIdentity(ROBOT, robot_id or 0, "nanling", purpose)


def test_a_robot_speaks_with_its_token_for_itself_until_the_close_of_the_fair(zone: Database) -> None:
    with zone.write() as session:
        fair = issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON)
        practice = issue(session, ADMIN, ROBOT, CredentialPurpose.REHEARSAL, NOON)
        token, other = secret_of(fair, KEY), secret_of(practice, KEY)

        found = [who(session, token), who(session, other), who(session, token, 299), who(session, token, 300)]

        assert found == [walker(session), walker(session, CredentialPurpose.REHEARSAL), walker(session), None]
        assert (fair.username, fair.client_id, fair.version, fair.ends_at) == (*["nanling.walker-7"] * 2, 1, CLOSES)


def test_who_a_token_is_costs_one_query_and_none_for_a_text_that_is_no_token(zone: Database) -> None:
    with zone.write() as session:
        token = secret_of(issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON), KEY)

    with zone.read() as session:
        who(session, "warm")
        session.connection()
        with zone.count_statements() as asked:
            who(session, token)
        with zone.count_statements() as not_asked:
            who(session, "fz_nanling.walker-7.short")

    assert (asked.number, not_asked.number) == (1, 0)


def test_a_guessed_token_or_that_of_another_installation_is_nobodys(zone: Database) -> None:
    with zone.write() as session:
        mine = issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON)
        token = secret_of(mine, KEY)
        tries = [
            token[:-1] + ("a" if token[-1] != "a" else "b"),
            secret_of(mine, "another-installation-0123456789abcdef"),
            robot_token(KEY, "nanling.walker-7", CredentialPurpose.FAIR, 2),
            robot_token(KEY, "nanling.porter-2", CredentialPurpose.FAIR, 1),
            robot_token(KEY, "rehearsal.nanling.walker-7", CredentialPurpose.REHEARSAL, 1),
            token.replace("fz_", "fzb_"),
        ]

        assert [who(session, one) for one in tries] == [None] * len(tries)


def test_asking_again_gives_the_same_credential_and_writes_nothing_down(zone: Database) -> None:
    with zone.write() as session:
        first = issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON)
        again = issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON + timedelta(minutes=1))
        log = [entry.action for entry in list_entries(session, AuditFilter(thing="credential"))]

    assert (again, log) == (first, ["credential.issue"])


def test_a_new_credential_ends_the_old_one_and_leaves_the_rehearsal_alone(zone: Database) -> None:
    with zone.write() as session:
        old = secret_of(issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON), KEY)
        practice = secret_of(issue(session, ADMIN, ROBOT, CredentialPurpose.REHEARSAL, NOON), KEY)
        new = secret_of(rotate(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON), KEY)

        found = [who(session, old), who(session, new), who(session, practice)]

        assert found == [None, walker(session), walker(session, CredentialPurpose.REHEARSAL)]


def test_a_credential_that_was_taken_back_opens_nothing_and_another_one_is_never_the_same(zone: Database) -> None:
    with zone.write() as session:
        old = secret_of(issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON), KEY)
        revoke(session, ADMIN, ROBOT, CredentialPurpose.FAIR)
        revoke(session, ADMIN, ROBOT, CredentialPurpose.FAIR)
        revoked = who(session, old)
        new = secret_of(issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON), KEY)
        log = list_entries(session, AuditFilter(thing="credential"))

        assert (revoked, who(session, old), who(session, new)) == (None, None, walker(session))
        assert [(entry.who, entry.action, entry.key, entry.version) for entry in reversed(log)] == [
            ("Gong", "credential.issue", "nanling.walker-7", 1),
            ("Gong", "credential.revoke", "nanling.walker-7", 1),
            ("Gong", "credential.rotate", "nanling.walker-7", 2),
        ]
        assert old.rpartition(".")[2] not in "".join(entry.changes for entry in log)


def test_a_robot_that_is_enrolled_no_more_is_nobody(zone: Database) -> None:
    with zone.write() as session:
        token = secret_of(issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON), KEY)
        session.exec(select(Robot).where(Robot.code == "walker-7")).one().active = False
        session.flush()

        assert (who(session, token), valid_credentials(session, NOON)) == (None, [])


def test_only_an_exhibitors_own_administrators_and_the_organiser_decide_for_its_robots(zone: Database) -> None:
    acts: list[Callable[[Session, Identity], object]] = [
        lambda session, by: issue(session, by, ROBOT, CredentialPurpose.FAIR, NOON),
        lambda session, by: rotate(session, by, ROBOT, CredentialPurpose.FAIR, NOON),
        lambda session, by: revoke(session, by, ROBOT, CredentialPurpose.FAIR),
        lambda session, by: issue_bridge(session, by, "nanling", "booth-pc", NOON),
        lambda session, by: rotate_bridge(session, by, "nanling", "booth-pc", NOON),
        lambda session, by: revoke_bridge(session, by, "nanling", "booth-pc"),
    ]

    with zone.write() as session:
        for act in acts:
            with pytest.raises(ForbiddenError):
                act(session, STAFF)
            with pytest.raises(NotFoundError):
                act(session, STRANGER)
        for act in acts:
            act(session, SYSTEM)
        unknown = list_entries(session, AuditFilter(who="Other"))

    assert unknown == []


def test_what_was_never_given_out_cannot_be_taken_back_and_nobody_gets_nothing(zone: Database) -> None:
    with zone.write() as session:
        for key in (ROBOT, "nanling/nobody"):
            with pytest.raises(NotFoundError):
                revoke(session, ADMIN, key, CredentialPurpose.FAIR)
        with pytest.raises(NotFoundError):
            rotate(session, ADMIN, "nanling/nobody", CredentialPurpose.FAIR, NOON)
        with pytest.raises(NotFoundError):
            rotate_bridge(session, ADMIN, "nanling", "booth-pc", NOON)
        with pytest.raises(InvalidError):
            issue_bridge(session, ADMIN, "nanling", "Booth PC", NOON)


def test_after_the_close_nothing_is_given_out(zone: Database) -> None:
    with zone.write() as session:
        with pytest.raises(FairOverError):
            issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, CLOSES)
        with pytest.raises(FairOverError):
            issue_bridge(session, ADMIN, "nanling", "booth-pc", CLOSES)


def test_credentials_follow_a_fair_that_is_made_longer(zone: Database) -> None:
    with zone.write() as session:
        token = secret_of(issue(session, ADMIN, ROBOT, CredentialPurpose.FAIR, NOON), KEY)
        bridge = secret_of(issue_bridge(session, ADMIN, "nanling", "booth-pc", NOON), KEY)
        before = [who(session, token, 301), who(session, bridge, 301)]
        session.exec(select(FairDay)).one().closes_at = CLOSES + timedelta(hours=1)
        session.flush()
        moved = [follow_the_fair(session), follow_the_fair(session)]
        exhibitor = session.exec(select(Exhibitor.id).where(Exhibitor.code == "nanling")).one()
        after = [who(session, token, 301), who(session, bridge, 301)]

        assert (before, moved) == ([None, None], [2, 0])
        assert after == [walker(session), BridgeIdentity("nanling", exhibitor or 0, "booth-pc")]


def test_the_bridge_of_a_booth_is_known_renewed_and_taken_back(zone: Database) -> None:
    with zone.write() as session:
        old = secret_of(issue_bridge(session, ADMIN, "nanling", "booth-pc", NOON), KEY)
        new = secret_of(rotate_bridge(session, ADMIN, "nanling", "booth-pc", NOON), KEY)
        renewed = [who(session, old), who(session, new)]
        revoke_bridge(session, ADMIN, "nanling", "booth-pc")
        exhibitor = session.exec(select(Exhibitor.id).where(Exhibitor.code == "nanling")).one()

        assert renewed == [None, BridgeIdentity("nanling", exhibitor or 0, "booth-pc")]
        assert who(session, new) is None
