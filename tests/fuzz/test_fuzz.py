"""The fuzzer finds what it is there to find, and finds nothing in a short run."""

import subprocess
import sys
from pathlib import Path

import pytest

from device_bridge.protocols import (
    MESSAGE_PROTOCOLS,
    STREAM_PROTOCOLS,
    Decoded,
    Malformed,
    MessageProtocol,
    StreamProtocol,
)
from tests.architecture.source import ROOT
from tests.fuzz.targets import BrokenPromiseError, seeds, target


@pytest.mark.parametrize("protocol", [*MESSAGE_PROTOCOLS, *STREAM_PROTOCOLS])
def test_every_protocol_has_first_inputs_and_bears_them_cut_and_doubled(protocol: str) -> None:
    tried = target(protocol)
    first = list(seeds(protocol))

    for seed in first:
        for data in (b"", seed, seed[: len(seed) // 2], seed + seed[1:]):
            tried(data)

    assert len(first) >= 5


def test_a_message_that_raises_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(_kind: str, payload: bytes) -> Decoded:
        return Malformed("x", {"en": str(1 // len(payload)), "zh": "x"})

    monkeypatch.setitem(MESSAGE_PROTOCOLS, "fair", MessageProtocol("fair-mqtt", (), fragile, 1))

    with pytest.raises(ZeroDivisionError):
        target("fair")(b"")


def test_a_refusal_without_words_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    mute = MessageProtocol("fair-mqtt", (), lambda _kind, _payload: Malformed("x", {"en": "No.", "zh": ""}), 1)
    monkeypatch.setitem(MESSAGE_PROTOCOLS, "fair", mute)

    with pytest.raises(BrokenPromiseError, match="No"):
        target("fair")(b"x")


class Forgetful:
    """A decoder that takes each piece for a frame."""

    def feed(self, data: bytes) -> list[tuple[bytes, Decoded]]:
        """Give it back as it came."""
        return [(data, Malformed("x", {"en": "x", "zh": "x"}))]


def test_a_stream_that_depends_on_how_it_is_cut_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STREAM_PROTOCOLS, "fair-serial", StreamProtocol("fair-serial", lambda _options: Forgetful(), 1))

    with pytest.raises(BrokenPromiseError, match="cut every 1 bytes"):
        target("fair-serial")(b"\0abc")


def test_a_protocol_that_nobody_speaks_is_named() -> None:
    with pytest.raises(BrokenPromiseError, match="klingon"):
        target("klingon")


@pytest.mark.slow
def test_a_short_run_by_the_command_finds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", "vda5050", "--runs", "2000", "--seconds", "20"]

    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=90, check=False
    )

    assert (done.returncode, list(tmp_path.iterdir())) == (0, []), done.stderr
    assert "Done 2" in done.stderr


@pytest.mark.slow
def test_a_finding_can_be_tried_again(tmp_path: Path) -> None:
    found = tmp_path / "crash-1"
    found.write_bytes(next(seeds("vda5050")))
    command = [sys.executable, "-m", "tests.fuzz", "vda5050", "--input", str(found)]

    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
