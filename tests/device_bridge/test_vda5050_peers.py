"""Vehicles that other people wrote speak to our decoder: it takes what they send, and understands it."""

import asyncio
import itertools
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from vda5050.client.agv.client import VehicleClient
from vda5050.config import VehicleConfig
from vda5050.model.common import Error, Info, InfoReference
from vda5050.model.enums import ActionStatus, ErrorLevel, EStopType, InfoLevel, OperatingMode
from vda5050.model.state import BatteryState, SafetyState
from vda5050.model.visualization import Visualization
from vda5050.ports.transport import Message, MessageHandler

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.directory import Directory
from device_bridge.glimpses import LatestGlimpses
from device_bridge.pipeline import Pipeline
from device_bridge.protocols import MESSAGE_PROTOCOLS, Decoded, Glimpse, Presence, Reading
from device_bridge.settings import MqttSettings
from device_bridge.spool import Spool
from device_bridge.transports.mqtt import MqttTransport
from device_bridge.wire.batch import Delivery, Enrolment, Enrolments, Item, RobotGlimpse, RobotPresence
from device_bridge.wire.report import Fault, FaultLevel, Pose, PresenceState, Source
from device_bridge.wire.topics import VDA5050_SUBSCRIPTIONS
from tests.support.mosquitto import MosquittoBroker
from tests.support.peers.vda5050_lib import start_vehicle
from tests.support.ports import LOOPBACK
from tests.support.processes import Children, wait_until

Kind = TypeVar("Kind")


class Ear:
    """The transport of the SDK's vehicle: hears what it would publish, its last will as well."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Decoded]] = []
        self.will: Decoded | None = None

    async def connect(self, *, will: Message | None = None) -> None:
        """Take the will."""
        self.will = self._hear(will.topic, will.payload) if will else None

    async def disconnect(self) -> None:
        """Nothing to close."""

    async def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> None:
        """Hear what our decoder makes of it; only `connection` may come at QoS 1, and only it is retained."""
        assert (qos == 1, retain) == (topic.endswith("/connection"),) * 2
        self.heard.append((topic, self._hear(topic, payload)))

    async def subscribe(self, topic: str, handler: MessageHandler, *, qos: int = 0) -> None:
        """Nobody sends anything to the vehicle."""

    def _hear(self, topic: str, payload: bytes) -> Decoded:
        protocol, _, _, _, kind = topic.split("/")
        return MESSAGE_PROTOCOLS[protocol].decode(kind, payload)


async def a_morning(ear: Ear) -> None:
    """What the SDK's vehicle does in our tests."""
    config = VehicleConfig(manufacturer="ACME", serial_number="R2", state_interval=3600)
    async with VehicleClient(config, transport=ear) as vehicle:
        await asyncio.sleep(0)
        publisher = vehicle.publisher
        publisher.update_position(x=3.5, y=4.5, theta=1.0, map_id="zone")
        publisher.set_velocity(vx=0.3, vy=0.4)
        publisher.set_driving(True)
        publisher.set_battery(BatteryState(battery_charge=61.5, charging=False))
        publisher.set_operating_mode(OperatingMode.TEACHIN)
        publisher.report_action("a1", ActionStatus.RUNNING, action_type="deliver", action_description="Tray to table 4")
        publisher.add_error(
            Error(error_type="motor", error_level=ErrorLevel.FATAL, error_description="Too hot", error_hint="Wait")
        )
        publisher.set_safety_state(SafetyState(e_stop=EStopType.AUTOACK, field_violation=True))
        figure = InfoReference(reference_key="deliveries_today", reference_value="146")
        publisher.add_information(Info(info_type="metrics", info_references=[figure], info_level=InfoLevel.INFO))
        await vehicle.publish_state()
        header = {"header_id": 0, "version": "2.1.0", "manufacturer": "ACME", "serial_number": "R2"}
        await vehicle.publish_visualization(Visualization.model_validate({**header, "velocity": {"vx": 1.0}}))


