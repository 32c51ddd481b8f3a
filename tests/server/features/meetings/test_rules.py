"""The table of transitions is whole: nobody else decides what may follow, and every state can be left or is an end."""

from datetime import UTC, datetime, timedelta

import pytest

from server.features.meetings.rules import (
    ANSWER_LEAD,
    FINISH_GRACE,
    OPEN,
    QUEUED,
    REQUEST_TTL,
    SEATED,
    TRANSITIONS,
    Act,
    Refusal,
    Side,
    Standing,
    State,
    acts_of,
    bar_to,
    may_ever,
    next_state,
    request_ends,
    walk_cells,
)

NOON = datetime(2026, 4, 16, 4, 0, tzinfo=UTC)
START, END = NOON + timedelta(hours=1), NOON + timedelta(hours=1, minutes=30)
ENDS = frozenset({State.NO_SHOW, State.DECLINED, State.CANCELLED, State.WITHDRAWN, State.EXPIRED})


def standing(state: State, *, proposed_by: Side | None = None) -> Standing:
    return Standing(state, START, END, START if state in OPEN else None, proposed_by)


def test_every_state_is_reached_and_only_the_ends_are_never_left() -> None:
    reached = {transition.next for transition in TRANSITIONS.values()}
    left = {state for state, _ in TRANSITIONS if state is not None}

    assert reached == set(State)
    assert set(State) - left == ENDS


def test_every_act_is_somebodys_and_the_house_shares_with_people_only_what_ends_a_meeting() -> None:
    by = {act: set().union(*(row.by for (_, name), row in TRANSITIONS.items() if name is act)) for act in Act}

    assert all(by.values())
    shared = [act for act in Act if by[act] & {Side.CLOCK, Side.SYSTEM} and len(by[act]) > 1]
    assert shared == [Act.DECLINE, Act.WITHDRAW, Act.CANCEL]


def test_the_organiser_ends_and_does_nothing_else() -> None:
    mine = {act for (_, act), row in TRANSITIONS.items() if Side.ORGANISER in row.by}

    assert mine == {Act.DECLINE, Act.CANCEL}
    assert [act for act in Act if may_ever(Side.ORGANISER, act)] == [Act.DECLINE, Act.CANCEL]


@pytest.mark.parametrize(
    ("state", "side", "acts"),
    [
        (State.HELD, Side.BUYER, [Act.REQUEST, Act.WITHDRAW]),
        (State.HELD, Side.EXHIBITOR, []),
        (State.REQUESTED, Side.BUYER, [Act.RESCHEDULE, Act.WITHDRAW]),
        (State.REQUESTED, Side.EXHIBITOR, [Act.ACCEPT, Act.DECLINE, Act.PROPOSE]),
        (State.WAITING, Side.BUYER, [Act.RESCHEDULE, Act.WITHDRAW]),
        (State.WAITING, Side.EXHIBITOR, [Act.DECLINE, Act.PROPOSE]),
        (State.ACCEPTED, Side.BUYER, [Act.CANCEL, Act.PROPOSE]),
        (State.ACCEPTED, Side.EXHIBITOR, [Act.CANCEL, Act.PROPOSE, Act.HAND_OVER]),
        (State.DONE, Side.BUYER, []),
    ],
)
def test_what_each_side_may_do_before_the_start_when_nothing_is_proposed(
    state: State, side: Side, acts: list[Act]
) -> None:
    assert acts_of(standing(state), side, NOON) == acts


def test_a_proposal_is_answered_by_the_other_side_and_taken_back_by_either() -> None:
    proposed = standing(State.ACCEPTED, proposed_by=Side.BUYER)

    assert Act.AGREE in acts_of(proposed, Side.EXHIBITOR, NOON)
    assert bar_to(Act.AGREE, proposed, Side.BUYER, NOON) is Refusal.OWN_PROPOSAL
    assert [Act.KEEP in acts_of(proposed, side, NOON) for side in (Side.BUYER, Side.EXHIBITOR)] == [True, True]


@pytest.mark.parametrize(
    ("act", "state", "side", "now", "bar"),
    [
        (Act.REQUEST, State.HELD, Side.BUYER, START, Refusal.EXPIRED),
        (Act.ACCEPT, State.REQUESTED, Side.EXHIBITOR, START, Refusal.EXPIRED),
        (Act.ACCEPT, State.REQUESTED, Side.BUYER, NOON, Refusal.STATE),
        (Act.ACCEPT, State.WAITING, Side.EXHIBITOR, NOON, Refusal.STATE),
        (Act.CANCEL, State.ACCEPTED, Side.BUYER, END, Refusal.OVER),
        (Act.CANCEL, State.ACCEPTED, Side.BUYER, START, None),
        (Act.NO_SHOW, State.ACCEPTED, Side.EXHIBITOR, NOON, Refusal.EARLY),
        (Act.NO_SHOW, State.DONE, Side.EXHIBITOR, END, None),
        (Act.EXPIRE, State.REQUESTED, Side.CLOCK, NOON, Refusal.EARLY),
        (Act.EXPIRE, State.REQUESTED, Side.CLOCK, START, None),
        (Act.FINISH, State.ACCEPTED, Side.CLOCK, END, Refusal.EARLY),
        (Act.FINISH, State.ACCEPTED, Side.CLOCK, END + FINISH_GRACE, None),
        (Act.AGREE, State.ACCEPTED, Side.BUYER, NOON, Refusal.NO_PROPOSAL),
    ],
)
def test_time_and_proposals_bar_an_act_by_name(
    act: Act, state: State, side: Side, now: datetime, bar: Refusal | None
) -> None:
    assert bar_to(act, standing(state), side, now) is bar


def test_a_request_ends_after_a_day_and_always_before_its_start() -> None:
    assert request_ends(NOON, START) == START - ANSWER_LEAD
    assert request_ends(NOON, START, timedelta(minutes=10)) == START - timedelta(minutes=10)
    assert request_ends(NOON, NOON + timedelta(days=3)) == NOON + REQUEST_TTL


def test_the_walk_is_counted_in_whole_cells_and_is_never_nothing() -> None:
    assert [walk_cells(metres) for metres in (0, 134, 240, 241)] == [1, 1, 1, 2]


def test_the_states_that_own_seats_are_no_queue() -> None:
    assert SEATED.isdisjoint(QUEUED)
    assert next_state(None, Act.HOLD) is State.HELD
