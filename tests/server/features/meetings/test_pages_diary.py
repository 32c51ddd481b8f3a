"""The diary and the desk: what comes first, what lies between, and what each page costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server.features.exhibitors.models import StaffHours
from server.features.meetings import service
from server.features.timetable.models import Demo, FairDay
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from tests.server.features.meetings.acting import ONE, accepted, act, held, requested, seen
from tests.server.features.meetings.reading import Reader
from tests.support.clock import FixedClock
from tests.support.queries import same_number_of_queries
from tests.support.small_fair import CLOSES, NOON, OPENS, SmallFair

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_QUERIES = 14


def test_the_diary_of_a_buyer_goes_by_time_with_gaps_and_ways_between(small_fair: SmallFair, buyer: Reader) -> None:
    accepted(small_fair, topic="Carts")
    accepted(small_fair, exhibitor="lotus", at=ONE + 2 * HOUR)

    page = buyer.see("/diary")

    listed = page.text.partition("Not taking place ")[2]
    assert listed.startswith(
        "Thursday, April 16, 2026"
        " 13:00–13:30 Beijing time 07:00–07:30 Berlin time Kapok Booth 9.2A01, table 1 With Person 1 Carts Agreed"
        " 1 h 30 min free · about 1 min on foot to booth 9.2A02"
        " 15:00–15:30 Beijing time 09:00–09:30 Berlin time Lotus Booth 9.2A02, table 1 With Person 1 Agreed"
    )


def test_the_next_meeting_comes_first(small_fair: SmallFair, buyer: Reader, clock: FixedClock) -> None:
    accepted(small_fair)
    accepted(small_fair, exhibitor="lotus", at=ONE + 2 * HOUR)

    before = buyer.see("/diary")
    clock.move(lambda _: ONE + HOUR)

    assert "Diary · B1 Next Thursday, April 16, 2026 13:00–13:30" in before.text
    assert "Diary · B1 Next Thursday, April 16, 2026 15:00–15:30" in buyer.see("/diary").text


def test_a_held_time_that_wants_its_request_comes_before_everything(small_fair: SmallFair, buyer: Reader) -> None:
    accepted(small_fair)
    held(small_fair, exhibitor="lotus", at=ONE + 2 * HOUR)

    assert "Send this request first Thursday, April 16, 2026 15:00–15:30" in buyer.see("/diary").text


def test_what_was_called_off_stands_in_a_list_of_its_own(small_fair: SmallFair, buyer: Reader) -> None:
    met = accepted(small_fair)
    act(small_fair, service.cancel, small_fair.buyer(1), met)

    empty = buyer.see("/diary")
    assert "No meeting matches this choice. Show the one that does not take place" in empty.text
    assert 'href="?day=all&amp;show=off"' in empty.html
    assert "Kapok Booth 9.2A01, table 1 With Person 1 Cancelled" in buyer.see("/diary?show=off").text


def test_an_empty_diary_leads_on(small_fair: SmallFair, buyer: Reader, booth: Reader) -> None:
    assert 'href="/matches">To my matches' in buyer.see("/diary").html
    assert 'href="/desk/staff">Check the hours of our people' in booth.see("/diary").html
    assert small_fair.buyers == 3


def test_an_exhibitor_narrows_the_diary_to_a_colleague(small_fair: SmallFair, booth: Reader) -> None:
    accepted(small_fair)

    mine, others = booth.see("/diary?staff=s1"), booth.see("/diary?staff=s9")

    assert "Buyer 1 Booth 9.2A01, table 1 Company 1, Germany · Person 1" in mine.text
    assert "No meeting matches this choice. Show the one planned meeting" in others.text


def test_an_exhibitor_sees_what_is_coming_on_every_day_with_how_many_there_are(
    small_fair: SmallFair, booth: Reader, clock: FixedClock
) -> None:
    tomorrow = FairDay(
        id=2,
        date=NOON.date() + timedelta(days=1),
        opens_at=OPENS + DAY,
        closes_at=CLOSES + DAY,
        provenance=Provenance.FACT,
    )
    with small_fair.database.write() as session:
        session.add(tomorrow)
        session.add(StaffHours(staff_id=11, starts_at=OPENS + DAY, ends_at=CLOSES + DAY))
    accepted(small_fair, 1)
    accepted(small_fair, 2, at=ONE + DAY)
    accepted(small_fair, 3, at=ONE + DAY + HOUR)

    before = booth.see("/diary")
    clock.move(lambda _: ONE + 2 * HOUR)
    after, today = booth.see("/diary"), booth.see("/diary?day=1&show=open")

    assert "Coming up 3 All days 3 Day 1 1 Day 2 2" in before.text
    assert "Next Thursday, April 16, 2026 13:00–13:30" in before.text
    assert "Coming up 2 All days 3 Day 1 1 Day 2 2" in after.text
    assert "Next Friday, April 17, 2026 13:00–13:30" in after.text
    assert [f"Buyer {number} Booth" in after.text for number in (1, 2, 3)] == [False, True, True]
    assert "No meeting matches this choice. Show all 3 planned meetings" in today.text
    assert "2 agreed meetings are coming up" in booth.see("/desk").text


def test_the_organisers_diary_is_the_zones(small_fair: SmallFair, join: Callable[[Role], Reader]) -> None:
    accepted(small_fair)

    page = join(Role.ORGANISER).see("/diary")

    assert "Meetings of the zone" in page.text
    assert "Kapok and Buyer 1" in page.text


def test_the_desk_shows_the_longest_waiting_first_with_what_they_look_for(
    small_fair: SmallFair, booth: Reader, clock: FixedClock
) -> None:
    requested(small_fair, 2, topic="Later", now=clock.now() + timedelta(minutes=1))
    requested(small_fair, 1, topic="Earlier")

    page = booth.see("/desk")

    assert page.text.index("Earlier") < page.text.index("Later")
    assert "Requests to answer 2 Buyer 1 Company 1, Germany Thursday, April 16, 2026 13:00–13:30" in page.text
    assert "1 other buyer waits for this time" in page.text
    assert page.actions() == ["accept", "decline"] * 2


def test_one_tap_on_the_desk_accepts_and_the_desk_says_so(small_fair: SmallFair, booth: Reader) -> None:
    asked = requested(small_fair)

    page = booth.press(booth.see("/desk"), f"/meetings/{asked.uid}/accept")

    assert seen(small_fair, small_fair.exhibitor(), asked).state == "accepted"
    assert "Accepted. Person and table are reserved. Buyer 1" in page.text
    assert "No request waits for an answer." in page.text
    assert "13:00–13:30 Beijing time Buyer 1 Company 1, Germany Booth 9.2A01, table 1 · Person 1 Agreed" in page.text


def test_declining_on_the_desk_takes_the_reason_along(small_fair: SmallFair, booth: Reader) -> None:
    asked = requested(small_fair)

    page = booth.press(booth.see("/desk"), f"/meetings/{asked.uid}/decline", reason_text="Sold out")

    assert "Declined. The buyer is told." in page.text
    assert seen(small_fair, small_fair.exhibitor(), asked).reason_text == "Sold out"


def test_a_buyer_who_wants_to_move_a_meeting_waits_on_the_desk_for_an_answer(
    small_fair: SmallFair, booth: Reader
) -> None:
    met = accepted(small_fair)
    act(small_fair, service.propose, small_fair.buyer(1), met, starts_at=ONE + HOUR, minutes=30)

    page = booth.press(booth.see("/desk"), f"/meetings/{met.uid}/agree")

    assert "Agreed. The meeting is at the new time." in page.text
    assert seen(small_fair, small_fair.exhibitor(), met).starts_at == ONE + HOUR


def test_proposals_without_an_answer_and_those_who_wait_are_not_questions(small_fair: SmallFair, booth: Reader) -> None:
    first, _ = requested(small_fair, 1), requested(small_fair, 2)
    act(small_fair, service.accept, small_fair.exhibitor(), first)

    page = booth.see("/desk")

    assert "No request waits for an answer." in page.text
    assert "13:00–13:30 Beijing time Buyer 2 Company 2, Germany Waiting" in page.text


def test_the_desk_shows_the_days_demos_among_the_meetings_and_when_somebody_is_free(
    small_fair: SmallFair, booth: Reader
) -> None:
    accepted(small_fair)
    titles: dict[str, Any] = {"title_en": "Tray race", "title_zh": "托盘赛", "provenance": Provenance.INVENTED}
    with small_fair.database.write() as session:
        session.add(
            Demo(code="d1", exhibitor_id=1, booth_id=1, starts_at=NOON, ends_at=NOON + timedelta(minutes=20), **titles)
        )

    page = booth.see("/desk")

    assert "12:00–12:20 Beijing time Tray race 9.2A01 Demo 13:00–13:30 Beijing time Buyer 1" in page.text
    assert "Next free for 30 min: 12:00 Beijing time" in page.text


def test_a_desk_that_refreshes_itself_gets_only_what_changes(small_fair: SmallFair, booth: Reader) -> None:
    asked = requested(small_fair)

    part = booth.see("/desk", HX_Request="true")

    assert "<html" not in part.html
    assert f'data-stamp="{asked.uid}.{asked.version}"' in part.html
    assert 'data-said="1 request waits for your answer"' in part.html


@pytest.mark.parametrize("place", ["/diary", "/desk", "/diary?staff=s1"])
def test_the_exhibitors_pages_cost_the_same_for_one_meeting_and_for_many(
    small_fair: SmallFair, booth: Reader, place: str
) -> None:
    accepted(small_fair, 1)
    requested(small_fair, 2, at=ONE + HOUR)

    def many() -> None:
        for number in (2, 3, 4):
            accepted(small_fair, 3, at=ONE + number * HOUR - timedelta(minutes=20))
            requested(small_fair, 1, at=ONE + number * HOUR + timedelta(minutes=15), minutes=15)

    same_number_of_queries(small_fair.database, lambda: booth.see(place), many)
    assert queries(small_fair, booth, place) <= MOST_QUERIES


@pytest.mark.parametrize("place", ["/diary", "/exhibitors/kapok/meet"])
def test_the_buyers_pages_cost_the_same_for_one_meeting_and_for_many(
    small_fair: SmallFair, buyer: Reader, place: str
) -> None:
    accepted(small_fair, 1)

    def many() -> None:
        accepted(small_fair, 1, at=ONE + HOUR, exhibitor="lotus")
        requested(small_fair, 1, at=ONE + 2 * HOUR)
        requested(small_fair, 2, at=ONE + 2 * HOUR)

    same_number_of_queries(small_fair.database, lambda: buyer.see(place), many)
    assert queries(small_fair, buyer, place) <= MOST_QUERIES


def queries(fair: SmallFair, who: Reader, place: str) -> int:
    """How many statements a page runs."""
    with fair.database.count_statements() as count:
        who.see(place)
    return sum(not statement.startswith("BEGIN") for statement in count.statements)
