"""The accounts of all robots: which boot a report belongs to, and what recording it changes.

Pure but for its own memory: a `Draft` collects the changes of one batch, and the accounts adopt it after its commit.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from device_bridge.freshness import RobotClock, StatedTime, goes_on_instead, present_spoke
from device_bridge.protocols.decoded import Malformed, Presence, Reading
from device_bridge.refusals import refuse
from device_bridge.sequence import (
    NumberSpan,
    ReportAccount,
    SequenceStatus,
    Sighting,
    enter,
    leaps,
    open_account,
    turn_away,
)
from device_bridge.wire.batch import Ledger
from device_bridge.wire.report import Moment, PresenceState, Report

KEPT_BOOTS = 8
"""So many boots of a robot stay open for late reports."""
_FUTURE = timedelta(days=1)
_PLAUSIBLE_FROM = datetime(2000, 1, 1, tzinfo=UTC)
"""A clock that was reset stands at 1970."""


class LastOnline(msgspec.Struct, frozen=True):
    """When a robot last said that it came online; `fresh` until its next report."""

    at: Moment
    fresh: bool
    before: Moment | None = None
    """When it had said so the time before: a last will from then or earlier is of a connection that is long over."""


class Recorded(msgspec.Struct, frozen=True):
    """A report under its final name, and what it was to its account."""

    report: Report
    status: SequenceStatus
    lost: tuple[NumberSpan, ...]
    backfill: bool
    rank: int = 0
    """Takes the place of `boot` in the order of the robot's starts, where it is not 0."""


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, the unit of `boot`."""
    return int(moment.timestamp() * 1000)


_REHEARSAL = "rehearsal:"


def account_name(robot: str, *, rehearsal: bool) -> str:
    """Under which name a robot's numbers are recorded: what it rehearses is counted apart."""
    return f"{_REHEARSAL}{robot}" if rehearsal else robot


def ledger_of(robot: str, account: ReportAccount) -> Ledger:
    """An account as the server's loss ledger has it."""
    return Ledger(
        robot=robot,
        boot=account.boot,
        revision=account.revision,
        first=account.first,
        high=account.high,
        mark=account.mark,
        stored=account.stored,
        duplicates=account.duplicates,
        lost=account.lost,
        missing=account.missing,
        refused=account.refused,
    )


class ReportAccounts:
    """Every robot's boots as they stand on disk."""

    def __init__(self, accounts: Iterable[tuple[str, ReportAccount]], presences: Mapping[str, LastOnline]) -> None:
        self._boots: dict[str, dict[int, ReportAccount]] = {}
        for robot, account in accounts:
            self._boots.setdefault(robot, {})[account.boot] = account
        self._presences = dict(presences)

    def boots(self, robot: str) -> dict[int, ReportAccount]:
        """A robot's accounts by boot."""
        return self._boots.get(robot, {})

    def presence(self, robot: str) -> LastOnline | None:
        """When the robot last came online."""
        return self._presences.get(robot)

    def adopt(self, draft: "Draft") -> None:
        """Take over what has been committed."""
        for robot, boots in draft.boots.items():
            self._boots[robot] = boots
        self._presences.update(draft.presences)


