"""Many people at the same moment: one gets it, the others are told what else is free, and nobody sees an error."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlmodel import Session, select

from server.features.floorplan.service import BoothInUseError, vacate_booth
from server.features.meetings import service
from server.features.meetings.models import Meeting
from server.features.meetings.rules import State
from server.features.meetings.schemas import HoldIn, MeetingOut
from server.features.meetings.service import MeetingRefusedError
from server.features.reservations.models import Reservation
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import TakenError, claim
from server.infra.audit import StaleError
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.permissions import Role
from server.kernel.spans import Span
from tests.server.features.meetings.acting import (
    ONE,
    accepted,
    act,
    assert_cells_fit_states,
    held,
    requested,
    seen,
    states,
)
from tests.support.small_fair import NOON, SmallFair, count_rows, make_small_fair

MANY = 200
ROUNDS = 12
"""So often two acts are let go against each other: each time another one of them may be first."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Work = Callable[[Session], object]


def at_once(database: Database, works: Sequence[Work]) -> list[object]:
    """Do all of it in threads, each in a unit of work of its own, let go together; what each gave, or its refusal."""
    gate = threading.Barrier(len(works))

    def run(work: Work) -> object:
        gate.wait(60)
        try:
            with database.write() as session:
                return work(session)
        except (MeetingRefusedError, StaleError, TakenError, BoothInUseError) as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def kinds(ended: Sequence[object]) -> Counter[str]:
    """How many ended how."""
    return Counter(type(one).__name__ for one in ended)


def hold_of(fair: SmallFair, buyer: int, **wanted: Any) -> Work:
    new = HoldIn.model_validate({"exhibitor": "kapok", "starts_at": ONE, **wanted})
    return lambda session: service.hold(session, fair.buyer(buyer), new, NOON)


def doing(
    use_case: Callable[..., MeetingOut], by: Identity, meeting: MeetingOut, *, now: Any = NOON, **said: Any
) -> Work:
    return lambda session: use_case(session, by, meeting.uid, meeting.version, now=now, **said)


def test_of_200_who_hold_one_time_at_once_one_gets_it_and_199_are_told_what_else_is_free(database: Database) -> None:
    fair = make_small_fair(database, buyers=MANY)

    ended = at_once(database, [hold_of(fair, number) for number in range(1, MANY + 1)])

    assert kinds(ended) == {"MeetingOut": 1, "SlotTakenError": MANY - 1}
    refused = [one for one in ended if isinstance(one, MeetingRefusedError)]
    assert {len(one.alternatives) for one in refused} == {3}
    assert states(database) == {State.HELD: 1}
    assert_cells_fit_states(database)


def test_of_200_requests_for_one_time_accepted_at_once_one_is_promised_and_199_wait(database: Database) -> None:
    fair = make_small_fair(database, buyers=MANY)
    asked = [requested(fair, number) for number in range(1, MANY + 1)]

    ended = at_once(database, [doing(service.accept, fair.exhibitor(), one) for one in asked])

    assert kinds(ended) == {"MeetingOut": 1, "SlotTakenError": MANY - 1}
    assert {len(one.alternatives) for one in ended if isinstance(one, MeetingRefusedError)} == {3}
    assert states(database) == {State.ACCEPTED: 1, State.WAITING: MANY - 1}
    assert_cells_fit_states(database)


def test_accepting_and_moving_the_same_request_at_once_gives_one_answer(database: Database) -> None:
    fair = make_small_fair(database)
    for turn in range(ROUNDS):
        asked = requested(fair)
        move = doing(
            service.reschedule, fair.buyer(), asked, starts_at=ONE + timedelta(minutes=10 + 5 * turn), minutes=30
        )

        ended = at_once(database, [doing(service.accept, fair.exhibitor(), asked), move])

        found = kinds(ended)
        assert found["MeetingOut"] == 1
        assert found["StaleMeetingError"] + found["NotPossibleError"] == 1
        assert_cells_fit_states(database)
        _clear(fair)


def test_a_hold_is_either_requested_or_expired_when_both_come_at_once(database: Database) -> None:
    fair = make_small_fair(database)
    for _ in range(ROUNDS):
        kept = held(fair)
        end = NOON + timedelta(minutes=5)
        just_before = end - timedelta(microseconds=1)

        at_once(
            database,
            [
                doing(service.request, fair.buyer(), kept, now=just_before),
                lambda session, end=end: service.expire_due(session, end),  # type: ignore[misc]  # the loop's own end
            ],
        )

        assert seen(fair, fair.buyer(), kept).state in {State.REQUESTED, State.EXPIRED}
        assert_cells_fit_states(database)
        _clear(fair)


def test_a_request_is_either_accepted_or_expired_when_both_come_at_once(database: Database) -> None:
    fair = make_small_fair(database)
    for _ in range(ROUNDS):
        asked = requested(fair)
        just_before = ONE - timedelta(microseconds=1)

        at_once(
            database,
            [
                doing(service.accept, fair.exhibitor(), asked, now=just_before),
                lambda session: service.expire_due(session, ONE),
            ],
        )

        assert seen(fair, fair.buyer(), asked).state in {State.ACCEPTED, State.EXPIRED}
        assert_cells_fit_states(database)
        _clear(fair)


