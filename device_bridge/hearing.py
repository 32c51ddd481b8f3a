"""What has come in from a transport, read: which protocol, whose address, what was said, and how old it is; pure."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Literal

import msgspec

from device_bridge.accounts import Booked
from device_bridge.freshness import Age, Clock, Told, age_of
from device_bridge.protocols import Adjustment, Factsheet, Glimpse, Heard, Malformed, Reading
from device_bridge.protocols.adjusting import UNTOLD
from device_bridge.protocols.heard import oversized
from device_bridge.refusals import refuse
from device_bridge.sequence import Verdict
from device_bridge.topic_advice import differences, nearest, right_topic, route_of
from device_bridge.wire.batch import Enrolment
from device_bridge.wire.topics import REHEARSAL


class Arrival(msgspec.Struct, frozen=True):
    """A message as a transport took it from its wire."""

    channel: Literal["mqtt", "serial"]
    address: str
    """The topic, or the port's name."""
    payload: bytes
    received_at: datetime
    redelivered: bool = False
    heard: Heard | None = None
    """What it says, where the transport had to decode in order to cut the stream."""
    size: int | None = None
    """The true length, where only the beginning was kept because it is too long."""
    protocol: str = "fair-serial"
    """In which protocol the transport heard it, where it had to decode."""
    retained: bool = False
    """The broker kept it for newcomers: it says what was, nobody knows when."""
    sender: str = ""
    """Of whom the broker's log tells, by client id or network address; the payload is the log's line. With a topic as
    address it was denied, and without one somebody else has connected in its place, unless `told` says otherwise."""
    told: str = ""
    """What else the broker's log tells: `connect-refused` or `oversized-packet`."""


def hear(arrival: Arrival, told: Callable[[str, str], Adjustment]) -> tuple[str, str, Heard]:
    """(protocol, sender's address, what was said). `told` knows what is told of the robot of a protocol and address."""
    if arrival.heard is not None:
        return arrival.protocol, arrival.address, arrival.heard
    route = _route(arrival.address.removeprefix(REHEARSAL))
    if route is None:
        why, meant, whose = beside(arrival.address)
        return meant, whose or arrival.address, why
    protocol, address, kind = route
    if arrival.size is not None:
        return protocol.name, address, oversized(arrival.size)
    numbers = told(protocol.name, address)
    more = () if numbers is UNTOLD else (numbers,)
    return protocol.name, address, protocol.decode(kind, arrival.payload, *more)


def names_allowed(arrival: Arrival, heard: Heard, enrolment: Enrolment, address: str) -> tuple[str, ...]:
    """What the message may call its sender.

    On a port of its own a robot needs no name, and beside reports the topic is enough where the standard demands none.
    """
    if arrival.channel == "serial":
        return (enrolment.robot, "")
    return (address, "") if isinstance(heard, Glimpse | Factsheet) else (address,)


_route = lru_cache(maxsize=4_096)(route_of)


def beside(topic: str) -> tuple[Malformed, str, str]:
    """The refusal of a topic that nobody hears, and the protocol and address that were most likely meant."""
    meant = nearest(topic)
    if meant is None:
        return refuse("unknown-topic", address=topic[:200]), "", ""
    right = right_topic(meant)
    why = refuse("beside-topic", address=topic[:200], right=right[:200], differs=differences(topic, right)[:200])
    return why, meant.protocol.name, meant.address


def held_by_broker(arrival: Arrival) -> bool:
    """Whether the broker says itself that it has held this message."""
    return arrival.retained or arrival.redelivered


def age_on_arrival(clock: Clock, booked: Booked, arrival: Arrival, reading: Reading) -> Age:
    """How old a report is. One without a clock of its own comes by a wire that holds nothing."""
    if not reading.states_time:
        return Age(None)
    live = not (booked.backfill or held_by_broker(arrival) or booked.verdict is Verdict.DUPLICATE)
    return age_of(clock, Told(booked.report.boot, booked.report.time, arrival.received_at, live=live))
