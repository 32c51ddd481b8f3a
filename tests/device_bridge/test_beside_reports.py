"""What robots say beside their reports: who is there, where they are in between, what they can do."""

import itertools
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from device_bridge.arrivals import Arrival
from device_bridge.directory import Directory
from device_bridge.forwarder import Forwarder
from device_bridge.glimpses import LatestGlimpses
from device_bridge.pipeline import Pipeline
from device_bridge.server_connection import ServerConnection, ServerUnavailableError
from device_bridge.spool import Spool
from device_bridge.wire.batch import (
    Delivery,
    Enrolment,
    Enrolments,
    Item,
    Rejection,
    RobotFactsheet,
    RobotGlimpse,
    RobotPresence,
)
from device_bridge.wire.report import Pose, PresenceState, Source
from tests.support.fair_server import TOKEN, FairServer, problem
from tests.support.robots import VDA, VDA_CONNECTION, VDA_STATE, at, vda_state

V2 = "uagv/v2/NANLING/P2"
V3 = "vda5050/v3/NANLING/P2"
PLACE = {"x": 1.5, "y": 2.5, "theta": 0.5, "mapId": "zone", "positionInitialized": True}
PLACE_V3 = {**{key: value for key, value in PLACE.items() if key != "positionInitialized"}, "localized": True}


class Line:
    """A pipeline over a spool, with a board for its glimpses."""

    def __init__(self, folder: Path, robot: Enrolment = VDA) -> None:
        self.spool = Spool(folder / "spool.db")
        numbers = itertools.count(1)
        self._pipeline = Pipeline(self.spool, Directory(Enrolments((robot,))), lambda: f"r{next(numbers)}")
        self.board = self._pipeline.glimpses = LatestGlimpses()

    def hear(self, topic: str, body: bytes | dict[str, Any], seconds: float = 0, **arrival: Any) -> None:
        """Settle one message."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._pipeline.settle((Arrival("mqtt", topic, payload, at(seconds), **arrival),))

    def items(self) -> list[Item]:
        """What waits for the server."""
        return [queued.item for queued in self.spool.oldest(1_000)]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A line that knows one VDA 5050 robot."""
    return Line(tmp_path)


def header(version: str = "3.0.0", number: int = 1, seconds: float = 0) -> dict[str, Any]:
    """The header of a message of the enrolled robot."""
    moment = at(seconds).isoformat()
    return {
        "headerId": number,
        "timestamp": moment,
        "version": version,
        "manufacturer": "NANLING",
        "serialNumber": "P2",
    }


def connection(state: str, **about: Any) -> dict[str, Any]:
    """A `connection` of version 3."""
    return {**header(**about), "connectionState": state}


def presence(state: PresenceState, said: float, heard: float) -> RobotPresence:
    """What of it goes to the server."""
    return RobotPresence(VDA.robot, state, at(said), at(heard))


def test_a_last_will_is_older_than_the_online_it_follows_and_is_believed(line: Line) -> None:
    line.hear(VDA_CONNECTION, connection("ONLINE", version="2.1.0", number=5, seconds=10), 10)
    line.hear(VDA_STATE, vda_state(1, seconds=11), 11)

    line.hear(VDA_CONNECTION, connection("CONNECTIONBROKEN", version="2.1.0", number=4, seconds=9), 60)

    kept = [item for item in line.items() if not isinstance(item, Delivery)]
    assert kept == [presence(PresenceState.BROKEN, 9, 60)]


def test_a_sleeping_robot_says_so_and_its_counter_goes_on_when_it_wakes(line: Line) -> None:
    line.hear(f"{V3}/connection", connection("HIBERNATING"), 5)

    assert line.items() == [presence(PresenceState.HIBERNATING, 0, 5)]


def test_only_the_newest_word_of_a_robot_waits_for_the_server(line: Line) -> None:
    for seconds in range(6):
        line.hear(f"{V3}/connection", connection("ONLINE" if seconds % 2 else "OFFLINE", seconds=seconds), seconds)
        line.hear(f"{V3}/factsheet", {**header(number=seconds), "typeSpecification": {"n": seconds}}, seconds)

    assert line.items() == [
        presence(PresenceState.ONLINE, 5, 5),
        RobotFactsheet(VDA.robot, at(5), {**header(number=5), "typeSpecification": {"n": 5}}),
    ]


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        (f"{V2}/visualization", {**header("2.1.0"), "agvPosition": PLACE, "velocity": {"vx": 0.3, "vy": 0.4}}),
        (f"{V2}/visualization", {"agvPosition": PLACE, "velocity": {"vx": 0.3, "vy": 0.4}}),
        (f"{V3}/visualization", {**header(), "mobileRobotPosition": PLACE_V3, "velocity": {"vx": 0.3, "vy": 0.4}}),
    ],
)
def test_a_glimpse_is_shown_and_neither_stored_nor_counted(line: Line, topic: str, body: dict[str, Any]) -> None:
    line.hear(topic, body, 3)

    assert line.board.take(10) == (RobotGlimpse(VDA.robot, at(3), Pose(1.5, 2.5, 0.5), 0.5),)
    assert line.items() == []
    assert line.spool.unsent_ledgers(10) == ()