def test_the_vehicle_of_the_python_sdk_is_understood_word_for_word() -> None:
    ear = Ear()

    asyncio.run(a_morning(ear))

    assert [what.state for what in _only(ear, Presence)] == [PresenceState.ONLINE, PresenceState.OFFLINE]
    assert isinstance(ear.will, Presence)
    assert ear.will.state is PresenceState.BROKEN
    assert {topic.rpartition("/")[0] for topic, _ in ear.heard} == {"uagv/v2/ACME/R2"}
    assert [what.speed for what in _only(ear, Glimpse)] == [1.0]
    report = _only(ear, Reading)[-1].report
    assert (report.mode, report.activity, report.estop, report.battery) == ("teach_in", "working", "auto", 61.5)
    assert (report.pose, report.speed, report.task) == (Pose(3.5, 4.5, 1.0), 0.5, "Tray to table 4")
    assert report.errors == (Fault(FaultLevel.FATAL, "motor", {"en": "Too hot (Wait)"}),)
    assert report.metrics == {"deliveries_today": 146.0}


def _only(ear: Ear, kind: type[Kind]) -> list[Kind]:
    """What of this kind was heard, in order; nothing may have been refused."""
    assert all(isinstance(what, Reading | Presence | Glimpse) for _, what in ear.heard), ear.heard
    return [what for _, what in ear.heard if isinstance(what, kind)]


class Listener:
    """A bridge up to its spool, on a real broker."""

    def __init__(self, folder: Path, port: int, robot: Enrolment) -> None:
        self._spool = Spool(folder / "spool.db")
        numbers = itertools.count()
        self._pipeline = Pipeline(self._spool, Directory(Enrolments((robot,))), lambda: f"r{next(numbers)}")
        self._board = self._pipeline.glimpses = LatestGlimpses()
        self._queue = ArrivalQueue()
        settings = MqttSettings(LOOPBACK, port)
        self._mqtt = MqttTransport(settings, VDA5050_SUBSCRIPTIONS, self._queue, lambda: datetime.now(UTC))
        self._mqtt.start()
        self.glimpses: list[RobotGlimpse] = []
        assert self._mqtt.opened.wait(60)

    def listen(self) -> None:
        """Settle what has arrived."""
        entries = self._queue.take(0.2)
        self._pipeline.settle([entry.arrival for entry in entries])
        receipts = [entry.receipt for entry in entries if entry.receipt is not None]
        self._mqtt.acknowledge(receipts)
        self.glimpses += self._board.take(10)

    def items(self) -> list[Item]:
        """What waits for the server."""
        return [queued.item for queued in self._spool.oldest(10_000)]

    def sees_it_move(self) -> bool:
        """Whether the robot has come along a metre, after listening for a moment."""
        self.listen()
        return any(glimpse.pose is not None and glimpse.pose.x > 1 for glimpse in self.glimpses)

    def hears(self, state: PresenceState) -> bool:
        """Whether the robot's last word on its connection is this, after listening for a moment."""
        self.listen()
        return any(isinstance(item, RobotPresence) and item.state is state for item in self.items())

    def close(self) -> None:
        """Hang up."""
        self._queue.close()
        self._mqtt.stop()
        self._spool.close()


@pytest.mark.slow
def test_the_virtual_vehicle_of_vda_5050_lib_drives_under_our_eyes_and_its_last_will_is_heard(
    tmp_path: Path, children: Children, mosquitto_broker: MosquittoBroker
) -> None:
    robot = Enrolment(robot="acme/r1", protocol="vda5050", address="ACME/R1", source=Source.SIMULATED)
    with closing(Listener(tmp_path, mosquitto_broker.port, robot)) as bridge:
        vehicle = start_vehicle(children, mosquitto_broker.port, "ACME", "R1")
        wait_until(lambda: bridge.hears(PresenceState.ONLINE), seconds=60, what="the vehicle comes online")
        wait_until(bridge.sees_it_move, seconds=60, what="the vehicle moves")

        vehicle.kill()
        wait_until(lambda: bridge.hears(PresenceState.BROKEN), seconds=30, what="the last will")

        items = bridge.items()

    reports = [item.report for item in items if isinstance(item, Delivery)]
    assert {type(item) for item in items} == {Delivery, RobotPresence}
    assert [report.seq for report in reports] == list(range(len(reports)))
    assert {report.activity for report in reports} >= {"idle", "working", "moving"}
    assert _tasks(report.task for report in reports) == {"pick"}
    assert all(report.battery is not None and 50 < report.battery <= 77 for report in reports)


def _tasks(tasks: Iterable[str | dict[str, str] | None]) -> set[str]:
    return {task for task in tasks if isinstance(task, str)}
