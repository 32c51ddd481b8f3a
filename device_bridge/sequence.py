"""The account of one robot's counter: what came, what came twice, what is missing. Pure; knows no clock and no disk.

The law: `high - first + 1 == stored + lost + refused + len(missing)`, after every step. The mark never passes a report
that is not stored, unless its sender has said that it no longer holds it, or it was refused: that one is kept in the
quarantine, and to send it again as it is would change nothing.
"""

from bisect import bisect_right
from datetime import timedelta
from enum import StrEnum

import msgspec

from device_bridge.wire.report import Moment

MAX_OPEN_SPANS = 4_096
"""So many separate holes are kept open for late reports; then the oldest hole is given up."""
RESEND_GRACE = timedelta(seconds=30)
"""A stored report that comes again is a resend while its sender may not have heard the mark yet, later a replay."""

REFUSED_AHEAD = 1_000
"""A refused message is believed to be so many numbers ahead of its counter at most."""
FASTEST = 100.0
"""Reports a second: no robot makes more."""
LEAP = 10_000
"""By so much more a counter may leap at any time, for the clocks and queues on the way."""

NumberSpan = tuple[int, int]


class SequenceStatus(StrEnum):
    """What a report is to its account."""

    NEW = "new"
    BACKFILL = "backfill"
    DUPLICATE = "duplicate"
    REPLAYED = "replayed"
    LEAPT = "leapt"
    """Its number is further ahead than any robot can have come: a fault or a restart, and not a loss."""


class ReportAccount(msgspec.Struct, frozen=True):
    """One robot's counter since one boot. `missing` holds disjoint inclusive spans in ascending order."""

    boot: int
    first: int
    high: int
    stored: int
    newest: Moment
    """The newest robot time that was stored."""
    revision: int
    """Rises with every change."""
    duplicates: int = 0
    lost: int = 0
    missing: tuple[NumberSpan, ...] = ()
    pinned: int | None = None
    """Where the mark stays after a hole was given up for lack of room, though its sender may still hold it."""
    told: int = -1
    """The mark as it stood a `RESEND_GRACE` ago or longer: no honest sender repeats what lies at or below it."""
    telling: tuple[int, Moment] | None = None
    """The mark that will be `told` next, and since when it stands."""
    refused: int = 0
    """How many numbers belong to messages that were refused."""
    turned_away: tuple[NumberSpan, ...] = ()
    """The spans of these, as far as they may still be mended: disjoint, in ascending order."""
    came_at: Moment | None = None
    """When the report with the highest number was received; None in an account of an earlier version."""
    rank: int = 0
    """Takes the boot's place in the order of starts where that has a smaller number than one before it; else 0."""

    @property
    def order(self) -> int:
        """Where this start stands among the starts of its robot: the present one has the largest."""
        return self.rank or self.boot

    @property
    def mark(self) -> int:
        """Every report from `first` up to here is stored or was declared gone by its sender."""
        contiguous = self.missing[0][0] - 1 if self.missing else self.high
        return contiguous if self.pinned is None else min(self.pinned, contiguous)


class Sighting(msgspec.Struct, frozen=True):
    """What the account needs to know of a report that has arrived."""

    seq: int
    time: Moment
    """By the robot's clock."""
    received_at: Moment
    """By the bridge's clock."""
    oldest: int | None = None
    """The lowest number that the sender still holds: what is missing below it will never come."""
    redelivered: bool = False
    """The broker says that it sends this message again (MQTT DUP)."""


class Counted(msgspec.Struct, frozen=True):
    """The account after a sighting, what the sighting was, and the spans that it gave up for good."""

    account: ReportAccount
    status: SequenceStatus
    lost: tuple[NumberSpan, ...] = ()


def open_account(boot: int, seen: Sighting, *, counts_from: int | None) -> Counted:
    """Open a robot's account with its first report.

    `counts_from` is the number at which the protocol starts a boot's counter, None where it does not say: then
    nothing before the first report can be missed. Nor can it where the robot cannot have made so many since its start.
    """
    first = seen.seq if counts_from is None else min(counts_from, seen.seq)
    if seen.seq - first > _reach(seen.received_at.timestamp() - boot / 1_000):
        first = seen.seq
    hole = ((first, seen.seq - 1),) if first < seen.seq else ()
    # Of two spools that have known this boot, the one opened later has the higher revisions.
    revision = int(seen.received_at.timestamp() * 1000)
    account = ReportAccount(
        boot=boot,
        first=first,
        high=seen.seq,
        stored=1,
        newest=seen.time,
        revision=revision,
        missing=hole,
        came_at=seen.received_at,
    )
    return _give_up(account, seen, SequenceStatus.NEW)


def leaps(account: ReportAccount, seen: Sighting) -> bool:
    """Whether the counter is further ahead than the robot can have come since its highest number was received."""
    if account.came_at is None:
        return False
    return seen.seq - account.high > _reach((seen.received_at - account.came_at).total_seconds())


def _reach(seconds: float) -> float:
    return LEAP + FASTEST * max(0.0, seconds)


