"""Decode, identify, book, spool: what happens to every message between its arrival and its acknowledgement.

`settle` returns only after everything in the batch is on disk, as a delivery, as a refusal or as a counted duplicate;
only then may the caller acknowledge. It opens nothing itself and may raise only what the spool raises (a full disk),
in which case nothing of the batch has happened and the same batch may be settled again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

import msgspec

from device_bridge.accounts import Accounts, Booked, Draft
from device_bridge.protocols import (
    MESSAGE_PROTOCOLS,
    STREAM_PROTOCOLS,
    Heard,
    Malformed,
    MessageProtocol,
    Presence,
    Reading,
)
from device_bridge.protocols.heard import oversized
from device_bridge.refusal_meter import KEPT_A_MINUTE, RefusalCounts
from device_bridge.refusals import refuse
from device_bridge.sequence import Account, Verdict
from device_bridge.spool import COLLAPSED, Item, Spool
from device_bridge.wire.batch import MAX_RAW_BYTES, Delivery, Enrolment, Enrolments, Gap, Rejection

_log = logging.getLogger(__name__)

_TOPIC_LEVELS = 5
_COUNTS_FROM: dict[str, int | None] = {
    **{protocol.name: protocol.counts_from for protocol in MESSAGE_PROTOCOLS.values()},
    **{protocol.name: protocol.counts_from for protocol in STREAM_PROTOCOLS.values()},
}


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


class Mark(msgspec.Struct, frozen=True):
    """How far a robot's reports are stored: what its sender may forget."""

    robot: str
    protocol: str
    address: str
    boot: int
    seq: int


class Directory:
    """The enrolled robots by protocol and address."""

    def __init__(self, enrolments: Enrolments) -> None:
        self.enrolments = enrolments
        self._by_address = {(robot.protocol, robot.address): robot for robot in enrolments.robots}

    def find(self, protocol: str, address: str) -> Enrolment | None:
        """The robot that may speak this protocol from this address."""
        return self._by_address.get((protocol, address))


