"""A meeting's way from hold to its end: who may do what, what is reserved meanwhile, and what others get of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from server.features.accounts.models import Account
from server.features.buyers.models import Buyer
from server.features.meetings import service
from server.features.meetings.events import InviteIssued
from server.features.meetings.models import Meeting
from server.features.meetings.queries import diary, find_meeting, locks, open_requests, slots
from server.features.meetings.rules import (
    ANSWER_LEAD,
    FINISH_GRACE,
    HOLD_TTL,
    MOST_HELD,
    MOST_OPEN,
    Act,
    Reason,
    Side,
    State,
)
from server.features.meetings.schemas import HoldIn, ProposalOut
from server.features.meetings.service import MeetingRefusedError, TooManyOpenError
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import claim, release
from server.infra.audit import AuditEntry, StaleError
from server.infra.db import Database
from server.infra.identity import Identity
from server.infra.outbox import OutboxEvent
from server.kernel.errors import ForbiddenError, NotFoundError
from server.kernel.permissions import Role
from server.kernel.spans import Span
from server.settings import Settings
from tests.server.features.meetings.acting import (
    ONE,
    accepted,
    act,
    assert_cells_fit_states,
    expire,
    held,
    requested,
    seen,
    states,
)
from tests.support.small_fair import CLOSES, NOON, OPENS, SmallFair, make_small_fair

FIVE = timedelta(minutes=5)
HOUR = timedelta(hours=1)


@pytest.fixture
def fair(database: Database) -> SmallFair:
    """Two exhibitors with one person and one table each, and three buyers."""
    return make_small_fair(database)


def refusal(fair: SmallFair, *args: Any, **options: Any) -> MeetingRefusedError:
    """The refusal of a hold."""
    with pytest.raises(MeetingRefusedError) as refused:
        held(fair, *args, **options)
    return refused.value


def minutes(error: MeetingRefusedError) -> list[float]:
    """The alternatives, in minutes after one o'clock."""
    return [(span.starts_at - ONE).total_seconds() / 60 for span in error.alternatives]


def test_a_hold_keeps_the_time_of_everybody_for_five_minutes(fair: SmallFair) -> None:
    kept = held(fair, topic="Carts for two hospitals")

    assert (kept.state, kept.version, kept.expires_at) == (State.HELD, 1, NOON + FIVE)
    assert (kept.staff, kept.booth, kept.table, kept.topic) == ("s1", "9.2A01", 1, "Carts for two hospitals")
    assert kept.acts == [Act.REQUEST, Act.WITHDRAW]
    assert_cells_fit_states(fair.database)


def test_a_second_hold_of_the_same_time_is_refused_with_the_nearest_free_times(fair: SmallFair) -> None:
    held(fair, 1)

    error = refusal(fair, 2)

    assert (error.code, minutes(error)) == ("slot-taken", [35, 40, 45])


def test_a_second_person_and_table_serve_a_second_hold(database: Database) -> None:
    fair = make_small_fair(database, staff=2, tables=2)

    first, second = held(fair, 1), held(fair, 2)

    assert {(first.staff, first.table), (second.staff, second.table)} == {("s1", 1), ("s2", 2)}


def test_who_asks_for_somebody_gets_them_or_the_times_at_which_they_are_free(database: Database) -> None:
    fair = make_small_fair(database, staff=2, tables=2)
    held(fair, 1, staff="s2")

    error = refusal(fair, 2, staff="s2")

    assert (error.code, minutes(error)) == ("slot-taken", [35, 40, 45])


