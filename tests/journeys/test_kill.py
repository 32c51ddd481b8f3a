"""The promise about loss, proven by killing things: broker, server and bridge, each once, under 20,000 reports."""

import json
import random
import time
from datetime import UTC, datetime
from functools import partial

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from sqlmodel import select

from device_bridge.wire.batch import Enrolment
from device_bridge.wire.report import Source
from server.features.telemetry.models import LossGap, LossLedger, QuarantinedMessage, TelemetryReport
from server.infra.db import Database
from tests.support.hall import Hall, SpoolingRobot, in_background
from tests.support.ports import LOOPBACK
from tests.support.processes import wait_until

ROBOTS = 4
REPORTS = 5_000
PER_SECOND = 350
STATES = 2_000
GRACE_SECONDS = 32
"""A replay is known as one when its sender has had the mark for 30 s."""
FAIR = [f"nanling/walker-{number}" for number in range(1, ROBOTS + 1)]
VDA = Enrolment(robot="nanling/porter-2", protocol="vda5050", address="NANLING/P2", source=Source.SIMULATED)


def numbers(database: Database) -> dict[tuple[int, int], list[int]]:
    """The stored numbers by robot and boot, sorted; a doubled report would stand twice."""
    found: dict[tuple[int, int], list[int]] = {}
    with database.read() as session:
        for robot, boot, seq in session.execute(
            select(TelemetryReport.robot_id, TelemetryReport.boot, TelemetryReport.seq)
        ):
            found.setdefault((robot, boot), []).append(seq)
    return {key: sorted(seqs) for key, seqs in found.items()}


def stored(database: Database) -> int:
    """How many reports there are."""
    return sum(len(seqs) for seqs in numbers(database).values())


class Vda5050Robot:
    """Sends numbered states at QoS 0, as the standard orders, whether anybody takes them or not."""

    def __init__(self, port: int) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="NANLING.P2")
        self._client.reconnect_delay_set(1, 1)
        self._client.connect_async(LOOPBACK, port)
        self._client.loop_start()
        self.sent = 0

    def run(self) -> None:
        """All states but the first and the last, some of them into a dead connection."""
        for _ in range(STATES - 2):
            self.send()
            time.sleep(0.007)

    def send(self) -> None:
        """The next state."""
        self.sent += 1
        header = {"headerId": self.sent, "timestamp": datetime.now(UTC).isoformat(), "version": "2.1.0"}
        name = {"manufacturer": "NANLING", "serialNumber": "P2"}
        battery = {"batteryState": {"batteryCharge": 50, "charging": False}, "operatingMode": "AUTOMATIC"}
        body = {**header, **name, **battery, "driving": True, "safetyState": {"eStop": "NONE", "fieldViolation": False}}
        if self._client.is_connected():
            self._client.publish("uagv/v2/NANLING/P2/state", json.dumps(body), qos=0)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def wait_connected(self) -> None:
        """Until the connection is back."""
        wait_until(self._client.is_connected, seconds=30, what="the robot's connection")


def disturb(hall: Hall, boot: int) -> None:
    """What does not belong: malformed, oversized, foreign in topic and in body."""
    robot = SpoolingRobot(hall.broker.port, FAIR[0], boot)
    topic = f"fair/v1/{FAIR[0]}/status"
    hall.broker.publish(topic, b'{"exhibitor": "nanling", "robot"')
    hall.broker.publish(topic, b'{"padding": "' + b"x" * 20_000 + b'"}')
    hall.broker.publish("fair/v1/nanling/nobody/status", robot.report(1))
    hall.broker.publish(topic, SpoolingRobot(hall.broker.port, FAIR[1], boot).report(1))


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_nothing_at_or_below_the_mark_is_lost_and_nothing_is_stored_twice(hall: Hall) -> None:
    chance = random.Random(20261122)
    boot = int(time.time() * 1000)
    hall.enrol(*(Enrolment(robot=r, protocol="fair-mqtt", address=r, source=Source.SIMULATED) for r in FAIR), VDA)
    web, bridge = hall.start_web(), hall.start_bridge()
    started = time.monotonic()
    vda = Vda5050Robot(hall.broker.port)
    robots = [SpoolingRobot(hall.broker.port, name, boot) for name in FAIR]
    vda.wait_connected()
    vda.send()
    wait_until(lambda: stored(hall.database) > 0, seconds=30, what="a first state")
    threads = [in_background(partial(robot.run, REPORTS, PER_SECOND)) for robot in robots]
    threads.append(in_background(vda.run))

    time.sleep(2 + chance.random())
    bridge.kill()
    time.sleep(0.5 + chance.random())
    bridge = hall.start_bridge()
    time.sleep(1 + chance.random())
    hall.broker.kill()
    time.sleep(0.5 + chance.random())
    hall.broker.start()
    time.sleep(2 + chance.random())
    web.kill()
    time.sleep(0.5 + chance.random())
    web = hall.start_web()
    disturb(hall, boot)
    for thread in threads:
        thread.join(150)
    vda.wait_connected()
    vda.send()
    time.sleep(max(0.0, GRACE_SECONDS - (time.monotonic() - started)))
    latest = SpoolingRobot(hall.broker.port, FAIR[0], boot)
    hall.broker.publish(f"fair/v1/{FAIR[0]}/status", latest.report(REPORTS + 1))
    hall.broker.publish(f"fair/v1/{FAIR[0]}/status", latest.report(1))

    wait_until(lambda: len(_quarantined(hall.database)) == 5, seconds=30, what="five refusals")
    wait_until(lambda: _last_state_booked(hall.database), seconds=30, what="the last state in the ledger")
    assert [robot.mark for robot in robots] == [REPORTS] * ROBOTS
    found = numbers(hall.database)
    fair = sorted(seqs for (_, of), seqs in found.items() if of == boot)
    assert fair == [list(range(1, REPORTS + 1))] * (ROBOTS - 1) + [list(range(1, REPORTS + 2))]
    assert sorted(_quarantined(hall.database)) == [
        "invalid-field-or-not-json",
        "not-enrolled",
        "oversized",
        "replayed",
        "wrong-identity",
    ]
    (states,) = [seqs for (_, of), seqs in found.items() if of != boot]
    ledger, gaps = _account_of_states(hall.database, boot)
    assert (ledger.stored, ledger.stored + ledger.lost) == (len(states), vda.sent - ledger.first + 1)
    assert ledger.lost == sum(gap.last - gap.first + 1 for gap in gaps)
    assert not set(states) & {number for gap in gaps for number in range(gap.first, gap.last + 1)}
    vda.close()


def _quarantined(database: Database) -> list[str]:
    with database.read() as session:
        codes = session.exec(select(QuarantinedMessage.code)).all()
    return ["invalid-field-or-not-json" if code in {"invalid-field", "not-json"} else code for code in codes]


def _last_state_booked(database: Database) -> bool:
    with database.read() as session:
        return bool(session.exec(select(LossLedger).where(LossLedger.high == STATES)).first())


def _account_of_states(database: Database, boot: int) -> tuple[LossLedger, list[LossGap]]:
    with database.read() as session:
        ledger = session.exec(select(LossLedger).where(LossLedger.boot != boot)).one()
        gaps = session.exec(select(LossGap).where(LossGap.robot_id == ledger.robot_id)).all()
        session.expunge_all()
    return ledger, list(gaps)
