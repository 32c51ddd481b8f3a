"""The desk's pages of the exhibitor's robots: how each is enrolled; what was heard of them comes from the telemetry."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.exhibitors.queries import desk_robots
from server.features.exhibitors.rules import FAIR_MQTT, NAMED_BY_KEY, RobotKind
from server.features.exhibitors.schemas import PROTOCOLS, RobotChange, RobotDesk, RobotEdit, shown_options
from server.features.exhibitors.service import OptionsRefusedError, edit_robot, enrol_robot
from server.infra.web.context import database, identity, own_exhibitor
from server.infra.web.forms import Form, FormFault, again, merged, parse, shown, taken
from server.infra.web.guard import guarded
from server.infra.web.language import language, t
from server.kernel.errors import NotFoundError

pages = Blueprint("desk_robots", __name__)

_TEMPLATE = "exhibitors/desk_robot.html"
EXAMPLES = {
    "declared": """\
[fields]
seq = "n"
battery = "power.soc"
activity = { path = "state", values = { brew = "working", wait = "idle" }, otherwise = "paused" }
"metrics.cups_today" = "cups"
"errors.no-milk" = { path = "alarms.milk", level = "urgent", en = "Out of milk", zh = "牛奶用完" }""",
    "modbus": """\
device_id = 3
period_s = 1.0
registers = [
    { feeds = "battery", address = 0, scale = 0.1, unit = "%" },
    { feeds = "activity", address = 1, values = { 0 = "idle", 1 = "working" }, otherwise = "paused" },
    { feeds = "errors.overheated", address = 4, bit = 3, level = "critical", en = "Motor too hot", zh = "电机过热" },
]""",
    "mavlink": """\
system_id = 7
component_id = 1""",
}
"""What the protocols that have settings are told, to be copied and changed: `fixtures/robots` holds more."""


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
    return render_template(_TEMPLATE, form=shown({"protocol": FAIR_MQTT}), row=None, **_choices())


@pages.post("/desk/robots/new")
@guarded("exhibitor.edit-own")
def enrol_typed_robot() -> Response:
    """Enrol the robot that was typed; its credential comes next."""
    code, form = own_exhibitor(), parse(RobotEdit, request.form)

    def act(session: Session, data: RobotEdit) -> str:
        return f"/desk/robots/{enrol_robot(session, identity(), code, data)}/credential"

    return taken(form, act) or again(_TEMPLATE, _told(form), row=None, **_choices())


@pages.get("/desk/robots/<robot>/edit")
@guarded("exhibitor.edit-own")
def robot(robot: str) -> str:
    """The form of one robot."""
    row = _own(robot)
    values = {**row.model_dump(include=set(RobotChange.model_fields)), "options": shown_options(row.options)}
    return render_template(_TEMPLATE, form=shown(values, row.version), row=row, **_choices())


@pages.post("/desk/robots/<robot>/edit")
@guarded("exhibitor.edit-own")
def save_robot(robot: str) -> Response:
    """Keep what was typed, or show it again with what is in the way."""
    row = _own(robot)
    form = parse(RobotChange, request.form, protocol=row.protocol)

    def act(session: Session, data: RobotChange) -> str:
        edit_robot(session, identity(), row.key, data, form.version)
        return "/desk/robots?saved=yes"

    return taken(form, act) or again(_TEMPLATE, merged(_told(form)), row=row, **_choices())


def _own(code: str) -> RobotDesk:
    with database().read() as session:
        found = desk_robots(session, own_exhibitor(), code)
    if not found:
        raise NotFoundError(what=code)
    return found[0]


def _told(form: Form[Any]) -> Form[Any]:
    """The form with what its protocol says of the settings beside their field, in the reader's language."""
    if isinstance(form.refusal, OptionsRefusedError):
        said = form.refusal.said["zh" if language().startswith("zh") else "en"]
        form.errors["options"], form.refusal = FormFault("form-options-refused", {"said": said}), None
    return form


def _choices() -> dict[str, Any]:
    """What may be chosen, in the reader's words, and how those robots are told of that need to be."""
    kinds = sorted(((kind.value, t(f"kind-{kind}")) for kind in RobotKind), key=lambda choice: choice[1])
    protocols = [(one, t(f"protocol-{one}")) for one in PROTOCOLS]
    return {"kinds": kinds, "protocols": protocols, "told": EXAMPLES, "named_by_key": NAMED_BY_KEY}