def test_one_buyer_cannot_be_in_two_places_and_needs_time_to_walk(fair: SmallFair) -> None:
    held(fair, 1)

    overlapping = refusal(fair, 1, exhibitor="lotus", at=ONE + timedelta(minutes=15))
    next_door = refusal(fair, 1, exhibitor="lotus", at=ONE + timedelta(minutes=30))
    later = held(fair, 1, exhibitor="lotus", at=ONE + timedelta(minutes=35))

    assert (overlapping.code, next_door.code, later.state) == ("own-time-taken", "own-time-taken", State.HELD)
    assert minutes(next_door)[0] == 35


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"at": NOON - timedelta(minutes=30)}, "in-the-past"),
        ({"at": NOON}, "in-the-past"),
        ({"at": CLOSES - timedelta(minutes=25)}, "outside-hours"),
        ({"at": CLOSES + timedelta(days=40)}, "outside-hours"),
        ({"at": OPENS + timedelta(days=1)}, "outside-hours"),
        ({"at": ONE + timedelta(minutes=2)}, "off-grid"),
        ({"at": ONE + timedelta(microseconds=1)}, "off-grid"),
    ],
)
def test_a_time_that_cannot_be_is_refused_by_name_with_times_that_can(
    fair: SmallFair, wanted: dict[str, Any], code: str
) -> None:
    error = refusal(fair, 1, **wanted)

    assert (error.code, len(error.alternatives)) == (code, 3)


def test_after_the_last_closing_there_is_no_alternative(fair: SmallFair) -> None:
    error = refusal(fair, 1, at=CLOSES + timedelta(days=1), now=CLOSES)

    assert (error.code, error.alternatives) == ("outside-hours", ())


def test_an_exhibitor_without_a_table_takes_no_meetings(database: Database) -> None:
    fair = make_small_fair(database, tables=0)

    assert refusal(fair).code == "no-place"


@pytest.mark.parametrize("unknown", [{"exhibitor": "nobody"}, {"staff": "nobody"}, {"robot": "none"}])
def test_who_and_what_is_not_there_is_not_found(fair: SmallFair, unknown: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError):
        held(fair, **unknown)


def test_an_account_without_a_buyer_is_asked_to_register(fair: SmallFair) -> None:
    nobody, wanted = Identity(Role.BUYER, account_id=1), HoldIn(exhibitor="kapok", starts_at=ONE)

    with fair.database.write() as session, pytest.raises(service.RegistrationNeededError):
        service.hold(session, nobody, wanted, NOON)

    assert states(fair.database) == {}


def test_a_request_leaves_the_exhibitors_time_to_others_and_says_how_many_wait(fair: SmallFair) -> None:
    first, second = requested(fair, 1), requested(fair, 2)

    assert (first.state, first.staff, first.expires_at) == (State.REQUESTED, None, ONE - ANSWER_LEAD)
    assert (second.waiting, seen(fair, fair.exhibitor(), first).waiting) == (1, 1)
    assert_cells_fit_states(fair.database)


def test_accepting_promises_the_time_and_lets_the_others_wait_with_the_reason(fair: SmallFair) -> None:
    first, second = requested(fair, 1), requested(fair, 2)

    won = act(fair, service.accept, fair.exhibitor(), first)

    lost = seen(fair, fair.buyer(2), second)
    assert (won.state, won.staff, won.table, won.expires_at) == (State.ACCEPTED, "s1", 1, None)
    assert (lost.state, lost.reason, lost.version) == (State.WAITING, Reason.SLOT_TAKEN, 3)
    assert_cells_fit_states(fair.database)


def test_others_who_can_be_served_by_a_colleague_stay_requested(database: Database) -> None:
    fair = make_small_fair(database, staff=2, tables=2)
    asked = [requested(fair, number) for number in (1, 2, 3)]

    act(fair, service.accept, fair.exhibitor(), asked[0])
    after_one = states(database)
    act(fair, service.accept, fair.exhibitor(), asked[1])

    assert after_one == {State.ACCEPTED: 1, State.REQUESTED: 2}
    assert states(database) == {State.ACCEPTED: 2, State.WAITING: 1}
    assert_cells_fit_states(database)


def test_accepting_one_who_waits_is_refused_with_times_at_which_both_could(fair: SmallFair) -> None:
    first, second = requested(fair, 1), requested(fair, 2)
    act(fair, service.accept, fair.exhibitor(), first)

    with pytest.raises(service.SlotTakenError) as refused:
        act(fair, service.accept, fair.exhibitor(), second)

    assert minutes(refused.value) == [-35, 35, -40]


