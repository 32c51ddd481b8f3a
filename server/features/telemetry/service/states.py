"""Each robot's present state: brought forward by newer reports, never back, and announced to the screens."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, and_, or_
from sqlmodel import Session

from device_bridge.wire.batch import Delivery
from device_bridge.wire.report import Source
from server.features.telemetry.models import RobotState
from server.features.telemetry.queries import plan_size, present_cursors
from server.features.telemetry.rules import Places, RobotPlace, display_state, silent_after
from server.features.telemetry.rules.presence import Said, under_presence
from server.features.telemetry.service.history import order_of, shown_at
from server.features.telemetry.service.presences import TOPIC, place_of, said_of
from server.infra.changes import announce
from server.infra.db import upsert
from server.kernel.text import typed


def advance_states(session: Session, deliveries: Iterable[Delivery], places: Places) -> None:
    """Bring each robot's present state forward, never back, and announce those that moved."""
    newest: dict[str, Delivery] = {}
    for delivery in deliveries:
        known = newest.get(delivery.report.robot)
        if not delivery.backfill and (known is None or order_of(known) < order_of(delivery)):
            newest[delivery.report.robot] = delivery
    present = present_cursors(session, (places[robot].id for robot in newest))
    said = said_of(session, {places[robot].id for robot in newest})
    plan = plan_size(session) if newest else None
    ahead = {
        robot: _state(delivery, places[robot], said.get(places[robot].id), plan)
        for robot, delivery in newest.items()
        if order_of(delivery) > present.get(places[robot].id, (-1, -1))
    }
    rows = [
        {
            "robot_id": places[robot].id,
            "boot": order_of(newest[robot])[0],
            "seq": newest[robot].report.seq,
            "received_at": shown_at(newest[robot]),
            "body": body,
        }
        for robot, body in ahead.items()
    ]
    upsert(session, RobotState, rows, ("robot_id",), newer=_is_newer)
    for robot, body in ahead.items():
        announce(session, TOPIC, robot, body)


def _is_newer(table: Table, incoming: Any) -> ColumnElement[bool]:
    """For two bridges that carry the same robot: whoever is behind changes nothing."""
    return or_(incoming.boot > table.c.boot, and_(incoming.boot == table.c.boot, incoming.seq > table.c.seq))


def _in_languages(task: str | dict[str, str] | None) -> dict[str, str] | None:
    """What a robot says that it does, by language; one text stands for both."""
    words = {"en": task, "zh": task} if isinstance(task, str) else task
    return _typed(words) if words is not None else None


def _typed(words: dict[str, str]) -> dict[str, str]:
    """A robot's words, without characters that nobody sees or that turn the words around them."""
    return {language: typed(text) for language, text in words.items()}


def _state(delivery: Delivery, place: RobotPlace, said: Said | None, plan: tuple[float, float] | None) -> str:
    """A robot's state as the live feed sends it, unredacted, as JSON."""
    report = delivery.report
    drawn, off = place_of(report.pose, plan)
    state = {
        "robot": report.robot,
        "number": place.id,
        "exhibitor": place.exhibitor,
        "booth": place.booth,
        "booths": place.booths,
        "state": display_state(report.activity, report.estop, frozenset(fault.level for fault in report.errors)),
        "mode": report.mode,
        "activity": report.activity,
        "task": _in_languages(report.task),
        "battery": report.battery,
        "speed": report.speed,
        "pose": drawn,
        **({"pose_off": off} if off else {}),
        "at": shown_at(delivery).isoformat(),
        "source": delivery.source,
        "silent_after": silent_after(delivery.protocol),
        "estop": report.estop,
        "errors": [{"level": fault.level, "code": fault.code, "text": _typed(fault.text)} for fault in report.errors],
        "metrics": report.metrics,
    }
    if delivery.clock_off_s and delivery.source is not Source.REPLAY:
        state["clock_off"] = delivery.clock_off_s
    return msgspec.json.encode(under_presence(state, said, delivery.protocol)).decode()
