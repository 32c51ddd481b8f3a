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


class WorkerShare(NamedTuple):
    """Which of how many workers."""

    worker: int = 0
    workers: int = 1

    def takes(self, address: str) -> bool:
        """Whether the robot of this address is this worker's."""
        return self.workers == 1 or crc32(address.encode()) % self.workers == self.worker


ALL = WorkerShare()
"""Of the one and only worker."""


def topics(share: WorkerShare, robots: Iterable[Enrolment]) -> tuple[str, ...]:
    """What a worker subscribes to; a name that would be a wildcard of MQTT gets none."""
    if share.workers == 1:
        return (*WIDE_SUBSCRIPTIONS, f"{REHEARSAL}#")
    own = {(_prefix(robot), robot.protocol, robot.address) for robot in robots if share.takes(robot.address)}
    return tuple(sorted(f"{prefix}{topic}" for prefix, *robot in own for topic in _named(*robot)))


def instead(share: WorkerShare, robots: Iterable[Enrolment]) -> dict[str, tuple[str, ...]]:
    """What is heard in the place of a topic that the broker refuses: the protocols' own, then each robot by its name.

    With several workers there is nothing wider than a name to begin with.
    """
    if share.workers != 1:
        return {}
    known = list(robots)
    own = {topic: protocol.name for protocol in MESSAGE_PROTOCOLS.values() for topic in protocol.subscriptions}
    fallbacks: dict[str, tuple[str, ...]] = {wide: _under(wide, own) for wide in WIDE_SUBSCRIPTIONS}
    fallbacks[f"{REHEARSAL}#"] = tuple(f"{REHEARSAL}{topic}" for topic in own)
    for topic, name in own.items():
        for prefix in ("", REHEARSAL):
            speakers = (one for one in known if (one.protocol, _prefix(one)) == (name, prefix))
            named = {topic.replace(_ANY_ROBOT, f"/{one.address}/") for one in speakers if _is_plain(one.address)}
            fallbacks[f"{prefix}{topic}"] = tuple(f"{prefix}{one}" for one in sorted(named))
    return fallbacks


def _under(wide: str, topics: Iterable[str]) -> tuple[str, ...]:
    return tuple(topic for topic in topics if topic.startswith(wide.removesuffix("#")))


def _is_plain(address: str) -> bool:
    return _FORBIDDEN.isdisjoint(address)


def _prefix(robot: Enrolment) -> str:
    return REHEARSAL if robot.rehearsal else ""


def _named(name: str, address: str) -> Iterator[str]:
    if _is_plain(address):
        for protocol in _protocols(name):
            yield from (topic.replace(_ANY_ROBOT, f"/{address}/") for topic in protocol.subscriptions)


def _protocols(name: str) -> list[MessageProtocol]:
    return [protocol for protocol in MESSAGE_PROTOCOLS.values() if protocol.name == name]