def test_a_cancelled_time_is_offered_to_those_who_wait_the_longest_waiting_first(fair: SmallFair) -> None:
    first, second, third = (requested(fair, number) for number in (1, 2, 3))
    won = act(fair, service.accept, fair.exhibitor(), first)

    act(fair, service.cancel, fair.buyer(1), won, reason_text="Flight moved")

    again = [seen(fair, fair.buyer(number), asked) for number, asked in ((2, second), (3, third))]
    assert [(one.state, one.reason) for one in again] == [(State.REQUESTED, Reason.SLOT_FREE)] * 2
    assert seen(fair, fair.exhibitor(), won).reason_text == "Flight moved"
    assert_cells_fit_states(fair.database)


def test_who_has_made_other_plans_meanwhile_goes_on_waiting(fair: SmallFair) -> None:
    won, lost = requested(fair, 1), requested(fair, 2)
    won = act(fair, service.accept, fair.exhibitor(), won)
    held(fair, 2, exhibitor="lotus")

    act(fair, service.cancel, fair.exhibitor(), won)

    assert seen(fair, fair.buyer(2), lost).state is State.WAITING
    assert_cells_fit_states(fair.database)


@pytest.mark.parametrize(
    ("use_case", "side", "state"),
    [
        (service.withdraw, Side.BUYER, State.WITHDRAWN),
        (service.decline, Side.EXHIBITOR, State.DECLINED),
    ],
)
def test_a_request_that_ends_frees_the_buyers_time(
    fair: SmallFair,
    use_case: Any,
    side: Side,
    state: State,
) -> None:
    asked = requested(fair)

    ended = act(fair, use_case, fair.buyer() if side is Side.BUYER else fair.exhibitor(), asked)

    assert (ended.state, ended.acts) == (state, [])
    assert held(fair, 1, exhibitor="lotus").state is State.HELD
    assert_cells_fit_states(fair.database)


def test_a_hold_that_ran_out_cannot_be_requested_and_ends_by_the_clock(fair: SmallFair) -> None:
    kept = held(fair)
    later = NOON + FIVE

    with pytest.raises(service.LapsedError) as refused:
        act(fair, service.request, fair.buyer(), kept, now=later)
    ended = expire(fair.database, later)

    gone = seen(fair, fair.buyer(), kept, later)
    assert (minutes(refused.value)[0], ended, expire(fair.database, later)) == (0, 1, 0)
    assert (gone.state, gone.reason) == (State.EXPIRED, Reason.HOLD_ENDED)
    assert_cells_fit_states(fair.database)


def test_a_request_without_an_answer_ends_before_its_start_so_that_nobody_stands_before_an_empty_table(
    fair: SmallFair,
) -> None:
    asked = requested(fair)

    assert expire(fair.database, ONE - ANSWER_LEAD - FIVE) == 0
    with pytest.raises(service.LapsedError):
        act(fair, service.accept, fair.exhibitor(), asked, now=ONE - ANSWER_LEAD)
    assert expire(fair.database, ONE - ANSWER_LEAD) == 1
    gone = seen(fair, fair.buyer(), asked, ONE)
    assert (gone.reason, gone.ended_by) == (Reason.NO_ANSWER, "house")


def test_a_time_that_is_too_near_is_refused_with_the_nearest_that_can_be_asked_for(fair: SmallFair) -> None:
    error = refusal(fair, at=NOON + ANSWER_LEAD)
    asked = requested(fair)

    with pytest.raises(service.TooNearError):
        act(fair, service.reschedule, fair.buyer(), asked, starts_at=NOON + FIVE, minutes=30)
    assert (error.code, error.params, minutes(error)) == ("too-near", {"minutes": 45}, [-10, -5, 0])
    last = held(fair, 2, at=NOON + ANSWER_LEAD + FIVE, minutes=15, now=NOON + timedelta(minutes=1))
    assert last.expires_at == NOON + FIVE


def test_an_installation_says_how_long_before_a_meeting_its_request_ends(fair: SmallFair, settings: Settings) -> None:
    fair.database.settings = replace(settings, answer_minutes=0)

    asked = requested(fair, at=NOON + FIVE)

    assert asked.expires_at == NOON + FIVE


