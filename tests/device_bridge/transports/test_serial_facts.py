"""Facts about the libraries on which the ports are built: a new release that changes one of them is noticed here."""

import logging
import os
import pty
import socket
import tty
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import serial
from pymavlink.dialects.v20 import common as mavlink

from device_bridge.protocols import STREAM_PROTOCOLS, Reading, StreamOptions
from tests.device_bridge.protocols.frames import cobs_frames, mavlink_frames
from tests.device_bridge.protocols.test_conformance import noisy
from tests.support.ports import LOOPBACK


@dataclass
class Wire:
    """A pty: the robot holds one end, the bridge opens the other by its name."""

    robot: int
    other: int
    name: str

    def unplug(self) -> None:
        """Take both ends away."""
        os.close(self.robot)
        os.close(self.other)
        self.robot = -1


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A cable that is plugged in."""
    robot, other = pty.openpty()
    tty.setraw(other)
    laid = Wire(robot, other, os.ttyname(other))
    yield laid
    if laid.robot >= 0:
        laid.unplug()


def test_after_an_unplug_only_the_exception_tells_and_the_port_still_calls_itself_open(wire: Wire) -> None:
    port = serial.Serial(wire.name, timeout=0.2)
    wire.unplug()

    with pytest.raises(serial.SerialException):
        port.read(1)

    assert port.is_open
    port.close()


def test_exclusive_is_a_lock_among_those_who_ask_for_it_alone(wire: Wire) -> None:
    with serial.Serial(wire.name, exclusive=True):
        with pytest.raises(serial.SerialException, match="exclusively lock"):
            serial.Serial(wire.name, exclusive=True)
        with serial.Serial(wire.name) as rude:
            assert rude.is_open


def test_a_port_through_a_socket_never_connects_again_by_itself() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        with serial.serial_for_url(f"socket://{LOOPBACK}:{server.getsockname()[1]}", timeout=0.2) as port:
            server.accept()[0].close()

            with pytest.raises(serial.SerialException, match="disconnected"):
                port.read(1)
            with pytest.raises(serial.SerialException, match="disconnected"):
                port.read(1)

            assert port.is_open
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_pymavlink_alone_invents_messages_in_noise_and_loses_more_than_our_cutting() -> None:
    """Its warnings about noise are not what is looked at."""
    logging.getLogger("pymavlink").setLevel(logging.CRITICAL)
    stream = noisy(mavlink_frames(2_000), seed=1)
    alone = mavlink.MAVLink(None)
    alone.robust_parsing = True

    names = [message.get_type() for message in alone.parse_buffer(stream) or []]
    ours = STREAM_PROTOCOLS["mavlink"].decoder(StreamOptions()).feed(stream)

    assert [name for name in names if name.startswith("UNKNOWN_")] != []
    assert names.count("HEARTBEAT") < sum(isinstance(what, Reading) for _, what in ours)


def test_noise_before_a_frame_costs_it_nothing_with_a_zero_on_both_sides_or_behind_it_alone() -> None:
    both = cobs_frames(2_000)
    behind = [frame[1:] for frame in both]

    kept = [
        sum(
            isinstance(what, Reading)
            for _, what in STREAM_PROTOCOLS["fair-cobs"].decoder(StreamOptions()).feed(noisy(frames, seed=1))
        )
        for frames in (both, behind)
    ]

    assert min(kept) >= 1_900
