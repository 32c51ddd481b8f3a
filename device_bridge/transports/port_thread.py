"""One port and its thread: opened by name, worked with until it fails, opened again for as long as the bridge runs."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime

from device_bridge.arrival_queue import ArrivalQueue, QueuedArrival
from device_bridge.arrivals import Arrival
from device_bridge.protocols import Decoded, Malformed
from device_bridge.protocols.stream import OptionsError
from device_bridge.settings import SerialSettings
from device_bridge.transports.line_quality import LineQuality, PortTrouble
from device_bridge.transports.serial_address import explain

_log = logging.getLogger(__name__)

_STOP_PATIENCE_S = 2.0
_RETRY_S = (0.2, 0.5, 1.0, 2.0)
"""How long to wait before opening a missing port again, the last one for ever."""


class PortThread(ABC):
    """A port in a thread of its own. What a session with the port is, its kind says."""

    def __init__(self, settings: SerialSettings, queue: ArrivalQueue, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._queue = queue
        self._now = now
        self._stopping = threading.Event()
        self.quality = LineQuality()
        """The figures of the line."""
        self.opened = threading.Event()
        """Set whenever the port has been opened; whoever tells the robot its mark clears it."""
        self._connected = threading.Event()
        self._failures = 0
        self._told: set[tuple[type[Exception], int | None]] = set()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def settings(self) -> SerialSettings:
        """What the port was opened with."""
        return self._settings

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

    @abstractmethod
    def send_line(self, line: bytes) -> None:
        """Have something written to the robot when it can be taken. Never waits."""

    @abstractmethod
    def _session(self) -> None:
        """Open the port, work with it until it fails or the thread is to stop, and close it. Raises what it likes."""

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._session()
            except Exception as error:  # noqa: BLE001 - the root of a thread: no surprise of a driver may lose the port
                self._tell(error)
            finally:
                self._connected.clear()
            self._stopping.wait(_RETRY_S[min(self._failures, len(_RETRY_S) - 1)])
            self._failures += 1

    def _tell(self, error: Exception) -> None:
        """Log what is wrong with the port, each kind once until the port works again."""
        told = PortTrouble(**error.detail) if isinstance(error, OptionsError) else explain(error, self._settings.url)
        self.quality.last_error = told
        kind = (type(error), error.errno if isinstance(error, OSError) else None)
        if kind not in self._told:
            self._told.add(kind)
            _log.warning("serial port %s: %s: %s; trying again", self.name, type(error).__name__, told.en)

    def _note_health(self) -> None:
        """The port could be read: only now is it worth calling open, for one without a device opens as well."""
        if not self._connected.is_set():
            self._failures = 0
            self._told.clear()
            self.quality.last_error = None
            self.quality.opened += 1
            self._connected.set()
            self.opened.set()
            _log.info("serial port %s is open", self.name)

    def _deliver(self, raw: bytes, heard: Decoded, received_at: datetime) -> None:
        """Hand on what was heard; waits while the queue is full."""
        self.quality.frame(understood=not isinstance(heard, Malformed))
        arrival = Arrival("serial", self.name, raw, received_at, heard=heard, protocol=self._settings.protocol)
        self._queue.put(QueuedArrival(arrival, None, None))
