"""Decode, identify, book, spool: what happens to every message between its arrival and its acknowledgement.

`settle` returns only after everything in the batch is on disk, as a delivery, as a refusal or as a counted duplicate;
only then may the caller acknowledge. It opens nothing itself and may raise only what the spool raises (a full disk),
in which case nothing of the batch has happened and the same batch may be settled again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b

import msgspec

from device_bridge.accounts import Accounts, Booked, Draft, account_name, present_of, settled_start
from device_bridge.alarms import Seen, Watched, look, started_again, taken_over
from device_bridge.freshness import Age, Clock
from device_bridge.glimpses import GlimpseBoard
from device_bridge.hearing import Arrival, age_on_arrival, hear, held_by_broker, names_allowed
from device_bridge.losses import without_reports, write_off
from device_bridge.partition import ALL, Share
from device_bridge.protocols import (
    MESSAGE_PROTOCOLS,
    PORT_PROTOCOLS,
    Adjustment,
    Factsheet,
    Glimpse,
    Malformed,
    OptionsError,
    Presence,
    Reading,
    adjustment_of,
)
from device_bridge.protocols.adjusting import UNTOLD
from device_bridge.protocols.heard import Untaken
from device_bridge.refusal_meter import KEPT_A_MINUTE, RefusalCounts
from device_bridge.refusals import FIELD_NOT_TAKEN, refuse
from device_bridge.refused_numbers import number_of
from device_bridge.sequence import Account, Verdict
from device_bridge.spool import COLLAPSED, Item, Spool
from device_bridge.tally import Tally
from device_bridge.topic_advice import is_for_others
from device_bridge.wire.batch import (
    MAX_RAW_BYTES,
    Delivery,
    Enrolment,
    Enrolments,
    Gap,
    Rejection,
    RobotFactsheet,
    RobotGlimpse,
    RobotPresence,
)
from device_bridge.wire.topics import REHEARSAL

__all__ = ["Arrival", "Directory", "Mark", "Pipeline"]

_log = logging.getLogger(__name__)

_NUMBERED = ("/status", "/state")
"""How the topics end whose messages have a number in the account."""
_COUNTS_FROM: dict[str, int | None] = {
    **{protocol.name: protocol.counts_from for protocol in MESSAGE_PROTOCOLS.values()},
    **{protocol.name: protocol.counts_from for protocol in PORT_PROTOCOLS.values()},
}


class Mark(msgspec.Struct, frozen=True):
    """How far a robot's reports are stored: what its sender may forget."""

    robot: str
    protocol: str
    address: str
    boot: int
    seq: int
    rehearsal: bool = False
    rank: int = 0
    """Takes the boot's place in the order of the robot's starts, where it is not 0."""

    @property
    def order(self) -> int:
        """Where its start stands among those of its robot."""
        return self.rank or self.boot

    @property
    def name(self) -> str:
        """Whose mark it is: a robot's rehearsal has one of its own."""
        return account_name(self.robot, rehearsal=self.rehearsal)


class Directory:
    """The enrolled robots by protocol and address, and whose of several workers they are."""

    def __init__(self, enrolments: Enrolments, share: Share = ALL) -> None:
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

    def told(self, protocol: str, address: str) -> Adjustment:
        """What is told of the numbers of the robot at this address."""
        return self._told.get((protocol, address), UNTOLD)

    def behind(self, client_id: str) -> Enrolment | None:
        """The robot to which the broker gave this client id."""
        return self._by_client.get(client_id)


