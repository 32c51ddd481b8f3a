"""The pages of the telemetry: the robots, the quarantine and the loss ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import render_template, request

from server.features.exhibitors.rules import split_robot_key
from server.features.telemetry.queries import (
    QuarantineRow,
    ledger_page,
    quarantine_page,
)
from server.features.telemetry.queries.alarms import alarm_page
from server.features.telemetry.queries.rehearsals import rehearsals
from server.features.telemetry.queries.robots import present_robots
from server.features.telemetry.rules.hearing import Aside, Hearing, length_of
from server.features.telemetry.rules.robots import PresentRobot
from server.features.telemetry.schemas import LedgerOut
from server.features.telemetry.views.blueprint import pages
from server.infra.identity import Audience
from server.infra.web.context import database, identity, now
from server.infra.web.guard import guarded
from server.infra.web.language import by_name
from server.infra.web.paging import paged
from server.kernel.errors import NotFoundError
from server.kernel.folding import folded

PER_PAGE = 50
ROBOTS_PER_PAGE = 20
"""A phone shows a card a robot."""
_TROUBLE = ("fault", "refused", "stopped", "silent", "none")
"""The states that somebody should look at, the gravest first."""
DESK_MESSAGES = 5
"""So many refused messages stand on the desk's page; the rest is in the quarantine."""
QUIET_STATES = frozenset({"silent", "refused"})
"""The states of a robot of which nothing new is on a screen."""
_ID_DIGITS = 18
_SHOWN_BYTES = 400


class Length(NamedTuple):
    """A length of time in one unit: `word` says what of."""

    word: str
    unit: str
    n: int


@dataclass(frozen=True)
class ShownRobot:
    """A robot as the list shows it to one reader."""

    row: PresentRobot
    state: str
    battery: float | None
    mine: bool
    """Whether the reader may see how it is connected, and what is wrong with what it sends."""
    clock: Length | None = None
    """By how much its clock is off, with `slow` or `fast`."""
    aside: Aside | None = None
    """Why what it sends is stored and not shown."""
    late: Length | None = None
    """How old the report was that was set aside."""
    heard_at: datetime | None = None
    """When that came, or what was refused."""
    refused: Mapping[str, str] | None = None
    """Why what it sends is refused, in a sentence per language."""


@dataclass(frozen=True)
class ShownMessage:
    """A refused message with its bytes readable: those that are no text as escapes."""

    row: QuarantineRow
    shown: str
    kept: int


@pages.get("/robots")
@guarded("robot.view")
def robots() -> str:
    """The enrolled robots with what was last heard of them; for their own people also how they are connected."""
    text, silent = folded(request.args.get("q", "").strip()[:80]), request.args.get("state", "")
    audience, moment = Audience.of(identity()), now()
    with database().read() as session:
        rows = [_shown_robot(row, audience, moment) for row in present_robots(session)]
    wanted = [shown for shown in rows if text in _words(shown.row) and (not silent or shown.state in QUIET_STATES)]
    return render_template(
        "telemetry/robots.html",
        page=paged(sorted(by_name(wanted, "row"), key=_trouble), ROBOTS_PER_PAGE),
        total=len(rows),
        heard=sum(shown.row.seen_at is not None for shown in rows),
        now=moment,
        wanted={"q": request.args.get("q", ""), "state": silent},
    )


@pages.get("/quarantine")
@guarded("quarantine.view")
def quarantine() -> str:
    """The refused messages, the newest first; an exhibitor's people see those of their own robots."""
    asked = request.args.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) <= _ID_DIGITS else None
    robot = _asked_robot()
    with database().read() as session:
        rows = quarantine_page(session, Audience.of(identity()), limit=PER_PAGE + 1, before=before, robot=robot)
    older = rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None
    shown = [_shown_message(row) for row in rows[:PER_PAGE]]
    return render_template("telemetry/quarantine.html", messages=shown, before=before, older=older, robot=robot)


@pages.get("/ledger")
@guarded("ledger.view")
def ledger() -> str:
    """What each robot sent and what is stored; an exhibitor's people see their own robots."""
    robot = _asked_robot()
    with database().read() as session:
        rows = ledger_page(session, Audience.of(identity()), robot)
    page = paged(sorted(by_name(rows), key=_missing), ROBOTS_PER_PAGE)
    return render_template("telemetry/ledger.html", rows=rows, page=page, robot=robot)