def test_only_the_newest_glimpse_of_a_robot_is_held_and_each_is_taken_once(line: Line) -> None:
    for seconds in range(10):
        line.hear(f"{V2}/visualization", {"agvPosition": {**PLACE, "x": float(seconds)}}, seconds)

    assert [glimpse.received_at for glimpse in line.board.take(10)] == [at(9)]
    assert line.board.take(10) == ()


def test_a_retained_glimpse_shows_where_a_robot_was_and_not_where_it_is(line: Line) -> None:
    line.hear(f"{V2}/visualization", {"agvPosition": PLACE}, 3, retained=True)

    assert line.board.take(10) == ()


@pytest.mark.parametrize("kind", ["visualization", "factsheet", "connection", "state"])
def test_nobody_speaks_for_another_in_any_kind_of_message(line: Line, kind: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "visualization": {"agvPosition": PLACE},
        "factsheet": {},
        "connection": {"connectionState": "ONLINE"},
        "state": json.loads(vda_state(1)),
    }

    line.hear(f"{V2}/{kind}", {**bodies[kind], **header("2.1.0"), "serialNumber": "P3"})

    (refused,) = line.items()
    assert isinstance(refused, Rejection)
    assert (refused.code, refused.robot) == ("wrong-identity", VDA.robot)
    assert line.board.take(10) == ()


@pytest.mark.parametrize("topic", [V2, V3])
@pytest.mark.parametrize("version", ["2.0.0", "2.1.0", "3.0.0"])
def test_the_topics_major_version_is_the_bodys(line: Line, topic: str, version: str) -> None:
    line.hear(f"{topic}/connection", {**header(version), "connectionState": "ONLINE"})

    (item,) = line.items()
    assert isinstance(item, RobotPresence if topic[-12] == version[0] else Rejection)
    if isinstance(item, Rejection):
        assert item.code == "unsupported-version"
        assert version in item.detail["zh"]
        assert version in item.detail["en"]


def test_under_a_rehearsal_credential_nobody_is_told_where_the_robot_is(tmp_path: Path) -> None:
    robot = Enrolment(robot=VDA.robot, protocol=VDA.protocol, address=VDA.address, source=Source.LIVE, rehearsal=True)
    line = Line(tmp_path, robot)

    line.hear(f"rehearsal/{V2}/visualization", {"agvPosition": PLACE})
    line.hear(f"rehearsal/{V3}/connection", connection("ONLINE"))

    assert (line.items(), line.board.take(10)) == ([], ())


def test_what_was_said_beside_the_reports_reaches_the_server(line: Line, fair_server: FairServer) -> None:
    line.hear(f"{V3}/connection", connection("ONLINE"), 1)
    line.hear(f"{V3}/factsheet", {**header(), "typeSpecification": {}}, 2)
    line.hear(f"{V3}/visualization", {**header(), "mobileRobotPosition": PLACE_V3}, 3)

    with closing(ServerConnection(fair_server.url, TOKEN)) as server:
        forwarder = Forwarder(line.spool, server, "zone", lambda: at(9), itertools.count(0.0).__next__)
        forwarder.glimpses = line.board
        forwarder.forward_once()

    assert fair_server.beside == [
        presence(PresenceState.ONLINE, 0, 1),
        RobotFactsheet(VDA.robot, at(2), {**header(), "typeSpecification": {}}),
        RobotGlimpse(VDA.robot, at(3), Pose(1.5, 2.5, 0.5)),
    ]
    assert (line.spool.depth(), line.board.take(10)) == (0, ())


def test_while_the_server_is_away_words_wait_and_glimpses_go(line: Line, fair_server: FairServer) -> None:
    line.hear(f"{V3}/connection", connection("ONLINE"), 1)
    line.hear(f"{V3}/visualization", {**header(), "mobileRobotPosition": PLACE_V3}, 2)
    fair_server.out_of_order = True

    with closing(ServerConnection(fair_server.url, TOKEN)) as server:
        forwarder = Forwarder(line.spool, server, "zone", lambda: at(9), itertools.count(0.0).__next__)
        forwarder.glimpses = line.board
        with pytest.raises(ServerUnavailableError):
            forwarder.forward_once()
        line.hear(f"{V3}/visualization", {**header(), "mobileRobotPosition": {**PLACE_V3, "x": 9}}, 3)
        fair_server.out_of_order = False
        forwarder.forward_once()

    assert [type(heard) for heard in fair_server.beside] == [RobotPresence, RobotGlimpse]
    assert fair_server.beside[1].received_at == at(3)


def test_glimpses_that_a_server_refuses_hold_up_nothing(
    line: Line, fair_server: FairServer, caplog: pytest.LogCaptureFixture
) -> None:
    line.hear(f"{V3}/visualization", {**header(), "mobileRobotPosition": PLACE_V3}, 2)
    fair_server.proxy = problem(422, "invalid", "no glimpses here")

    with closing(ServerConnection(fair_server.url, TOKEN)) as server:
        forwarder = Forwarder(line.spool, server, "zone", lambda: at(9), itertools.count(0.0).__next__)
        forwarder.glimpses = line.board
        forwarder.forward_once()

    assert line.board.take(10) == ()
    assert "no glimpses here" in caplog.text
