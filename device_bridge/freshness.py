"""How old a report is that has just come in, and whether a start with a smaller number is the robot's present one.

Pure: what is known of a robot's clock is a value that its owner keeps. A report that comes with the delay that this
robot's reports usually have is fresh, however wrong the robot's clock may be; one that comes later was held on its
way, by the robot's own memory or by a broker, and its true age is told. What is late at first cannot be told from a
slow clock by one report: a backlog comes faster than it was made, a slow clock keeps the pace.
"""

from datetime import timedelta

import msgspec

from device_bridge.wire.report import Moment

TRUSTED = timedelta(seconds=60)
"""A clock of which nothing is known yet counts as right when it is off by no more."""
USUAL = timedelta(seconds=10)
"""A report that comes later than usual by no more is fresh: networks stutter."""
KEPT_AT_MOST = timedelta(days=7)
"""What claims to be older comes from a wrong clock, not from a memory."""
STEADY_REPORTS = 3
STEADY_FOR = timedelta(seconds=2)
"""So many reports over so long a time at their own pace show that nothing was held."""
STEADY_PAUSE = timedelta(seconds=10)
"""Of robots that report seldom, two that lie so far apart are enough."""
_DRIFT = 0.01
_JITTER = timedelta(seconds=1)


class Run(msgspec.Struct, frozen=True):
    """Reports in a row that came at the pace at which they were made."""

    boot: int
    time: Moment
    """The first one's, by the robot's clock."""
    received_at: Moment
    count: int = 1


class RobotClock(msgspec.Struct, omit_defaults=True):
    """What is known of one robot's clock and starts; the functions here bring it forward."""

    off: float | None = None
    """Seconds from the receipt of a fresh report to the time that it states: negative for a slow clock."""
    late: Run | None = None
    """Reports that came later than usual, at their own pace."""
    older: Run | None = None
    """Reports of a start that is not the present one, while the present one keeps quiet."""


class StatedTime(msgspec.Struct, frozen=True):
    """A report as far as its age is concerned. `live` is false for what is known to be late: it teaches nothing."""

    boot: int
    time: Moment
    received_at: Moment
    live: bool = True

    @property
    def off(self) -> float:
        """Seconds from its receipt to the time that it states."""
        return (self.time - self.received_at).total_seconds()


class Age(msgspec.Struct, frozen=True):
    """What is known of a report's age."""

    made_at: Moment | None
    """When it was made, by the bridge's clock; None for a fresh one, of which the receipt tells."""
    clock_off_s: int = 0
    """By how many seconds its robot's clock is known to be wrong, 0 within a minute; negative when slow."""


def age_of(clock: RobotClock, told: StatedTime) -> Age:
    """How old this report is; learns the clock from those that are fresh."""
    if told.live and (_as_usual(clock, told.off) or _steady_late(clock, told)):
        return Age(None, _wrong_by(clock))
    off = clock.off or 0.0
    made_at = told.time - timedelta(seconds=off)
    if told.received_at - made_at <= USUAL:
        return Age(None, _wrong_by(clock))
    return Age(made_at, _wrong_by(clock))


def goes_on_instead(clock: RobotClock, told: StatedTime) -> bool:
    """Whether a start that is not the present one speaks on at its own pace while the present one keeps quiet."""
    if not told.live:
        return False
    clock.older = _longer(clock.older, told)
    if not _steady(clock.older, told):
        return False
    clock.older = None
    return True


def present_spoke(clock: RobotClock) -> None:
    """Note that the present start has reported: whatever else speaks is not in its place."""
    clock.older = None


def _as_usual(clock: RobotClock, off: float) -> bool:
    known = clock.off
    if known is None:
        fresh = off >= -TRUSTED.total_seconds() or off < -KEPT_AT_MOST.total_seconds()
    else:
        plainly_wrong = off < -KEPT_AT_MOST.total_seconds() <= known
        fresh = plainly_wrong or known - off <= USUAL.total_seconds()
    if not fresh:
        return False
    # No report comes before it was made, so a smaller delay is the better measure; a clock drifts slowly.
    drifts = known is not None and off < known and known - off <= USUAL.total_seconds()
    clock.off = known + (off - known) * _DRIFT if known is not None and drifts else off
    clock.late = None
    return True


def _steady_late(clock: RobotClock, told: StatedTime) -> bool:
    clock.late = _longer(clock.late, told)
    if not _steady(clock.late, told):
        return False
    clock.off, clock.late = told.off, None
    return True


def _longer(run: Run | None, told: StatedTime) -> Run:
    """The run with this report at its end; a new one where it came faster than it was made, or of another start."""
    if run is None or run.boot != told.boot or _catches_up(run, told):
        return Run(told.boot, told.time, told.received_at)
    return msgspec.structs.replace(run, count=run.count + 1)


def _catches_up(run: Run, told: StatedTime) -> bool:
    made, came = told.time - run.time, told.received_at - run.received_at
    return made > came + max(_JITTER, came / 5) or made > 2 * came


def _steady(run: Run, told: StatedTime) -> bool:
    lasted = told.received_at - run.received_at
    return (run.count >= STEADY_REPORTS and lasted >= STEADY_FOR) or (run.count > 1 and lasted >= STEADY_PAUSE)


def _wrong_by(clock: RobotClock) -> int:
    off = clock.off or 0.0
    return round(off) if abs(off) > TRUSTED.total_seconds() else 0
