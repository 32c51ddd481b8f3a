"""The desk's pages of the exhibitor's robots: how each is enrolled; what was heard of them comes from the telemetry."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.exhibitors.desk.frame import again, own_exhibitor, taken
from server.features.exhibitors.queries import desk_robots
from server.features.exhibitors.rules import Protocol, RobotKind
from server.features.exhibitors.schemas import RobotEdit
from server.features.exhibitors.service import enrol_robot
from server.infra.web.context import database, identity
from server.infra.web.forms import parse, shown
from server.infra.web.guard import guarded
from server.infra.web.language import t

pages = Blueprint("desk_robots", __name__)

_TEMPLATE = "exhibitors/desk_robot.html"


@pages.get("/desk/robots")
@guarded("desk.view")
def robots() -> str:
    """The exhibitor's robots by code with their enrolment."""
    with database().read() as session:
        rows = desk_robots(session, own_exhibitor())
    return render_template("exhibitors/desk_robots.html", robots=rows)


@pages.get("/desk/robots/new")
@guarded("exhibitor.edit-own")
def new_robot() -> str:
    """The form for one more robot."""
    return render_template(_TEMPLATE, form=shown({"protocol": Protocol.FAIR_MQTT}), **_choices())


@pages.post("/desk/robots/new")
@guarded("exhibitor.edit-own")
def enrol_typed_robot() -> Response:
    """Enrol the robot that was typed; its credential comes next."""
    code, form = own_exhibitor(), parse(RobotEdit, request.form)

    def act(session: Session, data: RobotEdit) -> str:
        return f"/desk/robots/{enrol_robot(session, identity(), code, data)}/credential"

    return taken(form, act) or again(_TEMPLATE, form, **_choices())


def _choices() -> dict[str, Any]:
    """What may be chosen, in the reader's words."""
    kinds = sorted(((kind.value, t(f"kind-{kind}")) for kind in RobotKind), key=lambda choice: choice[1])
    return {"kinds": kinds, "protocols": [(one.value, t(f"protocol-{one}")) for one in Protocol]}