def test_who_waited_and_was_offered_the_time_again_can_be_accepted(fair: SmallFair) -> None:
    first, second = requested(fair, 1), requested(fair, 2)
    first = act(fair, service.accept, fair.exhibitor(), first)
    act(fair, service.cancel, fair.buyer(1), first)

    taken = act(fair, service.accept, fair.exhibitor(), seen(fair, fair.exhibitor(), second))

    assert (taken.state, taken.reason) == (State.ACCEPTED, None)
    assert_cells_fit_states(fair.database)


def test_a_time_that_a_demo_gave_back_is_offered_by_the_clock(fair: SmallFair) -> None:
    won, lost = requested(fair, 1), requested(fair, 2)
    won = act(fair, service.accept, fair.exhibitor(), won)
    with fair.database.write() as session:
        service.cancel(session, fair.buyer(1), won.uid, won.version, now=NOON)
        claim(session, "demo:d1", [Want(Resource(ResourceKind.STAFF, 11), Span(ONE, ONE + FIVE))])
    act(fair, service.decline, fair.exhibitor(), seen(fair, fair.exhibitor(), lost))
    third = requested(fair, 3, at=ONE + timedelta(minutes=10))
    with fair.database.write() as session:
        session.exec(select(Meeting).where(Meeting.uid == third.uid)).one().state = State.WAITING
        release(session, f"meeting:{third.uid}")

    offered = expire(fair.database, NOON)

    assert (offered, seen(fair, fair.buyer(3), third).state) == (1, State.REQUESTED)
    assert_cells_fit_states(fair.database)


def test_a_request_moves_to_another_time_and_is_queued_there(fair: SmallFair) -> None:
    asked = requested(fair)

    moved = act(fair, service.reschedule, fair.buyer(), asked, starts_at=ONE + timedelta(minutes=10), minutes=45)

    assert (moved.state, moved.starts_at, moved.minutes) == (State.REQUESTED, ONE + timedelta(minutes=10), 45)
    assert_cells_fit_states(fair.database)


def test_a_move_to_a_taken_time_is_refused_and_leaves_the_request_where_it_was(fair: SmallFair) -> None:
    accepted(fair, 1)
    asked = requested(fair, 2, at=ONE + timedelta(hours=1))

    with pytest.raises(service.SlotTakenError):
        act(fair, service.reschedule, fair.buyer(2), asked, starts_at=ONE, minutes=30)

    assert seen(fair, fair.buyer(2), asked) == asked
    assert_cells_fit_states(fair.database)


def test_a_proposal_is_agreed_to_on_the_same_meeting_and_raises_the_sequence(fair: SmallFair) -> None:
    met = accepted(fair)
    later = ONE + timedelta(hours=2)
    proposed = act(fair, service.propose, fair.exhibitor(), met, starts_at=later, minutes=20)
    lost = requested(fair, 2, at=later)

    moved = act(fair, service.agree, fair.buyer(), proposed)

    span = ProposalOut(by=Side.EXHIBITOR, starts_at=later, ends_at=later + timedelta(minutes=20))
    assert (proposed.proposal, proposed.starts_at) == (span, ONE)
    assert (moved.uid, moved.starts_at, moved.sequence, moved.proposal) == (met.uid, later, 1, None)
    assert seen(fair, fair.buyer(2), lost).state is State.WAITING
    assert_cells_fit_states(fair.database)


def test_a_request_that_is_answered_with_another_time_is_accepted_by_the_buyers_yes(fair: SmallFair) -> None:
    asked = requested(fair)
    proposed = act(fair, service.propose, fair.exhibitor(), asked, starts_at=ONE + timedelta(hours=1), minutes=30)

    met = act(fair, service.agree, fair.buyer(), proposed)

    assert (met.state, met.sequence, met.starts_at) == (State.ACCEPTED, 0, ONE + timedelta(hours=1))
    assert_cells_fit_states(fair.database)


def test_a_proposal_that_is_kept_away_leaves_everything_as_it_was(fair: SmallFair) -> None:
    met = accepted(fair)
    proposed = act(fair, service.propose, fair.buyer(), met, starts_at=ONE + timedelta(hours=1), minutes=30)

    with pytest.raises(service.OwnProposalError):
        act(fair, service.agree, fair.buyer(), proposed)
    kept = act(fair, service.keep, fair.exhibitor(), proposed)
    with pytest.raises(service.NoProposalError):
        act(fair, service.agree, fair.exhibitor(), kept)

    assert (kept.proposal, kept.starts_at, kept.sequence) == (None, ONE, 0)
    assert_cells_fit_states(fair.database)


