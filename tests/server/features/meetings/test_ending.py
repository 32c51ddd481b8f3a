"""The organiser ends a meeting; and what nobody can come to any more ends by itself, whichever way they went."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import select

from server.features.accounts.models import Account
from server.features.accounts.service import disable, set_token
from server.features.exhibitors.models import Robot, StaffMember
from server.features.floorplan.models import BoothAssignment
from server.features.meetings import service
from server.features.meetings.events import InviteIssued, InviteMethod, MeetingActed
from server.features.meetings.models import Meeting
from server.features.meetings.rules import Act, Reason, State
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.service import NoLongerError
from server.infra.audit import AuditEntry, StaleError
from server.infra.db import Database
from server.infra.identity import Identity
from server.infra.outbox import OutboxEvent
from server.kernel.errors import ForbiddenError
from server.kernel.permissions import Role
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
from tests.server.features.meetings.reading import Reader
from tests.support.small_fair import NOON, SmallFair, make_small_fair

ORGANISER = Identity(Role.ORGANISER, account_id=1, username="organiser", display_name="Organiser")
WHY = "The hall is closed this afternoon."


def invites(database: Database, uid: str) -> list[tuple[InviteMethod, int]]:
    """The invites of a meeting so far, with their numbers."""
    with database.read() as session:
        rows = session.exec(select(OutboxEvent).where(OutboxEvent.kind == "InviteIssued").order_by(OutboxEvent.id))  # type: ignore[arg-type]  # a column
        found = [InviteIssued.model_validate_json(row.payload) for row in rows]
    return [(one.method, one.sequence) for one in found if one.uid == uid]


def told(database: Database, uid: str) -> MeetingActed:
    """What was reported last of a meeting."""
    with database.read() as session:
        rows = session.exec(select(OutboxEvent).where(OutboxEvent.kind == "MeetingActed").order_by(OutboxEvent.id))  # type: ignore[arg-type]  # a column
        found = [MeetingActed.model_validate_json(row.payload) for row in rows]
    return [one for one in found if one.uid == uid][-1]


def end_orphans(database: Database) -> int:
    """Let the worker look for what can no longer take place."""
    with database.write() as session:
        return service.end_orphans(session, NOON)


def test_the_organiser_ends_a_meeting_and_everybody_reads_why(database: Database) -> None:
    fair = make_small_fair(database)
    met = accepted(fair, 1)
    waits = requested_behind(fair, met)

    ended = act(fair, service.end, ORGANISER, met, reason_text=WHY)

    with database.read() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "meeting.cancel")).one()
    assert (ended.state, ended.reason_text, ended.acts) == (State.CANCELLED, WHY, [])
    assert invites(database, met.uid) == [(InviteMethod.REQUEST, 0), (InviteMethod.CANCEL, 1)]
    assert (told(database, met.uid).voice, told(database, met.uid).after.reason_text) == ("organiser", WHY)
    assert (entry.who, entry.key) == ("Organiser", met.uid)
    assert seen(fair, fair.buyer(2), waits).state is State.REQUESTED
    assert_cells_fit_states(database)


def requested_behind(fair: SmallFair, met: MeetingOut) -> MeetingOut:
    """A request for the same time, which waits behind the one that was accepted."""
    later = requested(fair, 2, at=met.starts_at.replace(hour=met.starts_at.hour + 2))
    with fair.database.write() as session:
        row = session.exec(select(Meeting).where(Meeting.uid == later.uid)).one()
        service.decline(session, fair.exhibitor(), later.uid, later.version, now=NOON)
        row.state, row.starts_at, row.ends_at = State.WAITING, met.starts_at, met.ends_at
    return later


def test_the_organiser_ends_a_request_and_nothing_else_of_it(database: Database) -> None:
    fair = make_small_fair(database)
    asked, kept = requested(fair, 1), held(fair, 2, exhibitor="lotus")

    ended = act(fair, service.end, ORGANISER, asked, reason_text=WHY)

    assert (ended.state, ended.reason_text) == (State.DECLINED, WHY)
    assert seen(fair, fair.buyer(2), kept).state is State.HELD
    other = requested(fair, 3)
    for use_case in (service.accept, service.withdraw, service.keep, service.agree, service.no_show):
        with pytest.raises(ForbiddenError):
            act(fair, use_case, ORGANISER, other)


def test_a_program_of_the_organiser_ends_it_with_a_reason_and_nobody_else_does(app: Flask, database: Database) -> None:
    fair = make_small_fair(database)
    met = accepted(fair, 1)
    token = organiser_of(fair)
    path, body = f"/api/v1/meetings/{met.uid}/end", {"reason_text": WHY}
    match = {"If-Match": f'"{met.version}"'}

    strangers = [
        app.test_client().post(path, json=body, headers={**fair.headers(who), **match}).status_code
        for who in (fair.buyer(1), fair.exhibitor())
    ]
    empty = app.test_client().post(path, json={"reason_text": " "}, headers={**token, **match})
    done = app.test_client().post(path, json=body, headers={**token, **match})

    assert strangers == [403, 403]
    assert empty.status_code == 422
    assert (done.status_code, done.get_json()["state"]) == (200, "cancelled")


def organiser_of(fair: SmallFair) -> dict[str, str]:
    """The headers of the organiser's program."""
    account = Account(id=90, username="organiser", display_name="Organiser", role=Role.ORGANISER, created_at=NOON)
    with fair.database.write() as session:
        session.add(account)
        session.flush()
        set_token(session, "organiser", "token-of-organiser")
    return {"Authorization": "Bearer token-of-organiser"}


