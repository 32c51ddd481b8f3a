"""The conformance checker's page: paste a message, read what the zone makes of it. Nothing is stored."""

from dataclasses import dataclass

from flask import Request, render_template, request

from server.features.telemetry.queries import quarantine_page
from server.features.telemetry.queries.robots import enrolled_robots
from server.features.telemetry.rules.robots import EnrolledRobot
from server.features.telemetry.service.checker import Finding, check, forms
from server.features.telemetry.views.blueprint import pages
from server.infra.identity import Audience
from server.infra.web.context import database, identity
from server.infra.web.guard import guarded

MOST_CHARS = 200_000
"""More than any message has in hexadecimal digits; what is longer is shown as it was typed and cut for the check."""
_ID_DIGITS = 18


@dataclass(frozen=True)
class Typed:
    """What the reader chose and typed."""

    form: str = ""
    message: str = ""
    is_hex: bool = False
    robot: str = ""


@pages.get("/check")
@guarded("report.check")
def check_page() -> str:
    """The empty form; with `message=` the refused message of that number in it, if it is the reader's to see."""
    with database().read() as session:
        audience = Audience.of(identity())
        robots = enrolled_robots(session, audience)
        asked = request.args.get("message", "")
        number = int(asked) if asked.isdecimal() and len(asked) <= _ID_DIGITS else None
        found = [] if number is None else quarantine_page(session, audience, limit=1, before=number + 1)
    row = next((row for row in found if row.id == number), None)
    typed = _of_message(row.raw, row.robot or "", robots) if row else Typed(robot=request.args.get("robot", ""))
    return _page(typed, robots, None)


@pages.post("/check")
@guarded("report.check")
def check_message() -> str:
    """The verdict above the form, which keeps what was typed."""
    typed = _typed(request)
    with database().read() as session:
        robots = enrolled_robots(session, Audience.of(identity()))
    form = next((form for form in forms() if form.key == typed.form), forms()[0])
    robot = next((robot for robot in robots if robot.key == typed.robot), None)
    return _page(typed, robots, check(form, typed.message[:MOST_CHARS], is_hex=typed.is_hex, robot=robot))


def _typed(asked: Request) -> Typed:
    text = {name: asked.form.get(name, "") for name in ("form", "message", "robot")}
    return Typed(**text, is_hex=asked.form.get("encoding") == "hex")


def _of_message(raw: bytes, robot: str, robots: list[EnrolledRobot]) -> Typed:
    """A refused message in the form: as text where it is one."""
    protocol = next((one.protocol for one in robots if one.key == robot), "")
    form = next((form.key for form in forms() if form.protocol == protocol), "")
    try:
        return Typed(form, raw.decode(), is_hex=False, robot=robot)
    except UnicodeDecodeError:
        return Typed(form, raw.hex(" "), is_hex=True, robot=robot)


def _page(typed: Typed, robots: list[EnrolledRobot], findings: list[Finding] | None) -> str:
    return render_template("telemetry/check.html", typed=typed, robots=robots, forms=forms(), findings=findings)
