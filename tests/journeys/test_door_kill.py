"""A robot at the HTTPS door while the server is killed again and again: what it was told is stored is stored, once."""

import http.client
import json
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.rules.snippets import Way, robot_snippets
from server.features.enrolment.service import issue, secret_of
from server.features.exhibitors.models import Robot
from server.infra.db import Database
from server.infra.identity import SYSTEM
from tests.support.fair_site import FairSite
from tests.support.ports import LOOPBACK, accepts
from tests.support.processes import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

REPORTS, AT_ONCE, KILLS = 300, 7, 3
BOOT = 1_776_300_000_000
SECRET = "s" * 40


def token_of_a_robot(path: Path) -> str:
    """Let one robot of the demo fair speak over HTTPS."""
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        session.exec(select(Robot).where(Robot.code == "edu-2")).one().protocol = "fair-https"
    with database.write() as session:
        token = secret_of(issue(session, SYSTEM, "nanling/edu-2", CredentialPurpose.FAIR, datetime.now(UTC)), SECRET)
    database.close()
    return token


class Sender:
    """Twenty lines that keep every report until a mark says that it is stored."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.mark, self.failures, self.marks = 0, 0, [0]

    def run(self) -> None:
        """Send until everything is known to be stored."""
        while self.mark < REPORTS:
            numbers = range(self.mark + 1, min(self.mark + AT_ONCE, REPORTS) + 1)
            try:
                self.mark = self._post([self._status(seq) for seq in numbers])["mark"]["seq"]
                self.marks.append(self.mark)
            except (OSError, http.client.HTTPException):
                self.failures += 1
                threading.Event().wait(0.05)

    def _status(self, seq: int) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat()
        return {"exhibitor": "nanling", "robot": "edu-2", "boot": BOOT, "seq": seq, "time": now, "battery": 50}

    def _post(self, reports: list[dict[str, Any]]) -> Any:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)
        try:
            headers = {"Authorization": f"Bearer {self.token}"}
            connection.request("POST", "/api/v1/robots/reports", json.dumps(reports), headers)
            response = connection.getresponse()
            answer = response.read()
            if response.status != 200:
                raise OSError(answer)
            return json.loads(answer)
        finally:
            connection.close()


def test_what_the_robot_was_told_is_stored_survives_kill_9_and_nothing_is_stored_twice(
    fair_site: FairSite, tmp_path: Path
) -> None:
    sender = Sender(fair_site.port, token_of_a_robot(tmp_path / "fair.db"))
    sending = threading.Thread(target=sender.run, daemon=True)
    sending.start()

    for number in range(1, KILLS + 1):
        due = REPORTS * number // (KILLS + 1)
        wait_until(lambda due=due: sender.mark >= due, seconds=40, what=f"{due} reports")  # type: ignore[misc]  # a default
        fair_site.kill()
        told = sender.mark
        with sqlite3.connect(tmp_path / "fair.db") as database:
            (stored,) = database.execute("SELECT count(*) FROM telemetry_report WHERE boot = ?", (BOOT,)).fetchone()
        assert stored >= told
        fair_site.start(SECRET)
        wait_until(lambda: accepts(fair_site.port), seconds=30, what="the server to be back")
    sending.join(60)

    with sqlite3.connect(tmp_path / "fair.db") as database:
        numbers = [
            row[0] for row in database.execute("SELECT seq FROM telemetry_report WHERE boot = ? ORDER BY seq", (BOOT,))
        ]
        ledger = database.execute(
            "SELECT first, high, mark, stored, lost, open FROM loss_ledger WHERE boot = ?", (BOOT,)
        )
        assert ledger.fetchall() == [(1, REPORTS, REPORTS, REPORTS, 0, 0)]
        hours = database.execute(
            "SELECT sum(sent), sum(stored), sum(lost) FROM loss_hour h JOIN robot r ON r.id = h.robot_id"
            " WHERE r.code = 'edu-2'"
        ).fetchall()
    assert numbers == list(range(1, REPORTS + 1))
    assert hours == [(REPORTS, REPORTS, 0)]
    assert sender.marks == sorted(sender.marks)
    assert sender.failures > 0


def test_the_lines_of_the_page_work_as_they_are_pasted(fair_site: FairSite, tmp_path: Path) -> None:
    way = Way("", fair_site.url, "nanling.edu-2", token_of_a_robot(tmp_path / "fair.db"))
    lines = {one.name: one.text for one in robot_snippets(way, "fair-https", "nanling/edu-2", ())}
    (tmp_path / "robot.py").write_text(lines["python"], encoding="utf-8")

    curl = subprocess.run(["/bin/sh", "-c", lines["curl"]], check=True, timeout=60, capture_output=True)
    # The second start of a robot is later than its first.
    threading.Event().wait(1.1)
    command = [sys.executable, "-u", str(tmp_path / "robot.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as robot:
        assert robot.stdout is not None
        python = robot.stdout.readline()
        robot.kill()

    assert [json.loads(answer)["stored"] for answer in (curl.stdout, python)] == [1, 1]
    assert len(lines["python"].splitlines()) <= 20
