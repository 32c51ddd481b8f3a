"""Who gets another address, or agrees to be mailed later, is invited then; the old address keeps no stale time."""

import pytest

from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.buyers.schemas import ConsentsIn, ProfileIn
from server.features.buyers.service import change_consents, change_profile, own_buyer
from server.features.exhibitors.models import StaffMember
from server.features.exhibitors.schemas import StaffEdit
from server.features.exhibitors.service import edit_person
from server.features.meetings import service
from server.features.meetings.handlers import handlers_of
from server.infra.db import Database
from server.infra.identity import Identity
from server.infra.outbox import dispatch, failures
from server.kernel.permissions import Role
from server.settings import Settings
from tests.server.features.meetings.acting import accepted, act
from tests.server.features.meetings.test_invites import event_in
from tests.support.letters import kept_mails
from tests.support.small_fair import NOON, OPENS, SmallFair, make_small_fair

ADMIN = Identity(Role.EXHIBITOR_ADMIN, account_id=4, username="kapok", exhibitor_id=1, exhibitor="kapok")


@pytest.fixture
def fair(database: Database) -> SmallFair:
    """A buyer and two members of staff with addresses; the buyer agrees to be mailed."""
    made = make_small_fair(database, staff=2)
    with database.write() as session:
        session.get_one(Buyer, 1).email = "anna@weber.example"
        for number in (11, 12):
            session.get_one(StaffMember, number).email = f"s{number}@kapok.example"
        session.add_all(
            BuyerConsent(buyer_id=1, purpose=purpose, given_at=OPENS) for purpose in (Purpose.PROGRAMME, Purpose.MAIL)
        )
    return made


def mailed(fair: SmallFair, settings: Settings) -> list[tuple[str, str | None, int]]:
    """Every invite so far: to whom, which METHOD, which SEQUENCE."""
    while dispatch(fair.database, handlers_of(settings), NOON):  # what follows may have consequences of its own
        pass
    with fair.database.read() as session:
        assert [failure.error for failure in failures(session)] == []
    mails = [mail for mail in kept_mails(fair.database) if mail.calendar]
    return [(mail.to_address.partition("@")[0], mail.method, event_in(mail).sequence or 0) for mail in mails]


def address(fair: SmallFair, email: str | None, *, name: str | None = None) -> None:
    """The buyer says where to write to from now on."""
    with fair.database.write() as session:
        me = own_buyer(session, fair.buyer())
        said = {field: getattr(me, field) for field in ProfileIn.model_fields}
        new = ProfileIn.model_validate({**said, "email": email, "name": name or me.name})
        change_profile(session, fair.buyer(), new, me.version)


def agree_to(fair: SmallFair, *purposes: Purpose) -> None:
    """The buyer says what the data may be used for from now on."""
    with fair.database.write() as session:
        me = own_buyer(session, fair.buyer())
        change_consents(session, fair.buyer(), ConsentsIn(consents=list(purposes)), me.version, NOON)


def test_a_corrected_address_is_invited_and_the_old_one_is_cancelled(fair: SmallFair, settings: Settings) -> None:
    met = accepted(fair)
    before = mailed(fair, settings)

    address(fair, "a.weber@klinik.example", name="Anna Weber-Koch")
    after = mailed(fair, settings)
    act(fair, service.cancel, fair.buyer(), met)

    assert before == [("anna", "REQUEST", 0), ("s11", "REQUEST", 0)]
    assert after[2:] == [("a.weber", "REQUEST", 1), ("anna", "CANCEL", 1)]
    assert mailed(fair, settings)[4:] == [("s11", "CANCEL", 2), ("a.weber", "CANCEL", 2)]


def test_an_address_and_back_again_is_invited_each_time(fair: SmallFair, settings: Settings) -> None:
    accepted(fair)
    mailed(fair, settings)

    address(fair, "a.weber@klinik.example")
    mailed(fair, settings)
    address(fair, "anna@weber.example")

    assert mailed(fair, settings)[4:] == [("anna", "REQUEST", 2), ("a.weber", "CANCEL", 2)]


def test_consent_that_comes_later_brings_the_invitation(fair: SmallFair, settings: Settings) -> None:
    agree_to(fair, Purpose.PROGRAMME)
    accepted(fair)
    before = mailed(fair, settings)

    agree_to(fair, Purpose.PROGRAMME, Purpose.MAIL)

    assert before == [("s11", "REQUEST", 0)]
    assert mailed(fair, settings)[1:] == [("anna", "REQUEST", 1)]


def test_consent_that_is_withdrawn_is_silence_from_then_on(fair: SmallFair, settings: Settings) -> None:
    """A cancellation would be a mail that the person no longer agrees to, about a meeting that takes place."""
    met = accepted(fair)
    mailed(fair, settings)

    agree_to(fair, Purpose.PROGRAMME)
    address(fair, "a.weber@klinik.example")
    act(fair, service.cancel, fair.exhibitor(), met)

    assert [line for line in mailed(fair, settings) if not line[0].startswith("s1")] == [("anna", "REQUEST", 0)]


def test_what_is_over_or_not_agreed_invites_nobody_anew(fair: SmallFair, settings: Settings) -> None:
    met = accepted(fair)
    act(fair, service.cancel, fair.buyer(), met)
    before = mailed(fair, settings)

    address(fair, "a.weber@klinik.example")

    assert mailed(fair, settings) == before


def test_a_person_of_the_booth_with_another_address_is_invited_there(fair: SmallFair, settings: Settings) -> None:
    met = accepted(fair)
    mailed(fair, settings)
    with fair.database.write() as session:
        row = session.get_one(StaffMember, 11)
        said = StaffEdit(name=row.name, name_zh=row.name_zh, call_me=row.call_me, languages=row.languages)
        new = said.model_copy(update={"email": "li@kapok.example"})
        edit_person(session, ADMIN, "kapok/s1", new, row.version)

    moved = mailed(fair, settings)[2:]
    met = act(fair, service.hand_over, fair.exhibitor(), met, staff="s2")

    assert moved == [("li", "REQUEST", 1), ("s11", "CANCEL", 1)]
    assert mailed(fair, settings)[4:] == [("anna", "REQUEST", 2), ("s12", "REQUEST", 2), ("li", "CANCEL", 2)]
