"""One serial port: read and written in its own thread.

After an unplug the library still calls the port open; only the exception of a read tells. A port comes back under the
same name (by-id, by-path, USB numbers, a pty's link), never by keeping the old descriptor. Nobody but the thread
touches the port: closing it while somebody else writes breaks the library, and a robot that never reads would hold
that somebody up.
"""

import contextlib
import io
import select
from collections.abc import Callable
from datetime import datetime
from typing import Any

import serial

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.protocols import STREAM_PROTOCOLS, Malformed, StreamDecoder, StreamOptions
from device_bridge.protocols.decoded import NOISE
from device_bridge.settings import SerialSettings
from device_bridge.transports.pending_line import PendingLine
from device_bridge.transports.port_thread import PortThread
from device_bridge.transports.serial_address import require_same, resolve

_READ_TIMEOUT_S = 0.1
"""How long a line for the robot waits at most while the robot says nothing."""
_WRITE_TIMEOUT_S = 0.05
"""A bound for ports that do not tell beforehand whether they take a line. Not 0: the library then tries for ever."""


class SerialTransport(PortThread):
    """Reads whole frames of one port into the queue and writes acknowledgements back."""

    def __init__(
        self,
        settings: SerialSettings,
        queue: ArrivalQueue,
        now: Callable[[], datetime],
        address: Callable[[str], str] = resolve,
    ) -> None:
        super().__init__(settings, queue, now)
        self._address = address
        self._box = PendingLine()
        self._memory: dict[str, Any] = {}

    def send_line(self, line: bytes) -> None:
        """Have a line written as soon as the robot takes it, unless a newer one comes first. Never waits."""
        self._box.put(line)

    def _session(self) -> None:
        options = StreamOptions(self._settings.robot, self._settings.options, self._memory)
        decoder = STREAM_PROTOCOLS[self._settings.protocol].decoder(options)
        url = self._address(self._settings.url)
        with self._open(url) as port:
            self._converse(url, port, decoder)

    def _open(self, url: str) -> serial.Serial:
        return serial.serial_for_url(
            url,
            baudrate=self._settings.baudrate,
            timeout=_READ_TIMEOUT_S,
            # The library refuses a bound for this kind; its socket has one of its own.
            write_timeout=None if url.lower().startswith("rfc2217:") else _WRITE_TIMEOUT_S,
            exclusive=True,
        )

    def _converse(self, url: str, port: serial.Serial, decoder: StreamDecoder) -> None:
        """Hear lines and write some until the port fails, or its name leads to another one.

        A first line without sense was cut by our coming late: it is let go.
        """
        first = True
        self.quality.made_sense(self._now())
        while not self._stopping.is_set():
            require_same(url, port)
            data = port.read(1)
            data += port.read(port.in_waiting)
            received_at = self._now()
            self._note_health()
            self.quality.heard(len(data))
            self.quality.watch(len(data), received_at)
            for line, heard in decoder.feed(data):
                if not isinstance(heard, Malformed) or heard.code not in NOISE:
                    self.quality.made_sense(received_at)
                if not (first and isinstance(heard, Malformed)):
                    self._deliver(line, heard, received_at)
                first = False
            self._write(port)

    def _write(self, port: serial.Serial) -> None:
        """Write the line in the box if the port takes something; a torn one comes again, whole."""
        line = self._box.offer() if _takes(port) else None
        if line is None:
            return
        with contextlib.suppress(serial.SerialTimeoutException):
            if port.write(line) == len(line):
                self._box.delivered()


def _takes(port: serial.Serial) -> bool:
    """Whether something can be written without waiting; yes where the port has no way to tell (Windows, RFC 2217)."""
    try:
        descriptor = port.fileno()
    except io.UnsupportedOperation:
        return True
    return bool(select.select([], [descriptor], [], 0)[1])
