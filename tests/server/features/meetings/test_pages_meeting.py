"""The page of one meeting: what each side reads and may do there, and what a refusal leaves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.exhibitors.models import StaffHours, StaffMember
from server.features.meetings import service
from server.features.meetings.schemas import MeetingOut
from server.infra.identity import Identity
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from tests.server.features.meetings.acting import ONE, accepted, act, expire, held, requested, seen
from tests.server.features.meetings.reading import Reader
from tests.support.clock import FixedClock
from tests.support.small_fair import CLOSES, NOON, OPENS, SmallFair

Browsers = Callable[[Identity], Reader]


def at(meeting: MeetingOut, way: str = "") -> str:
    """The address of a meeting, or of what may be done to it."""
    return f"/meetings/{meeting.uid}" + (f"/{way}" if way else "")


def add_colleague(fair: SmallFair) -> None:
    """A second person at the first exhibitor's booth, all day."""
    names: dict[str, Any] = {"name": "Person 2", "name_zh": "某人", "call_me": "P", "languages": ["en"]}
    with fair.database.write() as session:
        session.add(StaffMember(id=99, exhibitor_id=1, code="s2", **names, provenance=Provenance.INVENTED))
        session.flush()
        session.add(StaffHours(staff_id=99, starts_at=OPENS, ends_at=CLOSES))


def test_a_held_time_becomes_a_request_with_what_was_written(small_fair: SmallFair, buyer: Reader) -> None:
    kept = held(small_fair)

    page = buyer.press(buyer.see(at(kept)), at(kept, "request"), topic="Carts that ride lifts")

    asked = seen(small_fair, small_fair.buyer(1), kept)
    assert (asked.state, asked.topic) == ("requested", "Carts that ride lifts")
    assert "The request is sent." in page.text
    assert "The exhibitor answers by Apr 16, 2026 12:15 Beijing time / 06:15 Berlin time" in page.text


def test_a_topic_can_be_taken_out_again(small_fair: SmallFair, buyer: Reader) -> None:
    kept = held(small_fair, topic="Carts")

    buyer.press(buyer.see(at(kept)), at(kept, "request"), topic="")

    assert seen(small_fair, small_fair.buyer(1), kept).topic == ""


def test_the_countdown_has_the_servers_end_and_the_servers_now(small_fair: SmallFair, buyer: Reader) -> None:
    kept = held(small_fair)

    page = buyer.see(at(kept))

    assert 'data-ends="2026-04-16T04:05:00.000+00:00" data-now="2026-04-16T04:00:00.000+00:00"' in page.html


def test_a_hold_that_ran_out_while_writing_keeps_the_words_and_offers_to_hold_again(
    small_fair: SmallFair, buyer: Reader, clock: FixedClock
) -> None:
    kept = held(small_fair)
    page = buyer.see(at(kept))
    clock.move(lambda now: now + timedelta(minutes=6))
    expire(small_fair.database, clock.now())

    refused = buyer.press(page, at(kept, "request"), topic="A long story about carts")
    again = buyer.press(refused, "/exhibitors/kapok/meet", starts_at=kept.starts_at.isoformat())

    assert refused.status == 409
    assert "What you wrote is kept here: A long story about carts" in refused.text
    assert refused.times("/exhibitors/kapok/meet")[0] == "Thursday, April 16, 2026 13:00–13:30 07:00 Berlin time"
    assert again.form(next(form.action for form in again.forms if form.action.endswith("request"))).fields["topic"] == (
        "A long story about carts"
    )


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (held, (["request", "withdraw"], None)),
        (requested, (["withdraw"], ["accept", "decline"])),
        (accepted, (["cancel"], ["cancel"])),
    ],
)
def test_each_side_finds_the_buttons_of_what_it_may_do(
    small_fair: SmallFair,
    buyer: Reader,
    booth: Reader,
    make: Callable[[SmallFair], MeetingOut],
    found: tuple[list[str], list[str] | None],
) -> None:
    meeting = make(small_fair)

    theirs = booth.see(at(meeting))

    assert (buyer.see(at(meeting)).actions(), None if theirs.status == 404 else theirs.actions()) == found


def test_accepting_tells_both_sides_and_the_one_who_lost_the_time(
    small_fair: SmallFair, buyer: Reader, booth: Reader, reader: Browsers
) -> None:
    first, second = requested(small_fair, 1), requested(small_fair, 2)
    assert "1 other buyer waits for this time" in buyer.see(at(first)).text

    page = booth.press(booth.see(at(first)), at(first, "accept"))

    assert "Accepted. Person and table are reserved" in page.text
    assert "Booth 9.2A01, table 1" in buyer.see(at(first)).text
    lost = reader(small_fair.buyer(2)).see(at(second))
    assert "Waiting" in lost.text
    assert "Somebody else has this time." in lost.text