class Pipeline:
    """Belongs to one thread, as its spool does."""

    def __init__(self, spool: Spool, directory: Directory, new_id: Callable[[], str]) -> None:
        self._spool = spool
        self._accounts = Accounts(spool.accounts(), spool.presences())
        self._new_id = new_id
        self._run = new_id()
        self._refused = RefusalCounts()
        self._watched: dict[str, Watched] = {}
        self._clocks = spool.clocks()
        self.directory = directory
        self.tally: Tally | None = None
        """Where the day's figures are kept, if anybody wants them."""
        self.glimpses: GlimpseBoard | None = None
        """Where glimpses are put up, if anybody takes them."""

    def settle(self, arrivals: Sequence[Arrival]) -> tuple[Mark, ...]:
        """Bring a batch to disk; give the marks that its senders may now be told."""
        draft = Draft(self._accounts)
        refused = self._refused.draft()
        marks: dict[tuple[str, int], Mark] = {}
        judged = self._judged(draft, arrivals, marks)
        heard = {robot for robot, _ in draft.changed}
        items = self._metered(refused, judged)
        with self._spool.transaction():
            self._spool.append(items)
            dropped = self._spool.keep_limit()
            if dropped:
                self._spool.append_losses(write_off(draft, dropped, arrivals[-1].received_at))
            self._save(draft)
        self._accounts.adopt(draft)
        self._refused = refused
        self._count(arrivals, heard, judged, dropped=len(dropped))
        return tuple(marks.values())

    def let_go(self, arrivals: Sequence[Arrival]) -> None:
        """Book arrivals that a full spool does not take as lost: no report and no refusal of them is kept."""
        draft = Draft(self._accounts)
        judged = self._judged(draft, arrivals, {})
        heard = {robot for robot, _ in draft.changed}
        gaps, dropped = without_reports(judged)
        with self._spool.transaction():
            self._spool.append_losses([*gaps, *write_off(draft, dropped, arrivals[-1].received_at)])
            self._save(draft)
        self._accounts.adopt(draft)
        self._count(arrivals, heard, [item for item in judged if not isinstance(item, Delivery)], dropped=len(dropped))

    def _judged(self, draft: Draft, arrivals: Sequence[Arrival], marks: dict[tuple[str, int], Mark]) -> list[Item]:
        items: list[Item] = []
        for arrival in arrivals:
            try:
                items.extend(self._judge(draft, arrival, marks))
            except Exception:  # noqa: BLE001 - one message must not stop a hall; it is kept, and the log tells
                _log.exception("a message could not be judged")
                items.append(self._rejection(arrival, refuse("not-understood"), None))
        return items

    def _save(self, draft: Draft) -> None:
        self._spool.save_accounts(draft.changed_accounts())
        self._spool.drop_accounts(draft.dropped)
        self._spool.save_presences(draft.presences.items())
        robots = {robot for robot, _ in draft.changed if robot in self._clocks}
        self._spool.save_clocks({robot: self._clocks[robot] for robot in robots})

    def _count(self, arrivals: Sequence[Arrival], heard: set[str], judged: list[Item], *, dropped: int) -> None:
        if self.tally is None or not arrivals:
            return
        now = arrivals[-1].received_at
        refused = sum(isinstance(item, Rejection) and not item.field for item in judged)
        stored = sum(isinstance(item, Delivery) for item in judged)
        self.tally.add(now, stored=stored, refused=refused, dropped=dropped)
        self.tally.hear(heard, now)

    def marks(self) -> tuple[Mark, ...]:
        """The mark of every robot's present boot, as it stands on disk."""
        robots = self.directory.enrolments.robots
        counted = [robot for robot in robots if _COUNTS_FROM.get(robot.protocol)]
        present = (
            (robot, present_of(self._accounts.boots(account_name(robot.robot, rehearsal=robot.rehearsal))))
            for robot in counted
        )
        return tuple(_mark(robot, account) for robot, account in present if account)

    def _judge(self, draft: Draft, arrival: Arrival, marks: dict[tuple[str, int], Mark]) -> Iterable[Item]:
        if arrival.channel == "mqtt" and is_for_others(arrival.address):
            return ()
        if arrival.sender:
            return self._told_by_broker(arrival, self.directory.behind(arrival.sender))
        protocol, address, heard = hear(arrival, self.directory.told)
        if arrival.channel == "mqtt" and not self.directory.share.takes(address):
            # A session remembers what it once listened to; another worker has its own copy of this.
            return ()
        rehearsal = arrival.channel == "mqtt" and arrival.address.startswith(REHEARSAL)
        enrolment = self.directory.find(protocol, address, rehearsal=rehearsal)
        if isinstance(heard, Malformed):
            if enrolment is not None and (arrival.channel == "serial" or arrival.address.endswith(_NUMBERED)):
                marks.update(_turned_away(draft, arrival, heard, enrolment))
            meant = enrolment or (self.directory.like(protocol, address) if arrival.channel == "mqtt" else None)
            return (self._rejection(arrival, heard, meant),)
        if enrolment is None:
            unknown = refuse("not-enrolled", address=address[:200], protocol=protocol)
            return (self._rejection(arrival, unknown, None),)
        if heard.claim not in names_allowed(arrival, heard, enrolment, address):
            stranger = refuse("wrong-identity", claim=heard.claim[:100], address=address[:200])
            return (self._rejection(arrival, stranger, enrolment),)
        if isinstance(heard, Reading):
            items = tuple(self._booked(draft, arrival, heard, (enrolment, marks)))
            new = any(isinstance(item, Delivery) for item in items)
            return (*items, *self._untaken(arrival, heard.untaken, enrolment)) if new else items
        items = tuple(self._beside(draft, arrival, heard, enrolment))
        untaken = heard.untaken if isinstance(heard, Glimpse) else ()
        return (*items, *self._untaken(arrival, untaken, enrolment))

    def _untaken(self, arrival: Arrival, untaken: tuple[Untaken, ...], enrolment: Enrolment) -> Iterable[Rejection]:
        """One row a field that could not be read, however often it stands in the message."""
        for one in {one.field: one for one in reversed(untaken)}.values():
            why = Malformed(FIELD_NOT_TAKEN, one.detail)
            yield msgspec.structs.replace(self._rejection(arrival, why, enrolment), field=one.field[:80])

    def _beside(
        self, draft: Draft, arrival: Arrival, heard: Presence | Glimpse | Factsheet, enrolment: Enrolment
    ) -> Iterable[Item]:
        """What is said beside the reports: no account counts it, and under a rehearsal credential nobody is told."""
        robot, at = enrolment.robot, arrival.received_at
        if isinstance(heard, Presence):
            name = account_name(robot, rehearsal=enrolment.rehearsal)
            if draft.is_late_will(name, heard):
                _log.info("the last will of an earlier connection of %s came late: it has come online since", robot)
                return ()
            draft.note_presence(name, heard, redelivered=arrival.redelivered)
        if enrolment.rehearsal:
            return ()
        if isinstance(heard, Presence):
            return (RobotPresence(robot, heard.state, heard.at, at),)
        if isinstance(heard, Factsheet):
            return (RobotFactsheet(robot, at, heard.body),)
        if self.glimpses is not None and not arrival.retained:
            self.glimpses.put(RobotGlimpse(robot, at, heard.pose, heard.speed))
        return ()

    def _booked(
        self, draft: Draft, arrival: Arrival, reading: Reading, to: tuple[Enrolment, dict[tuple[str, int], Mark]]
    ) -> Iterable[Item]:
        enrolment, marks = to
        name = account_name(enrolment.robot, rehearsal=enrolment.rehearsal)
        receipt = (arrival.received_at, arrival.redelivered)
        booked = draft.book(name, reading, receipt, _COUNTS_FROM[enrolment.protocol])
        clock = self._clock(enrolment.robot)
        alarms: tuple[Item, ...] = ()
        if isinstance(booked, Booked) and not enrolment.rehearsal:
            before = booked
            booked = settled_start(draft, booked, clock, (arrival.received_at, not held_by_broker(arrival)))
            alarms = started_again(self._watch(enrolment.robot), before, booked, arrival.received_at)
        account = draft.account(name, reading.report.boot)
        if reading.states_boot and account is not None:
            # Also for a replay: a sender that never heard its mark must be told some time.
            marks[name, account.boot] = _mark(enrolment, account)
        if isinstance(booked, Malformed):
            return (self._rejection(arrival, booked, enrolment),)
        age = age_on_arrival(clock, booked, arrival, reading)
        items = _items(booked, arrival, enrolment, age)
        return (*items, *alarms, *self._alarms(booked, arrival, reading, enrolment))

    def _told_by_broker(self, arrival: Arrival, enrolment: Enrolment | None) -> Iterable[Item]:
        if arrival.told:
            return (self._rejection(arrival, refuse(arrival.told, sender=arrival.sender[:100]), enrolment),)
        if arrival.address:
            denied = refuse("topic-denied", topic=arrival.address[:200], sender=arrival.sender[:100])
            return (self._rejection(arrival, denied, enrolment),)
        if enrolment is None or enrolment.rehearsal:
            return ()
        return taken_over(self._watch(enrolment.robot), enrolment.robot, arrival.received_at)

    def _alarms(self, booked: Booked, arrival: Arrival, reading: Reading, enrolment: Enrolment) -> tuple[Item, ...]:
        """What about this robot a person should look into; nothing under a rehearsal credential."""
        if enrolment.rehearsal or booked.verdict is Verdict.DUPLICATE:
            return ()
        report = booked.report
        live = not (booked.backfill or held_by_broker(arrival))
        seen = Seen(
            *(report.robot, report.boot, report.seq, report.time, arrival.received_at),
            *(reading.states_boot, reading.states_time, live, report.battery),
        )
        return look(self._watch(report.robot), seen)

    def _watch(self, robot: str) -> Watched:
        return self._watched.setdefault(robot, Watched())

    def _clock(self, robot: str) -> Clock:
        return self._clocks.setdefault(robot, Clock())

    def _metered(self, refused: RefusalCounts, items: list[Item]) -> list[Item]:
        """Keep the first refusals of a kind in a minute; let the rest of the minute be one row with their number."""
        kept: list[Item] = []
        rest: dict[str, Rejection] = {}
        for item in items:
            if isinstance(item, Rejection):
                # Of a field that cannot be read one message a minute shows all there is to see.
                most = 0 if item.field else KEPT_A_MINUTE
                over = refused.count((item.robot or "", f"{item.code}{item.field}"), item.at) - most
                if over > 0:
                    name = f"{self._run}-{refused.minute}-{item.robot}-{item.code}{item.field}"
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
            rehearsal=enrolment.rehearsal if enrolment else False,
        )


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


