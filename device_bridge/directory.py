"""The enrolled robots as the bridge looks them up, and what a message says by what is told of its robot."""

import logging
from functools import lru_cache

from device_bridge.arrivals import Arrival
from device_bridge.partition import ALL, WorkerShare
from device_bridge.protocols import Adjustment, Decoded, OptionsError, adjustment_of
from device_bridge.protocols.adjusting import UNTOLD
from device_bridge.protocols.decoded import Malformed, oversized
from device_bridge.refusals import refuse
from device_bridge.topic_advice import differences, nearest, right_topic, route_of
from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.topics import REHEARSAL

_log = logging.getLogger(__name__)


class Directory:
    """The enrolled robots by protocol and address, and whose of several workers they are."""

    def __init__(self, enrolments: Enrolments, share: WorkerShare = ALL) -> None:
        self.enrolments = enrolments
        self.share = share
        self._told = {(robot.protocol, robot.address): _told(robot) for robot in enrolments.robots if robot.options}
        self._by_client = {_client_id(robot): robot for robot in enrolments.robots}
        self._by_address = {(robot.protocol, robot.address, robot.rehearsal): robot for robot in enrolments.robots}

    def find(self, protocol: str, address: str, *, rehearsal: bool = False) -> Enrolment | None:
        """The robot that may speak this protocol from this address, at the fair or in rehearsal."""
        return self._by_address.get((protocol, address, rehearsal))

    def like(self, protocol: str, address: str) -> Enrolment | None:
        """The one robot that was most likely meant by an address that is nobody's: by letter case, or its last part."""
        wanted = address.casefold()
        found = [one for one in self.enrolments.robots if one.protocol == protocol and not one.rehearsal]
        alike = [one for one in found if one.address.casefold() == wanted]
        alike = alike or [one for one in found if wanted and one.address.casefold().endswith(f"/{wanted}")]
        return alike[0] if len(alike) == 1 else None

    def behind(self, client_id: str) -> Enrolment | None:
        """The robot to which the broker gave this client id."""
        return self._by_client.get(client_id)

    def hear(self, arrival: Arrival) -> tuple[str, str, Decoded]:
        """(protocol, sender's address, what was said)."""
        if arrival.heard is not None:
            return arrival.protocol, arrival.address, arrival.heard
        route = _route(arrival.address.removeprefix(REHEARSAL))
        if route is None:
            return _beside(arrival.address)
        protocol, address, kind = route
        if arrival.size is not None:
            return protocol.name, address, oversized(arrival.size)
        told = self._told.get((protocol.name, address), UNTOLD)
        return protocol.name, address, protocol.decode(kind, arrival.payload, told)


_route = lru_cache(maxsize=4_096)(route_of)


def _beside(topic: str) -> tuple[str, str, Malformed]:
    """The protocol and address that a topic most likely meant that nobody hears, and its refusal."""
    meant = nearest(topic)
    if meant is None:
        return "", topic, refuse("unknown-topic", address=topic[:200])
    right = right_topic(meant)
    why = refuse("beside-topic", address=topic[:200], right=right[:200], differs=differences(topic, right)[:200])
    return meant.protocol.name, meant.address or topic, why


def _told(robot: Enrolment) -> Adjustment:
    try:
        return adjustment_of(robot.options)
    except OptionsError as error:
        _log.error("the settings of %s cannot be used: %s", robot.robot, error)
        return UNTOLD


def _client_id(robot: Enrolment) -> str:
    """Under which client id the broker lets the robot in: its name with a dot, behind `rehearsal.` in rehearsal."""
    name = robot.robot.replace("/", ".")
    return f"rehearsal.{name}" if robot.rehearsal else name