@pytest.mark.parametrize("resource", [Resource(ResourceKind.ROBOT, 1), Resource(ResourceKind.STAFF, 11)])
def test_a_demo_and_a_meeting_never_both_get_the_same_robot_or_person(database: Database, resource: Resource) -> None:
    fair = make_small_fair(database)
    for turn in range(ROUNDS):
        asked = requested(fair, robot="r1")
        wants = [Want(resource, Span(ONE + timedelta(minutes=5), ONE + timedelta(minutes=20)))]

        def demo(session: Session, turn: int = turn, wants: list[Want] = wants) -> None:
            claim(session, f"demo:{turn}", wants)

        ended = at_once(database, [doing(service.accept, fair.exhibitor(), asked), demo])

        assert kinds(ended) in ({"MeetingOut": 1, "TakenError": 1}, {"SlotTakenError": 1, "NoneType": 1})
        assert_cells_fit_states(database)
        _clear(fair)


def test_cancelling_one_while_another_who_waits_is_accepted_never_promises_twice(database: Database) -> None:
    fair = make_small_fair(database)
    for _ in range(ROUNDS):
        first, second = requested(fair, 1), requested(fair, 2)
        won = act(fair, service.accept, fair.exhibitor(), first)
        waiting = seen(fair, fair.exhibitor(), second)

        ended = at_once(
            database,
            [
                doing(service.cancel, fair.buyer(1), won),
                lambda session, uid=waiting.uid, seen=waiting.version + 1: service.accept(  # type: ignore[misc]  # the loop's own
                    session, fair.exhibitor(), uid, seen, now=NOON
                ),
            ],
        )

        assert kinds(ended) in ({"MeetingOut": 2}, {"MeetingOut": 1, "SlotTakenError": 1})
        assert states(database).get(State.ACCEPTED, 0) == sum(
            isinstance(one, MeetingOut) and one.state is State.ACCEPTED for one in ended
        )
        assert_cells_fit_states(database)
        _clear(fair)


def test_a_booth_is_either_vacated_or_booked_when_both_come_at_once(database: Database) -> None:
    organiser = Identity(Role.ORGANISER, username="organiser")
    fair = make_small_fair(database)
    for turn in range(3):
        work: list[Work] = [
            hold_of(fair, 1, starts_at=ONE + timedelta(minutes=40 * turn)),
            lambda session: vacate_booth(session, organiser, "9.2A01", version=1, now=NOON),
        ]

        ended = at_once(database, work)

        assert kinds(ended) in ({"MeetingOut": 1, "BoothInUseError": 1}, {"NoPlaceError": 1, "NoneType": 1})
        assert_cells_fit_states(database)
        if "NoPlaceError" in kinds(ended):
            break


def test_buyers_who_cancel_at_two_exhibitors_where_the_other_waits_never_block_each_other(database: Database) -> None:
    fair = make_small_fair(database, buyers=4)
    for _ in range(ROUNDS):
        won = [accepted(fair, 1), accepted(fair, 2, exhibitor="lotus")]
        for buyer in (3, 4):
            _waits(fair, buyer, "kapok")
            _waits(fair, buyer, "lotus")

        ended = at_once(
            database,
            [
                doing(service.cancel, fair.buyer(1), won[0]),
                doing(service.cancel, fair.buyer(2), won[1]),
                lambda session: service.expire_due(session, NOON),
                lambda session: service.expire_due(session, NOON),
            ],
        )

        assert kinds(ended)["MeetingOut"] == 2
        assert_cells_fit_states(database)
        _clear(fair)


def test_one_key_sent_many_times_at_once_books_once_and_gives_one_answer(database: Database, app: Flask) -> None:
    fair = make_small_fair(database)
    headers = {**fair.headers(fair.buyer()), "Idempotency-Key": "tap-tap"}
    gate = threading.Barrier(16)

    def tap(_number: int) -> tuple[int, bytes]:
        gate.wait(60)
        body = {"exhibitor": "kapok", "starts_at": ONE.isoformat()}
        answer = app.test_client().post("/api/v1/meetings", json=body, headers=headers)
        return answer.status_code, answer.data

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(tap, range(16)))

    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert count_rows(database, Meeting) == 1


def _waits(fair: SmallFair, buyer: int, exhibitor: str) -> None:
    """Let a buyer wait for one o'clock at an exhibitor that has promised it already."""
    later = ONE + timedelta(hours=2)
    asked = requested(fair, buyer, at=later, exhibitor=exhibitor)
    with fair.database.write() as session:
        row = session.exec(select(Meeting).where(Meeting.uid == asked.uid)).one()
        service.decline(session, fair.exhibitor(exhibitor), asked.uid, asked.version, now=NOON)
        row.state, row.starts_at, row.ends_at = State.WAITING, ONE, ONE + timedelta(minutes=30)


def _clear(fair: SmallFair) -> None:
    """Take everything away that is still reserved or open."""
    with fair.database.write() as session:
        session.connection().execute(delete(Meeting))
        session.connection().execute(delete(Reservation))
