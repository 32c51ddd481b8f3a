"""What one stranger can occupy of a real web process: everybody else's pages answer while it lasts, and it ends."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
from sqlmodel import select

from device_bridge.wire.batch import Batch, encode_batch
from server.demo.fair import load_demo_fair
from server.features.accounts.schemas import NewAccount
from server.features.accounts.service import create_account, set_token
from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.service import issue, secret_of
from server.features.exhibitors.models import Robot
from server.infra.db import Database, Session
from server.infra.identity import SYSTEM
from server.infra.web.apart import MOST_WAITING
from server.kernel.clock import SystemClock
from server.kernel.permissions import Role
from server.settings import ensure_secrets
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import wait_until

COMMAND = [sys.executable, "-c", "from server.commands.processes import web; web()"]
PAGES = ("/exhibitors", "/", "/health")
ASKED = 30
TIMES_SLOWER = 3
FLOOR_S = 2.0
"""A page that answers within this is quick, however quick it was before."""
MOST_MEMORY = 300 << 20
"""So much more may the process take for everything that strangers send."""
BATCHES, REPORTS = "/api/v1/telemetry/batches", "/api/v1/robots/reports"
GUESSERS = 40
FORM = "application/x-www-form-urlencoded"
BRIDGE_TOKEN = "the-bridge-of-this-test"


@dataclass
class Served:
    """A web process at the demo fair, and the tokens of a robot and of the zone's own bridge."""

    port: int
    process: psutil.Process
    robot: str

    def get(self, path: str) -> tuple[int, float]:
        """The status of a page, and how long it took."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, time.perf_counter() - began

    def send(self, head: str, body: bytes = b"") -> socket.socket:
        """An open connection on which this was sent, and nothing is read."""
        opened = socket.create_connection((LOOPBACK, self.port), timeout=60)
        opened.sendall(f"{head}\r\nHost: {LOOPBACK}:{self.port}\r\n".encode() + body)
        return opened

    def post(self, path: str, token: str, body: bytes) -> int:
        """The status of a whole request."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)
        connection.request("POST", path, body, {"Authorization": f"Bearer {token}"})
        status = connection.getresponse().status
        connection.close()
        return status

    def log_in(self, username: str, password: str) -> int:
        """The status of a log-in."""
        return self.answer_to_log_in(username, password)[0]

    def answer_to_log_in(self, username: str, password: str) -> tuple[int, dict[str, str]]:
        """The status and headers of a log-in, by a browser that has just opened the page."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=120)
        connection.request("GET", "/login")
        page = connection.getresponse()
        text = page.read().decode()
        cookies = "; ".join(value.split(";")[0] for name, value in page.getheaders() if name.lower() == "set-cookie")
        token = text.partition('name="csrf_token" value="')[2].partition('"')[0]
        form = urlencode({"csrf_token": token, "username": username, "password": password})
        headers = {"Cookie": cookies, "Sec-Fetch-Site": "same-origin", "Content-Type": FORM}
        connection.request("POST", "/login", form, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}

    def p95(self) -> float:
        """How long the slowest but one of twenty page views took; each of them has to answer."""
        answers = [self.get(PAGES[number % len(PAGES)]) for number in range(ASKED)]
        assert {status for status, _ in answers} == {200}
        return sorted(seconds for _, seconds in answers)[int(ASKED * 0.95) - 1]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Served]:
    """A web process that serves the demo fair."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    key = ensure_secrets(folder).secret_key
    shutil.copy(migrated_sqlite, folder / "fair.db")
    database = Database(f"sqlite:///{folder}/fair.db")
    load_demo_fair(database, SystemClock().now())
    with database.write() as session:
        robot = _robot(session, key)
        create_account(
            session, NewAccount(username="test-bridge", display_name="Bridge", role=Role.BRIDGE), SystemClock().now()
        )
        set_token(session, "test-bridge", BRIDGE_TOKEN)
    database.close()
    ours = {"FAIRZONE_DATA": str(folder), "DATABASE_URL": str(database.url), "FAIRZONE_PORT": str(port)}
    env = {**os.environ, **ours, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(COMMAND, env=env, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: accepts(port), seconds=60, what="the web process")
        yield Served(port, psutil.Process(process.pid), robot)
    finally:
        process.kill()
        process.wait(10)


def _robot(session: Session, key: str) -> str:
    """A token of a robot that speaks over HTTPS."""
    robot = session.exec(select(Robot).where(Robot.code == "edu-2")).one()
    robot.protocol, robot.address = "fair-https", "nanling/edu-2"
    session.add(robot)
    session.flush()
    return secret_of(issue(session, SYSTEM, "nanling/edu-2", CredentialPurpose.FAIR, SystemClock().now()), key)


def unfinished_forms(served: Served) -> list[socket.socket]:
    """Forms of visitors that stop before their end."""
    head = "POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}"
    return [served.send(head.format(size), b"\r\nusername=") for size in (200, 16_000, 60_000) for _ in range(60)]


def unfinished_reports(served: Served) -> list[socket.socket]:
    """Long lists of reports, with a robot's own token, that stop before their end."""
    head = f"POST {REPORTS} HTTP/1.1\r\nAuthorization: Bearer {served.robot}\r\nContent-Length: 4000000"
    return [served.send(head, b"\r\n[" + b" " * 1000) for _ in range(40)]


def unfinished_batches_of_strangers(served: Served) -> list[socket.socket]:
    """Long batches of somebody without a token, with and without a length."""
    heads = ("Content-Length: 16000000", "Transfer-Encoding: chunked")
    return [served.send(f"POST {BATCHES} HTTP/1.1\r\n{head}", b"\r\n") for head in heads for _ in range(40)]


def unfinished_heads(served: Served) -> list[socket.socket]:
    """Requests that never come to their first empty line, and connections on which nothing comes."""
    return [served.send("GET / HTTP/1.1\r\nX-A: b") for _ in range(200)] + [
        socket.create_connection((LOOPBACK, served.port)) for _ in range(200)
    ]


def streams(served: Served) -> list[socket.socket]:
    """Screens that watch the zone, and read nothing."""
    return [served.send("GET /live?zone=1 HTTP/1.1", b"\r\n") for _ in range(300)]


def slow_readers(served: Served) -> list[socket.socket]:
    """Readers of the longest page who take nothing of it."""
    found = []
    for _ in range(60):
        opened = socket.socket()
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.connect((LOOPBACK, served.port))
        opened.sendall(f"GET /api/openapi.json HTTP/1.1\r\nHost: {LOOPBACK}:{served.port}\r\n\r\n".encode())
        found.append(opened)
    return found


def least(measure: Callable[[], float], enough: float) -> float:
    """The least of up to three measurements: on a busy machine one may tell of others' work; a hang tells each time."""
    found = measure()
    for _ in range(2):
        found = found if found <= enough else min(found, measure())
    return found


ATTACKS = (
    unfinished_forms,
    unfinished_reports,
    unfinished_batches_of_strangers,
    unfinished_heads,
    streams,
    slow_readers,
)


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_pages_and_batches_answer_while_one_stranger_occupies_all_that_it_can(
    served: Served, attack: Callable[[Served], list[socket.socket]]
) -> None:
    quiet, memory = served.p95(), served.process.memory_info().rss
    with ExitStack() as stack:
        for opened in attack(served):
            stack.callback(opened.close)
        attacked = least(served.p95, max(TIMES_SLOWER * quiet, FLOOR_S))
        batch = served.post(BATCHES, BRIDGE_TOKEN, encode_batch(Batch("zone")) + b" " * 2_000_000)
        grown = served.process.memory_info().rss - memory

    assert batch == 200
    assert attacked <= max(TIMES_SLOWER * quiet, FLOOR_S)
    assert grown < MOST_MEMORY


@pytest.mark.slow
def test_pages_answer_while_forty_guess_at_passwords_at_once(served: Served) -> None:
    quiet = served.p95()
    stopping = threading.Event()
    statuses: Counter[int] = Counter()

    def guess(number: int) -> None:
        turn = 0
        while not stopping.is_set():
            turn += 1
            statuses[served.log_in(f"nobody-{number}-{turn}", "not the password of anybody")] += 1

    guessing = [threading.Thread(target=guess, args=(number,)) for number in range(GUESSERS)]
    for thread in guessing:
        thread.start()
    try:
        wait_until(lambda: statuses.total() > GUESSERS // 4, seconds=120, what="the first guesses")
        attacked = served.p95()
    finally:
        stopping.set()
        for thread in guessing:
            thread.join(120)

    assert set(statuses) <= {401, 429, 503}
    assert statuses[401] > 0
    assert attacked <= max(TIMES_SLOWER * quiet, FLOOR_S)


@pytest.mark.slow
def test_more_log_ins_than_can_wait_are_told_when_to_come_again(served: Served) -> None:
    with ThreadPoolExecutor(2 * MOST_WAITING) as pool:
        found = list(pool.map(lambda number: served.answer_to_log_in(f"x-{number}", "y"), range(2 * MOST_WAITING)))

    refused = [headers for status, headers in found if status == 503]
    assert {status for status, _ in found} == {401, 503}
    assert refused
    assert all(int(headers["retry-after"]) > 0 for headers in refused)