class Draft:
    """The changes of one batch, not yet committed."""

    def __init__(self, accounts: ReportAccounts) -> None:
        self._accounts = accounts
        self.boots: dict[str, dict[int, ReportAccount]] = {}
        self.presences: dict[str, LastOnline] = {}
        self.changed: set[tuple[str, int]] = set()
        self.dropped: set[tuple[str, int]] = set()

    def changed_accounts(self) -> list[tuple[str, ReportAccount]]:
        """The accounts to save, as (robot, account)."""
        return [(robot, self.boots[robot][boot]) for robot, boot in self.changed]

    def newest_boot(self, robot: str) -> int | None:
        """The robot's present start as this batch leaves it, None before the first."""
        present = present_of(self._of(robot))
        return None if present is None else present.boot

    def account(self, robot: str, boot: int) -> ReportAccount | None:
        """The account of a robot's boot as this batch leaves it."""
        return self._of(robot).get(boot)

    def note_presence(self, robot: str, presence: Presence, *, redelivered: bool) -> None:
        """Remember that a robot came online.

        No news: the retained message that every reconnect brings again, and a redelivered one from before the last.
        """
        known = self._presence(robot)
        if known is not None and (known.at == presence.at or (redelivered and presence.at < known.at)):
            return
        if presence.online:
            self.presences[robot] = LastOnline(presence.at, fresh=True, before=known.at if known else None)

    def is_late_will(self, robot: str, presence: Presence) -> bool:
        """Whether this is the last will of a connection that another one has followed since.

        A will is older than the ONLINE of its own connection, but not older than the one before that.
        """
        known = self._presence(robot)
        before = known.before if known else None
        return presence.state is PresenceState.BROKEN and before is not None and presence.at <= before

    def record(
        self, robot: str, reading: Reading, arrival: tuple[datetime, bool], counts_from: int | None
    ) -> Recorded | Malformed:
        """Record a reading of an enrolled robot; `arrival` is (time of receipt, redelivered by the broker)."""
        received_at, redelivered = arrival
        boots = self._of(robot)
        reading = _timed(reading, received_at)
        seen = Sighting(reading.report.seq, reading.report.time, received_at, reading.oldest, redelivered)
        boot = self._boot(robot, boots, reading, seen)
        account = boots.get(boot)
        if account is None and (refused := _refused_boot(boot, boots, received_at)):
            return refused
        counted = enter(account, seen) if account else open_account(boot, seen, counts_from=counts_from)
        if counted.status is SequenceStatus.REPLAYED:
            return refuse("replayed", seq=seen.seq)
        if counted.status is SequenceStatus.LEAPT:
            return refuse("leapt", seq=seen.seq, high=counted.account.high)
        present = present_of(boots)
        if account is None and present is not None and boot > present.boot and boot <= present.order:
            # A start after one that had taken a larger number's place.
            counted = msgspec.structs.replace(counted, account=_ranked(counted.account, present.order + 1))
        order = counted.account.order
        backfill = counted.status is SequenceStatus.BACKFILL or (present is not None and order < present.order)
        self._keep(robot, boots, counted.account)
        return Recorded(_renamed(reading, robot, boot), counted.status, counted.lost, backfill, counted.account.rank)

    def turn_away(self, robot: str, boot: int | None, seq: int) -> None:
        """Record a refused message's number, of that start or of the present one, where the account knows it."""
        boots = self._of(robot)
        account = present_of(boots) if boot is None else boots.get(boot)
        changed = turn_away(account, seq) if account else None
        if changed is not None and changed is not account:
            self._keep(robot, boots, changed)

    def is_present(self, robot: str, boot: int) -> bool:
        """Whether this is the robot's present start, as this batch leaves it."""
        return self.newest_boot(robot) == boot

    def promote(self, robot: str, recorded: Recorded) -> Recorded:
        """Let the start of a report that was recorded be the robot's present one, though its number is smaller."""
        boots = self._of(robot)
        present, account = present_of(boots), boots.get(recorded.report.boot)
        if present is None or account is None:
            return recorded
        self._keep(robot, boots, _ranked(account, present.order + 1))
        return msgspec.structs.replace(recorded, backfill=False, rank=present.order + 1)

    def write_off(self, robot: str, boot: int, count: int) -> None:
        """Count reports that were recorded and then let go as lost, so that the account still adds up.

        Nothing happens to the account of a boot that is long over: the gap alone tells.
        """
        boots = self._of(robot)
        account = boots.get(boot)
        if account is not None:
            changes = {"stored": account.stored - count, "lost": account.lost + count}
            boots[boot] = msgspec.structs.replace(account, revision=account.revision + 1, **changes)
            self.changed.add((robot, boot))

    def _of(self, robot: str) -> dict[int, ReportAccount]:
        boots = self.boots.get(robot)
        if boots is None:
            boots = self.boots[robot] = dict(self._accounts.boots(robot))
        return boots

    def _presence(self, robot: str) -> LastOnline | None:
        return self.presences.get(robot) or self._accounts.presence(robot)

    def _keep(self, robot: str, boots: dict[int, ReportAccount], account: ReportAccount) -> None:
        boots[account.boot] = account
        self.changed.add((robot, account.boot))
        while len(boots) > KEPT_BOOTS:
            over = min(boots, key=lambda boot: boots[boot].order)
            del boots[over]
            self.dropped.add((robot, over))
            self.changed.discard((robot, over))

    def _boot(self, robot: str, boots: Mapping[int, ReportAccount], reading: Reading, seen: Sighting) -> int:
        if reading.states_boot:
            return reading.report.boot
        if reading.begins:
            return max(milliseconds(seen.received_at), max((one.order for one in boots.values()), default=0) + 1)
        return self._inferred_boot(robot, boots, seen)

    def _inferred_boot(self, robot: str, boots: Mapping[int, ReportAccount], seen: Sighting) -> int:
        """Find the boot of a protocol that has none.

        A counter that goes on is the same boot, also after a reconnect, so that no loss in between hides. A counter
        that falls back is a reboot if the robot has come online since, or if its clock is past all that is stored; so
        is one that goes round (after 255, 65,535 or 2^32 - 1), and one that leaps.
        """
        if seen.redelivered and (known := _boot_that_has(boots, seen)) is not None:
            return known
        online = self._presence(robot)
        if online is not None and online.fresh:
            self.presences[robot] = msgspec.structs.replace(online, fresh=False)
        if not boots:
            return _start(online.at if online else seen.time, seen.received_at)
        current = boots[max(boots)]
        if seen.seq > current.high:
            # A counter that leaps further than the robot can have come began somewhere else: nothing is lost by it.
            leapt = leaps(current, seen)
            return max(_start(seen.time, seen.received_at), current.boot + 1) if leapt else current.boot
        if online is not None and online.fresh:
            return max(_start(online.at, seen.received_at), current.boot + 1)
        if seen.time > current.newest and not seen.redelivered:
            return max(_start(seen.time, seen.received_at), current.boot + 1)
        return current.boot


