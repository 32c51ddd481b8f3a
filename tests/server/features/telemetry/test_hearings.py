"""A robot that speaks is never silently invisible: it is shown by its arrival, or its people read why not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from device_bridge.wire.batch import Batch, Delivery, Ledger, Rejection
from device_bridge.wire.report import Report, Source
from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.service import issue, secret_of
from server.features.telemetry.queries import present_states
from server.features.telemetry.rules import public_view
from server.features.telemetry.rules.hearing import length_of
from server.features.telemetry.service import store_batch
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.kernel.permissions import Role
from server.settings import Settings
from tests.conftest import NOON
from tests.server.features.telemetry.test_https_reports import KIOSK, status
from tests.support.clock import FixedClock
from tests.support.robots import BOOT, ENROLMENTS, FAIR
from tests.support.zone import make_zone

SLOW = timedelta(hours=24)


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """A robot that speaks over HTTPS beside three that do not."""
    make_zone(database, (*ENROLMENTS.robots, KIOSK))


@pytest.fixture
def kiosk(client: FlaskClient, clock: FixedClock, database: Database, settings: Settings) -> Callable[..., Any]:
    """A function with which the kiosk reports once a second by a clock that is so far off."""
    with database.write() as session:
        token = secret_of(issue(session, SYSTEM, KIOSK.robot, CredentialPurpose.FAIR, NOON), settings.secret_key)

    def send(*numbers: int, off: timedelta = timedelta(), **changes: Any) -> None:
        for number in numbers:
            clock.move(lambda now: now + timedelta(seconds=1))
            body = status(number, time=(clock.now() + off).isoformat(), **changes)
            answer = client.post("/api/v1/robots/reports", data=body, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 200

    return send


@pytest.fixture
def post_wrong(client: FlaskClient, clock: FixedClock, database: Database, settings: Settings) -> Callable[..., None]:
    """A function with which the kiosk sends a report of which nothing can be taken."""
    with database.write() as session:
        token = secret_of(issue(session, SYSTEM, KIOSK.robot, CredentialPurpose.FAIR, NOON), settings.secret_key)

    def send(number: int) -> None:
        body = status(number, time=clock.now().isoformat(), v=2)
        answer = client.post("/api/v1/robots/reports", data=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 422

    return send


def shown(database: Database) -> list[tuple[str, str, Any]]:
    """(robot, as of when, clock) of every robot that a screen has."""
    with database.read() as session:
        return [(state["robot"], state["at"], state.get("clock_off")) for state in present_states(session)]


def take(database: Database, clock: FixedClock, **parts: Any) -> None:
    """Take a batch from the zone's bridge."""
    with database.write() as session:
        store_batch(session, Batch("zone", **parts), clock.now())


def delivery(seq: int, clock: FixedClock, boot: int = BOOT, **more: Any) -> Delivery:
    """A report of the robot over MQTT that comes now, made now unless told otherwise."""
    made = more.pop("made", clock.now())
    return Delivery(
        Report(robot=FAIR.robot, boot=boot, seq=seq, time=made), clock.now(), FAIR.protocol, Source.LIVE, **more
    )


def refusal(clock: FixedClock, number: int = 1) -> Rejection:
    """A message of that robot which is refused now."""
    detail = {"en": "battery is 180; at most 100 is possible.", "zh": "battery 为 180，最大为 100。"}
    address = "fair/v1/nanling/walker-7/status"
    return Rejection(f"r-{number}", clock.now(), "mqtt", address, "invalid-field", detail, b"{}", 2, robot=FAIR.robot)


def test_a_clock_that_is_24_hours_slow_is_shown_by_arrival_and_named_at_the_desk(
    kiosk: Callable[..., Any], database: Database, clock: FixedClock, login_as: Callable[[Role], FlaskClient]
) -> None:
    kiosk(1, 2, 3, 4, off=-SLOW)

    desk = login_as(Role.EXHIBITOR_ADMIN)
    pages = [desk.get(f"/desk/robots/reports?lang={lang}").get_data(as_text=True) for lang in ("en", "zh-Hans")]
    assert shown(database) == [(KIOSK.robot, clock.now().isoformat(), -86_400)]
    assert ("Clock 24 h slow" in pages[0], "时钟慢 24 小时" in pages[1]) == (True, True)


def test_one_report_of_a_slow_clock_is_on_no_screen_and_the_desk_says_why_and_what_to_do(
    kiosk: Callable[..., Any], database: Database, login_as: Callable[[Role], FlaskClient]
) -> None:
    kiosk(1, off=-SLOW)

    desk = login_as(Role.EXHIBITOR_ADMIN)
    pages = [desk.get(f"/desk/robots/reports?lang={lang}").get_data(as_text=True) for lang in ("en", "zh-Hans")]
    assert shown(database) == []
    assert "A report came 0 s ago, but it states a time 24 h before" in pages[0]
    assert "其时间早了 24 小时" in pages[1]


def test_a_smaller_boot_is_the_present_start_when_it_goes_on(
    kiosk: Callable[..., Any], database: Database, clock: FixedClock, login_as: Callable[[Role], FlaskClient]
) -> None:
    kiosk(1, 2, 3)

    kiosk(1, 2, 3, 4, boot=BOOT - 3_600_000)

    page = login_as(Role.EXHIBITOR_ADMIN).get("/desk/robots/reports?lang=en").get_data(as_text=True)
    assert shown(database) == [(KIOSK.robot, clock.now().isoformat(), None)]
    assert "Older start number" in page
    assert f"({BOOT - 3_600_000} after {BOOT})" in page


