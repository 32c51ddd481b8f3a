"""What an exhibitor sees at its desk of its own robots' reports, losses and refused messages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from device_bridge.wire.batch import Batch, Delivery, Ledger, Rejection
from device_bridge.wire.report import Activity, Report, Source
from server.features.telemetry.service import store_batch
from server.infra.db import Database
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.robots import BOOT, FAIR, VDA
from tests.support.zone import make_zone

REFUSED = Rejection(
    id="r-1",
    at=NOON,
    channel="mqtt",
    address="fair/v1/nanling/walker-7/status",
    code="number-out-of-range",
    detail={"en": "battery is 180; at most 100 is possible.", "zh": "battery 为 180，最大为 100。"},
    raw=b'{"battery": 180}',
    size=16,
    robot=FAIR.robot,
)
OTHER = Rejection(
    id="r-2",
    at=NOON,
    channel="mqtt",
    address="fair/v1/nanling/porter-2/status",
    code="malformed",
    detail={"en": "This is no JSON.", "zh": "不是 JSON。"},
    raw=b"}",
    size=1,
    robot=VDA.robot,
)


@pytest.fixture
def lead(database: Database, login_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    """The browser of Nanling's administrator, after one of its robots has spoken and two messages were refused."""
    make_zone(database)
    report = Report(robot=FAIR.robot, boot=BOOT, seq=4, time=NOON, activity=Activity.WORKING, battery=80)
    ledger = Ledger(robot=FAIR.robot, boot=BOOT, revision=1, first=1, high=4, mark=4, stored=3, lost=1)
    batch = Batch(
        "zone",
        deliveries=(Delivery(report, NOON, FAIR.protocol, Source.LIVE),),
        rejections=(REFUSED, OTHER),
        ledgers=(ledger,),
    )
    with database.write() as session:
        store_batch(session, batch, NOON)
    return login_as(Role.EXHIBITOR_ADMIN)


def test_the_desk_shows_state_losses_and_the_sentences_of_what_was_refused(lead: FlaskClient) -> None:
    page = lead.get("/desk/robots/reports?lang=en").get_data(as_text=True)

    assert 'data-state="working"' in page
    assert "battery is 180; at most 100 is possible." in page
    assert 'href="/ledger/nanling/walker-7"' in page
    assert 'href="/quarantine?robot=nanling/walker-7"' in page


def test_loaded_into_the_desks_page_it_is_a_piece_without_a_frame(lead: FlaskClient) -> None:
    piece = lead.get("/desk/robots/reports?lang=zh-Hans", headers={"HX-Request": "true"}).get_data(as_text=True)

    assert "battery 为 180，最大为 100。" in piece
    assert "<html" not in piece


def test_quarantine_and_ledger_show_one_robot_when_asked_and_the_way_back_to_all(lead: FlaskClient) -> None:
    one = lead.get("/quarantine?lang=en&robot=nanling/walker-7").get_data(as_text=True)
    both = lead.get("/quarantine?lang=en&robot=nonsense").get_data(as_text=True)
    ledger = lead.get("/ledger?lang=en&robot=nanling/porter-2").get_data(as_text=True)

    assert ("battery is 180" in one, "This is no JSON." in one) == (True, False)
    assert ("battery is 180" in both, "This is no JSON." in both) == (True, True)
    assert 'href="/ledger">Clear' in ledger
    assert "No robot has reported yet." in ledger


def test_the_organiser_has_no_desk(login_as: Callable[[Role], FlaskClient]) -> None:
    assert login_as(Role.ORGANISER).get("/desk/robots/reports").status_code == 403