def test_a_request_that_nobody_can_serve_any_more_is_refused_with_times_to_propose(
    small_fair: SmallFair, booth: Reader
) -> None:
    first, second = requested(small_fair, 1), requested(small_fair, 2)
    page = booth.see(at(second))
    act(small_fair, service.accept, small_fair.exhibitor(), first)

    refused = booth.press(page, at(second, "accept"))
    times = refused.form(at(second, "propose"))
    proposed = booth.press(refused, times.action, starts_at=times.buttons[0][1])

    assert refused.status == 409
    assert "Already booked" in refused.text
    assert refused.times(times.action)[0] == "Thursday, April 16, 2026 12:25–12:55"
    assert "You propose another time" in proposed.text


def test_a_stale_cancellation_keeps_the_reason_says_what_changed_and_can_be_sent_again(
    small_fair: SmallFair, buyer: Reader, booth: Reader
) -> None:
    met = accepted(small_fair)
    page = booth.see(at(met))
    act(small_fair, service.propose, small_fair.buyer(1), met, starts_at=ONE + timedelta(hours=1), minutes=30)

    refused = booth.press(page, at(met, "cancel"), reason_text="Our robot is ill")
    done = booth.press(refused, at(met, "cancel"))

    assert refused.status == 412
    assert "What has changed since you opened it Proposed start: Apr 16, 2026 14:00 Beijing time" in refused.text
    assert refused.form(at(met, "cancel")).fields["reason_text"] == "Our robot is ill"
    assert "Cancelled. The other side is told." in done.text
    assert "Our robot is ill" in buyer.see(at(met)).text


