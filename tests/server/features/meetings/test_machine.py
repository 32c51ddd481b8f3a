"""Any order of any acts by anybody: the database does what a simple model does, and every cell is where it belongs."""

# ruff: noqa: D102, FBT001, PLR0917, PT017 - the rules of the machine: named as sentences, drawn by Hypothesis, refused by name

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete
from sqlmodel import select

from server.features.meetings import service
from server.features.meetings.models import Meeting
from server.features.meetings.rules import ANSWER_LEAD, FINISH_GRACE, HOLD_TTL, REQUEST_TTL, Act, State
from server.features.meetings.schemas import HoldIn, MeetingOut
from server.features.meetings.service import MeetingRefusedError
from server.features.reservations.models import Reservation, in_force
from server.features.reservations.rules import Resource, Want
from server.features.reservations.service import TakenError, claim, release
from server.infra.audit import AuditEntry
from server.infra.db import Database
from server.infra.identity import Identity
from server.infra.outbox import OutboxEvent
from server.kernel.spans import Span
from tests.server.features.meetings.model import Cell, Played, PlayedFair, spread
from tests.support.small_fair import EXHIBITORS, OPENS, SmallFair, make_small_fair

BUYERS = 4
WILD = 10
"""From this pick on any meeting is taken, whether the act fits it or not."""
ALLOWED: dict[Act, dict[State, str]] = {
    Act.REQUEST: {State.HELD: "b"},
    Act.WITHDRAW: {State.HELD: "b", State.REQUESTED: "b", State.WAITING: "b"},
    Act.RESCHEDULE: {State.REQUESTED: "b", State.WAITING: "b"},
    Act.ACCEPT: {State.REQUESTED: "e"},
    Act.DECLINE: {State.REQUESTED: "e", State.WAITING: "e"},
    Act.PROPOSE: {State.REQUESTED: "e", State.WAITING: "e", State.ACCEPTED: "be"},
    Act.AGREE: {State.REQUESTED: "be", State.WAITING: "be", State.ACCEPTED: "be"},
    Act.KEEP: {State.REQUESTED: "be", State.WAITING: "be", State.ACCEPTED: "be"},
    Act.CANCEL: {State.ACCEPTED: "be"},
    Act.HAND_OVER: {State.ACCEPTED: "e"},
    Act.NO_SHOW: {State.ACCEPTED: "e", State.DONE: "e"},
}
"""Who may do what in which state, written down a second time: b for the buyer, e for the exhibitor."""

picks = st.integers(0, WILD)
seldom = st.integers(0, 3 * WILD).map(lambda number: number if number <= WILD else None)
"""For acts that end a meeting: most of the time nothing is picked, or the fair would be empty too soon."""
sides = st.sampled_from("be")
# The first start is before the opening, the last one may end after the closing; a handful, so that they meet.
starts = st.sampled_from([-5, 60, 70, 95, 400, 520]).map(lambda number: OPENS + timedelta(minutes=number))
lengths = st.sampled_from([15, 30, 45])


