"""One serial port: opened by name, read and written in its own thread, opened again for as long as the bridge runs.

After an unplug the library still calls the port open; only the exception of a read tells. A port comes back under the
same name (by-id, by-path, a pty's link), never by keeping the old descriptor. Nobody but the thread touches the port:
closing it while somebody else writes breaks the library, and a robot that never reads would hold that somebody up.
"""

import contextlib
import io
import logging
import select
import threading
from collections.abc import Callable
from datetime import datetime

import serial

from device_bridge.inbox import Entry, Inbox
from device_bridge.pipeline import Arrival
from device_bridge.protocols import STREAM_PROTOCOLS, Malformed, StreamOptions
from device_bridge.settings import SerialSettings
from device_bridge.transports.line_box import LineBox

_log = logging.getLogger(__name__)

_READ_TIMEOUT_S = 0.1
"""How long a line for the robot waits at most while the robot says nothing."""
_WRITE_TIMEOUT_S = 0.05
"""A bound for ports that do not tell beforehand whether they take a line. Not 0: the library then tries for ever."""
_STOP_PATIENCE_S = 2.0
_RETRY_S = (0.2, 0.5, 1.0, 2.0)
"""How long to wait before opening a missing port again, the last one for ever."""


class SerialTransport:
    """Reads whole lines of one port into the inbox and writes acknowledgement lines back."""

    def __init__(self, settings: SerialSettings, inbox: Inbox, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._inbox = inbox
        self._now = now
        self._box = LineBox()
        self._stopping = threading.Event()
        self.opened = threading.Event()
        """Set whenever the port has been opened; whoever tells the robot its mark clears it."""
        self._connected = threading.Event()
        self._failures = 0
        self._told: set[tuple[type[Exception], int | None]] = set()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The port's name, which is its robot's address."""
        return self._settings.name

    @property
    def connected(self) -> bool:
        """Whether the port is open and could be read."""
        return self._connected.is_set()

    @property
    def alive(self) -> bool:
        """Whether the port's thread lives; `start` may be called again when it does not."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to read; a port that is not there yet is waited for. Does nothing while the thread lives."""
        with self._starting:
            if not self.alive:
                self._thread = threading.Thread(target=self._run, name=f"serial {self.name}", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread and close the port; waits two seconds at most."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=_STOP_PATIENCE_S)

    def send_line(self, line: bytes) -> None:
        """Have a line written as soon as the robot takes it, unless a newer one comes first. Never waits."""
        self._box.put(line)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._open() as port:
                    self._converse(port)
            except Exception as error:  # noqa: BLE001 - the root of a thread: no surprise of a driver may lose the port
                self._tell(error)
            finally:
                self._connected.clear()
            self._stopping.wait(_RETRY_S[min(self._failures, len(_RETRY_S) - 1)])
            self._failures += 1

    def _tell(self, error: Exception) -> None:
        """Log what is wrong with the port, each kind once until the port works again."""
        kind = (type(error), error.errno if isinstance(error, OSError) else None)
        if kind not in self._told:
            self._told.add(kind)
            _log.warning("serial port %s: %s: %s; trying again", self.name, type(error).__name__, error)

    def _open(self) -> serial.Serial:
        return serial.serial_for_url(
            self._settings.url,
            baudrate=self._settings.baudrate,
            timeout=_READ_TIMEOUT_S,
            write_timeout=_WRITE_TIMEOUT_S,
            exclusive=True,
        )

    def _converse(self, port: serial.Serial) -> None:
        """Hear lines and write some until the port fails.

        A first line without sense was cut by our coming late: it is let go.
        """
        protocol = self._settings.protocol
        decoder = STREAM_PROTOCOLS[protocol].decoder(StreamOptions(self._settings.robot, self._settings.options))
        first = True
        while not self._stopping.is_set():
            data = port.read(1)
            data += port.read(port.in_waiting)
            received_at = self._now()
            self._note_health()
            for line, heard in decoder.feed(data):
                if not (first and isinstance(heard, Malformed)):
                    arrival = Arrival("serial", self.name, line, received_at, heard=heard, protocol=protocol)
                    self._inbox.put(Entry(arrival, None, None))
                first = False
            self._write(port)

    def _note_health(self) -> None:
        """The port could be read: only now is it worth calling open, for one without a device opens as well."""
        if not self._connected.is_set():
            self._failures = 0
            self._told.clear()
            self._connected.set()
            self.opened.set()
            _log.info("serial port %s is open", self.name)

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