def test_a_proposed_time_that_was_taken_meanwhile_is_refused_and_nothing_moves(fair: SmallFair) -> None:
    met = accepted(fair)
    later = ONE + timedelta(hours=1)
    proposed = act(fair, service.propose, fair.exhibitor(), met, starts_at=later, minutes=30)
    accepted(fair, 2, at=later)

    with pytest.raises(service.SlotTakenError) as refused:
        act(fair, service.agree, fair.buyer(), proposed)

    assert len(refused.value.alternatives) == 3
    assert seen(fair, fair.buyer(), met) == seen(fair, fair.buyer(), proposed)
    assert_cells_fit_states(fair.database)


def test_a_meeting_handed_over_keeps_its_uid_and_time(database: Database) -> None:
    fair = make_small_fair(database, staff=2, tables=1)
    met = accepted(fair)

    moved = act(fair, service.hand_over, fair.exhibitor(), met, staff="s2")
    again = act(fair, service.hand_over, fair.exhibitor(), moved, staff="s2")

    assert (moved.uid, moved.staff, moved.table, moved.sequence) == (met.uid, "s2", 1, 1)
    assert again == moved
    assert_cells_fit_states(database)


def test_a_colleague_who_is_busy_cannot_take_over(database: Database) -> None:
    fair = make_small_fair(database, staff=2, tables=2)
    met = accepted(fair, 1, staff="s1")
    accepted(fair, 2, staff="s2")

    with pytest.raises(service.SlotTakenError):
        act(fair, service.hand_over, fair.exhibitor(), met, staff="s2")

    assert seen(fair, fair.exhibitor(), met).staff == "s1"


def test_a_robot_that_was_asked_for_is_in_one_place(fair: SmallFair) -> None:
    with fair.database.write() as session:
        claim(session, "demo:d1", [Want(Resource(ResourceKind.ROBOT, 1), Span(ONE, ONE + FIVE))])

    error = refusal(fair, 1, robot="r1")
    kept = held(fair, 1, robot="r1", at=ONE + FIVE)

    assert (error.code, minutes(error), kept.robot) == ("slot-taken", [5, 10, 15], "kapok/r1")
    assert_cells_fit_states(fair.database)


def test_what_is_over_is_done_and_a_buyer_who_did_not_come_is_noted(fair: SmallFair) -> None:
    met, missed = accepted(fair, 1), accepted(fair, 2, at=ONE + timedelta(hours=1))
    over = met.ends_at + FINISH_GRACE

    with fair.database.write() as session:
        assert (service.finish_due(session, over), service.finish_due(session, over)) == (1, 0)
    with pytest.raises(service.TooEarlyError):
        act(fair, service.no_show, fair.exhibitor(), missed, now=over)
    absent = act(fair, service.no_show, fair.exhibitor(), missed, now=missed.starts_at)

    assert (seen(fair, fair.buyer(), met).state, absent.state) == (State.DONE, State.NO_SHOW)
    assert_cells_fit_states(fair.database)


def test_an_old_version_is_refused_with_what_has_changed(fair: SmallFair) -> None:
    met = accepted(fair)
    act(fair, service.propose, fair.exhibitor(), met, starts_at=ONE + timedelta(hours=1), minutes=30)

    with pytest.raises(StaleError) as refused:
        act(fair, service.cancel, fair.buyer(), met)

    changed = {one.field: (one.old, one.new) for one in refused.value.differences}
    assert (refused.value.version, changed["proposed_by"]) == (met.version + 1, (None, "exhibitor"))