class Booking(RuleBasedStateMachine):
    """Buyers, exhibitors, demos and the clock, in any order."""

    database: Database
    small: SmallFair
    seats: int
    """How many people and tables each exhibitor has."""

    def __init__(self) -> None:
        super().__init__()
        with self.database.write() as session:
            for table in (Meeting, Reservation, AuditEntry, OutboxEvent):
                session.connection().execute(delete(table))
        self.now = OPENS
        self.count = 0
        numbers = range(1, len(EXHIBITORS) + 1)
        self.fair = PlayedFair(
            staff={number: [10 * number + seat for seat in range(1, self.seats + 1)] for number in numbers},
            tables={number: [10 * number + seat for seat in range(1, self.seats + 1)] for number in numbers},
        )

    @rule(
        buyer=st.integers(1, BUYERS),
        exhibitor=st.sampled_from([1, 1, 2]),
        start=starts,
        length=lengths,
        staff=st.sampled_from([None, None, None, 1, 2]),
        robot=st.booleans(),
    )
    def hold(self, buyer: int, exhibitor: int, start: datetime, length: int, staff: int | None, robot: bool) -> None:
        staff = min(staff, self.seats) if staff else None
        asked = 10 * exhibitor + staff if staff else None
        self.count += 1
        ends = start + timedelta(minutes=length)
        one = Played("", exhibitor, buyer, start, ends, asked, exhibitor if robot else None, self.count)
        expected = self.fair.crowded(buyer, self.now) or self.fair.fault(one, start, ends, self.now, ANSWER_LEAD)
        wanted = HoldIn(
            exhibitor=EXHIBITORS[exhibitor - 1],
            starts_at=start,
            minutes=length,
            staff=f"s{staff}" if staff else None,
            robot="r1" if robot else None,
        )

        out = self.tried(lambda session: service.hold(session, self.small.buyer(buyer), wanted, self.now), expected)

        if out is not None:
            one.uid, one.expires_at = out.uid, min(self.now + HOLD_TTL, start - ANSWER_LEAD)
            self.seat(one, out)
            self.fair.meetings[one.uid] = one

    @rule(buyers=st.sets(st.integers(1, BUYERS), min_size=1), start=st.sampled_from([60, 70, 400]), robot=st.booleans())
    def many_ask(self, buyers: set[int], start: int, robot: bool) -> None:
        for buyer in sorted(buyers):
            known = set(self.fair.meetings)
            begin = OPENS + timedelta(minutes=start)
            self.hold(buyer=buyer, exhibitor=1, start=begin, length=30, staff=None, robot=robot)
            for one in [one for uid, one in self.fair.meetings.items() if uid not in known]:
                self.requested(one)

    @rule(pick=picks)
    def request(self, pick: int) -> None:
        if one := self.picked(pick, Act.REQUEST):
            self.requested(one)

    @rule(pick=seldom)
    def withdraw(self, pick: int | None) -> None:
        if (one := self.picked(pick, Act.WITHDRAW)) and self.do(
            Act.WITHDRAW, one, "b", service.withdraw, self.bar(Act.WITHDRAW, one, "b")
        ):
            self.give_back(one, State.WITHDRAWN)

    @rule(pick=seldom)
    def decline(self, pick: int | None) -> None:
        if (one := self.picked(pick, Act.DECLINE)) and self.do(
            Act.DECLINE, one, "e", service.decline, self.bar(Act.DECLINE, one, "e")
        ):
            self.give_back(one, State.DECLINED)

    @rule(pick=seldom, side=sides)
    def cancel(self, pick: int | None, side: str) -> None:
        if (one := self.picked(pick, Act.CANCEL)) and self.do(
            Act.CANCEL, one, side, service.cancel, self.bar(Act.CANCEL, one, side)
        ):
            self.give_back(one, State.CANCELLED)

    @rule(pick=seldom)
    def no_show(self, pick: int | None) -> None:
        if one := self.picked(pick, Act.NO_SHOW):
            bar = self.bar(Act.NO_SHOW, one, "e") or ("too-early" if self.now < one.starts_at else None)
            if self.do(Act.NO_SHOW, one, "e", service.no_show, bar):
                self.give_back(one, State.NO_SHOW)

    @rule(pick=picks)
    def accept(self, pick: int) -> None:
        if one := self.picked(pick, Act.ACCEPT):
            bar = self.bar(Act.ACCEPT, one, "e")
            if bar == "not-possible" and one.state is State.WAITING:
                bar = "slot-taken"
            # What was asked for in time is accepted even in the last moment: its start is still to come.
            bar = bar or self.fair.fault(one, one.starts_at, one.ends_at, self.now)
            out = self.do(Act.ACCEPT, one, "e", service.accept, bar)
            if out:
                self.promise(one, out, one.starts_at, one.ends_at)

    @rule(pick=picks, start=starts, length=lengths)
    def reschedule(self, pick: int, start: datetime, length: int) -> None:
        if one := self.picked(pick, Act.RESCHEDULE):
            ends = start + timedelta(minutes=length)
            bar = self.bar(Act.RESCHEDULE, one, "b") or self.fair.fault(one, start, ends, self.now, ANSWER_LEAD)
            said: dict[str, Any] = {"starts_at": start, "minutes": length}
            if self.do(Act.RESCHEDULE, one, "b", service.reschedule, bar, **said):
                one.state, one.starts_at, one.ends_at = State.REQUESTED, start, ends
                one.expires_at, one.proposed_by, one.proposed = self.until(start), None, None

    @rule(pick=picks, side=sides, start=starts, length=lengths)
    def propose(self, pick: int, side: str, start: datetime, length: int) -> None:
        if one := self.picked(pick, Act.PROPOSE):
            ends = start + timedelta(minutes=length)
            bar = self.bar(Act.PROPOSE, one, side) or self.fair.fault(one, start, ends, self.now)
            said: dict[str, Any] = {"starts_at": start, "minutes": length}
            if self.do(Act.PROPOSE, one, side, service.propose, bar, **said):
                one.proposed_by, one.proposed = side, (start, ends)
                one.expires_at = self.until(one.starts_at) if one.expires_at else None

    @rule(pick=picks, side=sides)
    def agree(self, pick: int, side: str) -> None:
        if one := self.picked(pick, Act.AGREE):
            bar = self.bar(Act.AGREE, one, side)
            if not bar:
                bar = self.no_proposal(one) or ("own-proposal" if one.proposed_by == side else None)
            if not bar and one.proposed:
                bar = self.fair.fault(one, *one.proposed, self.now)
            out = self.do(Act.AGREE, one, side, service.agree, bar)
            if out and one.proposed:
                self.promise(one, out, *one.proposed)

    @rule(pick=picks, side=sides)
    def keep(self, pick: int, side: str) -> None:
        if one := self.picked(pick, Act.KEEP):
            bar = self.bar(Act.KEEP, one, side) or self.no_proposal(one)
            if self.do(Act.KEEP, one, side, service.keep, bar):
                one.proposed_by, one.proposed = None, None

    @rule(pick=picks, staff=st.integers(1, 2))
    def hand_over(self, pick: int, staff: int) -> None:
        staff = min(staff, self.seats)
        if one := self.picked(pick, Act.HAND_OVER):
            bar = self.bar(Act.HAND_OVER, one, "e")
            who, before = 10 * one.exhibitor + staff, one.asked
            same = not bar and one.staff == who
            if not bar and not same:
                one.asked = who
                bar = self.seatable(one)
            out = self.do(Act.HAND_OVER, one, "e", service.hand_over, bar, counts=not same, staff=f"s{staff}")
            one.asked = who if out and not same else before
            if out and not same:
                self.promise(one, out, one.starts_at, one.ends_at, proposal=True)

    @rule(minutes=st.sampled_from([1, 1, 1, 4, 5, 5, 20, 45]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.fair.now = self.now

    @rule()
    def clock_expires(self) -> None:
        lapsed = [one for one in self.fair.meetings.values() if one.has_lapsed(self.now)]
        before = set(self.fair.owners())
        for one in lapsed:
            self.end(one, State.EXPIRED)
        offered = self.fair.offered(self.fair.staff, before, set(self.fair.owners()), self.now)
        for one in offered:
            self.offer(one)

        with self.database.write() as session:
            assert service.expire_due(session, self.now) == len(lapsed) + len(offered)

    @rule()
    def clock_finishes(self) -> None:
        over = [
            one
            for one in self.fair.meetings.values()
            if one.state is State.ACCEPTED and one.ends_at + FINISH_GRACE <= self.now
        ]
        for one in over:
            self.end(one, State.DONE)

        with self.database.write() as session:
            assert service.finish_due(session, self.now) == len(over)

    @rule(name=st.sampled_from(["demo:a", "demo:b"]), key=st.sampled_from(["robot:1", "staff:11"]), start=starts)
    def demo(self, name: str, key: str, start: datetime) -> None:
        if name in self.fair.demos:
            del self.fair.demos[name]
            with self.database.write() as session:
                release(session, name)
            return
        cells = spread(key, start, start + timedelta(minutes=20))
        free = not cells & set(self.fair.owners())
        try:
            with self.database.write() as session:
                claim(session, name, [Want(Resource.of(key), Span(start, start + timedelta(minutes=20)))], now=self.now)
        except TakenError:
            assert not free
        else:
            assert free
            self.fair.demos[name] = cells

    @invariant()
    def every_cell_belongs_to_who_should_have_it(self) -> None:
        with self.database.read() as session:
            rows = session.exec(select(Reservation).where(in_force(self.now))).all()
        found: dict[Cell, str] = {(row.resource, row.cell): row.holder.removeprefix("meeting:") for row in rows}
        assert found == self.fair.owners()

    @invariant()
    def every_meeting_stands_where_the_model_has_it(self) -> None:
        with self.database.read() as session:
            found = {
                row.uid: (row.state, row.version, row.starts_at, row.ends_at, row.expires_at, row.proposed_starts_at)
                for row in session.exec(select(Meeting))
            }
        assert found == {
            one.uid: (
                one.state,
                one.version,
                one.starts_at,
                one.ends_at,
                one.expires_at,
                one.proposed[0] if one.proposed else None,
            )
            for one in self.fair.meetings.values()
        }

    def requested(self, one: Played) -> None:
        if self.do(Act.REQUEST, one, "b", service.request, self.bar(Act.REQUEST, one, "b")):
            self.give_back(one, State.REQUESTED, requested_at=self.now, expires_at=self.until(one.starts_at))

    def picked(self, pick: int | None, act: Act) -> Played | None:
        """One of the meetings that its actors can see; mostly one whose state allows the act."""
        if pick is None:
            return None
        alone = act in {Act.REQUEST, Act.WITHDRAW, Act.RESCHEDULE}
        seen = [one for one in self.fair.meetings.values() if one.requested_at or alone]
        fitting = [one for one in seen if one.state in ALLOWED[act]]
        if act in {Act.AGREE, Act.KEEP}:
            fitting = [one for one in fitting if one.proposed]
        found = fitting if pick < WILD else seen
        return found[pick % len(found)] if found else None

    def bar(self, act: Act, one: Played, side: str) -> str | None:
        """What bars an act by state and time."""
        if side not in ALLOWED[act].get(one.state, ""):
            return "not-possible"
        if act is Act.NO_SHOW:
            return None
        if one.has_lapsed(self.now):
            return "lapsed"
        return "meeting-over" if one.ends_at <= self.now else None

    def no_proposal(self, one: Played) -> str | None:
        """A proposal ends with its time."""
        return "no-proposal" if one.proposed is None or one.proposed[0] <= self.now else None

    def do(
        self,
        act: Act,
        one: Played,
        side: str,
        use_case: Callable[..., MeetingOut],
        expected: str | None,
        *,
        counts: bool = True,
        **said: Any,
    ) -> MeetingOut | None:
        """Act, and compare the refusal with the expected one."""
        by: Identity = (
            self.small.buyer(one.buyer) if side == "b" else self.small.exhibitor(EXHIBITORS[one.exhibitor - 1])
        )
        out = self.tried(lambda session: use_case(session, by, one.uid, one.version, now=self.now, **said), expected)
        if out is not None and counts:
            one.version += 1
        assert out is None or act in ALLOWED
        return out

    def tried(self, work: Callable[[Any], MeetingOut], expected: str | None) -> MeetingOut | None:
        try:
            with self.database.write() as session:
                out = work(session)
        except MeetingRefusedError as refusal:
            assert refusal.code == expected
            assert all(span.starts_at >= self.now for span in refusal.alternatives)
            return None
        assert expected is None
        return out

    def seatable(self, one: Played) -> str | None:
        """Whether a meeting can be where it is with whom it wants now; its time may have begun."""
        return self.fair.fault(one, one.starts_at, one.ends_at, one.starts_at - timedelta(minutes=1))

    def seat(self, one: Played, out: MeetingOut) -> None:
        one.staff = 10 * one.exhibitor + int(str(out.staff)[1:])
        one.table = 10 * one.exhibitor + (out.table or 0)
        assert one.asked in {None, one.staff}

    def promise(
        self, one: Played, out: MeetingOut, starts_at: datetime, ends_at: datetime, *, proposal: bool = False
    ) -> None:
        """Let a meeting be accepted then; others wait, or are offered what it gave back."""
        before = self.fair.owners()
        self.seat(one, out)
        one.state, one.starts_at, one.ends_at, one.expires_at = State.ACCEPTED, starts_at, ends_at, None
        if not proposal:
            one.proposed_by, one.proposed = None, None
        assert not one.cells(self.now) & {cell for cell, owner in before.items() if owner != one.uid}
        pushed = self.fair.pushed_by(one, set(before))
        after = set(self.fair.owners())
        offered = self.near(one, self.fair.offered([one.exhibitor], set(before) | one.cells(self.now), after, self.now))
        for other in pushed:
            other.state = State.WAITING
            other.version += 1
        for other in offered:
            self.offer(other)

    def give_back(self, one: Played, state: State, **changes: datetime) -> None:
        """Let a meeting give back what its next state does not own; who waits is offered it."""
        before = set(self.fair.owners())
        had = one.state
        if state is State.REQUESTED:
            one.state = state
            for name, value in changes.items():
                setattr(one, name, value)
        else:
            one.state = state
            one.proposed_by, one.proposed = None, None
        if had is not State.DONE:
            free = set(self.fair.owners(but=[one.uid]))
            for other in self.near(one, self.fair.offered([one.exhibitor], before, free, self.now)):
                self.offer(other)

    def near(self, one: Played, offered: list[Played]) -> list[Played]:
        return [other for other in offered if other.uid != one.uid]

    def end(self, one: Played, state: State) -> None:
        one.state, one.proposed_by, one.proposed = state, None, None
        one.version += 1

    def offer(self, one: Played) -> None:
        one.state, one.expires_at = State.REQUESTED, self.until(one.starts_at)
        one.version += 1

    def until(self, starts_at: datetime) -> datetime:
        return min(self.now + REQUEST_TTL, starts_at - ANSWER_LEAD)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seats", [1, 2])
def test_any_order_of_acts_agrees_with_the_model(database: Database, seats: int) -> None:
    class Here(Booking):
        pass

    Here.database, Here.seats = database, seats
    Here.small = make_small_fair(database, buyers=BUYERS, staff=seats, tables=seats)
    few = database.dialect == "postgresql"

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=5 if few else 15,
            stateful_step_count=40 if few else 60,
            suppress_health_check=list(HealthCheck),
        ),
    )


