"""A robot of the fair profile on a serial line, with its spool: NDJSON with a CRC-32 tail, or frames in COBS.

COBS: S. Cheshire, M. Baker, IEEE/ACM Transactions on Networking 7(2), 1999. A frame is a zero byte, the stuffed JSON
with its CRC-32 (the lowest byte first), and a zero byte.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import msgspec

from device_bridge.simulators.fair_robot import FairRobot, HeardMark, now
from device_bridge.simulators.player import Player, with_oldest
from device_bridge.simulators.sender_spool import SenderPatience
from device_bridge.simulators.terminal import Terminal

_CRC_DIGITS = 8
_CRC_BYTES = 4
_FULL_BLOCK = 255


class SerialMark(HeardMark, frozen=True):
    """The durable mark of one robot on the line."""

    robot: str


class _AckLine(msgspec.Struct, frozen=True):
    ack: SerialMark


_decode_ack = msgspec.json.Decoder(_AckLine).decode


def frame(body: bytes) -> bytes:
    """Return the line: JSON, `*`, CRC-32 in eight hexadecimal digits, line feed."""
    return b"%s*%08X\n" % (body, crc32(body))


def read_mark(line: bytes) -> SerialMark | None:
    """Return the mark that a line from the bridge carries, with or without a CRC tail; None for anything else."""
    body, star, tail = line.strip().rpartition(b"*")
    if not star or len(tail) != _CRC_DIGITS:
        body = line
    elif tail.upper() != b"%08X" % crc32(body):
        return None
    return _mark_of(body)


def cobs_frame(body: bytes) -> bytes:
    """Return the body and its CRC-32 in COBS between two zero bytes."""
    out, block = bytearray(b"\0"), bytearray()
    for byte in body + crc32(body).to_bytes(_CRC_BYTES, "little"):
        if byte:
            block.append(byte)
        if not byte or len(block) == _FULL_BLOCK - 1:
            out += bytes((len(block) + 1,)) + block
            block.clear()
            if byte:
                continue
    return bytes(out + bytes((len(block) + 1,)) + block + b"\0")


def read_cobs_mark(frame_body: bytes) -> SerialMark | None:
    """Return the mark in a frame without its zero bytes; None for anything else."""
    out = bytearray()
    position = 0
    while position < len(frame_body):
        code = frame_body[position]
        out += frame_body[position + 1 : position + code]
        position += code
        if code < _FULL_BLOCK and position < len(frame_body):
            out.append(0)
    body, tail = bytes(out[:-_CRC_BYTES]), bytes(out[-_CRC_BYTES:])
    return _mark_of(body) if tail == crc32(body).to_bytes(_CRC_BYTES, "little") else None


def _mark_of(body: bytes) -> SerialMark | None:
    try:
        return _decode_ack(body).ack
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


@dataclass(frozen=True)
class Framing:
    """How reports go out and marks come in."""

    frame: Callable[[bytes], bytes]
    delimiter: bytes
    read_mark: Callable[[bytes], SerialMark | None]


LINES = Framing(frame, b"\n", read_mark)
COBS = Framing(cobs_frame, b"\0", read_cobs_mark)


class SerialRobot(FairRobot):
    """One robot on one port, with its spool."""

    def __init__(
        self, player: Player, ports_dir: Path, patience: SenderPatience | None = None, framing: Framing = LINES
    ) -> None:
        super().__init__(player, patience)
        self._framing = framing
        self._path = ports_dir / player.spec.address
        self._terminal: Terminal | None = None

    async def run(self) -> None:
        """Plug in; the port lives until `close`."""
        self._plug_in()

    @property
    def is_up(self) -> bool:
        """Whether the port is there."""
        return self._terminal is not None

    @property
    def idle(self) -> bool:
        """Whether every report has gone out."""
        return self._terminal is not None and self._terminal.is_idle and not self._spool.unsent

    def _be_cut(self, *, cut: bool) -> None:
        if cut:
            self._unplug()
        else:
            self._plug_in()

    def close(self) -> None:
        """Take the port away."""
        self._unplug()

    def received(self, line: bytes) -> None:
        """Take a line or frame from the bridge; what is no mark of ours is ignored."""
        mark = self._framing.read_mark(line)
        if mark is not None and mark.robot == self._player.spec.robot:
            self._accept(mark)
            self._send()

    def _plug_in(self) -> None:
        if self._terminal is None:
            self._terminal = Terminal(self._path, self._framing.delimiter, self.received)
            self._spool.link_up(now())

    def _unplug(self) -> None:
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None
            self._spool.link_down()

    def _send(self) -> None:
        """Write one by one for as long as the port takes them: what it does not take stays in the spool."""
        while self._terminal is not None and self._terminal.is_idle:
            due = self._spool.due(now(), 1)
            if not due:
                return
            line = self._framing.frame(with_oldest(due[0].body, due[0].oldest))
            self._terminal.write(self._player.wire.carry(line))
