"""The API of the telemetry: the bridge's batches and enrolments, and the loss ledger.

The route for batches speaks msgspec, for speed; its schema enters the OpenAPI document from the structs that decode it.
"""

from hashlib import blake2b
from typing import Any

import msgspec
from flask import Response, g, request
from pydantic import RootModel

from device_bridge.wire.batch import Batch, Enrolments, Receipt, decode_batch
from server.features.telemetry.queries import ledger_page
from server.features.telemetry.queries.alarms import alarm_page
from server.features.telemetry.queries.robots import enrolled_robots
from server.features.telemetry.rules.hours import asked_day
from server.features.telemetry.schemas import (
    AlarmOut,
    CheckIn,
    DayQuery,
    FindingOut,
    FormOut,
    LedgerOut,
    RobotDayOut,
    RobotPath,
    impossible_part,
)
from server.features.telemetry.service import (
    Answer,
    Status,
    TooManyReportsError,
    enrolments,
    robot_behind,
    robot_day,
    store_batch,
    take_reports,
)
from server.features.telemetry.service.checker import check, forms
from server.infra.identity import Audience
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, now, services, settings
from server.infra.web.guard import guarded
from server.infra.web.session import bearer_token
from server.kernel.errors import InvalidError, NotFoundError
from server.kernel.ids import new_uid

api = api_blueprint("telemetry", "What the robots report, and what was lost of it")
_encode = msgspec.json.Encoder().encode
REQUESTS_A_MINUTE = 600
"""Of one robot: ten a second, and each may carry hundreds of reports."""


def _schema(kind: type[msgspec.Struct]) -> Any:
    """The JSON schema of a struct with everything in its place: the document takes no definitions of an operation."""
    (schema,), components = msgspec.json.schema_components((kind,), ref_template="{name}")

    def placed(part: Any) -> Any:
        if isinstance(part, dict):
            # `"items": false` closes a tuple whose length is given anyway, and the document's model refuses it.
            whole = {key: placed(of) for key, of in part.items() if of is not False}
            return placed(components[part["$ref"]]) if "$ref" in part else whole
        return [placed(of) for of in part] if isinstance(part, list) else part

    return placed(schema)


def _json(kind: type[msgspec.Struct], description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _schema(kind)}}}


class LedgerList(RootModel[list[LedgerOut]]):
    """The loss ledger, a row a robot."""


@api.post(
    "/telemetry/batches",
    responses={200: _json(Receipt, "How much of the batch was new.")},
    openapi_extensions={"requestBody": {"required": True, **_json(Batch, "Any part may be sent again.")}},
)
@guarded("telemetry.submit")
def submit_batch() -> Response:
    """Store a batch of reports, refusals and accounts; whatever was stored before changes nothing."""
    batch = _read_batch(request.get_data(cache=False))
    with database().write() as session:
        receipt = store_batch(session, batch, now(), identity().exhibitor)
    return Response(_encode(receipt), mimetype="application/json")


def _read_batch(body: bytes) -> Batch:
    """The batch in a request. Raises `InvalidError` for one that can never be taken, so that nobody sends it again."""
    try:
        batch = decode_batch(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidError(detail=str(error)) from error
    fault = impossible_part(batch)
    if fault is not None:
        raise InvalidError(detail=fault)
    return batch


def _robots_entrance() -> str:
    """Look at the token before anything of the request is read; whose robot it is. Raises `RobotTokenError`."""
    with database().read() as session:
        g.robot = robot_behind(session, bearer_token(request) or "", now(), settings().secret_key)
    return str(g.robot.exhibitor)


@api.post(
    "/robots/reports",
    responses={200: _json(Answer, "What became of the reports."), 422: _json(Answer, "None of them was taken.")},
    openapi_extensions={
        "requestBody": {"required": True, **_json(Status, "One status of the fair profile, or a list of up to 500.")}
    },
)
@guarded("report.submit", entrance=_robots_entrance)
def submit_reports() -> Response:
    """Store reports that a robot sends with its own token; in the 2xx they are stored, and the mark says how far.

    Every report up to the mark may be forgotten by its sender. Whatever gets no answer is sent again, as it was.
    """
    who, moment = g.robot, now()
    if not services().throttle.allows(f"report:{who.robot}", REQUESTS_A_MINUTE):
        raise TooManyReportsError(requests=REQUESTS_A_MINUTE)
    body = request.get_data(cache=False)
    with database().write() as session:
        found = take_reports(session, who, body, moment, new_uid)
    return Response(_encode(found), found.status, mimetype="application/json")


@api.get("/bridge/enrolments", responses={200: _json(Enrolments, "Every robot that may speak.")})
@guarded("enrolment.list")
def list_enrolments() -> Response:
    """Which robots may speak, in which protocol and from where; with an ETag, so that asking often costs little."""
    with database().read() as session:
        body = _encode(enrolments(session, now(), identity().exhibitor))
    response = Response(body, mimetype="application/json")
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    response.make_conditional(request)
    return response


@api.get("/telemetry/ledger", responses={200: LedgerList})
@guarded("ledger.view")
def read_ledger() -> Response:
    """Sent, stored, lost and refused of every robot; an exhibitor sees its own."""
    with database().read() as session:
        rows = ledger_page(session, Audience.of(identity()))
    return answer(rows)


@api.get("/telemetry/ledger/<code>/<robot>", responses={200: RobotDayOut, 404: Problem})
@guarded("ledger.view")
def read_robot_ledger(path: RobotPath, query: DayQuery) -> Response:
    """A day (`day=2026-04-16`, fair time) of one robot by the hour, with the spans lost and awaited."""
    with database().read() as session:
        found = robot_day(session, Audience.of(identity()), (path.code, path.robot), asked_day(query.day, now()))
    shown = {name: getattr(found, name) for name in ("date", "hours", "lost", "awaited")}
    return answer(RobotDayOut.model_validate({"robot": found.robot.key, **shown}))


class AlarmList(RootModel[list[AlarmOut]]):
    """Alarms, the newest first."""


@api.get("/telemetry/alarms", responses={200: AlarmList})
@guarded("fault.view")
def read_alarms() -> Response:
    """The newest alarms about robots, open and over; an exhibitor sees those of its own."""
    with database().read() as session:
        rows = alarm_page(session, Audience.of(identity()), now())
    return answer(rows)


class FormList(RootModel[list[FormOut]]):
    """The kinds of messages that can be checked."""


class FindingList(RootModel[list[FindingOut]]):
    """What each frame of a message says, or why it is refused."""


@api.get("/check", responses={200: FormList})
@guarded("report.check")
def read_forms() -> Response:
    """Which kinds of messages can be checked."""
    return answer(FormOut.model_validate(form) for form in forms())


@api.post("/check", responses={200: FindingList, 404: Problem, 422: Problem})
@guarded("report.check")
def check_report(body: CheckIn) -> Response:
    """Read a message as the zone would, and say what it makes of it; nothing is stored."""
    form = next((form for form in forms() if form.key == body.form), None)
    if form is None:
        raise InvalidError(detail=f"form: {', '.join(form.key for form in forms())}")
    with database().read() as session:
        robots = enrolled_robots(session, Audience.of(identity()))
    robot = next((robot for robot in robots if robot.key == body.robot), None)
    if body.robot and robot is None:
        raise NotFoundError(what=body.robot)
    found = check(form, body.message, is_hex=body.encoding == "hex", robot=robot)
    return answer(FindingOut.model_validate(one) for one in found)