WEIGHTS = {
    "many_ask": 4,
    "hold": 2,
    "request": 2,
    "accept": 6,
    "reschedule": 2,
    "propose": 4,
    "agree": 4,
    "keep": 1,
    "cancel": 3,
    "hand_over": 1,
    "withdraw": 1,
    "decline": 1,
    "no_show": 1,
    "demo": 1,
    "clock_expires": 2,
    "clock_finishes": 1,
    "time_passes": 2,
}
"""What people do how often on a long day: often enough that somebody waits, and that times become free again."""


def drawn(chance: Random, name: str) -> dict[str, Any]:
    """Arguments for a rule."""
    start = OPENS + timedelta(minutes=chance.choice((-5, 60, 70, 95, 400, 520)))
    all_of_them: dict[str, dict[str, Any]] = {
        "many_ask": {"buyers": set(range(1, chance.randint(2, BUYERS) + 1)), "start": chance.choice((60, 70, 400))},
        "hold": {
            "buyer": chance.randint(1, BUYERS),
            "exhibitor": chance.choice((1, 1, 2)),
            "start": start,
            "length": 30,
        },
        "time_passes": {"minutes": chance.choice((1, 1, 5))},
        "demo": {"name": chance.choice(("demo:a", "demo:b")), "key": chance.choice(("robot:1", "staff:11"))},
        "clock_expires": {},
        "clock_finishes": {},
    }
    said = all_of_them.get(name, {"pick": chance.randint(0, WILD)})
    if name in {"many_ask", "hold"}:
        said["robot"] = chance.random() < 0.2
    if name == "hold":
        said["staff"] = chance.choice((None, None, 1, 2))
    if name in {"demo", "reschedule", "propose"}:
        said["start"] = start
    if name in {"reschedule", "propose"}:
        said["length"] = chance.choice((15, 30, 45))
    if name in {"propose", "agree", "keep", "cancel"}:
        said["side"] = chance.choice("be")
    return said | ({"staff": chance.randint(1, 2)} if name == "hand_over" else {})


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seats", [1, 2])
def test_long_days_full_of_bookings_agree_with_the_model(database: Database, seats: int) -> None:
    chance = Random(seats)
    small = make_small_fair(database, buyers=BUYERS, staff=seats, tables=seats)
    seen: set[str] = set()

    for _day in range(2 if database.dialect == "postgresql" else 4):
        fair = type("Day", (Booking,), {"database": database, "small": small, "seats": seats})()
        for name in chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=90):
            getattr(fair, name)(**drawn(chance, name))
            fair.every_cell_belongs_to_who_should_have_it()
            fair.every_meeting_stands_where_the_model_has_it()
        with database.read() as session:
            seen |= {entry.action for entry in session.exec(select(AuditEntry))}

    # Some days are too short for every act; those whose consequences reach others are never missing.
    assert seen >= {f"meeting.{act.value}" for act in (Act.ACCEPT, Act.AGREE, Act.CANCEL, Act.WAIT, Act.OFFER)}
