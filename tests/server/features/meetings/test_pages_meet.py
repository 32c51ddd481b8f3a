"""The page of free times: what a buyer sees of them, and what follows from a tap."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from server.features.exhibitors.models import StaffHours, StaffMember
from server.features.floorplan.models import MeetingTable
from server.features.meetings.models import Meeting
from server.features.meetings.queries import find_meeting
from server.features.meetings.rules import MOST_HELD
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import claim
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from server.kernel.spans import Span
from tests.server.features.meetings.acting import ONE, accepted, held, requested
from tests.server.features.meetings.reading import Page, Reader, uid_in
from tests.support.small_fair import CLOSES, NOON, OPENS, SmallFair, count_rows

MEET = "/exhibitors/kapok/meet"


def value_of(page: Page, hour: str) -> str:
    """What the button of an hour sends."""
    found = [value for name, value, words in page.form(MEET).buttons if name == "starts_at" and words.startswith(hour)]
    return found[0]


def test_each_time_says_whether_it_is_free_and_how_many_wait_in_fair_time_and_the_buyers_own(
    small_fair: SmallFair, buyer: Reader
) -> None:
    requested(small_fair, 2)
    accepted(small_fair, 3, at=ONE + timedelta(hours=2))

    page = buyer.see(MEET)

    assert page.times(MEET)[:5] == [
        "13:00 07:00 Berlin time free, 1 waits",
        "13:15 07:15 Berlin time free, 1 waits",
        "13:30 07:30 Berlin time free",
        "13:45 07:45 Berlin time free",
        "14:00 08:00 Berlin time free",
    ]
    assert "15:00 taken" in page.text
    assert not any("15:00" in words for words in page.times(MEET))


def test_a_time_in_the_buyers_own_diary_leads_to_that_meeting(small_fair: SmallFair, buyer: Reader) -> None:
    mine = requested(small_fair, 1)

    page = buyer.see(MEET)

    assert "13:00 in your diary" in page.text
    assert f'href="/meetings/{mine.uid}"' in page.html


def test_choosing_a_time_holds_it_for_five_minutes(small_fair: SmallFair, buyer: Reader) -> None:
    page = buyer.see(MEET)

    found = buyer.press(page, MEET, starts_at=value_of(page, "13:00"), topic="Carts", robot="r1", staff="s1")

    with small_fair.database.read() as session:
        kept = find_meeting(session, small_fair.buyer(1), uid_in(found), NOON)
    assert (kept.state, kept.starts_at, kept.topic, kept.robot, kept.staff) == ("held", ONE, "Carts", "kapok/r1", "s1")
    assert "This time is yours until Apr 16, 2026 12:05 Beijing time / 06:05 Berlin time" in found.text
    assert found.form(f"/meetings/{kept.uid}/request").fields["topic"] == "Carts"
    assert found.actions() == ["request", "withdraw"]


def test_two_taps_on_one_time_hold_it_once(small_fair: SmallFair, buyer: Reader) -> None:
    page = buyer.see(MEET)

    answers = [buyer.send(page, MEET, starts_at=value_of(page, "13:00")) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert count_rows(small_fair.database, Meeting) == 1


def test_going_back_and_choosing_another_time_holds_that_too(small_fair: SmallFair, buyer: Reader) -> None:
    page = buyer.see(MEET)
    buyer.send(page, MEET, starts_at=value_of(page, "13:00"))

    answer = buyer.send(page, MEET, starts_at=value_of(page, "15:00"))

    assert answer.status_code == 303
    assert count_rows(small_fair.database, Meeting) == 2


def test_a_time_that_was_taken_meanwhile_is_refused_with_the_nearest_as_buttons_and_nothing_typed_is_lost(
    small_fair: SmallFair, buyer: Reader
) -> None:
    page = buyer.see(MEET)
    taken = value_of(page, "13:00")
    accepted(small_fair, 2)

    refused = buyer.press(page, MEET, starts_at=taken, topic="Carts for a hospital", minutes="20")

    assert refused.status == 409
    assert "Already booked" in refused.text
    assert refused.form(MEET).fields["topic"] == "Carts for a hospital"
    assert refused.form(MEET).fields["minutes"] == "20"
    assert refused.times(MEET)[:3] == [
        "Thursday, April 16, 2026 13:35–13:55 07:35 Berlin time",
        "Thursday, April 16, 2026 13:40–14:00 07:40 Berlin time",
        "Thursday, April 16, 2026 13:45–14:05 07:45 Berlin time",
    ]


def test_a_free_time_of_a_refusal_is_held_with_one_tap(small_fair: SmallFair, buyer: Reader) -> None:
    page = buyer.see(MEET)
    accepted(small_fair, 2)
    refused = buyer.press(page, MEET, starts_at=ONE.isoformat(), topic="Carts")

    found = buyer.press(refused, MEET, starts_at=value_of(refused, "Thursday"))

    assert "Held" in found.text
    assert found.form(f"/meetings/{uid_in(found)}/request").fields["topic"] == "Carts"


def test_showing_other_times_keeps_what_was_chosen_and_typed(buyer: Reader) -> None:
    page = buyer.see(MEET)

    shown = buyer.press(page, MEET, minutes="45", staff="s1", robot="r1", topic="Carts & lifts", to_day="1")

    fields = shown.form(MEET).fields
    assert (fields["minutes"], fields["staff"], fields["robot"]) == ("45", "s1", "r1")
    assert fields["topic"] == "Carts & lifts"


def test_a_time_that_is_none_is_named_beside_the_form_and_what_was_typed_stays(buyer: Reader) -> None:
    page = buyer.see(MEET)

    refused = buyer.press(page, MEET, starts_at="noon", topic="Carts")

    assert refused.status == 422
    assert "Please give a time, like 10:30." in refused.text
    assert refused.form(MEET).fields["topic"] == "Carts"


def test_an_exhibitor_sees_its_times_and_cannot_book_them(booth: Reader) -> None:
    page = booth.see(MEET)

    assert "These are your free times as buyers see them" in page.text
    assert page.times(MEET) == []
    assert booth.client.post(MEET, data={"starts_at": ONE.isoformat()}).status_code == 403


def test_a_day_without_a_free_time_says_what_to_change(small_fair: SmallFair, buyer: Reader) -> None:
    for number in range(8):
        accepted(small_fair, 2, at=NOON + timedelta(minutes=50 + 35 * number), minutes=30)

    page = buyer.see(f"{MEET}?minutes=60")

    assert page.times(MEET) == []
    assert "No time is free on this day. Choose another day, a shorter length, or whoever is free." in page.text


def test_nobody_meets_an_exhibitor_that_is_not_there(buyer: Reader) -> None:
    assert buyer.see("/exhibitors/nobody/meet").status == 404


def test_a_visitor_is_asked_to_log_in(login_as: Callable[[Role], FlaskClient]) -> None:
    assert login_as(Role.VISITOR).get(MEET).status_code == 401


def test_a_buyers_account_without_a_profile_is_told_to_register(join: Callable[[Role], Reader]) -> None:
    someone = join(Role.BUYER)
    page = someone.see(MEET)

    refused = someone.press(page, MEET, starts_at=ONE.isoformat(), topic="Carts")

    assert refused.status == 409
    assert "Register first" in refused.text
    assert refused.form(MEET).fields["topic"] == "Carts"


def test_who_holds_enough_is_told_so_and_led_to_the_diary(small_fair: SmallFair, buyer: Reader) -> None:
    for number in range(MOST_HELD):
        held(small_fair, at=ONE + timedelta(hours=number))
    page = buyer.see(MEET)

    refused = buyer.press(page, MEET, starts_at=value_of(page, "17:00"), topic="Carts")

    assert refused.status == 409
    assert "You may hold 3 times at once" in refused.text
    assert 'href="/diary?show=open"' in refused.html
    assert refused.form(MEET).fields["topic"] == "Carts"


def test_an_exhibitor_of_two_lines_leads_to_an_address_of_one(small_fair: SmallFair, buyer: Reader) -> None:
    page = buyer.see(MEET)

    found = buyer.client.post("/exhibitors/a%0d%0ab/meet", data=page.form(MEET).fields)

    assert (found.status_code, found.location) == (303, "/exhibitors/a%0D%0Ab/meet?minutes=30&day=1")


def test_a_person_who_is_taken_may_be_left_out_at_the_very_time(small_fair: SmallFair, buyer: Reader) -> None:
    names: dict[str, Any] = {"name": "Person 2", "name_zh": "某人", "call_me": "P", "languages": ["en"]}
    with small_fair.database.write() as session:
        session.add(StaffMember(id=99, exhibitor_id=1, code="s2", provenance=Provenance.INVENTED, **names))
        session.add(MeetingTable(id=99, booth_id=1, number=2))
        session.flush()
        session.add(StaffHours(staff_id=99, starts_at=OPENS, ends_at=CLOSES))
    accepted(small_fair, 2, staff="s1")

    refused = buyer.press(buyer.see(MEET), MEET, staff="s1", starts_at=ONE.isoformat())
    offered = [value for name, value, _ in refused.form(MEET).buttons if name == "without"]
    page = buyer.press(refused, MEET, without=offered[0])

    assert offered == [f"staff:{ONE.isoformat()}"]
    assert "At the time you chose With somebody else of the exhibitor" in refused.text
    with small_fair.database.read() as session:
        got = find_meeting(session, small_fair.buyer(1), uid_in(page), NOON)
    assert (got.starts_at, got.staff, got.state) == (ONE, "s2", "held")


def test_a_robot_that_is_taken_may_be_left_out_and_nothing_is_offered_that_would_not_help(
    small_fair: SmallFair, buyer: Reader
) -> None:
    with small_fair.database.write() as session:
        claim(session, "demo:d1", [Want(Resource(ResourceKind.ROBOT, 1), Span(ONE, ONE + timedelta(minutes=5)))])

    with_robot = buyer.press(buyer.see(MEET), MEET, robot="r1", starts_at=ONE.isoformat())
    accepted(small_fair, 2)
    nobody = buyer.press(buyer.see(MEET), MEET, robot="r1", staff="s1", starts_at=ONE.isoformat())

    values = [
        [value for name, value, _ in page.form(MEET).buttons if name == "without"] for page in (with_robot, nobody)
    ]
    assert values == [[f"robot:{ONE.isoformat()}"], []]