def test_two_taps_on_accept_accept_once(small_fair: SmallFair, booth: Reader) -> None:
    asked = requested(small_fair)
    page = booth.see(at(asked))

    answers = [booth.send(page, at(asked, "accept")).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert seen(small_fair, small_fair.exhibitor(), asked).version == asked.version + 1


def test_a_declined_buyer_reads_the_reason_and_can_ask_again(
    small_fair: SmallFair, buyer: Reader, booth: Reader
) -> None:
    asked = requested(small_fair)

    booth.press(booth.see(at(asked)), at(asked, "decline"), reason_text="We do not sell to hotels")

    page = buyer.see(at(asked))
    assert "The exhibitor declined." in page.text
    assert "Reason given: We do not sell to hotels" in page.text
    assert 'href="/exhibitors/kapok/meet"' in page.html
    assert page.actions() == []


def test_another_time_is_proposed_from_the_free_ones_and_agreed_to(
    small_fair: SmallFair, buyer: Reader, booth: Reader
) -> None:
    asked = requested(small_fair)
    times = booth.see(at(asked, "propose"))
    chosen = next(value for _, value, words in times.form(at(asked, "propose")).buttons if words.startswith("15:00"))

    booth.press(times, at(asked, "propose"), starts_at=chosen)
    proposed = buyer.see(at(asked))
    page = buyer.press(proposed, at(asked, "agree"))

    met = seen(small_fair, small_fair.buyer(1), asked)
    assert (met.state, met.starts_at, met.proposal) == ("accepted", ONE + timedelta(hours=2), None)
    assert "15:00–15:30 Beijing time 09:00–09:30 Berlin time" in page.text
    assert "The exhibitor has answered with another time. Please agree or keep the time by" in proposed.text
    assert "The exhibitor answers by" not in proposed.text


def test_a_request_is_moved_to_a_free_time(small_fair: SmallFair, buyer: Reader) -> None:
    asked = requested(small_fair)
    times = buyer.see(at(asked, "reschedule"))
    chosen = next(value for _, value, words in times.form(at(asked, "reschedule")).buttons if words.startswith("16:00"))

    page = buyer.press(times, at(asked, "reschedule"), starts_at=chosen)

    assert "The request is moved to the new time." in page.text
    assert seen(small_fair, small_fair.buyer(1), asked).starts_at == ONE + timedelta(hours=3)


def test_where_there_is_no_time_to_choose_the_address_leads_back_to_the_meeting(
    small_fair: SmallFair, buyer: Reader
) -> None:
    met = accepted(small_fair)

    answers = [buyer.client.get(at(met, way)).location for way in ("reschedule", "accept", "nonsense")]

    assert answers == [at(met)] * 3


def test_a_meeting_is_handed_over_to_a_colleague(buyer: Reader, booth: Reader, small_fair: SmallFair) -> None:
    met = accepted(small_fair)
    alone = booth.see(at(met))
    add_colleague(small_fair)

    page = booth.press(booth.see(at(met)), at(met, "hand_over"), staff="s2")

    assert "Hand over to a colleague" not in alone.text
    assert "Handed over." in page.text
    assert "Person 2" in buyer.see(at(met)).text


def test_handing_over_to_nobody_asks_for_somebody(booth: Reader, small_fair: SmallFair) -> None:
    met = accepted(small_fair)
    add_colleague(small_fair)

    refused = booth.press(booth.see(at(met)), at(met, "hand_over"), staff="")

    assert refused.status == 422
    assert "Please fill this in." in refused.text


def test_that_nobody_came_can_be_said_from_the_start_on(
    small_fair: SmallFair, booth: Reader, buyer: Reader, clock: FixedClock
) -> None:
    met = accepted(small_fair)
    before = booth.see(at(met)).actions()
    clock.move(lambda _: ONE + timedelta(minutes=10))

    page = booth.press(booth.see(at(met)), at(met, "no_show"))

    assert "no_show" not in before
    assert "Noted: no-show." in page.text
    assert "The exhibitor noted that you did not come." in buyer.see(at(met)).text


def test_other_peoples_meetings_are_not_there(small_fair: SmallFair, reader: Browsers) -> None:
    met = accepted(small_fair)
    strangers = (small_fair.buyer(2), small_fair.exhibitor("lotus"))

    statuses = [
        (who.see(at(met)).status, who.see(f"{at(met)}.ics").status, who.see(at(met, "propose")).status)
        for who in map(reader, strangers)
    ]

    assert statuses == [(404, 404, 404)] * 2


def test_the_organiser_reads_a_meeting_and_may_end_it(small_fair: SmallFair, join: Callable[[Role], Reader]) -> None:
    met = accepted(small_fair, topic="Carts")

    page = join(Role.ORGANISER).see(at(met))

    assert "Kapok and Buyer 1" in page.text
    assert "You see this meeting as the organiser." in page.text
    assert page.actions() == ["end"]


def test_the_organiser_is_not_told_of_an_end_that_a_meeting_has_had(
    small_fair: SmallFair, join: Callable[[Role], Reader]
) -> None:
    met = accepted(small_fair, topic="Carts")
    organiser = join(Role.ORGANISER)

    page = organiser.press(organiser.see(at(met)), at(met, "end"), reason_text="The hall closes at noon")

    assert "The meeting has ended." in page.text
    assert "you can end it" not in page.text
    assert "Who else waits" not in page.text


def test_a_buyers_address_shows_to_the_exhibitor_with_consent_alone(small_fair: SmallFair, booth: Reader) -> None:
    asked = requested(small_fair)
    with small_fair.database.write() as session:
        session.get_one(Buyer, 1).email = "b1@firm.example"
    before = booth.see(at(asked))

    with small_fair.database.write() as session:
        session.add(BuyerConsent(buyer_id=1, purpose=Purpose.CONTACT, given_at=NOON))

    assert "b1@firm.example" not in before.html
    assert "Contact Not given" in before.text
    assert "Contact b1@firm.example" in booth.see(at(asked)).text


def test_the_history_tells_in_words_what_happened(small_fair: SmallFair, buyer: Reader) -> None:
    met = accepted(small_fair)
    act(small_fair, service.cancel, small_fair.exhibitor(), met, reason_text="Ill")

    page = buyer.see(at(met))

    then = "Apr 16, 2026 12:00 Beijing time"
    assert page.text.partition("What has happened ")[2].startswith(
        f"{then} b1 held the time Start: Apr 16, 2026 13:00 Beijing time End: Apr 16, 2026 13:30 Beijing time "
        f"{then} b1 sent the request {then} kapok accepted {then} kapok cancelled Reason given: Ill "
    )


def test_an_agreed_meeting_goes_into_the_own_calendar(small_fair: SmallFair, buyer: Reader) -> None:
    asked, met = requested(small_fair), accepted(small_fair, at=ONE + timedelta(hours=2), topic="Carts")

    answer = buyer.client.get(f"{at(met)}.ics?lang=en")

    lines = answer.get_data(as_text=True).split("\r\n")
    assert answer.mimetype == "text/calendar"
    assert {"METHOD:PUBLISH", f"UID:{met.uid}", "DTSTART;TZID=Asia/Shanghai:20260416T150000"} <= set(lines)
    assert {"LOCATION:Booth 9.2A01\\, table 1", "SUMMARY:Kapok – Company 1"} <= set(lines)
    assert buyer.client.get(f"{at(asked)}.ics").status_code == 404


def test_a_meeting_in_chinese_names_everything_in_chinese(small_fair: SmallFair, buyer: Reader) -> None:
    asked = requested(small_fair)

    page = buyer.see(f"{at(asked)}?lang=zh-Hans")

    assert "与 公司 洽谈" in page.text
    assert "已申请" in page.text
    assert "13:00–13:30 北京时间 07:00–07:30 柏林时间" in page.text


def test_a_page_of_a_meeting_costs_few_queries(small_fair: SmallFair, buyer: Reader, booth: Reader) -> None:
    met = accepted(small_fair)
    for visitor in (buyer, booth):
        visitor.see(at(met))
        with small_fair.database.count_statements() as count:
            visitor.see(at(met))

        assert sum(not one.startswith("BEGIN") for one in count.statements) <= 12, count.statements
