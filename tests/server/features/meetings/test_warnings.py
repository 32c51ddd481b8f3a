"""A request that is about to run out is said to both sides, once; the diary shows what does not take place, and why."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.exhibitors.models import StaffMember
from server.features.inbox.handlers import handlers_of as channels_of
from server.features.meetings import service
from server.features.meetings.handlers import handlers_of
from server.features.meetings.rules import ANSWER_LEAD, warned_at
from server.infra.db import Database
from server.infra.identity import Identity
from server.infra.outbox import dispatch, failures
from server.settings import Settings
from tests.server.features.meetings.acting import ONE, accepted, act, expire, held, requested
from tests.server.features.meetings.reading import Reader
from tests.support.letters import kept_mails
from tests.support.small_fair import NOON, OPENS, SmallFair, make_small_fair

HOUR = timedelta(hours=1)
FOUR = ONE + 3 * HOUR
ENDS = FOUR - ANSWER_LEAD


@pytest.fixture
def fair(database: Database) -> SmallFair:
    """The small fair with a buyer and a member of staff who are mailed."""
    made = make_small_fair(database)
    with database.write() as session:
        session.get_one(Buyer, 1).email = "anna@weber.example"
        session.get_one(StaffMember, 11).email = "s1@kapok.example"
        session.add(BuyerConsent(buyer_id=1, purpose=Purpose.MAIL, given_at=OPENS))
    return made


def warn(fair: SmallFair, now: datetime) -> int:
    """Let the clock warn."""
    with fair.database.write() as session:
        return service.warn_due(session, now)


def subjects(fair: SmallFair, settings: Settings) -> list[tuple[str, str]]:
    """Every mail without a calendar so far: to whom, and the beginning of its subject."""
    while dispatch(fair.database, [*handlers_of(settings), *channels_of(settings)], NOON):
        pass
    with fair.database.read() as session:
        assert [failure.error for failure in failures(session)] == []
    mails = [mail for mail in kept_mails(fair.database) if not mail.calendar]
    return sorted((mail.to_address.partition("@")[0], mail.subject.split(":")[0].split("：")[0]) for mail in mails)


def test_both_sides_are_warned_an_hour_before_a_request_ends_and_once(fair: SmallFair, settings: Settings) -> None:
    requested(fair, at=FOUR)

    early = warn(fair, ENDS - HOUR - timedelta(seconds=1))
    due, again = warn(fair, ENDS - HOUR), warn(fair, ENDS - timedelta(minutes=1))

    assert (early, due, again) == (0, 1, 0)
    assert subjects(fair, settings) == [("anna", "Expires soon"), ("s1", "即将失效"), ("s1", "洽谈申请")]


def test_a_request_that_is_made_shortly_before_is_warned_of_when_half_of_its_time_is_over(fair: SmallFair) -> None:
    requested(fair)  # at noon for one o'clock: it ends at a quarter past twelve

    assert [warn(fair, NOON + timedelta(minutes=at)) for at in (1, 7, 8, 9)] == [0, 0, 1, 0]
    assert warned_at(NOON, NOON + 3 * HOUR) == NOON + 2 * HOUR


def test_a_request_that_is_moved_is_warned_of_again(fair: SmallFair) -> None:
    asked = requested(fair, at=FOUR)
    warn(fair, ENDS - HOUR)

    act(fair, service.reschedule, fair.buyer(), asked, starts_at=FOUR + HOUR, minutes=30, now=ENDS - HOUR)

    assert (warn(fair, ENDS - HOUR), warn(fair, ENDS)) == (0, 1)


def test_nobody_is_warned_of_what_was_answered_or_is_only_held(fair: SmallFair) -> None:
    held(fair, 2, at=FOUR)
    accepted(fair, at=FOUR + HOUR)

    assert warn(fair, FOUR - ANSWER_LEAD - timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("declined", "By Kapok. Reason given: No time."),
        ("cancelled", "By Kapok. Reason given: No time."),
        ("expired", "By FairZone. There was no answer in time."),
        ("lapsed", "By FairZone. The five minutes were over before the request was sent."),
    ],
)
def test_a_buyers_diary_shows_what_does_not_take_place_and_why(
    fair: SmallFair, reader: Callable[[Identity], Reader], state: str, words: str
) -> None:
    if state == "declined":
        act(fair, service.decline, fair.exhibitor(), requested(fair), reason_text="No time.")
    elif state == "cancelled":
        act(fair, service.cancel, fair.exhibitor(), accepted(fair), reason_text="No time.")
    elif state == "expired":
        requested(fair)
    else:
        held(fair)
    expire(fair.database, ONE)

    page = reader(fair.buyer()).see("/diary")

    assert "Not taking place" in page.text
    assert words in page.text.replace("“", "").replace("”", "")


def test_what_oneself_took_back_is_not_shown_as_news(fair: SmallFair, reader: Callable[[Identity], Reader]) -> None:
    act(fair, service.withdraw, fair.buyer(), requested(fair))

    # The choice of that name is there; the section is not.
    assert reader(fair.buyer()).see("/diary").text.count("Not taking place") == 1
    assert "By Buyer 1." in reader(fair.exhibitor()).see("/diary?day=all").text


@pytest.mark.parametrize(
    ("address", "agreed", "said"),
    [
        ("anna@weber.example", True, "You get the invitation by mail"),
        (None, True, "your profile has no e-mail address"),
        ("anna@weber.example", False, "you have not agreed to be mailed"),
    ],
)
def test_each_reader_is_told_the_truth_about_the_invitation(
    fair: SmallFair,
    reader: Callable[[Identity], Reader],
    address: str | None,
    agreed: bool,  # noqa: FBT001 - a table
    said: str,
) -> None:
    with fair.database.write() as session:
        session.get_one(Buyer, 1).email = address
        if not agreed:
            session.get_one(BuyerConsent, (1, Purpose.MAIL)).withdrawn_at = NOON
    met = accepted(fair)

    own = reader(fair.buyer()).see(f"/meetings/{met.uid}").text
    theirs = reader(fair.exhibitor()).see(f"/meetings/{met.uid}").text

    assert said in own
    assert "Person 1 gets the invitation by mail." in theirs
    reached = bool(address and agreed)
    assert ("The buyer gets it by mail, too." in theirs, "The buyer gets no mail" in theirs) == (reached, not reached)
    assert "agreed to be mailed" not in theirs
