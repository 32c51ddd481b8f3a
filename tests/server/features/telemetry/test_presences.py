"""What a robot says beside its reports, on the screens: who sleeps, who has left, where it is in between."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from device_bridge.wire.batch import Batch, Delivery, Receipt, RobotFactsheet, RobotGlimpse, RobotPresence
from device_bridge.wire.report import Activity, Fault, FaultLevel, Pose, PresenceState, Report, Source
from server.features.telemetry.models import RobotSheet
from server.features.telemetry.queries import ledger_page, present_states, reports_stored
from server.features.telemetry.rules import public_view
from server.features.telemetry.rules.presence import ASLEEP_S
from server.features.telemetry.rules.sheets import facts_of
from server.features.telemetry.schemas import impossible_part
from server.features.telemetry.service import store_batch
from server.infra.db import Database
from server.infra.identity import Audience
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.changes import changes_after
from tests.support.people import bearer_of
from tests.support.robots import BOOT, FAIR, VDA, at
from tests.support.zone import make_zone

ONLINE, OFFLINE = PresenceState.ONLINE, PresenceState.OFFLINE
BROKEN, HIBERNATING = PresenceState.BROKEN, PresenceState.HIBERNATING


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """Three robots of one exhibitor."""
    make_zone(database)


def take(database: Database, *things: Any) -> Receipt:
    """Store one batch of deliveries, presences, glimpses and factsheets."""
    kinds: dict[type, str] = {
        Delivery: "deliveries",
        RobotPresence: "presences",
        RobotGlimpse: "glimpses",
        RobotFactsheet: "factsheets",
    }
    parts: dict[str, tuple[Any, ...]] = {
        name: tuple(thing for thing in things if isinstance(thing, kind)) for kind, name in kinds.items()
    }
    with database.write() as session:
        return store_batch(session, Batch("zone", **parts), NOON)


def report(seconds: int, **said: Any) -> Delivery:
    """A report of the VDA 5050 robot."""
    said = {"activity": Activity.WORKING, "pose": Pose(1, 1), **said}
    body = Report(robot=VDA.robot, boot=BOOT, seq=seconds, time=at(seconds), **said)
    return Delivery(body, at(seconds), VDA.protocol, Source.SIMULATED)


def presence(state: PresenceState, heard: int, said: int | None = None) -> RobotPresence:
    """What the robot says of its connection."""
    return RobotPresence(VDA.robot, state, at(heard if said is None else said), at(heard))


def glimpse(seconds: int, x: float, robot: str = VDA.robot) -> RobotGlimpse:
    """Where the robot is between two reports."""
    return RobotGlimpse(robot, at(seconds), Pose(x, 0), 0.5)


def shown(database: Database) -> dict[str, Any]:
    """The present state of the one robot that has reported."""
    with database.read() as session:
        (state,) = present_states(session)
    return state


def announced(database: Database) -> int:
    """How many changes the live screens were told."""
    with database.read() as session:
        return len(changes_after(session, 0, 100))


def test_a_robot_that_sleeps_is_not_missed_until_it_wakes(database: Database) -> None:
    take(database, report(1))

    take(database, presence(HIBERNATING, 2))
    asleep = shown(database)
    take(database, presence(ONLINE, 3))

    assert (asleep["state"], asleep["silent_after"]) == ("waiting", ASLEEP_S)
    assert asleep["presence"] == {"state": "hibernating", "since": at(2).isoformat()}
    assert (shown(database)["state"], shown(database)["silent_after"]) == ("working", 40)
    assert announced(database) == 3


def test_a_fault_is_shown_also_of_a_robot_that_sleeps(database: Database) -> None:
    take(database, report(1, errors=(Fault(FaultLevel.FATAL, "motor"),)), presence(HIBERNATING, 2))

    assert shown(database)["state"] == "fault"


@pytest.mark.parametrize("state", [OFFLINE, BROKEN])
def test_a_robot_that_has_left_is_silent_at_once_and_back_with_its_next_report(
    database: Database, state: PresenceState
) -> None:
    take(database, report(1), presence(ONLINE, 1), presence(state, 2, said=0))
    gone = shown(database)

    take(database, report(3))

    assert (gone["silent_after"], gone["presence"]["state"]) == (0, state.value)
    assert shown(database)["silent_after"] == 40


def test_what_was_said_before_the_first_report_holds_for_it(database: Database) -> None:
    take(database, presence(HIBERNATING, 1))

    take(database, report(2))

    assert shown(database)["silent_after"] == ASLEEP_S


def test_the_retained_word_that_every_reconnect_repeats_is_heard_once(database: Database) -> None:
    take(database, report(1), presence(OFFLINE, 2))

    take(database, report(3))
    take(database, presence(OFFLINE, 4, said=2))

    assert shown(database)["presence"] == {"state": "online", "since": at(3).isoformat()}
    assert shown(database)["silent_after"] == 40


def test_everybody_may_know_that_a_robot_sleeps_but_not_why_it_is_gone(database: Database) -> None:
    take(database, report(1), presence(BROKEN, 2))

    assert {"silent_after"} == public_view(shown(database)).keys() & {"silent_after", "presence"}


def test_a_glimpse_moves_the_robot_and_is_no_report(database: Database) -> None:
    take(database, report(1))

    receipt = take(database, glimpse(2, 5), glimpse(3, 6))

    state = shown(database)
    assert receipt == Receipt(0, 0, 0)
    assert (state["pose"], state["speed"], state["at"]) == ({"x": 6, "y": 0, "theta": None}, 0.5, at(1).isoformat())
    assert announced(database) == 2
    with database.read() as session:
        assert reports_stored(session) == 1
        assert ledger_page(session, Audience(sees_all=True)) == []


def test_a_glimpse_from_before_the_last_report_or_glimpse_changes_nothing(database: Database) -> None:
    take(database, report(5), glimpse(7, 6))

    take(database, glimpse(4, 9))
    take(database, glimpse(6, 9))
    take(database, glimpse(8, 9, robot="nanling/sold"), glimpse(8, 9, robot="nanling/arm-1"))

    assert shown(database)["pose"]["x"] == 6
    assert announced(database) == 2


def test_a_glimpse_without_a_place_makes_an_old_place_no_newer(database: Database) -> None:
    take(database, report(1), glimpse(2, 6))

    take(database, RobotGlimpse(VDA.robot, at(4), None, 0.9))

    state = shown(database)
    assert (state["pose"]["x"], state["pose_at"], state["speed"]) == (6, at(2).isoformat(), 0.9)


def test_a_place_on_another_map_is_told_and_not_drawn(database: Database) -> None:
    take(database, report(1), RobotGlimpse(VDA.robot, at(2), Pose(3, 4, map="office"), None))

    state = shown(database)
    assert (state["pose"], state["pose_off"]) == (None, {"why": "other-map", "x": 3, "y": 4, "map": "office"})
    assert "pose_off" not in public_view(state)


def test_the_next_report_knows_better_than_a_glimpse(database: Database) -> None:
    take(database, report(1), glimpse(2, 6))

    take(database, report(3))

    assert (shown(database)["pose"]["x"], "pose_at" in shown(database)) == (1, False)


def test_of_the_factsheets_the_newest_is_kept(database: Database) -> None:
    take(database, RobotFactsheet(VDA.robot, at(5), {"n": "五"}))

    take(database, RobotFactsheet(VDA.robot, at(3), {"n": 3}), RobotFactsheet("nanling/sold", at(9), {}))

    with database.read() as session:
        (sheet,) = session.exec(select(RobotSheet)).all()
        assert (sheet.received_at, sheet.body) == (at(5), '{"n":"五"}')


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("kind", ["presences", "glimpses", "factsheets"])
def test_a_time_that_no_table_can_keep_is_refused_by_its_place(kind: str, year: int) -> None:
    moment = at(0).replace(year=year)
    things: dict[str, Any] = {
        "presences": RobotPresence(VDA.robot, ONLINE, at(0), moment),
        "glimpses": RobotGlimpse(VDA.robot, moment),
        "factsheets": RobotFactsheet(VDA.robot, moment, {}),
    }

    found = impossible_part(Batch("zone", **{kind: (things[kind],)}))

    assert found == f"a time from 1900 to 2200 is expected - at `$.{kind}[0].received_at`"


CAPTURES = Path(__file__).parents[4] / "fixtures" / "protocols"


@pytest.mark.parametrize("folder", ["vda5050", "vda5050-v3"])
def test_the_facts_are_the_same_in_every_version(folder: str) -> None:
    sheet = json.loads((CAPTURES / folder / "valid" / "factsheet.full.json").read_bytes())

    facts = facts_of(sheet)

    assert {name: facts[name] for name in ("series", "class", "load", "speed", "height", "actions", "versions")} == {
        "series": "Walker",
        "class": "CARRIER",
        "load": "40",
        "speed": "1.2",
        "height": "1.2",
        "actions": "deliver",
        "versions": "4.2.1",
    }


@given(
    sheet=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["typeSpecification", "seriesName", "versions", "value"]), inner, max_size=3
            )
        ),
        max_leaves=12,
    )
)
def test_a_factsheet_of_nonsense_states_text_or_nothing(sheet: Any) -> None:
    assert all(facts_of(sheet).values())


def test_the_page_shows_a_robots_own_words_to_its_people_and_to_nobody_else(
    database: Database, client: FlaskClient
) -> None:
    sheet = {"typeSpecification": {"seriesName": "<b>Walker</b>"}}
    take(database, presence(HIBERNATING, 2), RobotFactsheet(VDA.robot, at(5), sheet))
    own, other = bearer_of(database, Role.EXHIBITOR_STAFF), bearer_of(database, Role.BUYER)
    address = f"/robots/{VDA.robot}/factsheet"

    english = client.get(f"{address}?lang=en", headers=own).get_data(as_text=True)
    chinese = client.get(f"{address}?lang=zh-Hans", headers=own).get_data(as_text=True)

    assert ("Hibernating since" in english, "Top speed" in english, "&lt;b&gt;Walker&lt;/b&gt;" in english) == (
        True,
        False,
        True,
    )
    assert "开始休眠" in chinese
    assert client.get(address, headers=other).status_code == 403
    assert client.get("/robots/nanling/nobody/factsheet", headers=own).status_code == 404


def test_a_robot_that_said_nothing_has_a_page_that_says_so(database: Database, client: FlaskClient) -> None:
    headers = bearer_of(database, Role.EXHIBITOR_STAFF)

    page = client.get(f"/robots/{FAIR.robot}/factsheet?lang=en", headers=headers).get_data(as_text=True)

    assert "This robot has sent no factsheet." in page
    assert "said nothing of its connection" in page


def test_a_report_after_a_last_will_makes_its_robot_present_again(database: Database) -> None:
    take(database, report(1), presence(BROKEN, 2, said=0))

    gone = shown(database)
    take(database, report(3))

    assert (gone["presence"]["state"], gone["silent_after"]) == ("broken", 0)
    assert shown(database)["presence"] == {"state": "online", "since": at(3).isoformat()}
    assert shown(database)["silent_after"] == 40


def test_a_robot_that_woke_without_a_word_is_missed_when_it_falls_silent(database: Database) -> None:
    take(database, report(1), presence(HIBERNATING, 2))

    take(database, report(30))

    assert (shown(database)["presence"]["state"], shown(database)["silent_after"]) == ("online", 40)