def test_other_peoples_meetings_are_not_there_and_a_hold_is_the_buyers_alone(fair: SmallFair) -> None:
    kept, met = held(fair, 1), accepted(fair, 2, at=ONE + timedelta(hours=1))
    organiser = Identity(Role.ORGANISER, account_id=1)

    for by, meeting in ((fair.buyer(2), kept), (fair.exhibitor(), kept), (fair.exhibitor("lotus"), met)):
        with pytest.raises(NotFoundError):
            seen(fair, by, meeting)
        with pytest.raises(NotFoundError):
            act(fair, service.cancel, by, meeting)
    with pytest.raises(ForbiddenError):
        act(fair, service.propose, organiser, met, starts_at=ONE, minutes=30)
    assert seen(fair, organiser, met).acts == ["cancel"]


def test_diaries_show_each_side_its_own_and_requests_wait_in_their_order(fair: SmallFair) -> None:
    first, kept = requested(fair, 1, at=ONE + timedelta(hours=1)), held(fair, 2)
    second = requested(fair, 3, at=ONE + timedelta(minutes=40), now=NOON + FIVE)

    with fair.database.read() as session:
        mine = diary(session, fair.buyer(2), NOON)
        theirs = diary(session, fair.exhibitor(), NOON, day=NOON.date())
        elsewhere = diary(session, fair.exhibitor("lotus"), NOON)
        waiting = open_requests(session, fair.exhibitor(), NOON)
        none = diary(session, fair.exhibitor(), NOON, states=[State.DONE])

    assert [one.uid for one in mine] == [kept.uid]
    assert [one.uid for one in theirs] == [second.uid, first.uid]
    assert [one.uid for one in waiting] == [first.uid, second.uid]
    assert (elsewhere, none) == ([], [])


def test_free_times_leave_out_what_is_taken_and_count_who_waits(fair: SmallFair) -> None:
    accepted(fair, 1)
    requested(fair, 2, at=ONE + timedelta(hours=1))

    with fair.database.read() as session:
        day = slots(session, fair.buyer(3), "kapok", NOON.date(), minutes=30, now=NOON)
        own = slots(session, fair.buyer(2), "lotus", NOON.date(), minutes=30, now=NOON)
        with pytest.raises(NotFoundError):
            slots(session, fair.buyer(3), "kapok", NOON.date() + timedelta(days=9), minutes=30, now=NOON)

    shown = {(slot.starts_at - ONE).total_seconds() // 60: (slot.free, slot.waiting) for slot in day.slots}
    assert (min(shown), max(shown)) == (-45, 270)
    assert [shown[number] for number in (-45, -30, 0, 30, 45, 60, 75)] == [
        (True, 0),
        (False, 0),
        (False, 0),
        (False, 0),
        (True, 1),
        (True, 1),
        (True, 1),
    ]
    assert [slot.starts_at for slot in own.slots if not slot.free] == [
        ONE + timedelta(minutes=number) for number in (30, 45, 60, 75, 90)
    ]


def test_every_change_is_in_the_log_with_who_made_it(fair: SmallFair) -> None:
    first, second = requested(fair, 1), requested(fair, 2)
    act(fair, service.accept, fair.exhibitor(), first)

    with fair.database.read() as session:
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]  # a column

    told = [(entry.who, entry.action, entry.key, entry.version) for entry in entries]
    assert told == [
        ("b1", "meeting.hold", first.uid, 1),
        ("b1", "meeting.request", first.uid, 2),
        ("b2", "meeting.hold", second.uid, 1),
        ("b2", "meeting.request", second.uid, 2),
        ("FairZone", "meeting.wait", second.uid, 3),
        ("kapok", "meeting.accept", first.uid, 3),
    ]


