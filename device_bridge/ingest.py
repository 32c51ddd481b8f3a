"""What is made of a robot's message, whichever way it came: the bridge and the server's HTTPS reports both ask here.

Pure but for the draft of the accounts and what is remembered of each robot, which its owner keeps.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from device_bridge.accounts import Draft, Recorded, account_name, settled_start
from device_bridge.alarms import SeenReport, Watched, look, started_again, taken_over
from device_bridge.arrivals import Arrival, BrokerNotice, DurableMark
from device_bridge.freshness import Age, StatedTime, age_of
from device_bridge.protocols import COUNTS_FROM, Decoded, Factsheet, Glimpse, Malformed, Presence, Reading
from device_bridge.protocols.decoded import Untaken
from device_bridge.refusals import FIELD_NOT_TAKEN, refuse
from device_bridge.refused_numbers import number_of
from device_bridge.sequence import ReportAccount, SequenceStatus
from device_bridge.wire.batch import (
    MAX_RAW_BYTES,
    Alarm,
    Delivery,
    Enrolment,
    Gap,
    Item,
    Rejection,
    RobotFactsheet,
    RobotGlimpse,
    RobotPresence,
)

_NUMBERED = ("/status", "/state")
"""How the topics end whose messages have a number in the account."""


class Ingested(NamedTuple):
    """What a message comes to: what the server is to know, and the mark that its sender may be told."""

    items: tuple[Item | RobotGlimpse, ...] = ()
    mark: DurableMark | None = None


class Ingest:
    """Takes the messages of one batch into a draft of the accounts."""

    def __init__(self, draft: Draft, watched: dict[str, Watched], new_id: Callable[[], str]) -> None:
        self._draft = draft
        self._watched = watched
        self._new_id = new_id

    def take(self, arrival: Arrival, heard: Decoded, robot: Enrolment) -> Ingested:
        """Take what was heard of the robot that is enrolled where the message came from."""
        if isinstance(heard, Malformed):
            return Ingested((self.refuse(arrival, heard, robot),), self._turn_away(arrival, heard, robot))
        if heard.claim not in names_allowed(arrival, heard, robot):
            stranger = refuse("wrong-identity", claim=heard.claim[:100], address=robot.address[:200])
            return Ingested((self.refuse(arrival, stranger, robot),))
        if isinstance(heard, Reading):
            return self._record(arrival, heard, robot)
        untaken = heard.untaken if isinstance(heard, Glimpse) else ()
        return Ingested((*self._beside(arrival, heard, robot), *self._untaken(arrival, untaken, robot)))

    def take_notice(self, notice: BrokerNotice, robot: Enrolment | None) -> Ingested:
        """Take what the broker's log tells; `robot` is the one behind the client id."""
        if notice.kind != "take-over":
            arrival = Arrival("mqtt", notice.topic, notice.line, notice.received_at, size=notice.size)
            why = refuse(notice.kind, topic=notice.topic[:200], sender=notice.sender[:100])
            return Ingested((self.refuse(arrival, why, robot),))
        if robot is None or robot.rehearsal:
            return Ingested()
        return Ingested(taken_over(self._watch(robot), robot.robot, notice.received_at))

    def refuse(self, arrival: Arrival, why: Malformed, robot: Enrolment | None, field: str = "") -> Rejection:
        """The refusal of a message, or of one field of it."""
        return Rejection(
            id=self._new_id(),
            at=arrival.received_at,
            channel=arrival.channel,
            address=arrival.address[:300],
            code=why.code,
            detail=why.detail,
            raw=arrival.payload[:MAX_RAW_BYTES],
            size=arrival.size or len(arrival.payload),
            robot=robot.robot if robot else None,
            rehearsal=robot.rehearsal if robot else False,
            field=field[:80],
        )

    def _turn_away(self, arrival: Arrival, why: Malformed, robot: Enrolment) -> DurableMark | None:
        """Record the number of a refused report; the mark passes it, so that its sender need not send it for ever."""
        if arrival.channel == "mqtt" and not arrival.address.endswith(_NUMBERED):
            return None
        number = number_of(arrival.payload, robot.protocol, why)
        if number is None or number.claim not in {robot.address, robot.robot}:
            return None
        name = account_name(robot.robot, rehearsal=robot.rehearsal)
        self._draft.turn_away(name, number.boot, number.seq)
        account = None if number.boot is None else self._draft.account(name, number.boot)
        return mark_of(robot, account) if account else None

    def _record(self, arrival: Arrival, reading: Reading, robot: Enrolment) -> Ingested:
        name = account_name(robot.robot, rehearsal=robot.rehearsal)
        # Who holds a token sends again what it likes: over HTTPS there is no replay of somebody else's to fear.
        receipt = (arrival.received_at, arrival.redelivered or arrival.channel == "https")
        recorded = self._draft.record(name, reading, receipt, COUNTS_FROM[robot.protocol])
        alarms: tuple[Alarm, ...] = ()
        if isinstance(recorded, Recorded) and not robot.rehearsal:
            before, watched = recorded, self._watch(robot)
            recorded = settled_start(self._draft, recorded, watched.clock, (arrival.received_at, not arrival.held))
            alarms = started_again(watched, before, recorded, arrival.received_at)
        account = self._draft.account(name, reading.report.boot)
        # Also for a replay: a sender that never heard its mark must be told some time.
        mark = mark_of(robot, account) if reading.states_boot and account else None
        if isinstance(recorded, Malformed):
            return Ingested((self.refuse(arrival, recorded, robot),), mark)
        # Under a rehearsal credential nothing is counted as lost.
        lost = () if robot.rehearsal else recorded.lost
        boot, at = recorded.report.boot, arrival.received_at
        gaps = tuple(Gap(robot.robot, boot, first, last, at) for first, last in lost)
        if recorded.status is SequenceStatus.DUPLICATE:
            return Ingested((*gaps, *alarms), mark)
        new = self._delivery(recorded, arrival, reading, robot)
        alarms = (*alarms, *self._alarms(recorded, arrival, reading, robot))
        return Ingested((*gaps, new, *alarms, *self._untaken(arrival, reading.untaken, robot)), mark)

    def _delivery(self, recorded: Recorded, arrival: Arrival, reading: Reading, robot: Enrolment) -> Delivery:
        """The report with its age. One without a clock of its own comes by a wire that holds nothing."""
        age = Age(None)
        if reading.states_time and not robot.rehearsal:
            live = not (recorded.backfill or arrival.held)
            told = StatedTime(recorded.report.boot, recorded.report.time, arrival.received_at, live=live)
            age = age_of(self._watch(robot).clock, told)
        return Delivery(
            recorded.report,
            arrival.received_at,
            robot.protocol,
            robot.source,
            recorded.backfill or arrival.retained,
            rehearsal=robot.rehearsal,
            made_at=age.made_at,
            clock_off_s=age.clock_off_s,
            rank=recorded.rank,
        )

    def _alarms(self, recorded: Recorded, arrival: Arrival, reading: Reading, robot: Enrolment) -> tuple[Alarm, ...]:
        """What about this robot a person should look into; nothing under a rehearsal credential."""
        if robot.rehearsal:
            return ()
        report = recorded.report
        live = not (recorded.backfill or arrival.held)
        seen = SeenReport(
            *(report.robot, report.boot, report.seq, report.time, arrival.received_at),
            *(reading.states_boot, reading.states_time, live, report.battery),
        )
        return look(self._watch(robot), seen)

    def _beside(
        self, arrival: Arrival, heard: Presence | Glimpse | Factsheet, robot: Enrolment
    ) -> tuple[Item | RobotGlimpse, ...]:
        """What is said beside the reports: no account counts it, and under a rehearsal credential nobody is told."""
        at = arrival.received_at
        if isinstance(heard, Presence):
            name = account_name(robot.robot, rehearsal=robot.rehearsal)
            if self._draft.is_late_will(name, heard):
                # The last will of an earlier connection: it has come online since.
                return ()
            self._draft.note_presence(name, heard, redelivered=arrival.redelivered)
        if robot.rehearsal or (isinstance(heard, Glimpse) and arrival.retained):
            return ()
        if isinstance(heard, Presence):
            return (RobotPresence(robot.robot, heard.state, heard.at, at),)
        if isinstance(heard, Factsheet):
            return (RobotFactsheet(robot.robot, at, heard.body),)
        return (RobotGlimpse(robot.robot, at, heard.pose, heard.speed),)

    def _untaken(self, arrival: Arrival, untaken: tuple[Untaken, ...], robot: Enrolment) -> Iterable[Rejection]:
        """One row a field that could not be read, however often it stands in the message."""
        for one in {one.field: one for one in reversed(untaken)}.values():
            yield self.refuse(arrival, Malformed(FIELD_NOT_TAKEN, one.detail), robot, one.field)

    def _watch(self, robot: Enrolment) -> Watched:
        return self._watched.setdefault(robot.robot, Watched())


def names_allowed(
    arrival: Arrival, heard: Reading | Presence | Glimpse | Factsheet, robot: Enrolment
) -> tuple[str, ...]:
    """What the message may call its sender.

    On a port of its own a robot needs no name, and beside reports the topic is enough where the standard demands none.
    """
    if arrival.channel == "serial":
        return (robot.robot, "")
    return (robot.address, "") if isinstance(heard, Glimpse | Factsheet) else (robot.address,)


def mark_of(robot: Enrolment, account: ReportAccount) -> DurableMark:
    """How far the reports of this start are stored."""
    return DurableMark(
        robot.robot, robot.protocol, robot.address, account.boot, account.mark, robot.rehearsal, account.rank
    )
