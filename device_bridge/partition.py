"""How several bridges share out the robots of one broker: by the robot's address, always in the same way. Pure.

MQTT has no word for "everything else": with several workers each subscribes to its own enrolled robots by name, and
what nobody has enrolled reaches none of them. With one worker whole trees are heard, so that strangers and topics
beside the right ones are seen and refused. The number of workers belongs to the fair: a robot's account lies in its
worker's spool, so change it only between two starts of the robots, when all spools are empty.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

from device_bridge.protocols import MESSAGE_PROTOCOLS, MessageProtocol
from device_bridge.wire.batch import Enrolment
from device_bridge.wire.topics import REHEARSAL, WIDE_SUBSCRIPTIONS

_ANY_ROBOT = "/+/+/"
_FORBIDDEN = frozenset("+#\0")


class Share(NamedTuple):
    """Which of how many workers."""

    worker: int = 0
    workers: int = 1

    def takes(self, address: str) -> bool:
        """Whether the robot of this address is this worker's."""
        return self.workers == 1 or crc32(address.encode()) % self.workers == self.worker


ALL = Share()
"""Of the one and only worker."""


def topics(share: Share, robots: Iterable[Enrolment]) -> tuple[str, ...]:
    """What a worker subscribes to; a name that would be a wildcard of MQTT gets none."""
    if share.workers == 1:
        return (*WIDE_SUBSCRIPTIONS, f"{REHEARSAL}#")
    own = {(_prefix(robot), robot.protocol, robot.address) for robot in robots if share.takes(robot.address)}
    return tuple(sorted(f"{prefix}{topic}" for prefix, *robot in own for topic in _named(*robot)))


def _prefix(robot: Enrolment) -> str:
    return REHEARSAL if robot.rehearsal else ""


def _named(name: str, address: str) -> Iterator[str]:
    if _FORBIDDEN.isdisjoint(address):
        for protocol in _protocols(name):
            yield from (topic.replace(_ANY_ROBOT, f"/{address}/") for topic in protocol.subscriptions)


def _protocols(name: str) -> list[MessageProtocol]:
    return [protocol for protocol in MESSAGE_PROTOCOLS.values() if protocol.name == name]
