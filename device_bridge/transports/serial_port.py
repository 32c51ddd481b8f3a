"""One serial port: opened by name, read in its own thread, opened again for as long as the bridge runs.

After an unplug the library still calls the port open; only the exception of a read tells. A port comes back under the
same name (by-id, by-path, a pty's link), never by keeping the old descriptor.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

import serial

from device_bridge.inbox import Entry, Inbox
from device_bridge.pipeline import Arrival
from device_bridge.protocols import STREAM_PROTOCOLS, Malformed
from device_bridge.settings import SerialSettings

_log = logging.getLogger(__name__)

_READ_TIMEOUT_S = 0.2
_WRITE_TIMEOUT_S = 1.0
_RETRY_S = (0.2, 0.5, 1.0, 2.0)
"""How long to wait before opening a missing port again, the last one for ever."""


class SerialTransport:
    """Reads whole lines of one port into the inbox and writes acknowledgement lines back."""

    def __init__(self, settings: SerialSettings, inbox: Inbox, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._inbox = inbox
        self._now = now
        self._stopping = threading.Event()
        self.opened = threading.Event()
        """Set whenever the port has been opened; whoever tells the robot its mark clears it."""
        self._port: serial.Serial | None = None
        self._thread = threading.Thread(target=self._run, name=f"serial {settings.name}", daemon=True)

    @property
    def name(self) -> str:
        """The port's name, which is its robot's address."""
        return self._settings.name

    @property
    def connected(self) -> bool:
        """Whether the port is open."""
        return self._port is not None

    def start(self) -> None:
        """Begin to read; a port that is not there yet is waited for."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the port."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def send_line(self, line: bytes) -> None:
        """Write a line to the robot. One that cannot be written is dropped: the next one says more."""
        port = self._port
        if port is None:
            return
        try:
            port.write(line)
        except (serial.SerialException, OSError) as error:
            _log.warning("serial port %s takes no acknowledgement: %s", self.name, error)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with self._open() as self._port:
                    failures = 0
                    _log.info("serial port %s is open", self.name)
                    self.opened.set()
                    self._read(self._port)
            except (serial.SerialException, OSError) as error:
                if not failures:
                    _log.warning("serial port %s: %s; trying again", self.name, error)
            finally:
                self._port = None
            self._stopping.wait(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
            failures += 1

    def _open(self) -> serial.Serial:
        return serial.serial_for_url(
            self._settings.url,
            baudrate=self._settings.baudrate,
            timeout=_READ_TIMEOUT_S,
            write_timeout=_WRITE_TIMEOUT_S,
            exclusive=True,
        )

    def _read(self, port: serial.Serial) -> None:
        """Hear lines until the port fails. A first line without sense was cut by our coming late: it is let go."""
        decoder = STREAM_PROTOCOLS[self._settings.protocol].decoder()
        first = True
        while not self._stopping.is_set():
            data = port.read(1)
            data += port.read(port.in_waiting)
            received_at = self._now()
            for line, heard in decoder.feed(data):
                if not (first and isinstance(heard, Malformed)):
                    self._inbox.put(Entry(Arrival("serial", self.name, line, received_at, heard=heard), None, None))
                first = False
