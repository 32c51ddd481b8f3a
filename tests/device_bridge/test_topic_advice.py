"""A topic beside those that are heard leaves a trace that names the right one, at the robot that was meant."""

import pytest

from device_bridge.arrivals import Arrival
from device_bridge.topic_advice import is_for_others, nearest, right_topic, route_of
from device_bridge.transports.broker_log import notices
from tests.device_bridge.test_pipeline import Line
from tests.support.robots import FAIR, FAIR_TOPIC, VDA, VDA_STATE, at, fair_status


@pytest.fixture
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """A pipeline over an empty spool."""
    return Line(tmp_path_factory.mktemp("line"))


@pytest.mark.parametrize(
    ("topic", "right", "robot"),
    [
        ("fair/v1/nanling/walker-7/Status", FAIR_TOPIC, FAIR.robot),
        ("fair/v1/nanling/walker-7/status/", FAIR_TOPIC, FAIR.robot),
        ("/fair/v1/nanling/walker-7/status", FAIR_TOPIC, FAIR.robot),
        ("fair/v2/nanling/walker-7/status", FAIR_TOPIC, FAIR.robot),
        ("fair/nanling/walker-7/status", FAIR_TOPIC, FAIR.robot),
        ("fair/v1/nanling/walker-7", FAIR_TOPIC, FAIR.robot),
        ("fair/v1/nanling/walker-7/state", FAIR_TOPIC, FAIR.robot),
        ("fair/v1/Nanling/Walker-7/Status", "fair/v1/Nanling/Walker-7/status", FAIR.robot),
        ("fair/v1/walker-7/status", "fair/v1/<exhibitor>/walker-7/status", FAIR.robot),
        ("fair/v1/status", "fair/v1/<exhibitor>/<robot>/status", None),
        ("fair/v1/nanling/nobody/Status", "fair/v1/nanling/nobody/status", None),
        ("uagv/v3/NANLING/P2/state", "vda5050/v3/NANLING/P2/state", VDA.robot),
        ("vda5050/v2/NANLING/P2/state", VDA_STATE, VDA.robot),
        ("uagv/v2/NANLING/P2/State", VDA_STATE, VDA.robot),
        ("uagv/v2/NANLING/P2/visualisation", "uagv/v2/NANLING/P2/visualization", VDA.robot),
        ("uagv/v2/NANLING/P2/state/", VDA_STATE, VDA.robot),
    ],
)
def test_a_topic_beside_the_right_one_is_refused_by_name_at_the_robot_that_was_meant(
    line: Line, topic: str, right: str, robot: str | None
) -> None:
    line.settle(Arrival("mqtt", topic, fair_status(1), at(1)))

    (refused,) = line.rejections()
    assert (refused.code, refused.robot, refused.address) == ("beside-topic", robot, topic)
    assert f"{right} (" in refused.detail["en"]
    assert right in refused.detail["zh"]
    assert line.deliveries() == []


def test_the_sentence_names_the_level_that_differs(line: Line) -> None:
    line.settle(Arrival("mqtt", "fair/v1/nanling/walker-7/Status", b"{}", at(1)))

    assert "(`Status` → `status`)" in line.rejections()[0].detail["en"]


@pytest.mark.parametrize("topic", ["", "/", "///", "+", "home/temp", "fair", "uagv", "vda5050/v3", "\N{SNOWMAN}"])
def test_any_topic_at_all_is_refused_and_never_raised(line: Line, topic: str) -> None:
    line.settle(Arrival("mqtt", topic, b"x", at(1)))

    assert len(line.rejections()) == 1


@pytest.mark.parametrize(
    "topic",
    [
        "fair/v1/nanling/walker-7/ack",
        "rehearsal/fair/v1/nanling/walker-7/ack",
        "uagv/v2/NANLING/P2/order",
        "vda5050/v3/NANLING/P2/instantActions",
    ],
)
def test_what_is_said_to_robots_is_none_of_our_business(line: Line, topic: str) -> None:
    line.settle(Arrival("mqtt", topic, b"x", at(1)))

    assert (is_for_others(topic), line.rejections()) == (True, [])


def test_a_right_topic_is_its_own_nearest() -> None:
    for topic in (FAIR_TOPIC, VDA_STATE, "vda5050/v3/NANLING/P2/factsheet"):
        meant = nearest(topic)
        assert meant is not None
        assert (meant, right_topic(meant)) == (route_of(topic), topic)


LOG = b"""\
1795826137: New connection from 10.0.0.7:50158 on port 8883.
1795826137: Sending CONNACK to 10.0.0.7 (0, 5)
1795826137: Client <unknown> disconnected, not authorised.
1795826137: Sending CONNACK to nanling.walker-7 (0, 0)
1795826137: Client nanling.walker-7 disconnected due to oversize packet.
1795826137: Sending CONNACK to 10.0.0.8 (0, 135)
1795826137: Client nanling.walker-7 disconnected.
"""


def test_refused_connections_and_oversized_packets_are_read_from_the_brokers_log(line: Line) -> None:
    line.settle(*notices(LOG, at(1)))

    assert [(one.code, one.robot) for one in line.rejections()] == [
        ("connect-refused", None),
        ("connect-refused", None),
        ("oversized-packet", FAIR.robot),
    ]
    assert "from 10.0.0.7:" in line.rejections()[0].detail["en"]