def test_invites_go_out_in_order_and_only_for_what_was_accepted(database: Database) -> None:
    fair = make_small_fair(database, staff=2, tables=1)
    met = accepted(fair, topic="Carts")
    met = act(fair, service.propose, fair.buyer(), met, starts_at=ONE + timedelta(hours=1), minutes=30)
    met = act(fair, service.agree, fair.exhibitor(), met)
    met = act(fair, service.hand_over, fair.exhibitor(), met, staff="s2")
    act(fair, service.cancel, fair.buyer(), met)
    act(fair, service.withdraw, fair.buyer(), requested(fair))

    with database.read() as session:
        written = session.exec(select(OutboxEvent).order_by(OutboxEvent.id)).all()  # type: ignore[arg-type]  # a column

    events = [event for event in written if event.kind == "InviteIssued"]
    sent = [InviteIssued.model_validate_json(event.payload) for event in events]
    assert [(event.kind, event.subject) for event in events] == [("InviteIssued", met.uid)] * 4
    assert [(one.method, one.sequence, one.starts_at, one.attendees[1].name) for one in sent] == [
        ("REQUEST", 0, ONE, "Person 1"),
        ("REQUEST", 1, ONE + timedelta(hours=1), "Person 1"),
        ("REQUEST", 2, ONE + timedelta(hours=1), "Person 2"),
        ("CANCEL", 3, ONE + timedelta(hours=1), "Person 2"),
    ]
    assert (sent[0].location_en, sent[0].summary_en, sent[0].description) == (
        "Booth 9.2A01, table 1",
        "Kapok – Company 1",
        "Carts",
    )


def test_an_invite_is_in_the_language_of_the_account_whatever_else_its_owner_speaks(database: Database) -> None:
    fair = make_small_fair(database)
    with database.write() as session:
        session.get_one(Buyer, 1).languages = ["zh", "en"]
        session.get_one(Account, 1).locale = "en"
        session.get_one(Buyer, 2).languages = ["zh", "en"]
    accepted(fair)
    accepted(fair, 2, at=ONE + timedelta(hours=2))

    with database.read() as session:
        events = [one for one in session.exec(select(OutboxEvent)) if one.kind == "InviteIssued"]

    invites = (event for event in events if event.kind == "InviteIssued")
    sent = [InviteIssued.model_validate_json(event.payload) for event in invites]
    assert [one.attendees[0].language for one in sent] == ["en", "zh-Hans"]


def test_reading_one_meeting_gives_what_the_diary_gives(fair: SmallFair) -> None:
    met = accepted(fair)

    with fair.database.read() as session:
        assert diary(session, fair.buyer(), NOON) == [find_meeting(session, fair.buyer(), met.uid, NOON)]


def test_a_buyer_holds_few_times_at_once_and_the_others_get_theirs(fair: SmallFair) -> None:
    kept = [held(fair, at=ONE + timedelta(hours=number)) for number in range(MOST_HELD)]
    later = ONE + timedelta(hours=MOST_HELD)

    refused = refusal(fair, at=later)

    assert (type(refused), refused.params) == (TooManyOpenError, {"held": MOST_HELD, "open": MOST_OPEN})
    assert held(fair, 2, at=later).state is State.HELD
    act(fair, service.withdraw, fair.buyer(), kept[0])
    assert held(fair, at=ONE).state is State.HELD


def test_a_hold_that_ran_out_counts_no_more_though_the_clock_has_not_swept_it(fair: SmallFair) -> None:
    for number in range(MOST_HELD):
        held(fair, at=ONE + timedelta(hours=number))

    later = held(fair, at=ONE + timedelta(hours=MOST_HELD), now=NOON + HOLD_TTL)

    assert later.state is State.HELD


def test_a_buyer_has_few_requests_open_at_once(database: Database) -> None:
    fair = make_small_fair(database)
    times = [OPENS + timedelta(minutes=20 * number) for number in range(MOST_OPEN + 1)]
    first, *_ = [requested(fair, at=at, now=OPENS - HOUR, minutes=15) for at in times[:-1]]

    with pytest.raises(TooManyOpenError):
        held(fair, at=times[-1], now=OPENS - HOUR, minutes=15)

    act(fair, service.decline, fair.exhibitor(), first, now=OPENS - HOUR)
    assert held(fair, at=times[-1], now=OPENS - HOUR, minutes=15).state is State.HELD


def test_the_clock_ends_what_ran_out_however_many_wait(fair: SmallFair, monkeypatch: pytest.MonkeyPatch) -> None:
    second = requested(fair, 2)
    accepted(fair, 1)
    assert seen(fair, fair.buyer(2), second).state is State.WAITING
    lapsed = held(fair, 3, exhibitor="lotus")
    monkeypatch.setattr(locks, "BATCH", 1)

    expire(fair.database, NOON + HOLD_TTL)

    assert seen(fair, fair.buyer(3), lapsed).state is State.EXPIRED
