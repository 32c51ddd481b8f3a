"""What the clock has ended is ended for every reader at once, with the worker or without it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from server.features.exhibitors.queries import staff_bookings
from server.features.floorplan.queries import booth_uses
from server.features.insight.service import today
from server.features.meetings import service
from server.features.meetings.models import Meeting
from server.features.meetings.queries import count_diary, diary, find_meeting, open_requests, slots
from server.features.meetings.queries.listing import count_open
from server.features.meetings.rules import HOLD_TTL, MOST_HELD, Reason, State
from server.features.meetings.schemas import HoldIn, MeetingOut
from server.features.meetings.service import LapsedError, MeetingRefusedError, NoProposalError
from server.features.reservations.models import Reservation
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import TakenError, claim
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.spans import Span
from tests.server.features.meetings.acting import (
    ONE,
    accepted,
    act,
    assert_cells_fit_states,
    expire,
    held,
    requested,
    seen,
)
from tests.server.features.meetings.test_at_once import MANY, ROUNDS, at_once, kinds
from tests.support.small_fair import NOON, SmallFair, make_small_fair

END = NOON + HOLD_TTL
LATER = ONE + timedelta(hours=1)


def refused(work: Callable[[], object]) -> type[BaseException] | None:
    """How it was refused, if it was."""
    try:
        work()
    except MeetingRefusedError as refusal:
        return type(refusal)
    return None


def test_a_hold_blocks_to_its_last_moment_and_nobody_a_moment_later(database: Database) -> None:
    fair = make_small_fair(database)
    held(fair, 1)

    before = refused(lambda: held(fair, 2, now=END - timedelta.resolution))
    after = held(fair, 2, now=END)

    assert before is service.SlotTakenError
    assert after.state is State.HELD
    assert_cells_fit_states(database, END)


def test_a_lapsed_hold_reads_as_expired_everywhere_though_no_worker_came(database: Database) -> None:
    fair = make_small_fair(database)
    one = held(fair, 1)

    out = seen(fair, fair.buyer(1), one, END)

    with database.read() as session:
        by = fair.buyer(1)
        listed = diary(session, by, END, states={State.HELD}), diary(session, by, END, states={State.EXPIRED})
        counted = count_diary(session, by, END, states={State.HELD}), count_diary(session, by, END)
        free = {
            slot.starts_at: slot.free for slot in slots(session, by, "kapok", NOON.date(), minutes=30, now=END).slots
        }
        assert count_open(session, 1, END) == (0, 0)
        assert staff_bookings(session, 11, END) == []
        assert booth_uses(session, "9.2A01", END) == []
    assert (out.state, out.reason, out.acts) == (State.EXPIRED, Reason.HOLD_ENDED, [])
    assert ([one.uid for one in listed[0]], [one.uid for one in listed[1]]) == ([], [one.uid])
    assert counted == (0, 1)
    assert free[ONE]


def test_lapsed_holds_count_no_more_for_what_one_may_hold(database: Database) -> None:
    fair = make_small_fair(database)
    for number in range(MOST_HELD):
        held(fair, 1, at=ONE + timedelta(minutes=40 * number))

    assert refused(lambda: held(fair, 1, at=LATER + timedelta(hours=2))) is service.TooManyOpenError
    assert held(fair, 1, at=LATER + timedelta(hours=2), now=END).state is State.HELD


def test_an_expired_request_can_be_answered_by_nobody_in_any_way(database: Database) -> None:
    fair = make_small_fair(database)
    asked = requested(fair, 1)
    end = asked.expires_at or NOON
    works = [
        (service.accept, fair.exhibitor(), {}),
        (service.decline, fair.exhibitor(), {}),
        (service.propose, fair.exhibitor(), {"starts_at": LATER, "minutes": 30}),
        (service.withdraw, fair.buyer(1), {}),
        (service.reschedule, fair.buyer(1), {"starts_at": LATER, "minutes": 30}),
    ]

    answers = [refused(lambda work=work: act(fair, work[0], work[1], asked, now=end, **work[2])) for work in works]  # type: ignore[misc]  # the loop's own

    with database.read() as session:
        assert open_requests(session, fair.exhibitor(), end) == []
        waiting = today(session, end).meetings.unanswered
    assert answers == [LapsedError] * len(works)
    assert seen(fair, fair.exhibitor(), asked, end).state is State.EXPIRED
    assert waiting == 0


def test_who_has_lapsed_waits_no_more_beside_the_others(database: Database) -> None:
    fair = make_small_fair(database)
    first = requested(fair, 1, at=LATER)
    end = (first.expires_at or NOON) - timedelta(minutes=10)
    with database.write() as session:
        row = session.exec(select(Meeting).where(Meeting.uid == first.uid)).one()
        row.expires_at = end
    second = requested(fair, 2, at=LATER)

    assert seen(fair, fair.exhibitor(), second, end - timedelta.resolution).waiting == 1
    assert seen(fair, fair.exhibitor(), second, end).waiting == 0
    with database.read() as session:
        found = slots(session, fair.exhibitor(), "kapok", NOON.date(), minutes=30, now=end).slots
    assert {slot.waiting for slot in found if slot.starts_at == LATER} == {1}


def test_a_lapsed_request_frees_its_buyer_for_another_exhibitor(database: Database) -> None:
    fair = make_small_fair(database)
    asked = requested(fair, 1, at=LATER)
    with database.write() as session:
        row = session.exec(select(Meeting).where(Meeting.uid == asked.uid)).one()
        row.expires_at = END
        for cell in session.exec(select(Reservation)):
            cell.expires_at = END

    before = refused(lambda: held(fair, 1, at=LATER, exhibitor="lotus", now=END - timedelta.resolution))
    after = held(fair, 1, at=LATER, exhibitor="lotus", now=END)

    assert before is service.OwnTimeTakenError
    assert after.state is State.HELD
    assert_cells_fit_states(database, END)


def test_a_meeting_that_is_over_reads_as_done_before_the_worker_says_so(database: Database) -> None:
    fair = make_small_fair(database)
    one = accepted(fair, 1)
    over = one.ends_at + timedelta(minutes=15)

    assert seen(fair, fair.buyer(1), one, over - timedelta.resolution).state is State.ACCEPTED
    assert seen(fair, fair.buyer(1), one, over).state is State.DONE
    with database.read() as session:
        assert count_diary(session, fair.buyer(1), over, states={State.ACCEPTED}) == 0
    assert act(fair, service.no_show, fair.exhibitor(), one, now=over).state is State.NO_SHOW


def test_a_proposal_ends_when_its_time_begins(database: Database) -> None:
    fair = make_small_fair(database)
    one = accepted(fair, 1, at=LATER)
    offered = act(fair, service.propose, fair.buyer(1), one, starts_at=ONE, minutes=30)

    out = seen(fair, fair.exhibitor(), one, ONE)

    with database.read() as session:
        assert [one.uid for one in open_requests(session, fair.exhibitor(), ONE - timedelta.resolution)] == [one.uid]
        assert open_requests(session, fair.exhibitor(), ONE) == []
    assert (out.proposal, {"agree", "keep"} & set(out.acts)) == (None, set())
    assert refused(lambda: act(fair, service.agree, fair.exhibitor(), offered, now=ONE)) is NoProposalError


@pytest.mark.parametrize("resource", [Resource(ResourceKind.STAFF, 11), Resource(ResourceKind.ROBOT, 1)])
def test_a_demo_takes_what_a_lapsed_hold_still_has(database: Database, resource: Resource) -> None:
    fair = make_small_fair(database)
    held(fair, 1, robot="r1")
    wants = [Want(resource, Span(ONE, ONE + timedelta(minutes=20)))]

    with pytest.raises(TakenError), database.write() as session:
        claim(session, "demo:d1", wants, now=END - timedelta.resolution)
    with database.write() as session:
        claim(session, "demo:d1", wants, now=END)
    expire(database, END)

    with database.read() as session:
        assert [one.key for one in staff_bookings(session, 11, END)] == ["d1"] * (resource.kind is ResourceKind.STAFF)


def test_what_another_one_took_is_not_given_back_by_the_worker(database: Database) -> None:
    fair = make_small_fair(database)
    held(fair, 1)
    second = held(fair, 2, now=END)

    expire(database, END)

    assert seen(fair, fair.buyer(2), second, END).state is State.HELD
    assert_cells_fit_states(database, END)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_of_200_who_want_the_time_of_a_lapsed_hold_at_once_one_gets_it(database: Database) -> None:
    fair = make_small_fair(database, buyers=MANY + 1)
    held(fair, MANY + 1)

    ended = at_once(database, [hold_at(fair, number) for number in range(1, MANY + 1)])

    assert kinds(ended) == {"MeetingOut": 1, "SlotTakenError": MANY - 1}
    assert_cells_fit_states(database, END)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_worker_the_owner_and_another_buyer_at_the_same_moment_leave_one_owner(database: Database) -> None:
    fair = make_small_fair(database)
    for turn in range(ROUNDS):
        at = ONE + timedelta(minutes=40 * (turn % 6))
        one = held(fair, 1, at=at)
        works: Sequence[Callable[[Session], object]] = [
            lambda session, one=one: service.request(  # type: ignore[misc]  # the loop's own
                session, fair.buyer(1), one.uid, one.version, now=END - timedelta.resolution
            ),
            lambda session: service.expire_due(session, END),
            hold_at(fair, 2, at=at),
            hold_at(fair, 1, at=at, exhibitor="lotus"),
        ]

        ended = at_once(database, works)

        assert all(isinstance(one, MeetingOut | int | MeetingRefusedError) for one in ended), ended
        assert_cells_fit_states(database, END)
        with database.write() as session:
            for row in session.exec(select(Meeting)).all():
                end_it(session, fair.buyer(row.buyer_id), row)


def end_it(session: Session, by: Identity, row: Meeting) -> None:
    """Let the owner give it up, if it is still there to be given up."""
    out = find_meeting(session, by, row.uid, END)
    if "withdraw" in out.acts:
        service.withdraw(session, by, row.uid, row.version, now=END)


def hold_at(fair: SmallFair, buyer: int, **wanted: Any) -> Callable[[Session], object]:
    """A hold of somebody just when the first one's time is over."""
    wanted = {"exhibitor": "kapok", "starts_at": wanted.pop("at", ONE), **wanted}
    return lambda session: service.hold(session, fair.buyer(buyer), HoldIn.model_validate(wanted), END)