def enter(account: ReportAccount, seen: Sighting) -> Counted:
    """Record one sighting: new, late but welcome, here already, replayed, or beyond all reach."""
    if leaps(account, seen):
        return Counted(account, SequenceStatus.LEAPT)
    account = _told(account, seen.received_at)
    if seen.seq == account.high + 1:
        return _give_up(_advanced(account, seen, account.missing), seen, SequenceStatus.NEW)
    if seen.seq > account.high:
        hole = (account.high + 1, seen.seq - 1)
        return _give_up(_advanced(account, seen, (*account.missing, hole)), seen, SequenceStatus.NEW)
    if _holds(account.missing, seen.seq):
        return _give_up(_filled(account, seen), seen, SequenceStatus.BACKFILL)
    if _holds(account.turned_away, seen.seq):
        return _give_up(_mended(account, seen), seen, SequenceStatus.BACKFILL)
    return _seen_before(account, seen)


def turn_away(account: ReportAccount, seq: int) -> ReportAccount:
    """Record a number whose message was refused: nobody awaits it, until its sender sends it mended."""
    if seq > account.high + REFUSED_AHEAD or seq < account.first or _holds(account.turned_away, seq):
        return account
    if seq > account.high:
        hole = ((account.high + 1, seq - 1),) if seq > account.high + 1 else ()
        missing, high = (*account.missing, *hole), seq
    elif _holds(account.missing, seq):
        missing, high = _without(account.missing, seq), account.high
    else:
        return account
    kept = _with(account.turned_away, seq)[-MAX_OPEN_SPANS:]
    changes = {"high": high, "missing": missing, "refused": account.refused + 1, "turned_away": kept}
    return msgspec.structs.replace(account, revision=account.revision + 1, **changes)


def _holds(spans: tuple[NumberSpan, ...], seq: int) -> bool:
    index = bisect_right(spans, (seq, 2**63)) - 1
    return index >= 0 and spans[index][1] >= seq


def _without(spans: tuple[NumberSpan, ...], seq: int) -> tuple[NumberSpan, ...]:
    """The spans without a number that one of them holds."""
    index = bisect_right(spans, (seq, 2**63)) - 1
    start, end = spans[index]
    rest = tuple(span for span in ((start, seq - 1), (seq + 1, end)) if span[0] <= span[1])
    return (*spans[:index], *rest, *spans[index + 1 :])


def _with(spans: tuple[NumberSpan, ...], seq: int) -> tuple[NumberSpan, ...]:
    """The spans with a number that none of them holds."""
    index = bisect_right(spans, (seq, 2**63))
    before, after = spans[:index], spans[index:]
    first = last = seq
    if before and before[-1][1] == seq - 1:
        first, before = before[-1][0], before[:-1]
    if after and after[0][0] == seq + 1:
        last, after = after[0][1], after[1:]
    return (*before, (first, last), *after)


def _mended(account: ReportAccount, seen: Sighting) -> ReportAccount:
    """A report that was refused once and comes again as it should be."""
    return msgspec.structs.replace(
        account,
        stored=account.stored + 1,
        refused=account.refused - 1,
        newest=max(account.newest, seen.time),
        revision=account.revision + 1,
        turned_away=_without(account.turned_away, seen.seq),
    )


def _told(account: ReportAccount, now: Moment) -> ReportAccount:
    """Let the mark of a while ago count as heard by the sender."""
    if account.telling is None:
        return msgspec.structs.replace(account, telling=(account.mark, now))
    mark, since = account.telling
    if now - since < RESEND_GRACE:
        return account
    return msgspec.structs.replace(account, told=mark, telling=(account.mark, now))


def _advanced(account: ReportAccount, seen: Sighting, missing: tuple[NumberSpan, ...]) -> ReportAccount:
    return ReportAccount(
        boot=account.boot,
        first=account.first,
        high=seen.seq,
        stored=account.stored + 1,
        newest=max(account.newest, seen.time),
        revision=account.revision + 1,
        duplicates=account.duplicates,
        lost=account.lost,
        missing=missing,
        pinned=account.pinned,
        told=account.told,
        telling=account.telling,
        refused=account.refused,
        turned_away=account.turned_away,
        came_at=seen.received_at,
        rank=account.rank,
    )


def _filled(account: ReportAccount, seen: Sighting) -> ReportAccount:
    return msgspec.structs.replace(
        account,
        stored=account.stored + 1,
        newest=max(account.newest, seen.time),
        revision=account.revision + 1,
        missing=_without(account.missing, seen.seq),
    )


def _seen_before(account: ReportAccount, seen: Sighting) -> Counted:
    if seen.seq < account.first or (seen.seq <= account.told and not seen.redelivered):
        return Counted(account, SequenceStatus.REPLAYED)
    counted = msgspec.structs.replace(account, duplicates=account.duplicates + 1, revision=account.revision + 1)
    return Counted(counted, SequenceStatus.DUPLICATE)


def _give_up(account: ReportAccount, seen: Sighting, status: SequenceStatus) -> Counted:
    """Close the holes that cannot be filled any more: those the sender has let go, and the oldest of too many."""
    if not account.missing:
        return Counted(account, status)
    oldest = seen.oldest or 0
    gone = tuple((start, min(end, oldest - 1)) for start, end in account.missing if start < oldest)
    still = tuple((max(start, oldest), end) for start, end in account.missing if end >= oldest)
    pinned = account.pinned
    if len(still) > MAX_OPEN_SPANS:
        dropped, still = still[:-MAX_OPEN_SPANS], still[-MAX_OPEN_SPANS:]
        gone = (*gone, *dropped)
        pinned = dropped[0][0] - 1 if pinned is None else pinned
    if not gone:
        return Counted(account, status)
    lost = account.lost + sum(end - start + 1 for start, end in gone)
    return Counted(msgspec.structs.replace(account, missing=still, lost=lost, pinned=pinned), status, gone)
