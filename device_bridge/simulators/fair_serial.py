"""A robot of the fair profile on a serial line: NDJSON with a CRC-32 tail over a pseudo-terminal.

The port appears as a symbolic link, as /dev/serial/by-id does. The slave side stays open here, so that the port
outlives a bridge that restarts; a cut cable takes the whole pseudo-terminal away, as an unplugged adapter does.
"""

import asyncio
import contextlib
import os
import tty
from pathlib import Path
from zlib import crc32

import msgspec

from device_bridge.simulators.fair_mqtt import Mark
from device_bridge.simulators.player import Player, fair_message, with_oldest
from device_bridge.simulators.spool import Patience, Spool

MAX_LINE_BYTES = 1_024
"""An acknowledgement is shorter; what is longer is noise and is thrown away up to its line feed."""
_CRC_DIGITS = 8
_READ_BYTES = 4_096


class SerialMark(Mark, frozen=True):
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
    try:
        return _decode_ack(body).ack
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


class Terminal:
    """A pseudo-terminal under a name: `out` is written as the port takes it, lines that come in go to `heard`."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._out = bytearray()
        self._in = bytearray()
        self._writing = False
        link.parent.mkdir(parents=True, exist_ok=True)
        self._point()

    @property
    def is_idle(self) -> bool:
        """Whether everything that was written has gone to the port."""
        return not self._out

    def listen(self, heard: "SerialRobot") -> None:
        """Hand whole lines to the robot from now on."""
        asyncio.get_running_loop().add_reader(self._master, self._read, heard)

    def write(self, line: bytes) -> None:
        """Write a line, now or as soon as there is room."""
        self._out += line
        self._flush()

    def close(self) -> None:
        """Take the port away: whoever has it open gets an error."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._master)
        loop.remove_writer(self._master)
        if self._link.is_symlink() and str(self._link.readlink()) == os.ttyname(self._slave):
            self._link.unlink()
        os.close(self._master)
        os.close(self._slave)

    def _point(self) -> None:
        """Let the name point here at one stroke, also where a link of an earlier run was left."""
        fresh = self._link.with_name(f".{self._link.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._slave))
        fresh.replace(self._link)

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._out:
                del self._out[: os.write(self._master, self._out)]
        loop = asyncio.get_running_loop()
        if self._out and not self._writing:
            loop.add_writer(self._master, self._flush)
        elif self._writing and not self._out:
            loop.remove_writer(self._master)
        self._writing = bool(self._out)

    def _read(self, heard: "SerialRobot") -> None:
        try:
            self._in += os.read(self._master, _READ_BYTES)
        except (BlockingIOError, OSError):
            return
        *lines, rest = self._in.split(b"\n")
        self._in = rest[:MAX_LINE_BYTES]
        for line in lines:
            heard.received(bytes(line))


class SerialRobot:
    """One robot on one port, with its spool."""

    def __init__(self, player: Player, ports_dir: Path, patience: Patience | None = None) -> None:
        self._player = player
        self._patience = patience
        self._spool = Spool(player.at(0.0).boot, patience)
        self._path = ports_dir / player.part.address
        self._terminal: Terminal | None = None

    async def run(self) -> None:
        """Plug in; the port lives until `close`."""
        self._plug_in()

    def tick(self, elapsed: float) -> None:
        """Make the report of this moment and send what is due."""
        moment = self._player.at(elapsed)
        if moment.cut:
            self._unplug()
        elif self._terminal is None:
            self._plug_in()
        if moment.boot != self._spool.boot:
            self._spool = Spool(moment.boot, self._patience)
            self._spool.link_up(_now())
        if not moment.mute:
            self._spool.append(lambda seq: fair_message(self._player.part, moment, seq))
        self._send()

    def close(self) -> None:
        """Take the port away."""
        self._unplug()

    def received(self, line: bytes) -> None:
        """Take a line from the bridge; what is no mark of ours is ignored."""
        mark = read_mark(line)
        if mark is not None and mark.robot == self._player.part.robot:
            self._spool.accept_mark(mark.boot, mark.seq, _now())
            self._send()

    def _plug_in(self) -> None:
        if self._terminal is None:
            self._terminal = Terminal(self._path)
            self._terminal.listen(self)
            self._spool.link_up(_now())

    def _unplug(self) -> None:
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None
            self._spool.link_down()

    def _send(self) -> None:
        """Write line by line for as long as the port takes them: what it does not take stays in the spool."""
        while self._terminal is not None and self._terminal.is_idle:
            due = self._spool.due(_now(), 1)
            if not due:
                return
            self._terminal.write(frame(with_oldest(due[0].body, due[0].oldest)))


def _now() -> float:
    return asyncio.get_running_loop().time()
