"""A pseudo-terminal under a name: what a robot on a serial port is plugged into.

The port appears as a symbolic link, as /dev/serial/by-id does. The slave side stays open here, so that the port
outlives a bridge that restarts; a cut cable takes the whole pseudo-terminal away, as an unplugged adapter does.
"""

import asyncio
import contextlib
import os
import tty
from collections.abc import Callable
from pathlib import Path

MAX_FRAME_BYTES = 1_024
"""What a robot is told is shorter; what is longer is noise and is thrown away up to its delimiter."""
_READ_BYTES = 4_096


class Terminal:
    """A pseudo-terminal under a name: what is written goes out as the port takes it, what comes in goes to `heard`."""

    def __init__(self, link: Path, delimiter: bytes, heard: Callable[[bytes], None]) -> None:
        """Plug in; `heard` gets whatever comes in up to each `delimiter`, or as it comes when that is empty.

        Needs a running event loop.
        """
        self._link = link
        self._delimiter = delimiter
        self._heard = heard
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._out = bytearray()
        self._in = bytearray()
        self._writing = False
        link.parent.mkdir(parents=True, exist_ok=True)
        self._point()
        asyncio.get_running_loop().add_reader(self._master, self._read)

    @property
    def is_idle(self) -> bool:
        """Whether everything that was written has gone to the port."""
        return not self._out

    @property
    def unwritten(self) -> int:
        """Bytes that the port has not taken yet."""
        return len(self._out)

    def write(self, frame: bytes) -> None:
        """Write a frame, now or as soon as there is room."""
        self._out += frame
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

    def _read(self) -> None:
        try:
            piece = os.read(self._master, _READ_BYTES)
        except (BlockingIOError, OSError):
            return
        if not self._delimiter:
            self._heard(piece)
            return
        self._in += piece
        *frames, rest = self._in.split(self._delimiter)
        self._in = rest[:MAX_FRAME_BYTES]
        for frame in frames:
            self._heard(bytes(frame))
