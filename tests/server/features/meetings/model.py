"""A fair's meetings as a child would play them: dictionaries and sets, one after the other, nothing clever."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.features.meetings.rules import ANSWER_LEAD, MOST_HELD, MOST_OPEN, State
from tests.support.small_fair import CLOSES, OPENS

OPEN = {State.HELD, State.REQUESTED, State.WAITING}
FIVE = timedelta(minutes=5)
Cell = tuple[str, int]


@dataclass
class Played:
    """One meeting."""

    uid: str
    exhibitor: int
    buyer: int
    starts_at: datetime
    ends_at: datetime
    asked: int | None
    robot: int | None
    order: int
    state: State = State.HELD
    version: int = 1
    staff: int | None = None
    table: int | None = None
    expires_at: datetime | None = None
    requested_at: datetime | None = None
    proposed_by: str | None = None
    proposed: tuple[datetime, datetime] | None = None

    def has_lapsed(self, now: datetime) -> bool:
        """Whether the clock has ended it, worker or not."""
        return self.state in OPEN and self.expires_at is not None and self.expires_at <= now

    def cells(self, now: datetime) -> set[Cell]:
        """What it owns, by its state and the time."""
        owned: set[Cell] = set()
        if self.has_lapsed(now):
            return owned
        if self.state in {State.HELD, State.REQUESTED, State.ACCEPTED}:
            owned |= buyers_cells(self, self.starts_at, self.ends_at)
        if self.state in {State.HELD, State.ACCEPTED}:
            owned |= spread(f"staff:{self.staff}", self.starts_at, self.ends_at + FIVE)
            owned |= spread(f"table:{self.table}", self.starts_at, self.ends_at)
            owned |= spread(f"robot:{self.robot}", self.starts_at, self.ends_at) if self.robot else set()
        return owned


@dataclass
class PlayedFair:
    """The whole fair: who works where, which tables there are, what is played, and what demos took."""

    staff: dict[int, list[int]]
    tables: dict[int, list[int]]
    meetings: dict[str, Played] = field(default_factory=dict)
    demos: dict[str, set[Cell]] = field(default_factory=dict)
    now: datetime = OPENS

    def owners(self, *, but: Iterable[str] = ()) -> dict[Cell, str]:
        """Who has which cell."""
        gone = set(but)
        mine = {cell: one.uid for one in self.meetings.values() if one.uid not in gone for cell in one.cells(self.now)}
        return mine | {cell: name for name, cells in self.demos.items() if name not in gone for cell in cells}

    def fault(
        self, one: Played, starts_at: datetime, ends_at: datetime, now: datetime, lead: timedelta = timedelta(0)
    ) -> str | None:
        """Why a meeting could not be then, if it could not; what is asked for is `lead` ahead."""
        if starts_at <= now:
            return "in-the-past"
        if starts_at - lead <= now:
            return "too-near"
        if starts_at < OPENS or ends_at > CLOSES:
            return "outside-hours"
        taken = set(self.owners(but=[one.uid]))
        if buyers_cells(one, starts_at, ends_at) & taken:
            return "own-time-taken"
        return None if self.serves(one, starts_at, ends_at, taken) else "slot-taken"

    def crowded(self, buyer: int, now: datetime) -> str | None:
        """Whether a buyer has as much open as one may."""
        mine = [one for one in self.meetings.values() if one.buyer == buyer and one.state in OPEN]
        mine = [one for one in mine if one.expires_at and one.expires_at > now]
        full = len(mine) >= MOST_OPEN or sum(one.state is State.HELD for one in mine) >= MOST_HELD
        return "too-many-open" if full else None

    def serves(self, one: Played, starts_at: datetime, ends_at: datetime, taken: set[Cell]) -> bool:
        """Whether somebody, a table and the robot are free then."""
        people = [one.asked] if one.asked else self.staff[one.exhibitor]
        somebody = any(not spread(f"staff:{who}", starts_at, ends_at + FIVE) & taken for who in people)
        somewhere = any(not spread(f"table:{seat}", starts_at, ends_at) & taken for seat in self.tables[one.exhibitor])
        robot = not one.robot or not spread(f"robot:{one.robot}", starts_at, ends_at) & taken
        return somebody and somewhere and robot

    def queue(self, exhibitor: int, state: State) -> list[Played]:
        """Who is queued at an exhibitor in a state, the longest waiting first."""
        found = [one for one in self.meetings.values() if one.exhibitor == exhibitor and one.state is state]
        found = [one for one in found if not one.has_lapsed(self.now)]
        return sorted(found, key=lambda one: (one.requested_at, one.order))

    def pushed_by(self, winner: Played, before: set[Cell]) -> list[Played]:
        """Whom nobody can serve any more once `winner` has what it owns now; `before` is what was taken earlier."""
        after = set(self.owners())
        return [
            one
            for one in self.queue(winner.exhibitor, State.REQUESTED)
            if self.serves(one, one.starts_at, one.ends_at, before)
            and not self.serves(one, one.starts_at, one.ends_at, after)
        ]

    def offered(self, exhibitors: Iterable[int], before: set[Cell], after: set[Cell], now: datetime) -> list[Played]:
        """Who of those that wait can have their time now. What is given back is not free yet for the same buyer."""
        seen = set(before)
        found = []
        for one in [one for number in sorted(exhibitors) for one in self.queue(number, State.WAITING)]:
            mine = buyers_cells(one, one.starts_at, one.ends_at)
            possible = one.starts_at - ANSWER_LEAD > now and self.serves(one, one.starts_at, one.ends_at, after)
            if possible and not mine & seen:
                seen |= mine
                found.append(one)
        return found


def spread(resource: str, starts_at: datetime, ends_at: datetime) -> set[Cell]:
    """The cells of a resource from start to end."""
    first, stop = int(starts_at.timestamp()) // 300, -(-int(ends_at.timestamp()) // 300)
    return {(resource, number) for number in range(first, stop)}


def buyers_cells(one: Played, starts_at: datetime, ends_at: datetime) -> set[Cell]:
    """The buyer's own, with the walk behind."""
    return spread(f"buyer:{one.buyer}", starts_at, ends_at + FIVE)