def _short(name: str) -> str:
    return f"{COLLAPSED}{blake2b(name.encode(), digest_size=16).hexdigest()}"


def _mark(robot: Enrolment, account: Account) -> Mark:
    return Mark(robot.robot, robot.protocol, robot.address, account.boot, account.mark, robot.rehearsal, account.rank)


def _turned_away(
    draft: Draft, arrival: Arrival, why: Malformed, robot: Enrolment
) -> Iterable[tuple[tuple[str, int], Mark]]:
    """Book the number of a refused report; the mark passes it, so that its sender need not send it for ever."""
    number = number_of(arrival.payload, robot.protocol, why)
    if number is None or number.claim not in {robot.address, robot.robot}:
        return
    name = account_name(robot.robot, rehearsal=robot.rehearsal)
    draft.turn_away(name, number.boot, number.seq)
    account = None if number.boot is None else draft.account(name, number.boot)
    if account is not None:
        yield (name, account.boot), _mark(robot, account)


def _items(booked: Booked, arrival: Arrival, enrolment: Enrolment, age: Age) -> Iterable[Item]:
    history = booked.backfill or arrival.retained
    if enrolment.rehearsal:
        report = msgspec.structs.replace(booked.report, robot=enrolment.robot)
        if booked.verdict is not Verdict.DUPLICATE:
            yield Delivery(report, arrival.received_at, enrolment.protocol, enrolment.source, history, rehearsal=True)
        return
    for first, last in booked.entry.lost:
        yield Gap(enrolment.robot, booked.report.boot, first, last, arrival.received_at)
    if booked.verdict is not Verdict.DUPLICATE:
        yield Delivery(
            booked.report,
            arrival.received_at,
            enrolment.protocol,
            enrolment.source,
            history,
            made_at=age.made_at,
            clock_off_s=age.clock_off_s,
            rank=booked.rank,
        )