class Pipeline:
    """Belongs to one thread, as its spool does."""

    def __init__(self, spool: Spool, directory: Directory, new_id: Callable[[], str]) -> None:
        self._spool = spool
        self._accounts = Accounts(spool.accounts(), spool.presences())
        self._new_id = new_id
        self._run = new_id()
        self._refused = RefusalCounts()
        self.directory = directory

    def settle(self, arrivals: Sequence[Arrival]) -> tuple[Mark, ...]:
        """Bring a batch to disk; give the marks that its senders may now be told."""
        draft = Draft(self._accounts)
        refused = self._refused.draft()
        items: list[Item] = []
        marks: dict[tuple[str, int], Mark] = {}
        for arrival in arrivals:
            try:
                items.extend(self._judge(draft, arrival, marks))
            except Exception:  # noqa: BLE001 - one message must not stop a hall; it is kept, and the log tells
                _log.exception("a message could not be judged")
                items.append(self._rejection(arrival, refuse("not-understood"), None))
        items = self._metered(refused, items)
        with self._spool.transaction():
            self._spool.append(items)
            self._spool.save_accounts(draft.changed_accounts())
            self._spool.drop_accounts(draft.dropped)
            self._spool.save_presences(draft.presences.items())
        self._accounts.adopt(draft)
        self._refused = refused
        return tuple(marks.values())

    def marks(self) -> tuple[Mark, ...]:
        """The mark of every robot's present boot, as it stands on disk."""
        robots = self.directory.enrolments.robots
        present = ((robot, self._accounts.boots(robot.robot)) for robot in robots if _COUNTS_FROM.get(robot.protocol))
        return tuple(_mark(robot, boots[max(boots)]) for robot, boots in present if boots)

    def _judge(self, draft: Draft, arrival: Arrival, marks: dict[tuple[str, int], Mark]) -> Iterable[Item]:
        protocol, address, heard = _hear(arrival)
        enrolment = self.directory.find(protocol, address)
        if isinstance(heard, Malformed):
            return (self._rejection(arrival, heard, enrolment),)
        if enrolment is None:
            unknown = refuse("not-enrolled", address=address[:200], protocol=protocol)
            return (self._rejection(arrival, unknown, None),)
        if heard.claim not in _names(arrival, enrolment, address):
            stranger = refuse("wrong-identity", claim=heard.claim[:100], address=address[:200])
            return (self._rejection(arrival, stranger, enrolment),)
        if isinstance(heard, Presence):
            draft.note_presence(enrolment.robot, heard, redelivered=arrival.redelivered)
            return ()
        return self._booked(draft, arrival, heard, (enrolment, marks))

    def _booked(
        self, draft: Draft, arrival: Arrival, reading: Reading, to: tuple[Enrolment, dict[tuple[str, int], Mark]]
    ) -> Iterable[Item]:
        enrolment, marks = to
        receipt = (arrival.received_at, arrival.redelivered)
        booked = draft.book(enrolment.robot, reading, receipt, _COUNTS_FROM[enrolment.protocol])
        account = draft.account(enrolment.robot, reading.report.boot)
        if reading.states_boot and account is not None:
            # Also for a replay: a sender that never heard its mark must be told some time.
            marks[enrolment.robot, account.boot] = _mark(enrolment, account)
        if isinstance(booked, Malformed):
            return (self._rejection(arrival, booked, enrolment),)
        return _items(booked, arrival, enrolment)

    def _metered(self, refused: RefusalCounts, items: list[Item]) -> list[Item]:
        """Keep the first refusals of a kind in a minute; let the rest of the minute be one row with their number."""
        kept: list[Item] = []
        rest: dict[str, Rejection] = {}
        for item in items:
            if isinstance(item, Rejection):
                over = refused.count((item.robot or "", item.code), item.at) - KEPT_A_MINUTE
                if over > 0:
                    name = f"{self._run}-{refused.minute}-{item.robot}-{item.code}"
                    rest[name] = msgspec.structs.replace(item, id=_short(name), copies=over)
                    continue
            kept.append(item)
        return [*kept, *rest.values()]

    def _rejection(self, arrival: Arrival, why: Malformed, enrolment: Enrolment | None) -> Rejection:
        return Rejection(
            id=self._new_id(),
            at=arrival.received_at,
            channel=arrival.channel,
            address=arrival.address[:300],
            code=why.code,
            detail=why.detail,
            raw=arrival.payload[:MAX_RAW_BYTES],
            size=arrival.size or len(arrival.payload),
            robot=enrolment.robot if enrolment else None,
        )


def _short(name: str) -> str:
    return f"{COLLAPSED}{blake2b(name.encode(), digest_size=16).hexdigest()}"


def _mark(robot: Enrolment, account: Account) -> Mark:
    return Mark(robot.robot, robot.protocol, robot.address, account.boot, account.mark)


def _hear(arrival: Arrival) -> tuple[str, str, Heard]:
    """(protocol, sender's address, what was said)."""
    if arrival.heard is not None:
        return arrival.protocol, arrival.address, arrival.heard
    route = _route(arrival.address)
    if route is None:
        return "", arrival.address, refuse("unknown-topic", address=arrival.address[:200])
    protocol, address, kind = route
    if arrival.size is not None:
        return protocol.name, address, oversized(arrival.size)
    return protocol.name, address, protocol.decode(kind, arrival.payload)


def _names(arrival: Arrival, enrolment: Enrolment, address: str) -> tuple[str, ...]:
    """What the message may call its sender: on a port of its own a robot needs no name."""
    return (enrolment.robot, "") if arrival.channel == "serial" else (address,)


@lru_cache(maxsize=4_096)
def _route(topic: str) -> tuple[MessageProtocol, str, str] | None:
    """(protocol, sender's address, kind of message) of a topic, None for one that no protocol uses."""
    parts = topic.split("/")
    protocol = MESSAGE_PROTOCOLS.get(parts[0])
    if protocol is None or len(parts) != _TOPIC_LEVELS:
        return None
    return protocol, f"{parts[2]}/{parts[3]}", parts[4]


def _items(booked: Booked, arrival: Arrival, enrolment: Enrolment) -> Iterable[Item]:
    for first, last in booked.entry.lost:
        yield Gap(enrolment.robot, booked.report.boot, first, last, arrival.received_at)
    if booked.verdict is not Verdict.DUPLICATE:
        history = booked.backfill or arrival.retained
        yield Delivery(booked.report, arrival.received_at, enrolment.protocol, enrolment.source, history)