@pages.get("/desk/robots/reports")
@guarded("desk.view")
def desk_reports() -> str:
    """What was heard of the reader's own robots: a piece of the desk's page, and a page where there is no script."""
    who, moment = identity(), now()
    audience = Audience(exhibitor=who.exhibitor)
    with database().read() as session:
        rows = present_robots(session, who.exhibitor or "") if who.exhibitor else []
        accounts = {row.robot: row for row in ledger_page(session, audience)}
        refused = quarantine_page(session, audience, limit=DESK_MESSAGES)
        alarms = alarm_page(session, audience, moment, only_open=True)
        rehearsed = rehearsals(session, who.exhibitor or "")
    return render_template(
        "telemetry/_desk_reports.html" if request.headers.get("HX-Request") else "telemetry/desk_reports.html",
        robots=[_shown_robot(row, audience, moment) for row in rows],
        accounts=accounts,
        messages=[_shown_message(row) for row in refused],
        alarms=alarms,
        rehearsed=rehearsed,
        now=moment,
    )


def _trouble(shown: ShownRobot) -> int:
    """How early a robot stands in the list: what is in trouble first, otherwise by name."""
    return _TROUBLE.index(shown.state) if shown.state in _TROUBLE else len(_TROUBLE)


def _missing(row: LedgerOut) -> tuple[bool, int]:
    """How early a robot stands in the ledger: the most lost first, then what was refused, otherwise by name."""
    return not (row.lost or row.refused or row.open), -row.lost


@pages.get("/desk/robots/<robot>/heard")
@guarded("desk.view")
def desk_heard(robot: str) -> str:
    """What was heard of one of the reader's own robots, for the page from which its lines are pasted.

    Raises `NotFoundError` for everybody else's.
    """
    who, moment = identity(), now()
    key, audience = f"{who.exhibitor}/{robot}", Audience(exhibitor=who.exhibitor)
    with database().read() as session:
        rows = present_robots(session, who.exhibitor or "") if who.exhibitor else []
        stored = sum(row.stored for row in ledger_page(session, audience, key))
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise NotFoundError(what=key)
    return render_template(
        "telemetry/_heard.html" if request.headers.get("HX-Request") else "telemetry/heard.html",
        robot=_shown_robot(found, audience, moment),
        reports=stored,
        now=moment,
    )


def _asked_robot() -> str:
    """The key of the robot that an address asks for; nothing for none or nonsense."""
    wanted = request.args.get("robot", "")
    return wanted if split_robot_key(wanted) else ""


def _shown_robot(row: PresentRobot, audience: Audience, moment: datetime) -> ShownRobot:
    """The robot as its newest report that the reader may see tells it."""
    mine = audience.sees(row.exhibitor)
    seen = row.seen(moment, own=mine)
    report = seen.report or {}
    off = report.get("clock_off", 0)
    clock = Length("slow" if off < 0 else "fast", *length_of(timedelta(seconds=off))) if off else None
    shown = ShownRobot(row, seen.state, report.get("battery"), mine, clock)
    return _with_reasons(shown, row.hearing, moment) if mine else shown


def _with_reasons(shown: ShownRobot, hearing: Hearing, moment: datetime) -> ShownRobot:
    """The robot with why what it sends now is not shown, where that is so: it is not silent."""
    if shown.state == "refused":
        return replace(shown, heard_at=hearing.refused_at, refused=hearing.refused_detail)
    aside = hearing.aside(moment, shown.row.seen_at)
    if aside is None or shown.state not in {"silent", "none"}:
        return shown
    late = Length("late", *length_of(hearing.late_by()))
    return replace(shown, aside=aside, late=late, heard_at=hearing.aside_at)


def _words(row: PresentRobot) -> str:
    names = (row.key, row.name_en, row.name_zh, row.exhibitor_en, row.exhibitor_zh, row.booth or "")
    return folded(" ".join(names))


def _shown_message(row: QuarantineRow) -> ShownMessage:
    head = row.raw[:_SHOWN_BYTES]
    return ShownMessage(row, head.decode("utf-8", "backslashreplace"), len(head))
