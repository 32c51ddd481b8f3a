"""A robot cannot speak for another: tried at a real mosquitto that the worker's job keeps as the credentials are."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from device_bridge.protocols.decoded import Reading
from device_bridge.protocols.fair import decode_status
from server.features.enrolment.handlers import BrokerSync
from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.rules.snippets import Way, robot_snippets
from server.features.enrolment.service import bridge_account, issue, revoke, rotate, secret_of
from server.features.exhibitors.models import Robot
from server.features.timetable.schemas import DayIn
from server.features.timetable.service import add_days
from server.infra.broker import BrokerControl, BrokerUnavailableError
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.kernel.provenance import Provenance
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.guarded import GuardedBroker, answer_to, calling
from tests.support.zone import make_zone

pytestmark = pytest.mark.slow

KEY = "only-for-tests-0123456789abcdefghij"
CLOSES = NOON + timedelta(hours=5)
WALKER, PORTER = "nanling.walker-7", "nanling.porter-2"
STATUS, ACK = "fair/v1/nanling/walker-7/status", "fair/v1/nanling/walker-7/ack"
ROBOTS = 100
LET_IN, TURNED_AWAY = "Success", "Not authorized"


class Hall:
    """A small zone, its guarded broker, and the job that keeps the broker."""

    def __init__(self, database: Database, broker: GuardedBroker) -> None:
        self.database = database
        self.broker = broker
        self.control = BrokerControl(broker.admin)
        self.doorkeeper = BrokerSync(self.control, KEY)
        make_zone(database)
        day = DayIn(
            date=NOON.date(), opens_at=NOON - timedelta(hours=4), closes_at=CLOSES, provenance=Provenance.DERIVED
        )
        with database.write() as session:
            add_days(session, [day])

    def tend(self, minutes: float = 0) -> int:
        """Run the job so many minutes after noon."""
        return self.doorkeeper.tend(self.database, NOON + timedelta(minutes=minutes))

    def give(self, robot: str, purpose: CredentialPurpose = CredentialPurpose.FAIR) -> str:
        """The secret of a robot that has its credential now."""
        with self.database.write() as session:
            return secret_of(issue(session, SYSTEM, robot, purpose, NOON), KEY)


@pytest.fixture
def hall(migrated_sqlite: Path, tmp_path: Path, guarded_broker: GuardedBroker) -> Iterator[Hall]:
    """A hall at noon. One kind of database will do: what is asked of it has its own tests on both."""
    shutil.copy(migrated_sqlite, tmp_path / "fair.db")
    database = Database(f"sqlite:///{tmp_path / 'fair.db'}", FixedClock(NOON))
    made = Hall(database, guarded_broker)
    yield made
    made.control.close()
    database.close()


def test_a_robot_cannot_speak_for_another(hall: Hall) -> None:
    walker, porter, rehearsal = hall.give("nanling/walker-7"), hall.give("nanling/porter-2"), "rehearsal"
    practice = hall.give("nanling/walker-7", CredentialPurpose.REHEARSAL)
    hall.tend()
    bridge = bridge_account(KEY)

    with (
        calling(hall.broker, "fairzone-bridge", bridge.username, bridge.secret, 5) as zone,
        calling(hall.broker, "fairzone-bridge-2", bridge.username, bridge.secret, 5) as worker,
        calling(hall.broker, WALKER, WALKER, walker) as robot,
        calling(hall.broker, PORTER, PORTER, porter, 5) as other,
        calling(hall.broker, f"{rehearsal}.{WALKER}", f"{rehearsal}.{WALKER}", practice, 5) as actor,
    ):
        heard = [zone.subscribe(topic) for topic in bridge.hears if topic.endswith("#")]
        heard += [worker.subscribe(topic) for topic in bridge.hears if not topic.endswith("#")]
        heard += [worker.subscribe(topic) for topic in ("fair/v1/nanling/+/status", "uagv/v2/NANLING/+/state", STATUS)]
        not_heard = [zone.subscribe(topic) for topic in ("#", "other/#", "$SYS/#")]
        own = robot.publish(STATUS, "own")
        hidden = robot.publish("fair/v1/nanling/arm-1/status", "another's")
        refused = [
            other.publish(STATUS, "the walker's topic"),
            other.publish("uagv/v2/NANLING/P3/state", "another's serial"),
            other.publish("uagv/v2/NANLING/P2/order", "an order"),
            actor.publish(STATUS, "the fair's own topic"),
            zone.publish("uagv/v2/NANLING/P2/order", "an order by the bridge"),
            zone.publish("uagv/v2/NANLING/P2/instantActions", "an action by the bridge"),
            zone.publish("vda5050/v3/NANLING/P2/order", "the same of version 3"),
            zone.publish(STATUS, "a report by the bridge"),
        ]
        taken = [
            other.publish("uagv/v2/NANLING/P2/state", "state"),
            actor.publish(f"rehearsal/{STATUS}", "practice"),
            zone.publish(f"rehearsal/{ACK}", "mark"),
        ]
        granted = [robot.subscribe(topic) for topic in (ACK, "fair/v1/nanling/arm-1/ack", "fair/v1/+/+/ack", "#")]
        waits = other.subscribe("uagv/v2/NANLING/P2/order")
        said = [zone.heard.get(timeout=60) for _ in range(3)]

    assert (set(heard), set(not_heard)) == ({True}, {False})
    assert (own, hidden) == ("Success", "Success")  # 3.1.1 has no words for a refusal: it was dropped all the same
    assert refused == [TURNED_AWAY] * 8
    assert taken == ["Success", "Success", "Success"]
    assert (granted, waits) == ([True, False, False, False], True)
    assert said == [
        (STATUS, b"own"),
        ("uagv/v2/NANLING/P2/state", b"state"),
        (f"rehearsal/{STATUS}", b"practice"),
    ]


def test_only_the_right_name_secret_and_client_id_together_open_the_door(hall: Hall) -> None:
    walker, porter = hall.give("nanling/walker-7"), hall.give("nanling/porter-2")
    hall.tend()

    answers = {
        "own": answer_to(hall.broker, WALKER, WALKER, walker),
        "another's client id": answer_to(hall.broker, PORTER, WALKER, walker),
        "a client id of its own choice": answer_to(hall.broker, "anything", WALKER, walker),
        "another's secret": answer_to(hall.broker, WALKER, WALKER, porter),
        "no secret": answer_to(hall.broker, WALKER, WALKER, ""),
        "anonymous": answer_to(hall.broker, WALKER),
        "another version's": answer_to(hall.broker, WALKER, WALKER, walker[:-1] + "0"),
    }

    assert answers == {"own": LET_IN, **dict.fromkeys([name for name in answers if name != "own"], TURNED_AWAY)}


def test_nobody_can_take_over_a_connection_that_is_there(hall: Hall) -> None:
    walker, porter = hall.give("nanling/walker-7"), hall.give("nanling/porter-2")
    hall.tend()

    with calling(hall.broker, WALKER, WALKER, walker) as robot:
        robot.next("connected")
        thief = answer_to(hall.broker, WALKER, PORTER, porter)

        assert (thief, robot.publish(STATUS), robot.client.is_connected()) == (TURNED_AWAY, "Success", True)


def test_a_live_robot_is_cut_off_at_once_and_does_not_come_back(hall: Hall) -> None:
    revoked, struck_off = hall.give("nanling/walker-7"), hall.give("nanling/porter-2")
    rotated = hall.give("nanling/walker-7", CredentialPurpose.REHEARSAL)
    actor = f"rehearsal.{WALKER}"
    hall.tend()

    with (
        calling(hall.broker, WALKER, WALKER, revoked) as one,
        calling(hall.broker, actor, actor, rotated) as two,
        calling(hall.broker, PORTER, PORTER, struck_off) as three,
    ):
        let_in = [robot.next("connected") for robot in (one, two, three)]
        with hall.database.write() as session:
            revoke(session, SYSTEM, "nanling/walker-7", CredentialPurpose.FAIR)
            new = secret_of(rotate(session, SYSTEM, "nanling/walker-7", CredentialPurpose.REHEARSAL, NOON), KEY)
            session.exec(select(Robot).where(Robot.code == "porter-2")).one().active = False
        hall.tend()
        for robot in (one, two, three):
            robot.next("disconnected")
        back = [robot.next("connected") for robot in (one, two, three)]

    assert (let_in, back) == ([LET_IN] * 3, [TURNED_AWAY] * 3)
    assert answer_to(hall.broker, actor, actor, new) == LET_IN


def test_at_the_close_of_the_fair_every_robot_is_cut_off(hall: Hall) -> None:
    secret = hall.give("nanling/walker-7")
    hall.tend(299)

    with calling(hall.broker, WALKER, WALKER, secret) as robot:
        before = robot.next("connected")
        hall.tend(300)
        robot.next("disconnected")

        assert (before, robot.next("connected")) == (LET_IN, TURNED_AWAY)


def test_the_job_says_nothing_twice_and_mends_a_broker_that_forgot_everything(hall: Hall) -> None:
    walker = hall.give("nanling/walker-7")
    first, again, later = hall.tend(), hall.tend(), hall.tend(1)
    hall.control.ask([{"command": "deleteClient", "username": WALKER}])

    unseen = hall.tend(1.1)
    mended = hall.tend(2)

    assert (first > 4, again, later, unseen, mended) == (True, 0, 0, 0, 1)
    assert answer_to(hall.broker, WALKER, WALKER, walker) == LET_IN


def test_a_broker_that_is_away_is_told_when_it_is_back(hall: Hall) -> None:
    walker = hall.give("nanling/walker-7")
    hall.tend()
    hall.broker.kill()
    with hall.database.write() as session:
        new = secret_of(rotate(session, SYSTEM, "nanling/walker-7", CredentialPurpose.FAIR, NOON), KEY)

    while_away = hall.tend(0.1)
    hall.broker.start()
    back = hall.tend(0.2)

    assert (while_away, back) == (0, 2)
    assert [answer_to(hall.broker, WALKER, WALKER, secret) for secret in (walker, new)] == [TURNED_AWAY, LET_IN]


def test_a_wrong_administrator_is_named_as_such(hall: Hall) -> None:
    wrong = BrokerControl(type(hall.broker.admin)(host="127.0.0.1", port=hall.broker.port, username="x", password="y"))

    with pytest.raises(BrokerUnavailableError, match="Not authorized"):
        wrong.ask([{"command": "listClients"}])


def test_the_robots_of_a_whole_fair_are_let_in_at_once(hall: Hall) -> None:
    with hall.database.write() as session:
        some = session.exec(select(Robot).where(Robot.code == "walker-7")).one().model_dump(exclude={"id"})
        for number in range(ROBOTS):
            code = f"bulk-{number}"
            session.add(Robot(**{**some, "code": code, "address": f"nanling/{code}"}))
        session.flush()
        for number in range(ROBOTS):
            issue(session, SYSTEM, f"nanling/bulk-{number}", CredentialPurpose.FAIR, NOON)

    assert hall.tend() == 2 * ROBOTS + 3


def test_the_lines_of_the_page_work_as_they_are_pasted(hall: Hall, tmp_path: Path) -> None:
    secret = hall.give("nanling/walker-7")
    hall.tend()
    way = Way(hall.broker.url, "http://127.0.0.1:8460", WALKER, secret)
    lines = {one.name: one.text for one in robot_snippets(way, "fair-mqtt", "nanling/walker-7", (STATUS,))}
    (tmp_path / "robot.py").write_text(lines["python"], encoding="utf-8")
    bridge = bridge_account(KEY)

    with calling(hall.broker, "fairzone-bridge", bridge.username, bridge.secret, 5) as zone:
        zone.subscribe(STATUS)
        subprocess.run(["/bin/sh", "-c", lines["mosquitto"]], check=True, timeout=60)
        by_line = zone.heard.get(timeout=60)
        with subprocess.Popen([sys.executable, str(tmp_path / "robot.py")]) as robot:
            by_python = zone.heard.get(timeout=60)
            robot.kill()

    heard = [decode_status(payload) for _, payload in (by_line, by_python)]
    assert [one.claim for one in heard if isinstance(one, Reading)] == ["nanling/walker-7"] * 2
    assert len(lines["python"].splitlines()) <= 20
