"""How robots are shared out among workers, what each of them listens to, and what it is told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.arrivals import Arrival
from device_bridge.directory import Directory
from device_bridge.partition import ALL, WorkerShare, topics
from device_bridge.pipeline import Pipeline
from device_bridge.settings import (
    BridgeSettings,
    MqttSettings,
    SerialSettings,
    ServerSettings,
    SettingsError,
    as_worker,
    load_settings,
)
from device_bridge.spool import Spool
from device_bridge.wire.batch import Enrolment
from device_bridge.wire.report import Source
from tests.support.robots import ENROLMENTS, FAIR, FAIR_TOPIC, SERIAL, START, VDA, fair_status


@given(address=st.text(max_size=60), workers=st.integers(1, 9))
def test_every_robot_is_exactly_one_workers(address: str, workers: int) -> None:
    assert sum(WorkerShare(worker, workers).takes(address) for worker in range(workers)) == 1


def test_the_share_of_an_address_is_the_same_on_every_machine_and_in_every_year() -> None:
    """A change here would hand robots to spools that do not know their accounts."""
    shares = {
        address: next(w for w in range(4) if WorkerShare(w, 4).takes(address)) for address in ("a/b", "A/B", "深圳/七")
    }

    assert shares == {"a/b": 0, "A/B": 0, "深圳/七": 3}


def test_one_worker_listens_to_everybody_so_that_strangers_are_seen() -> None:
    assert {"fair/#", "uagv/#", "vda5050/#", "/fair/#", "rehearsal/#"} <= set(topics(ALL, ()))


def test_several_workers_listen_to_their_own_robots_by_name_and_to_nobody_twice() -> None:
    robots = (FAIR, VDA, SERIAL)

    shares = [topics(WorkerShare(worker, 3), robots) for worker in range(3)]

    heard = [topic for share in shares for topic in share]
    assert len(heard) == len(set(heard))
    assert FAIR_TOPIC in heard
    assert {topic for topic in heard if topic.startswith(("uagv", "vda5050"))} == {
        f"{head}/NANLING/P2/{kind}"
        for head in ("uagv/v2", "vda5050/v3")
        for kind in ("state", "connection", "visualization", "factsheet")
    }
    assert not [topic for topic in heard if "+" in topic]


@pytest.mark.parametrize("address", ["a/+", "#/b", "a/\0"])
def test_a_name_that_would_be_a_wildcard_is_listened_to_by_nobody(address: str) -> None:
    robot = Enrolment(robot="a/b", protocol="fair-mqtt", address=address, source=Source.LIVE)

    assert [topics(WorkerShare(worker, 2), [robot]) for worker in range(2)] == [(), ()]


def test_what_a_session_still_remembers_of_another_workers_robot_is_let_be(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    other = next(WorkerShare(worker, 2) for worker in range(2) if not WorkerShare(worker, 2).takes(FAIR.address))
    pipeline = Pipeline(spool, Directory(ENROLMENTS, other), lambda: "id")

    marks = pipeline.settle([Arrival("mqtt", FAIR_TOPIC, fair_status(1), START)])

    assert (marks, spool.depth(), spool.accounts()) == ((), 0, [])


def test_a_worker_has_a_session_and_a_spool_of_its_own_and_only_the_first_has_ports() -> None:
    port = SerialSettings("arm", "/dev/ttyUSB0")
    server = ServerSettings("http://x", "t", Path("/var/spool.db"), ports_dir=Path("/dev"))
    settings = BridgeSettings(server, MqttSettings("h", client_id="zone"), (port,))

    workers = [as_worker(settings, worker, 2) for worker in range(2)]

    assert [worker.mqtt.session_id for worker in workers if worker.mqtt] == ["zone-0", "zone-1"]
    assert [worker.bridge.spool for worker in workers] == [Path("/var/spool-0.db"), Path("/var/spool-1.db")]
    assert [(worker.bridge.ports_dir, worker.serial) for worker in workers] == [(Path("/dev"), (port,)), (None, ())]


def test_without_a_broker_there_is_nothing_to_share_out() -> None:
    settings = BridgeSettings(ServerSettings("http://x", "t", Path("/var/spool.db")))

    with pytest.raises(SettingsError, match="name none under"):
        as_worker(settings, 0, 2)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("worker = 2\nworkers = 2", "worker = 2 is none of the 2 workers"),
        ("workers = 0", "worker = 0 is none of the 0 workers"),
        ('tls = true\nkey_file = "k"', "key_file is given without cert_file"),
        ('ca_file = "c"', "mean nothing without tls = true"),
        ('transport = "udp"', "Invalid enum value"),
    ],
)
def test_settings_of_the_broker_that_cannot_work_are_refused(words: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "bridge.toml"
    file.write_text(f'[bridge]\nserver = "http://x"\ntoken = "t"\nspool = "s.db"\n[mqtt]\nhost = "h"\n{words}\n')

    with pytest.raises(SettingsError, match=complaint):
        load_settings(file, {})