def test_the_organisers_page_asks_for_a_reason_and_ends_the_meeting(
    small_fair: SmallFair, join: Callable[[Role], Reader], buyer: Reader
) -> None:
    met = accepted(small_fair)
    organiser = join(Role.ORGANISER)
    way = f"/meetings/{met.uid}"

    refused = organiser.press(organiser.see(way), f"{way}/end", reason_text="")
    page = organiser.press(refused, f"{way}/end", reason_text=WHY)

    assert refused.status == 422
    assert "The meeting has ended. Both sides are told." in page.text
    assert WHY in buyer.see(way).text
    assert seen(small_fair, small_fair.buyer(), met).state is State.CANCELLED


def test_a_stale_answer_names_what_is_free_now_in_pages_and_programs(
    app: Flask, small_fair: SmallFair, booth: Reader
) -> None:
    asked = requested(small_fair)
    old = booth.see(f"/meetings/{asked.uid}")
    later = ONE.replace(hour=ONE.hour + 1)
    act(small_fair, service.propose, small_fair.exhibitor(), asked, starts_at=later, minutes=30)

    page = booth.press(old, f"/meetings/{asked.uid}/accept")
    headers = {**small_fair.headers(small_fair.exhibitor()), "If-Match": f'"{asked.version}"'}
    problem = app.test_client().post(f"/api/v1/meetings/{asked.uid}/accept", headers=headers)

    near = [one["starts_at"] for one in problem.get_json()["alternatives"]]
    assert (page.status, problem.status_code) == (412, 412)
    assert "There is no free time nearby." not in page.text
    assert len(near) >= 2
    assert asked.starts_at.isoformat() not in near


def test_other_times_leave_out_the_one_at_which_it_is(database: Database) -> None:
    fair = make_small_fair(database)
    met = accepted(fair)

    with database.read() as session:
        found = service.other_times(session, met.uid, NOON)

    assert found
    assert met.starts_at not in [one.starts_at for one in found]
    with pytest.raises(StaleError) as stale:
        act(fair, service.cancel, fair.buyer(), met.model_copy(update={"version": 1}))
    assert stale.value.members()["alternatives"]


def buyer_leaves(database: Database) -> None:
    """The first buyer's account is switched off."""
    with database.write() as session:
        disable(session, "b1")


def person_leaves(database: Database) -> None:
    """The first person leaves the booth."""
    with database.write() as session:
        session.get_one(StaffMember, 11).active = False


def robot_leaves(database: Database) -> None:
    """The first robot is switched off."""
    with database.write() as session:
        session.get_one(Robot, 1).active = False


def place_leaves(database: Database) -> None:
    """The exhibitor has no booth any more."""
    with database.write() as session:
        session.delete(session.get_one(BoothAssignment, 1))


LEAVING = {
    Reason.BUYER_LEFT: buyer_leaves,
    Reason.PERSON_LEFT: person_leaves,
    Reason.ROBOT_LEFT: robot_leaves,
    Reason.PLACE_LEFT: place_leaves,
}


@pytest.mark.parametrize("reason", LEAVING)
def test_what_was_agreed_ends_with_whoever_or_whatever_goes(database: Database, reason: Reason) -> None:
    fair = make_small_fair(database, staff=2, tables=2)
    met = accepted(fair, 1, staff="s1", robot="r1")
    other = accepted(fair, 2, at=ONE.replace(hour=ONE.hour + 2), exhibitor="lotus")

    assert end_orphans(database) == 0
    LEAVING[reason](database)
    counts = [end_orphans(database), end_orphans(database)]

    out, report = seen(fair, fair.buyer(1), met), told(database, met.uid)
    assert counts == [1, 0]
    assert (out.state, out.reason) == (State.CANCELLED, reason)
    assert (report.occasion, report.voice, report.after.reason) == (Act.CANCEL, "house", reason)
    assert invites(database, met.uid) == [(InviteMethod.REQUEST, 0), (InviteMethod.CANCEL, 1)]
    assert seen(fair, fair.buyer(2), other).state is State.ACCEPTED
    assert_cells_fit_states(database)


@pytest.mark.parametrize("reason", [Reason.BUYER_LEFT, Reason.PERSON_LEFT, Reason.ROBOT_LEFT])
def test_a_request_can_be_accepted_no_more_and_ends_too(database: Database, reason: Reason) -> None:
    fair = make_small_fair(database, staff=2, tables=2)
    asked = requested(fair, 1, staff="s1", robot="r1")
    kept = held(fair, 1, at=ONE.replace(hour=ONE.hour + 2), robot="r1", staff="s1")

    LEAVING[reason](database)
    with pytest.raises(NoLongerError) as refusal:
        act(fair, service.accept, fair.exhibitor(), asked)
    end_orphans(database)

    states = {State.WITHDRAWN} if reason is Reason.BUYER_LEFT else {State.DECLINED, State.WITHDRAWN}
    assert refusal.value.members()["reason"] == reason
    assert {seen(fair, fair.buyer(1), one).state for one in (asked, kept)} == states
    assert_cells_fit_states(database)


def test_a_buyer_who_never_had_a_log_in_comes_all_the_same(database: Database) -> None:
    fair = make_small_fair(database)
    accepted(fair, 1)
    with database.write() as session:
        session.delete(session.get_one(Account, 1))

    assert end_orphans(database) == 0


def test_who_waits_is_offered_what_became_free(database: Database) -> None:
    fair = make_small_fair(database)
    met = accepted(fair, 1)
    waits = requested_behind(fair, met)

    buyer_leaves(database)
    end_orphans(database)
    expire(database, NOON)

    assert seen(fair, fair.buyer(2), waits).state is State.REQUESTED
