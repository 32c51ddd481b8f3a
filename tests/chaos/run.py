"""One run: open the hall, let the robots speak, kill, settle, prove."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from server.infra.db import Database
from tests.chaos.books import Books, read_books
from tests.chaos.brokers import BROKERS
from tests.chaos.company import Company
from tests.chaos.hall import Hall
from tests.chaos.plan import EMBEDDED, EVERYTHING, Death, plan
from tests.chaos.proof import Promise, Told, judge
from tests.chaos.roles import Wires, enrolments
from tests.chaos.stores import STORES
from tests.support.processes import Children, wait_until

SPEAKING = 0.75
"""The part of the time in which reports are made; the rest is for what was held up."""
SETTLE_S = 60.0
"""So much longer than its part a run may take to settle on a busy machine."""
POLL_S = 1.0


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    broker: str = "mosquitto"
    database: str = "sqlite"
    seconds: float = 120.0
    reports: int = 50_000
    seed: int = 1


@dataclass
class Outcome:
    """What came out: no complaint means proven."""

    figures: dict[str, Any]
    complaints: list[str] = field(default_factory=list)


FORGETFUL = frozenset({Promise.COUNTED, Promise.HEARD})
Say = Callable[[str], None]


def run(order: Order, folder: Path, pg_folder: Path, children: Children, say: Say) -> Outcome:
    """Run once; whatever was started is the children's to end."""
    deaths = plan(order.seed, order.seconds * SPEAKING, EVERYTHING if order.database == "postgresql" else EMBEDDED)
    store = STORES[order.database](pg_folder if order.database == "postgresql" else folder, children)
    try:
        return _in_hall(order, Hall(folder, children, BROKERS[order.broker](folder, children), store), deaths, say)
    finally:
        store.kill()


def _in_hall(order: Order, hall: Hall, deaths: tuple[Death, ...], say: Say) -> Outcome:
    hall.open(enrolments())
    wires = Wires(hall.broker.port, hall.ports_dir, order.seed, hall.url, hall.tokens)
    company = Company(wires, deaths, order.reports, order.seconds * SPEAKING, time.time())
    company.start()
    try:
        return _play(order, hall, company, deaths, say)
    finally:
        company.close()


def _play(order: Order, hall: Hall, company: Company, deaths: tuple[Death, ...], say: Say) -> Outcome:
    ports = sum(actor.role.port for actor in company.actors)
    hall.wait_for_bridge(ports)
    wait_until(lambda: company.ready, seconds=20, what="every robot to be on its wire")
    began = time.monotonic()
    company.begin()
    for death in deaths:
        time.sleep(max(0.0, began + death.at - time.monotonic()))
        say(f"{time.monotonic() - began:6.1f} s  {death.victim} dies for {death.away:.1f} s")
        hall.suffer(death)
    wait_until(lambda: company.made, seconds=order.seconds + SETTLE_S, what="the last report to be made")
    say(f"{time.monotonic() - began:6.1f} s  every report is made; settling")
    company.hush()
    spoken = time.monotonic()
    deadline = spoken + order.seconds * (1 - SPEAKING) + SETTLE_S
    told, books, complaints = settle(company, hall, deadline)
    figures = {
        "proven": not complaints,
        **{key: getattr(order, key) for key in ("broker", "database", "seed")},
        "seconds": round(time.monotonic() - began, 1),
        "settled_in_s": round(time.monotonic() - spoken, 1),
        "deaths": dict(Counter(str(death.victim) for death in deaths)),
        **summary(told, books),
    }
    return Outcome(figures, complaints)


def settle(company: Company, hall: Hall, deadline: float) -> tuple[list[Told], Books, list[str]]:
    """Ask again and again until all is proven or the time is over; what is wrong then is wrong."""
    database = Database(hall.store.url)
    try:
        while True:
            try:
                books = read_books(database)
            except SQLAlchemyError:  # the database was just killed: its connections have to be found dead once
                books = Books({})
            told = company.told()
            complaints = [complaint for one in told for complaint in judge(one, books.of(one.robot))]
            fallen = hall.fallen()
            if fallen or not complaints or time.monotonic() > deadline:
                return told, books, [*fallen, *complaints]
            _nudge(company, books)
            time.sleep(POLL_S)
    finally:
        database.close()


def _nudge(company: Company, books: Books) -> None:
    """Let those make one more report whose last one got lost: only a later one shows that it is missing."""
    for actor in company.actors:
        numbers = actor.sender.numbers
        if actor.role.promise in FORGETFUL and numbers and numbers[-1] not in books.of(actor.spec.robot).stored:
            actor.limit = len(numbers) + 1


def summary(told: list[Told], books: Books) -> dict[str, Any]:
    """Return the figures of the whole run and of each protocol."""
    protocols: dict[str, dict[str, Any]] = {}
    for one in told:
        found = books.of(one.robot)
        row = protocols.setdefault(one.protocol, {"promise": str(one.promise), "robots": 0, "sent": 0, "stored": 0})
        row["robots"] += 1
        row["sent"] += len(one.sent)
        row["stored"] += len(found.stored)
        lost = sum(last - first + 1 for first, last in found.gaps)
        row["lost and counted"] = row.get("lost and counted", 0) + lost
        if one.promise is Promise.HEARD:
            unseen = len(one.sent - set(found.stored)) - lost // one.frames
            row["lost while no bridge listened"] = row.get("lost while no bridge listened", 0) + unseen
    return {
        "sent": sum(row["sent"] for row in protocols.values()),
        "stored": sum(row["stored"] for row in protocols.values()),
        "lost_and_counted": sum(row["lost and counted"] for row in protocols.values()),
        "came_twice": books.duplicates,
        "refused": dict(books.refused),
        "protocols": protocols,
    }