def test_one_report_of_a_smaller_boot_is_explained_at_the_desk(
    kiosk: Callable[..., Any], clock: FixedClock, login_as: Callable[[Role], FlaskClient]
) -> None:
    kiosk(1)
    clock.move(lambda now: now + timedelta(minutes=2))

    kiosk(1, boot=BOOT - 1)

    page = login_as(Role.EXHIBITOR_ADMIN).get("/desk/robots/reports?lang=en").get_data(as_text=True)
    assert "with a smaller start number" in page


def test_what_was_held_on_its_way_is_shown_with_its_true_age(database: Database, clock: FixedClock) -> None:
    made = clock.now() - timedelta(minutes=9)

    take(database, clock, deliveries=(delivery(1, clock, made=made, made_at=made),))

    assert shown(database) == [(FAIR.robot, made.isoformat(), None)]


def test_a_robot_whose_reports_are_refused_is_sending_and_not_silent(
    database: Database, clock: FixedClock, login_as: Callable[[Role], FlaskClient], client: FlaskClient
) -> None:
    take(database, clock, deliveries=(delivery(1, clock),))
    clock.move(lambda now: now + timedelta(minutes=5))

    take(database, clock, rejections=(refusal(clock),))

    desk, public = login_as(Role.EXHIBITOR_ADMIN), client
    page, robots = desk.get("/desk/robots/reports?lang=en").text, desk.get("/robots?lang=en&state=silent").text
    assert ("Sending, refused" in page, "Refused 0 s ago: battery is 180" in page) == (True, True)
    assert "Sending, refused" in robots
    assert "Sending, refused" not in public.get("/robots?lang=en").text


def test_a_minute_after_the_last_refusal_a_robot_is_silent(
    database: Database, clock: FixedClock, login_as: Callable[[Role], FlaskClient]
) -> None:
    take(database, clock, deliveries=(delivery(1, clock),), rejections=(refusal(clock),))
    clock.move(lambda now: now + timedelta(seconds=61))

    page = login_as(Role.EXHIBITOR_ADMIN).get("/desk/robots/reports?lang=en").text

    assert ('data-state="silent"' in page, "Sending, refused" in page) == (True, False)


def test_of_a_wrong_clock_the_public_learns_nothing() -> None:
    assert "clock_off" not in public_view({"state": "live", "clock_off": -86_400, "metrics": {}})


@pytest.mark.parametrize(
    ("seconds", "length"),
    [
        (-61, ("seconds", 61)),
        (300, ("minutes", 5)),
        (-86_400, ("hours", 24)),
        (10**9, ("years", 32)),
        (0, ("seconds", 0)),
    ],
)
def test_a_length_is_told_in_a_unit_that_says_enough(seconds: int, length: tuple[str, int]) -> None:
    assert length_of(timedelta(seconds=seconds)) == length


def test_refused_numbers_are_refused_in_the_ledger_and_nobody_awaits_them(
    kiosk: Callable[..., Any],
    clock: FixedClock,
    login_as: Callable[[Role], FlaskClient],
    post_wrong: Callable[..., None],
) -> None:
    kiosk(1)
    post_wrong(2)
    post_wrong(3)

    desk = login_as(Role.EXHIBITOR_ADMIN)
    day = desk.get(f"/api/v1/telemetry/ledger/{KIOSK.robot}?day={clock.now():%Y-%m-%d}").get_json()
    (hour,) = day["hours"]
    assert {name: hour[name] for name in ("sent", "stored", "turned_away", "awaited", "rejected")} == {
        "sent": 3,
        "stored": 1,
        "turned_away": 2,
        "awaited": 0,
        "rejected": 2,
    }
    assert day["awaited"] == []


def test_the_day_says_how_many_robots_are_sending_what_is_refused(
    database: Database, clock: FixedClock, login_as: Callable[[Role], FlaskClient]
) -> None:
    take(database, clock, rejections=(refusal(clock),))

    organiser = login_as(Role.ORGANISER)
    pages = [organiser.get(f"/today?lang={lang}").text for lang in ("en", "zh-Hans")]

    assert ("sending, refused" in pages[0], "在发送但被拒收" in pages[1]) == (True, True)


def test_the_page_of_a_robots_lines_says_what_was_heard_of_it(
    database: Database, clock: FixedClock, login_as: Callable[[Role], FlaskClient]
) -> None:
    desk = login_as(Role.EXHIBITOR_ADMIN)

    def page(lang: str = "en") -> str:
        return desk.get(f"/desk/robots/walker-7/heard?lang={lang}", headers={"HX-Request": "true"}).text

    nothing = page()
    take(database, clock, deliveries=(delivery(1, clock),), ledgers=(Ledger(FAIR.robot, BOOT, 1, 1, 1, 1, 1),))
    first, chinese = page(), page("zh-Hans")
    clock.move(lambda now: now + timedelta(seconds=40))

    assert "Nothing has come yet." in nothing
    assert ("The last report came 0 s ago." in first, "That was the first one." in first) == (True, True)
    assert "这是第一条" in chinese
    assert "The last report came 40 s ago." in page()
    assert desk.get("/desk/robots/nobody/heard").status_code == 404


def test_a_robot_enrolled_for_mqtt_may_speak_over_https_with_its_one_credential(
    client: FlaskClient, clock: FixedClock, database: Database, settings: Settings
) -> None:
    with database.write() as session:
        token = secret_of(issue(session, SYSTEM, FAIR.robot, CredentialPurpose.FAIR, NOON), settings.secret_key)
    body = status(1, robot="walker-7", time=clock.now().isoformat())

    answer = client.post("/api/v1/robots/reports", data=body, headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, [one for one, _, _ in shown(database)]) == (200, [FAIR.robot])
