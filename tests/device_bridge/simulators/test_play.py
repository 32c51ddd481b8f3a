"""How a fleet is played: second robots of the same name, more robots than there are, and time that runs faster."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from device_bridge.protocols import POLLED_PROTOCOLS, STREAM_PROTOCOLS, Malformed, Reading, StreamOptions
from device_bridge.simulators.command import simulate as simulate_command
from device_bridge.simulators.declared import DECLARATION, declared_encoder
from device_bridge.simulators.fair_mqtt import FairMqttRobot
from device_bridge.simulators.fleet import crowd
from device_bridge.simulators.impostor import Impostor
from device_bridge.simulators.modbus import REGISTERS
from device_bridge.simulators.mqtt_link import Broker
from device_bridge.simulators.pace import Sprint
from device_bridge.simulators.playback import Playback, robots_of
from device_bridge.simulators.player import Player
from device_bridge.simulators.script import read_script
from device_bridge.simulators.sender_spool import SenderPatience
from device_bridge.simulators.vda5050_messages import connection_message, factsheet_message, state_message
from tests.device_bridge.simulators.conftest import EmbeddedBroker, Simulate, a_spec
from tests.support.ports import LOOPBACK
from tests.support.processes import wait_until
from tests.support.scripted_broker import ScriptedBroker

STARTED = datetime(2026, 10, 16, 2, 0, tzinfo=UTC)
STATUS = "fair/v1/nanling/walker-7/status"


class FakeSender:
    """Takes down what it is asked for; its wire takes a report when it has been asked for room twice."""

    def __init__(self) -> None:
        self.ticks: list[float] = []
        self.closed = 0
        self._asked = 0

    numbers = range(0)
    is_up = True

    @property
    def idle(self) -> bool:
        """Every second time."""
        self._asked += 1
        return self._asked % 2 == 0

    async def run(self) -> None:
        """Keep nothing."""

    def tick(self, elapsed: float) -> None:
        """Remember when."""
        self.ticks.append(elapsed)

    def tend(self, elapsed: float) -> None:
        """Nothing is due."""

    def close(self) -> None:
        """Remember it."""
        self.closed += 1


def test_a_second_robot_is_there_for_its_time_alone() -> None:
    made: list[FakeSender] = []

    def make() -> FakeSender:
        made.append(FakeSender())
        return made[-1]

    async def live() -> None:
        impostor = Impostor(2.0, 4.0, make)
        for half in range(12):
            impostor.tick(half / 2)

    asyncio.run(live())

    assert [(sender.ticks, sender.closed) for sender in made] == [([0.0, 0.5, 1.0, 1.5], 1)]


def test_as_fast_as_possible_every_report_is_made_in_its_own_time() -> None:
    senders = [FakeSender(), FakeSender()]

    async def sprint() -> bool:
        ended = asyncio.Event()
        await Sprint(senders, rate=2.0, duration=5.0).run(ended)
        return ended.is_set()

    ended = asyncio.run(sprint())

    assert ended
    assert [sender.ticks for sender in senders] == [[half / 2 for half in range(10)]] * 2


def test_a_robot_has_ended_only_when_the_broker_has_its_last_report() -> None:
    broker = ScriptedBroker()
    robot = FairMqttRobot(Player(a_spec(), 1, STARTED), Broker(LOOPBACK, broker.port), 1, SenderPatience(for_mark=0.01))

    async def sprint() -> tuple[bool, bool]:
        keeper, ended = asyncio.create_task(robot.run()), asyncio.Event()
        playing = asyncio.create_task(Sprint([robot], rate=1.0, duration=1.0).run(ended))
        await asyncio.to_thread(wait_until, lambda: bool(broker.published), seconds=30, what="the report")
        await asyncio.sleep(0.2)
        early = ended.is_set()
        broker.acknowledge(broker.published[0][0])
        await playing
        keeper.cancel()
        robot.close()
        return early, ended.is_set()

    try:
        assert asyncio.run(asyncio.wait_for(sprint(), 15)) == (False, True)
    finally:
        broker.close()


def test_a_crowd_is_the_cast_and_more_like_it() -> None:
    fleet = [a_spec(), a_spec("vda5050")]

    robots = crowd(fleet, 5)

    assert [spec.robot for spec in robots] == [
        "nanling/walker-7",
        "nanling/walker-7",
        "nanling/walker-7-x2",
        "nanling/walker-7-x2",
        "nanling/walker-7-x3",
    ]
    assert [spec.address for spec in robots[2:4]] == ["nanling/walker-7-x2", "Nanling/SN-0007-x2"]


def test_a_port_has_one_robot_and_a_broker_may_have_two_of_a_name() -> None:
    script = read_script("at 00:01 duplicate serial\nat 00:05 take over client id")
    how = Playback(Broker(LOOPBACK, 1), Path("ports"), script=script)

    senders = robots_of([a_spec(), a_spec("fair-serial")], how, STARTED)

    assert [type(sender).__name__ for sender in senders] == ["FairMqttRobot", "SerialRobot", "Impostor", "Impostor"]


def test_what_is_played_at_another_speed_ends_now_and_not_in_the_future() -> None:
    playback = [Playback(Broker(LOOPBACK, 1), Path(), duration=60.0, speed=speed) for speed in (1.0, 10.0, None)]

    assert [how.head_start for how in playback] == [0.0, 54.0, 60.0]


def test_without_an_end_no_clock_may_run_ahead(tmp_path: Path) -> None:
    fair = tmp_path / "fair.json"
    fair.write_bytes(msgspec.json.encode([a_spec()]))
    words = ["--fair", str(fair), "--broker", "127.0.0.1:1", "--ports-dir", str(tmp_path), "--speed", "max"]

    result = CliRunner().invoke(simulate_command, words)

    assert result.exit_code == 2
    assert "give a --duration" in result.output


@pytest.mark.parametrize("speed", ["0", "-1", "fast"])
def test_a_speed_that_is_none_is_refused(speed: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(simulate_command, ["--speed", speed, "--ports-dir", str(tmp_path)])

    assert "is neither `max` nor a number from 0.01 to 10000" in result.output


def test_a_declared_robot_is_read_by_its_declaration() -> None:
    player, encode = Player(a_spec(), 1, STARTED, read_script("at 00:03 e-stop for 1 s")), declared_encoder()
    decoder = STREAM_PROTOCOLS["declared"].decoder(StreamOptions(values=DECLARATION))
    moments = [player.at(float(second)) for second in range(6)]

    heard = [said for number, moment in enumerate(moments, 1) for _, said in decoder.feed(encode(moment, number))]

    reports = [said.report for said in heard if isinstance(said, Reading)]
    assert [report.seq for report in reports] == [1, 2, 3, 4, 5, 6]
    assert [report.activity for report in reports] == [moment.state.activity for moment in moments]
    assert [len(report.errors) for report in reports] == [0, 0, 0, 1, 0, 0]


def test_the_registers_are_a_map_that_the_bridge_takes() -> None:
    asked = POLLED_PROTOCOLS["modbus"].questions(StreamOptions(values=REGISTERS))

    assert [(block.address, block.length) for block in asked.blocks] == [(0, 10)]


def test_a_robot_of_version_three_is_understood() -> None:
    from device_bridge.protocols import MESSAGE_PROTOCOLS

    spec, decode = replace(a_spec("vda5050"), version="3.0.0"), MESSAGE_PROTOCOLS["vda5050"].decode
    player = Player(spec, 1, STARTED, read_script("at 00:00 e-stop for 9 s"))

    heard = [
        decode("state", state_message(spec, player.at(5.0), 7)),
        decode("connection", connection_message(spec, STARTED, 1, "HIBERNATING")),
        decode("factsheet", factsheet_message(spec, STARTED, 0)),
    ]

    assert not [said for said in heard if isinstance(said, Malformed)]
    state = heard[0]
    assert isinstance(state, Reading)
    assert (state.report.seq, state.report.estop.value, state.report.activity.value) == (7, "manual", "paused")


@pytest.mark.slow
def test_an_hour_goes_by_as_fast_as_the_broker_takes_it(broker: EmbeddedBroker, simulate: Simulate) -> None:
    listener = broker.listen(STATUS, 200, seconds=30)

    robots = simulate(broker.address, [a_spec()], "--duration", "200", "--speed", "max")

    assert robots.wait(seconds=90) == 0
    out, _ = listener.communicate(timeout=60)
    said = [json.loads(line.split(b" ", 1)[1]) for line in out.splitlines()]
    times = [datetime.fromisoformat(status["time"]) for status in said]
    assert [status["seq"] for status in said] == list(range(1, 201))
    assert (times[-1] - times[0]).total_seconds() == pytest.approx(199.0)
    assert times[-1] < datetime.now(UTC)


@pytest.mark.slow
def test_a_duplicate_serial_interleaves_two_starts_of_one_robot(
    broker: EmbeddedBroker, simulate: Simulate, tmp_path: Path
) -> None:
    script = tmp_path / "faults"
    script.write_text("from 00:01 duplicate serial for 30 s", encoding="utf-8")
    simulate(broker.address, [a_spec()], "--rate", "5", "--script", str(script))

    said = [json.loads(payload) for _, payload in broker.hear(STATUS, 40, seconds=20)]

    assert len({status["boot"] for status in said}) == 2
    assert len({status["boot"] for status in said[-6:]}) == 2
