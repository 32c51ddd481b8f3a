"""`fairzone robots`: enrol, renew, take back and list, in the words that an organiser reads."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.commands.robots import robots
from server.features.enrolment.rules.credentials import CredentialPurpose, RobotIdentity
from server.features.enrolment.service import authenticate
from server.infra.db import Database
from server.kernel.clock import SystemClock
from tests.support.people import make_exhibitor

KEY = "only-for-tests-0123456789abcdefghij"
Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command at an installation with one exhibitor and no dates yet."""
    make_exhibitor(database)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("FAIRZONE_DATA", str(tmp_path))
    monkeypatch.setenv("FAIRZONE_SECRET_KEY", KEY)
    monkeypatch.setenv("FAIRZONE_BROKER_URL", "mqtts://zone.example:8883")
    return lambda *words: CliRunner().invoke(robots, words)


def token(result: Result) -> str:
    """The token that a command printed."""
    found = re.search(r"fz_\S+\.[a-z2-7]{32}", result.output)
    assert found, result.output
    return found[0]


def test_a_robot_is_enrolled_in_one_line_and_speaks_with_what_is_printed(run: Run, database: Database) -> None:
    made = run("enrol", "nanling/tea-1", "--kind", "delivery")
    again = run("enrol", "nanling/tea-1")
    actor = run("enrol", "nanling/tea-1", "--rehearsal")
    with database.read() as session:
        now = SystemClock().now()
        found = [authenticate(session, token(one), now, KEY) for one in (made, again, actor)]

    assert token(made) == token(again)
    assert [one.purpose for one in found if isinstance(one, RobotIdentity)] == [
        CredentialPurpose.FAIR,
        CredentialPurpose.FAIR,
        CredentialPurpose.REHEARSAL,
    ]
    assert "mosquitto_pub -h zone.example -p 8883 --cafile ca.crt -i nanling.tea-1" in made.output


def test_a_new_one_ends_the_old_and_what_is_taken_back_is_listed_as_such(run: Run, database: Database) -> None:
    old = token(run("enrol", "nanling/tea-1", "--kind", "delivery"))
    new = token(run("rotate", "nanling/tea-1"))
    listed = run("list").output
    taken = run("revoke", "nanling/tea-1").output
    ended = run("list", "--exhibitor", "nanling").output
    with database.read() as session:
        found = [authenticate(session, one, SystemClock().now(), KEY) for one in (old, new)]

    assert (old != new, found) == (True, [None, None])
    assert re.search(r"nanling/tea-1 +fair +fair-mqtt +until \d{4}-", listed)
    assert taken == "The credential of nanling/tea-1 is taken back.\n"
    assert re.search(r"nanling/tea-1 +fair +fair-mqtt +taken back", ended)
    assert old not in listed + ended


def test_a_robot_behind_a_port_is_enrolled_with_its_options_and_needs_no_credential(run: Run) -> None:
    result = run(
        "enrol", "nanling/copter-1", "--kind", "inspection", "--protocol", "mavlink", "--option", "system_id=7"
    )

    assert result.exit_code == 0
    assert "It comes by a port" in result.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["enrol", "Tea 1"], "Tea 1 is no robot: write it as exhibitor/robot, such as nanling/tea-1"),
        (["enrol", "nanling/tea-1"], "There is no such robot yet. Give --kind to enrol it"),
        (["enrol", "nobody/tea-1", "--kind", "arm"], "There is no nobody here."),
        (["enrol", "nanling/x", "--kind", "arm", "--protocol", "vda5050"], "VDA 5050 needs manufacturer/serialNumber"),
        (["enrol", "nanling/x", "--kind", "arm", "--option", "seven"], "seven is no NAME=JSON"),
        (["rotate", "nanling/nobody"], "There is no nanling/nobody here."),
        (["revoke", "nanling/nobody"], "There is no nanling/nobody here."),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(run: Run, words: list[str], sentence: str) -> None:
    result = run(*words)

    assert result.exit_code != 0
    assert sentence in result.output


def test_the_zones_bridge_is_told_its_lines(run: Run) -> None:
    assert re.fullmatch(
        r'\[mqtt\]\nusername = "fairzone-bridge"\npassword = "fzm_[a-z2-7]{32}"\n', run("broker").output
    )
