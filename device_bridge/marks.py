"""The durable marks on their way back to the robots: only the newest of each robot, at most twenty times a second."""

import json
from collections.abc import Callable, Iterable

from device_bridge.arrivals import DurableMark
from device_bridge.protocols import STREAM_PROTOCOLS
from device_bridge.wire.topics import FAIR_ACK, REHEARSAL

PERIOD_S = 0.05


def topic_of(mark: DurableMark) -> str:
    """Where a robot of the fair profile over MQTT finds its mark."""
    topic = FAIR_ACK.format(robot=mark.address)
    return f"{REHEARSAL}{topic}" if mark.rehearsal else topic


def payload_of(mark: DurableMark) -> bytes:
    """The mark as it stands on the topic: `{"boot": ..., "seq": ...}`."""
    return json.dumps({"boot": mark.boot, "seq": mark.seq}).encode()


def frame_of(mark: DurableMark) -> bytes | None:
    """The mark for a serial port, framed as its protocol frames: `{"ack": {"robot": ..., "boot": ..., "seq": ...}}`.

    None where robots of its protocol are told nothing.
    """
    protocol = STREAM_PROTOCOLS.get(mark.protocol)
    if protocol is None or protocol.marks is None:
        return None
    return protocol.marks(json.dumps({"ack": {"robot": mark.robot, "boot": mark.boot, "seq": mark.seq}}).encode())


class PendingMarks:
    """Collects marks and sends the newest ones when their time has come."""

    def __init__(self, send: Callable[[DurableMark], None]) -> None:
        self._send = send
        self._pending: dict[tuple[str, int], DurableMark] = {}
        self._newest: dict[str, DurableMark] = {}
        self._sent_at = float("-inf")

    def post(self, marks: Iterable[DurableMark]) -> None:
        """Put up new marks; a newer one of the same robot and boot takes the place of the older."""
        for mark in marks:
            self._pending[mark.name, mark.boot] = mark
            known = self._newest.get(mark.name)
            if known is None or known.order <= mark.order:
                self._newest[mark.name] = mark

    def repeat(self, concerns: Callable[[DurableMark], bool]) -> None:
        """Put up the newest mark again of every robot that it concerns: its wire was away and has forgotten it."""
        self.post([mark for mark in self._newest.values() if concerns(mark)])

    def flush(self, monotonic_s: float) -> None:
        """Send what is up, unless the last time was less than `PERIOD_S` ago.

        The mark of the newest boot goes last, since the last one stays on the topic.
        """
        if not self._pending or monotonic_s - self._sent_at < PERIOD_S:
            return
        for _, mark in sorted(self._pending.items()):
            self._send(mark)
        older = {mark.name for mark in self._pending.values() if mark.order < self._newest[mark.name].order}
        for robot in sorted(older):
            self._send(self._newest[robot])
        self._pending.clear()
        self._sent_at = monotonic_s
