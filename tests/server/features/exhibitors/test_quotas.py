"""How much one exhibitor may have, and under whose name its robots are heard: refused with a sentence beyond that."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient

from server.features.enrolment.service import issue_bridge
from server.features.exhibitors.rules import RobotKind
from server.features.exhibitors.schemas import RobotChange, RobotEdit, StaffEdit
from server.features.exhibitors.service import (
    MakerTakenError,
    add_person,
    add_product,
    edit_robot,
    enrol_robot,
)
from server.infra import idempotency
from server.infra.db import Database, Session
from server.infra.identity import Identity
from server.kernel.errors import SetupError
from server.kernel.quotas import QUOTAS, Quota, QuotaError
from server.settings import read_settings
from tests.conftest import NOON
from tests.server.features.exhibitors.test_edits import HAND, LEAD, ORGANISER, STRANGER

FIVE = dict.fromkeys(Quota, 5)


def robot(address: str = "", protocol: str = "vda5050") -> RobotEdit:
    return RobotEdit(name_en="Porter", name_zh="搬运", kind=RobotKind.DELIVERY, protocol=protocol, address=address)


def one_more(session: Session, what: Quota, number: int) -> None:
    """Add one of what is counted to Litchi Lane, or send one more request."""
    if what is Quota.PRODUCTS:
        add_product(session, STRANGER, "litchi-lane", HAND)
    elif what is Quota.ROBOTS:
        enrol_robot(session, STRANGER, "litchi-lane", robot(f"LITCHI/{number}"))
    elif what is Quota.PEOPLE:
        add_person(
            session, STRANGER, "litchi-lane", StaffEdit(name="Chen Yi", name_zh="陈一", call_me="Yi", languages=["en"])
        )
    else:
        issue_bridge(session, STRANGER, "litchi-lane", f"pc-{number}", NOON)


def six_more(database: Database, what: Quota) -> None:
    """Add six, each by itself."""
    for number in range(6):
        with database.write() as session:
            one_more(session, what, number)


@pytest.mark.parametrize("what", [Quota.PRODUCTS, Quota.ROBOTS, Quota.PEOPLE, Quota.BRIDGES])
def test_an_exhibitor_has_as_many_as_the_installation_says_and_no_more(fair_database: Database, what: Quota) -> None:
    fair_database.quotas = {**QUOTAS, what: 5}

    with pytest.raises(QuotaError) as refusal:
        six_more(fair_database, what)

    assert refusal.value.params == {"what": what.value, "most": 5}


def test_an_account_keeps_so_many_requests_with_a_key(fair_database: Database, lead: FlaskClient) -> None:
    fair_database.quotas = FIVE

    def send(number: int) -> tuple[str, bool]:
        with fair_database.write() as session:
            return idempotency.once(session, 1, f"key-{number}", "digest", lambda: "done")

    assert [send(number) for number in range(5)] == [("done", False)] * 5
    with pytest.raises(QuotaError):
        send(5)
    assert send(0) == ("done", True)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_page_says_that_there_is_no_more_room_and_keeps_what_was_typed(
    fair_database: Database, lead: FlaskClient, language: str
) -> None:
    fair_database.quotas = {**QUOTAS, Quota.PRODUCTS: 1}
    lead.get(f"/language?lang={language}")
    lead.application.config["WTF_CSRF_METHODS"] = set()
    typed = {name: value for name, value in HAND.model_dump(mode="json").items() if value is not None}

    response = lead.post("/desk/products/new", data={**typed, "name_en": "Typed before"})

    page = response.get_data(as_text=True)
    said = {"en": "the most that FairZone keeps for one exhibitor", "zh-Hans": "已达到系统为每个参展商保留的上限"}
    assert (response.status_code, said[language] in page, "Typed before" in page) == (409, True, True)


@pytest.mark.parametrize("address", ["NANLING/other", "nanling/x1", "Nanling/x1"])
def test_a_name_that_is_another_exhibitors_is_claimed_by_nobody(fair_database: Database, address: str) -> None:
    with pytest.raises(MakerTakenError), fair_database.write() as session:
        enrol_robot(session, STRANGER, "litchi-lane", robot(address))


def test_a_port_named_like_another_exhibitors_robot_is_claimed_by_nobody(fair_database: Database) -> None:
    with pytest.raises(MakerTakenError), fair_database.write() as session:
        enrol_robot(session, STRANGER, "litchi-lane", robot("nanling-tea-porter", "mavlink"))
    with fair_database.write() as session:
        assert enrol_robot(session, STRANGER, "litchi-lane", robot("litchi-lane-2", "mavlink"))


def enrolled(database: Database, by: Identity, exhibitor: str, address: str) -> str:
    with database.write() as session:
        return enrol_robot(session, by, exhibitor, robot(address))


def test_a_makers_name_stays_with_whoever_came_first_in_small_letters_and_large(fair_database: Database) -> None:
    enrolled(fair_database, STRANGER, "litchi-lane", "ACME/1")
    enrolled(fair_database, STRANGER, "litchi-lane", "acme/2")

    with pytest.raises(MakerTakenError):
        enrolled(fair_database, LEAD, "nanling", "Acme/3")
    assert enrolled(fair_database, ORGANISER, "nanling", "Acme/3"), "the organiser may give one maker's robots to two"


def test_a_robot_cannot_be_moved_to_another_exhibitors_name(fair_database: Database) -> None:
    enrolled(fair_database, STRANGER, "litchi-lane", "ACME/1")
    code = enrolled(fair_database, LEAD, "nanling", "OWN/1")

    moved = RobotChange(**robot("ACME/9").model_dump())
    with pytest.raises(MakerTakenError), fair_database.write() as session:
        edit_robot(session, LEAD, f"nanling/{code}", moved, 1)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("", {}), ("products=300 robots=7", {Quota.PRODUCTS: 300, Quota.ROBOTS: 7}), ("people=1,", {Quota.PEOPLE: 1})],
)
def test_the_installation_sets_the_quotas(raw: str, expected: Mapping[Quota, int]) -> None:
    environ = {"FAIRZONE_SECRET_KEY": "k" * 40, "FAIRZONE_QUOTAS": raw}

    assert read_settings(environ).quotas == {**QUOTAS, **expected}


@pytest.mark.parametrize("raw", ["things=3", "products", "products=-1", "products=9999999", "products=²"])
def test_a_quota_that_cannot_be_is_refused_by_name(raw: str) -> None:
    with pytest.raises(SetupError, match="FAIRZONE_QUOTAS"):
        read_settings({"FAIRZONE_SECRET_KEY": "k" * 40, "FAIRZONE_QUOTAS": raw})
