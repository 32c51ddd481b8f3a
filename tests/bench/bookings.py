"""Bookings a second through the programs' door, on either database, by wrk: an outside load generator.

Each request holds another slot for another buyer; beside it stands what the same web process answers to the same
requests when they are refused at the door (a body that fits no schema): the limit of this way in.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from server.demo.fair import load_demo_fair
from server.features.accounts.models import Account
from server.features.buyers.models import Buyer
from server.features.exhibitors.queries import list_exhibitors
from server.features.meetings.rules import MOST_HELD
from server.features.timetable.queries import list_days
from server.infra import migrate, probes
from server.infra.db import Database
from server.kernel.ids import token_digest
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from tests.bench.contenders import FAIRZONE, SECRET, START_S
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Child, Children

GOALS = {"sqlite": 200, "postgresql": 400}
"""Bookings a second."""
SECONDS = 4
"""wrk ends then, whatever is left of its requests."""
CONNECTIONS = 16
THREADS = 2
SCRIPT = Path(__file__).with_name("bookings.lua")
MINUTES = 30
TABLES = 2
"""At every booth; somebody is there for each."""
EVERY = timedelta(minutes=35)
"""From one start to the next: the meeting and the buffer behind it."""


@dataclass(frozen=True)
class Answers:
    """What wrk saw: answers by HTTP status, the seconds that it took, and latencies in milliseconds."""

    statuses: dict[str, int]
    seconds: float
    p50_ms: float
    p99_ms: float
    broken: int

    def per_second(self, status: str) -> float:
        """How many answers of that status came a second."""
        return self.statuses.get(status, 0) / self.seconds


@dataclass(frozen=True)
class Counter:
    """One web process over one database, at whose door the requests come in."""

    name: str
    port: int
    lines: list[str]
    """`<token> <body>`, each for a slot and a buyer that no other line names."""
    folder: Path
    child: Child

    def send(self, lines: Iterable[str]) -> Answers:
        """Let wrk send these requests, each once."""
        file = self.folder / f"requests-{self.name}.txt"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        url = f"http://{LOOPBACK}:{self.port}/api/v1/meetings"
        wrk = str(find_program(["wrk"], package="wrk"))
        limits = ["-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{SECONDS}s"]
        ran = subprocess.run(
            [wrk, *limits, "-s", str(SCRIPT), "--latency", url, "--", str(file), str(THREADS)],
            capture_output=True,
            text=True,
            timeout=SECONDS + 30,
            check=True,
        )
        return Answers(**json.loads(ran.stdout.strip().splitlines()[-1]))


def open_counter(folder: Path, children: Children, url: str) -> Counter:
    """The demo fair in the database at `url`, its buyers with tokens, and a web process in front."""
    database = Database(url)
    lines = list(prepare(database))
    port = free_port()
    serves = probes.serves(port)
    environment = {
        "FAIRZONE_DATA": str(folder / f"bookings-{database.dialect}"),
        "DATABASE_URL": url,
        "FAIRZONE_SECRET_KEY": SECRET,
        "FAIRZONE_PORT": str(port),
        "FAIRZONE_LOG_LEVEL": "WARNING",
    }
    name = f"counter-{database.dialect}"
    child = children.start([*FAIRZONE, "web"], name=name, env=environment, ready=lambda: serves(0.0), seconds=START_S)
    return Counter(database.dialect, port, lines, folder, child)


def prepare(database: Database) -> Iterator[str]:
    """Load the fair, give its buyers tokens, and yield a request for each free slot."""
    migrate.upgrade(database)
    now = datetime.now(UTC)
    load_demo_fair(database, now)
    with database.write() as session:
        slots = list(_slots(session, now))
        tokens = cycle(_tokens(session, now, -(-len(slots) // MOST_HELD)))
    for token, (exhibitor, starts_at) in zip(tokens, slots, strict=False):
        yield f"{token} {json.dumps({'exhibitor': exhibitor, 'starts_at': starts_at.isoformat(), 'minutes': MINUTES})}"


def _tokens(session: Session, now: datetime, number: int) -> list[str]:
    """The tokens of so many new buyers: one alone may hold few times at once."""
    said: dict[str, Any] = {"call_me": "Bench", "company": "Bench", "country": "DE", "languages": ["en"]}
    session.add_all(
        Buyer(code=f"bench{one}", name="Bench", **said, provenance=Provenance.INVENTED) for one in range(number)
    )
    session.flush()
    buyers = session.exec(select(Buyer.id, Buyer.code).where(col(Buyer.code).startswith("bench"))).all()
    rows = [
        {
            "username": f"bench-{code}",
            "display_name": code,
            "role": Role.BUYER,
            "buyer_id": key,
            "token_hash": token_digest(f"bench-token-of-{code}"),
            "active": True,
            "created_at": now,
        }
        for key, code in buyers
    ]
    session.execute(insert(Account), rows)
    return [f"bench-token-of-{code}" for _, code in buyers]


def _slots(session: Session, now: datetime) -> Iterator[tuple[str, datetime]]:
    """(exhibitor, start) for the days to come, so that buyers who take turns are never at two places at a time."""
    exhibitors = [exhibitor.code for exhibitor in list_exhibitors(session) if exhibitor.booths]
    for day in list_days(session):
        if day.opens_at <= now:
            continue
        starts = int((day.closes_at - day.opens_at) / EVERY)
        for number in range(starts):
            for code in exhibitors:
                yield from [(code, day.opens_at + number * EVERY)] * TABLES


def measure(counters: list[Counter], rounds: int = 3) -> dict[str, Any]:
    """Round after round, each database in turn: refused at the door, then booked; medians of the rounds."""
    found: dict[str, list[tuple[Answers, Answers]]] = {counter.name: [] for counter in counters}
    for number in range(rounds):
        for counter in counters:
            share = list(islice(counter.lines, number, None, rounds))
            door = counter.send(f"{line.split()[0]} {{}}" for line in share)
            found[counter.name].append((door, counter.send(share)))
    return {name: _summed_up(answers, GOALS[name]) for name, answers in found.items()}


def _summed_up(rounds: list[tuple[Answers, Answers]], goal: int) -> dict[str, Any]:
    ordered = sorted(rounds, key=lambda pair: pair[1].per_second("201"))
    door, booked = ordered[len(ordered) // 2]
    return {
        "booked_per_second": round(booked.per_second("201")),
        "goal": goal,
        "refused_at_the_door_per_second": round(door.per_second("422")),
        "ratio": round(booked.per_second("201") / door.per_second("422"), 3),
        "p50_ms": booked.p50_ms,
        "p99_ms": booked.p99_ms,
        "statuses": booked.statuses,
        "rounds": [round(answers.per_second("201")) for _, answers in rounds],
    }
