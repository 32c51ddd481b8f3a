"""What stands before the programs of the demo and of a hall: folder, ports, fair, settings, and clear refusals."""

import json
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from server.demo.check import Expectation, Sight, events
from server.demo.zone import Zone, ZonePorts, any_ports, prepare, programs, usual_ports
from server.features.timetable.models import FairDay
from server.infra.claims import alone_in
from server.infra.db import Database
from server.kernel.errors import SetupError
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Children, wait_until

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PORTS = ZonePorts(8000, 1883, 1884)
FAIRZONE = (sys.executable, "-m", "device_bridge")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a zone, prepared once, to be copied."""
    folder = tmp_path_factory.mktemp("prepared") / "zone"
    prepare(Zone(folder, PORTS), NOW, lambda _line: None)
    return folder


@pytest.fixture
def zone(prepared: Path, tmp_path: Path) -> Zone:
    """A prepared zone."""
    return Zone(Path(shutil.copytree(prepared, tmp_path / "zone")), PORTS)


@pytest.fixture
def busy() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as holder:
        holder.bind((LOOPBACK, 0))
        holder.listen(1)
        yield holder.getsockname()[1]


def days_of(zone: Zone) -> list[FairDay]:
    """The fair's days in order."""
    database = Database(zone.database_url)
    with database.read() as session:
        days = list(session.exec(select(FairDay).order_by(FairDay.date)).all())  # type: ignore[arg-type]  # a column
    database.close()
    return days


@pytest.mark.parametrize("later", [timedelta(hours=9), timedelta(days=1), timedelta(days=40)])
def test_a_fair_that_is_not_on_its_second_day_is_moved_and_told(zone: Zone, later: timedelta) -> None:
    told: list[str] = []

    prepare(zone, NOW + later, told.append)

    second = days_of(zone)[1]
    assert second.opens_at <= NOW + later < second.closes_at
    assert told == [
        "The fair that was here is not on its second day now: its days and demos were moved, so that it is again."
    ]


def test_a_fair_that_is_open_on_its_second_day_is_left_as_it_is(zone: Zone) -> None:
    told: list[str] = []
    before = [day.opens_at for day in days_of(zone)]

    prepare(zone, NOW + timedelta(minutes=5), told.append)

    assert (told, [day.opens_at for day in days_of(zone)]) == ([], before)


def test_a_demo_of_a_version_that_cannot_be_brought_up_to_date_is_made_anew(zone: Zone) -> None:
    told: list[str] = []
    database = Database(zone.database_url)
    with database.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '0003'"))
        session.connection().execute(text("DELETE FROM fair_day"))
    database.close()
    zone.spool.write_bytes(b"what an old bridge kept")

    prepare(zone, NOW, told.append)

    assert told[0] == f"The demo fair in {zone.data_dir} was of another version of FairZone: it is made anew."
    assert (len(days_of(zone)), zone.spool.exists()) == (5, False)


