"""What stands in the database about each robot, read row by row, with none of the server's own queries."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, select

from server.features.exhibitors.models import Robot
from server.features.telemetry.models import LossGap, LossLedger, QuarantinedMessage, TelemetryReport
from server.infra.db import Database
from tests.chaos.proof import Account, Found, Span
from tests.chaos.roles import EXHIBITOR, Role, specs


@dataclass
class Books:
    """Everything that was found, by robot, and why messages were refused."""

    robots: dict[str, Found]
    refused: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0

    def of(self, robot: str) -> Found:
        """Return what was found about a robot."""
        return self.robots.get(robot, Found())


def read_books(database: Database) -> Books:
    """Read everything in one transaction."""
    roles = {spec.robot: role for role, spec in specs()}
    with database.read() as session:
        robots = {robot.id: robot.code for robot in session.exec(select(Robot))}
        gaps, accounts = _gaps(session), _accounts(session)
        books = Books({}, _refused(session))
        rows = _rows(session)
        books.duplicates = sum(session.exec(select(LossLedger.duplicates)))
    for key, code in robots.items():
        robot = f"{EXHIBITOR}/{code}"
        lives = _lives(rows[key or 0], roles[robot])
        stored = tuple(number for life in lives for _, number in life)
        heard = lives if roles[robot].number else ()
        books.robots[robot] = Found(stored, tuple(gaps[key or 0]), tuple(accounts[key or 0]), heard)
    return books


Row = tuple[int, int, str]
"""Boot, number, and the body where it is wanted."""


def _rows(session: Session) -> dict[int, list[Row]]:
    rows: dict[int, list[Row]] = defaultdict(list)
    columns = select(TelemetryReport.robot_id, TelemetryReport.boot, TelemetryReport.seq, TelemetryReport.body)
    for robot, boot, seq, body in session.execute(columns):
        rows[robot].append((boot, seq, body))
    return rows


def _gaps(session: Session) -> dict[int, list[Span]]:
    gaps: dict[int, list[Span]] = defaultdict(list)
    for gap in session.exec(select(LossGap)):
        gaps[gap.robot_id].append((gap.first, gap.last))
    return gaps


def _accounts(session: Session) -> dict[int, list[Account]]:
    accounts: dict[int, list[Account]] = defaultdict(list)
    for row in session.exec(select(LossLedger)):
        accounts[row.robot_id].append(Account(row.boot, row.first, row.high, row.stored, row.lost, row.open))
    return accounts


def _refused(session: Session) -> Counter[str]:
    refused: Counter[str] = Counter()
    for message in session.exec(select(QuarantinedMessage)):
        refused[message.code] += message.copies
    return refused


Life = tuple[tuple[int, int], ...]


def _lives(rows: Iterable[Row], role: Role) -> tuple[Life, ...]:
    """Return (the ledger's number, the sender's own) of each report, by boot, both in order."""
    lives: dict[int, list[tuple[int, int]]] = defaultdict(list)
    last = 0
    for boot, seq, body in sorted(rows, key=lambda row: row[:2]):
        if role.number is None:
            lives[boot].append((seq, seq))
            continue
        last = unrolled(role.number(json.loads(body)), last, role.rounds)
        lives[boot].append((seq, last))
    return tuple(map(tuple, lives.values()))


def unrolled(shown: int, last: int, rounds: int) -> int:
    """Return the number behind `last` of which a counter that goes round shows so much; `last` itself comes again."""
    return last + (shown - last) % rounds
