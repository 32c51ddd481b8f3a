"""What mosquitto denied and who took whose place, from its log: nobody else is told of either.

An MQTT 3.1.1 robot hears nothing of a refused topic, so its exhibitor must. The lines are those of mosquitto 2.0: with
`log_type debug` `…: Denied PUBLISH from <client id> (d0, q1, r0, m7, '<topic>', ... (12 bytes))`, where the payload
does not stand; with `log_type error` `…: Client <client id> already connected, closing old connection.`; of a wrong
password or client id with `log_type debug` `…: Sending CONNACK to <network address> (0, 5)`; and with `log_type notice`
`…: Client <client id> disconnected due to oversize packet.`
"""

import logging
import re
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from device_bridge.arrival_queue import ArrivalQueue, QueuedArrival
from device_bridge.arrivals import BrokerNotice, NoticeKind

_log = logging.getLogger(__name__)

PERIOD_S = 0.25
_PIECE = 1024 * 1024
_FAR_BEHIND = 16 * _PIECE
"""Who is so far behind starts anew at the end: old denials are no news."""
_CLIENT = rb"(?P<client>\S{1,200})"
_SAID: dict[NoticeKind, bytes] = {
    "topic-denied": rb"Denied PUBLISH from " + _CLIENT + rb" \(d\d, q\d, r\d, m\d+, '(?P<topic>[^'\n]{0,1000})', \.\.\."
    rb" \((?P<size>\d{1,12}) bytes\)\)",
    "take-over": rb"Client " + _CLIENT + rb" already connected, closing old connection\.",
    "connect-refused": rb"Sending CONNACK to " + _CLIENT + rb" \(0, (?!0\))\d{1,3}\)",
    "oversized-packet": rb"Client " + _CLIENT + rb" disconnected due to oversize packet\.",
}
_LINES = {kind: re.compile(rb"^[^\n]{0,40}: (?P<line>" + said + rb")$", re.MULTILINE) for kind, said in _SAID.items()}


class LogTail:
    """The lines that a growing file has gained since the last look; a file that was taken away is begun anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file_id = 0
        self._offset = 0
        self._rest = b""
        found = self._look()
        if found is not None:
            self._file_id, self._offset = found

    def lines(self) -> bytes:
        """Whole lines, at most about a megabyte of them."""
        found = self._look()
        if found is None:
            return b""
        file_id, size = found
        if file_id != self._file_id or size < self._offset:
            self._file_id, self._offset, self._rest = file_id, 0, b""
        if size - self._offset > _FAR_BEHIND:
            self._offset, self._rest = size, b""
        return self._read()

    def _read(self) -> bytes:
        with self._path.open("rb") as file:
            file.seek(self._offset)
            piece = file.read(_PIECE)
        self._offset += len(piece)
        whole, newline, rest = (self._rest + piece).rpartition(b"\n")
        self._rest = rest[-_PIECE:]
        return whole + newline

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size


class BrokerLog:
    """Follows the broker's log in a thread and puts what it tells of robots into the queue."""

    def __init__(self, path: Path, queue: ArrivalQueue, now: Callable[[], datetime]) -> None:
        self._path = path
        self._queue = queue
        self._now = now
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        """Whether the thread lives; `start` may be called again when it does not."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Follow the log from its present end on."""
        self._thread = threading.Thread(target=self._run, daemon=True, name="broker log")
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=PERIOD_S * 4)

    def _run(self) -> None:
        tail = LogTail(self._path)
        while not self._stopping.wait(PERIOD_S):
            try:
                lines, moment = tail.lines(), self._now()
                found = notices(lines, moment)
            except OSError as error:
                _log.error("the broker's log cannot be read: %s", error)
                self._stopping.wait(PERIOD_S * 20)
                continue
            for notice in found:
                self._queue.put(QueuedArrival(notice, None, None))


def notices(lines: bytes, received_at: datetime) -> list[BrokerNotice]:
    """What these lines of the broker's log tell: denied messages, connections taken over, refused, or ended.

    Of a refused one the broker tells the network address alone, so it is nobody's.
    """
    found = ((kind, match.groupdict()) for kind, line in _LINES.items() for match in line.finditer(lines))
    return [_notice(kind, parts, received_at) for kind, parts in found]


def _notice(kind: NoticeKind, parts: dict[str, bytes], received_at: datetime) -> BrokerNotice:
    client, topic = (parts.get(name, b"").decode(errors="replace") for name in ("client", "topic"))
    size = int(parts["size"]) if "size" in parts else None
    return BrokerNotice(kind, client, parts["line"], received_at, topic, size)