def present_of(boots: Mapping[int, ReportAccount]) -> ReportAccount | None:
    """The account of a robot's present start: the last one by its order, not always the one with the largest number."""
    return max(boots.values(), key=lambda account: account.order, default=None)


def settled_start(draft: Draft, recorded: Recorded, clock: RobotClock, receipt: tuple[datetime, bool]) -> Recorded:
    """The report, made part of the robot's present start where its own speaks in the place of the present one.

    A start with a smaller number is a backlog of the past at first. One that goes on at its own pace, while the one
    before it keeps quiet, is the robot as it is: its clock was set back, or its number is no time. `receipt` is when
    the report came, and whether it came live.
    """
    received_at, live = receipt
    robot, boot = recorded.report.robot, recorded.report.boot
    if draft.is_present(robot, boot):
        present_spoke(clock)
        return recorded
    fresh = live and recorded.status is SequenceStatus.NEW
    if not goes_on_instead(clock, StatedTime(boot, recorded.report.time, received_at, live=fresh)):
        return recorded
    return draft.promote(robot, recorded)


def _ranked(account: ReportAccount, rank: int) -> ReportAccount:
    return msgspec.structs.replace(account, rank=rank, revision=account.revision + 1)


def _boot_that_has(boots: Mapping[int, ReportAccount], seen: Sighting) -> int | None:
    """The newest boot in which this redelivered report may stand already."""
    held = (
        boot
        for boot in sorted(boots, reverse=True)
        if boots[boot].first <= seen.seq <= boots[boot].high and seen.time <= boots[boot].newest
    )
    return next(held, None)


def _start(said: datetime, received_at: datetime) -> int:
    """The start that a robot's clock tells, or the time of receipt where the clock is plainly wrong."""
    plausible = _PLAUSIBLE_FROM <= said <= received_at + _FUTURE
    return milliseconds(said if plausible else received_at)


def _refused_boot(boot: int, boots: Mapping[int, ReportAccount], received_at: datetime) -> Malformed | None:
    if boot > milliseconds(received_at + _FUTURE):
        return refuse("boot-in-future", boot=boot)
    if len(boots) >= KEPT_BOOTS and boot < min(boots):
        return refuse("old-boot", boot=boot)
    return None


def _timed(reading: Reading, received_at: datetime) -> Reading:
    """The reading with the time of receipt, where its protocol has no clock."""
    if reading.states_time:
        return reading
    return msgspec.structs.replace(reading, report=msgspec.structs.replace(reading.report, time=received_at))


def _renamed(reading: Reading, robot: str, boot: int) -> Report:
    report, robot = reading.report, robot.removeprefix(_REHEARSAL)
    if report.robot == robot and report.boot == boot:
        return report
    return msgspec.structs.replace(report, robot=robot, boot=boot)