def test_the_bridge_s_settings_are_closed_to_others_and_hold_no_token(zone: Zone) -> None:
    secrets = json.loads((zone.data_dir / "secrets").read_text())

    text = zone.bridge_settings.read_text()

    assert secrets["bridge_token"] not in text
    assert stat.S_IMODE(zone.bridge_settings.stat().st_mode) == 0o600


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two areas share floor; edges may touch."""
    return all(
        one[start] < other[start] + other[size] - 1e-9 and other[start] < one[start] + one[size] - 1e-9
        for start, size in (("x", "width"), ("y", "depth"))
    )


@pytest.mark.slow
def test_every_robot_of_the_fair_is_played_on_a_floor_of_its_own(zone: Zone) -> None:
    fleet = json.loads(zone.fleet.read_text())

    assert len({robot["robot"] for robot in fleet}) == len(fleet) == 101
    assert {robot["protocol"] for robot in fleet} == {"fair-cobs", "fair-mqtt", "fair-serial", "mavlink", "vda5050"}
    areas = [robot["area"] for robot in fleet]
    assert all(min(area["width"], area["depth"]) >= 1 for area in areas)
    assert not any(overlap(one, other) for one, other in combinations(areas, 2))


def test_the_programs_of_the_demo_see_nothing_of_a_hall_s_settings(zone: Zone) -> None:
    hall = {"DATABASE_URL": "postgresql://hall", "FAIRZONE_PUBLIC_URL": "https://hall", "FAIRZONE_HOST": "192.0.2.7"}
    secrets = prepare(zone, NOW, lambda _line: None)

    environments = [program.env for program in programs(zone, secrets, hall)]

    assert {env.get("DATABASE_URL") for env in environments} == {None, zone.database_url}
    assert {env.get("FAIRZONE_HOST") for env in environments} == {None, LOOPBACK}
    assert [env for env in environments if "FAIRZONE_PUBLIC_URL" in env] == []
    assert sum("FAIRZONE_BRIDGE_TOKEN" in env for env in environments) == 1


def test_the_links_of_robots_that_were_killed_are_gone_before_anything_starts(zone: Zone) -> None:
    zone.serial_ports.mkdir()
    (zone.serial_ports / "booth-d19-2a02-1").symlink_to("/dev/null")

    prepare(zone, NOW, lambda _line: None)

    assert list(zone.serial_ports.iterdir()) == []


def test_a_folder_holds_one_zone_at_a_time(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(SetupError, match="A zone already runs in"), alone_in(tmp_path):
        pass
    with alone_in(tmp_path):
        pass


def test_a_port_that_was_asked_for_by_number_is_not_replaced(busy: int) -> None:
    with pytest.raises(SetupError, match=f"Port {busy} is taken"), usual_ports(busy, lambda _line: None):
        pass


def test_two_zones_that_start_at_once_never_choose_the_same_ports() -> None:
    said: list[str] = []
    with ExitStack() as zones:
        chosen = [zones.enter_context(usual_ports(None, said.append)) for _ in range(3)]
        chosen += [zones.enter_context(any_ports()) for _ in range(3)]
        with pytest.raises(SetupError, match=f"Port {chosen[2].web} is taken"), usual_ports(chosen[2].web, said.append):
            pass

    ports = [port for zone in chosen for port in (zone.web, zone.mqtt, zone.mqtt5)]
    assert len(set(ports)) == len(ports)
    with usual_ports(chosen[2].web, said.append) as again:
        assert again.web == chosen[2].web


def test_the_events_of_a_stream_are_read_through_comments_and_split_lines() -> None:
    stream = [b"retry: 1000\n", b"\n", b": hello\n", b"id: 7\n", b"event: robot\n", b'data: {"robot":"a/b"}\n', b"\n"]

    assert list(events(stream)) == [("robot", {"robot": "a/b"})]


def test_what_is_not_live_is_named() -> None:
    expected = Expectation(2, 1, {"a/1": "fair-mqtt", "b/1": "vda5050"}, {"a/1": "D1", "b/1": "D2"})

    part, whole = Sight({"a/1": "D1"}), Sight({"a/1": "D1", "b/1": "D2"})

    assert part.missing(expected) == [
        "1 of 2 booths have no live robot: D2",
        "no robot that speaks vda5050 is live",
    ]
    assert whole.missing(expected) == []
    assert whole.account(expected, 9, 3.21) == {
        "exhibitors": 2,
        "guangdong": 1,
        "robots_live": 2,
        "booths_live": 2,
        "protocols": ["fair-mqtt", "vda5050"],
        "reports_stored": 9,
        "seconds": 3.2,
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "The bridge has no settings"),
        ({"DATABASE_URL": "postgresql://fair:hush@127.0.0.1:1/fair"}, "The database does not answer"),
        ({"DATABASE_URL": "mysql://fair"}, "DATABASE_URL names mysql"),
        ({"FAIRZONE_PORT": "eighty"}, "FAIRZONE_PORT is 'eighty', which is no whole number."),
    ],
)
def test_a_hall_that_lacks_something_is_refused_in_words(
    children: Children, tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    options = ["--no-bridge"] if settings else []
    env = {"FAIRZONE_DATA": str(tmp_path / "hall"), "FAIRZONE_PORT": str(free_port()), **settings}

    up = children.start([*FAIRZONE, "up", *options], name="up", env=env)

    assert up.wait(seconds=90) == 2
    assert sentence in up.output()
    assert "hush" not in up.output()
    assert "Traceback" not in up.output()


@pytest.mark.slow
def test_a_hall_whose_port_is_taken_is_refused_in_words(children: Children, tmp_path: Path, busy: int) -> None:
    env = {"FAIRZONE_DATA": str(tmp_path / "hall"), "FAIRZONE_PORT": str(busy)}

    up = children.start([*FAIRZONE, "up", "--no-bridge"], name="up", env=env)

    assert up.wait(seconds=90) == 2
    assert f"Nothing can listen on 127.0.0.1 port {busy}" in up.output()


@pytest.mark.slow
def test_a_hall_runs_web_worker_and_bridge_and_ends_in_order(children: Children, tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "hall"
    folder.mkdir()
    (folder / "bridge.toml").write_text(
        f'[bridge]\nserver = "http://127.0.0.1:{port}"\nspool = "{folder}/spool.db"\n'
        f'[mqtt]\nhost = "127.0.0.1"\nport = {free_port()}\n'
    )

    up = children.start([*FAIRZONE, "up"], name="up", env={"FAIRZONE_DATA": str(folder), "FAIRZONE_PORT": str(port)})
    for name in ("web", "worker", "bridge"):
        wait_until(lambda name=name: f"{name} is up" in up.output(), seconds=30, what=f"{name} to be up")  # type: ignore[misc]  # the default binds the loop's value

    assert "no robot is enrolled yet" in up.output()
    assert up.stop(seconds=90) == 0
    assert children.survivors() == []
