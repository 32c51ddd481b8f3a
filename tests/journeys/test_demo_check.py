"""The demo as a person starts it: live on the feed, on loopback alone, and gone without a trace when it ends."""

import fcntl
import json
import os
import re
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.support.ports import LOOPBACK, accepts
from tests.support.processes import Child, Children, wait_until

pytestmark = pytest.mark.slow

FAIRZONE = (sys.executable, "-m", "device_bridge")
LIVE = "FairZone is live"
# What a hall on the same machine may have set; the demo must touch none of it.
A_HALL = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/hall", "FAIRZONE_PUBLIC_URL": "https://hall.example"}


def start_demo(children: Children, folder: Path) -> Child:
    """A demo in `folder` that has said that it is live."""
    demo = children.start([*FAIRZONE, "demo", "--data-dir", folder], name="demo", cwd=folder.parent, env=A_HALL)
    wait_until(lambda: LIVE in demo.output() or not demo.is_running(), seconds=120, what="the demo to be live")
    assert demo.is_running(), demo.output()
    return demo


def listeners(children: Children) -> dict[str, set[int]]:
    """The addresses on which the demo's processes listen, or receive datagrams, with their ports."""
    found: dict[str, set[int]] = {}
    for process in children.survivors():
        for socket_ in process.net_connections(kind="inet"):
            if socket_.status == psutil.CONN_LISTEN or socket_.type == socket.SOCK_DGRAM:
                found.setdefault(socket_.laddr.ip, set()).add(socket_.laddr.port)
    return found


@pytest.fixture
def usual_ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nobody else's test may want the usual ports meanwhile: they are one thing of this machine."""
    with (tmp_path_factory.getbasetemp().parent / "usual-ports").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def taken(*ports: int) -> Iterator[None]:
    """Keep these ports busy, unless somebody does so already."""
    with ExitStack() as held:
        for port in ports:
            if not accepts(port):
                holder = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
                # What another test has just left on the port keeps nobody from listening there.
                holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                holder.bind((LOOPBACK, port))
                holder.listen(1)
        yield


def children_of(demo: Child) -> list[str]:
    """The programs that the demo runs, by the word behind `device_bridge`."""
    programs = psutil.Process(demo.pid).children(recursive=True)
    return sorted(program.cmdline()[3] for program in programs)


def test_the_check_sees_the_whole_fair_live(children: Children) -> None:
    before = set(Path(tempfile.gettempdir()).glob("fairzone-check-*"))

    check = children.start([*FAIRZONE, "demo", "--check"], name="check")
    code = check.wait(seconds=110)

    assert code == 0, check.output()
    account = json.loads(check.output().strip().splitlines()[-1])
    assert account == {
        "exhibitors": 46,
        "guangdong": 16,
        "robots_live": account["robots_live"],
        "booths_live": 46,
        "protocols": ["fair-cobs", "fair-mqtt", "fair-serial", "mavlink", "vda5050"],
        "reports_stored": account["reports_stored"],
        "seconds": account["seconds"],
        "meeting": "accepted",
    }
    assert 46 <= account["robots_live"] <= account["reports_stored"]
    assert children.survivors() == []
    assert set(Path(tempfile.gettempdir()).glob("fairzone-check-*")) <= before


@pytest.mark.usefixtures("usual_ports")
def test_the_demo_avoids_taken_ports_listens_on_loopback_alone_and_leaves_nothing(
    children: Children, tmp_path: Path
) -> None:
    with taken(8000, 1883):
        demo = start_demo(children, tmp_path / "demo")

    assert re.search(r"the usual web port 8000 is taken: this zone uses \d+", demo.output())
    assert re.search(r"the usual MQTT port 1883 is taken: this zone uses \d+", demo.output())
    address = re.search(r"Zone overview 展区总览\s+http://127\.0\.0\.1:(\d+)/", demo.output())
    assert address is not None
    found = listeners(children)
    assert set(found) == {LOOPBACK}
    assert int(address[1]) in found[LOOPBACK]
    assert len(found[LOOPBACK]) == 3
    assert children_of(demo) == ["bridge", "broker", *["simulate"] * 5, "web", "worker"]

    bridge = re.findall(r"bridge is up \(pid (\d+)", demo.output())[-1]
    os.kill(int(bridge), signal.SIGKILL)
    wait_until(lambda: "bridge is back" in demo.output(), seconds=30, what="the bridge to be started again")

    assert demo.stop(signal.SIGINT, seconds=90) == 0
    assert children.survivors() == []
    assert demo.output().endswith("nothing of it is left running\n")


@pytest.mark.usefixtures("usual_ports")
def test_kill_9_of_the_demo_leaves_no_process_and_its_folder_starts_again(children: Children, tmp_path: Path) -> None:
    demo = start_demo(children, tmp_path / "demo")
    second = children.start([*FAIRZONE, "demo", "--data-dir", tmp_path / "demo"], name="second")
    assert second.wait(seconds=90) == 2
    assert f"A zone already runs in {tmp_path / 'demo'} (process {demo.pid})." in second.output()

    demo.kill_alone()
    wait_until(lambda: children.survivors() == [], seconds=30, what="everything to end with its supervisor")
    again = start_demo(children, tmp_path / "demo")

    assert "Loaded the demo fair" not in again.output()
    assert again.stop(signal.SIGTERM, seconds=90) == 0
