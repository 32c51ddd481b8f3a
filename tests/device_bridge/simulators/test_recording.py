"""A stream that was recorded is replayed byte for byte: as a file, over a broker, over a serial port."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.simulators.recording import Head, RecordedPiece, RecordingError, line_of, read_events, read_head
from tests.device_bridge.simulators.conftest import EmbeddedBroker, Simulate, a_spec, start_command
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Child, Children, wait_until

BEGAN = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
events = st.builds(
    RecordedPiece,
    st.floats(min_value=0, max_value=1e6),
    st.binary(max_size=40),
    st.text(max_size=20),
    st.integers(0, 2),
    st.booleans(),
)


@given(st.lists(events, max_size=10), st.sampled_from(["mqtt", "serial"]))
def test_what_is_written_is_read_as_the_same(said: list[RecordedPiece], wire: str) -> None:
    head = read_head(line_of(Head(1, "mqtt" if wire == "mqtt" else "serial", BEGAN)))
    lines = [line_of(event) for event in said]

    assert head.wire == wire
    assert list(read_events(lines)) == said


def test_a_last_line_that_was_cut_off_ends_the_recording() -> None:
    whole = line_of(RecordedPiece(1.0, b"a", "t"))

    assert list(read_events([whole, whole[:9]])) == [RecordedPiece(1.0, b"a", "t")]


def test_what_is_no_recording_is_named_with_its_line() -> None:
    with pytest.raises(RecordingError, match="line 1: no recording of FairZone"):
        read_head(b"hello\n")
    with pytest.raises(RecordingError, match="line 3: "):
        list(read_events([line_of(RecordedPiece(1.0, b"a")), b"hello\n"]))


def simulator(children: Children, *words: str | Path) -> Child:
    return start_command(children, "device_bridge.simulators.command:simulate", *words)


@pytest.mark.slow
def test_a_topic_tree_comes_again_as_it_was(
    broker: EmbeddedBroker, children: Children, simulate: Simulate, tmp_path: Path
) -> None:
    path = tmp_path / "fair.jsonl.gz"
    robots = simulate(broker.address, [a_spec()], "--rate", "10")
    broker.hear("fair/#", 1)
    recording = ("record", path, "--broker", broker.address, "--topic", "fair/#", "--duration", "2")
    simulator(children, *recording).wait(seconds=90)
    robots.stop(seconds=5)
    listener = broker.listen("again/#", 5, seconds=15)

    player = simulator(
        children, "replay", path, "--broker", broker.address, "--speed", "max", "--rename", "fair/", "again/"
    )
    out, _ = listener.communicate(timeout=60)

    assert player.wait(seconds=90) == 0
    heard = [line.split(b" ", 1) for line in out.splitlines()]
    assert {topic for topic, _ in heard} == {b"again/v1/nanling/walker-7/status"}
    numbers = [json.loads(payload)["seq"] for _, payload in heard]
    assert numbers == list(range(numbers[0], numbers[0] + 5))


@pytest.mark.slow
def test_a_serial_stream_comes_again_byte_for_byte(children: Children, simulate: Simulate, tmp_path: Path) -> None:
    port, path, again = tmp_path / "ports" / "booth-2c05", tmp_path / "line.jsonl", tmp_path / "again"
    robots = simulate(f"{LOOPBACK}:{free_port()}", [a_spec("fair-serial")], "--rate", "10")
    wait_until(port.is_symlink, seconds=30, what="the port")
    simulator(children, "record", path, "--serial", port, "--duration", "2").wait(seconds=90)
    robots.stop(seconds=5)
    with path.open("rb") as file:
        file.readline()
        recorded = b"".join(event.data for event in read_events(file))

    simulator(children, "replay", path, "--port", again, "--speed", "1")
    wait_until(again.is_symlink, seconds=30, what="the port of the replay")
    with serial.Serial(str(again), timeout=30) as line:
        heard = line.read(300)

    assert len(heard) == 300
    assert heard in recorded
