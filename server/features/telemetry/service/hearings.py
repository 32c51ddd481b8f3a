"""Keeping what robots send that no screen shows, so that none of them is invisible."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from device_bridge.wire.batch import Delivery, Rejection
from server.features.telemetry.models import RobotHearing
from server.features.telemetry.queries import present_cursors
from server.features.telemetry.rules import FIELD_NOT_TAKEN, Places
from server.features.telemetry.rules.hearing import why_aside
from server.features.telemetry.service.history import made_at, order_of
from server.infra.db import upsert


def keep_asides(session: Session, deliveries: Iterable[Delivery], places: Places) -> None:
    """Note the newest report of each robot that was stored as history and fills no gap."""
    newest: dict[int, Delivery] = {}
    for delivery in deliveries:
        robot = places[delivery.report.robot].id
        known = newest.get(robot)
        if delivery.backfill and (known is None or known.received_at <= delivery.received_at):
            newest[robot] = delivery
    if not newest:
        return
    present = present_cursors(session, newest)
    rows: list[dict[str, Any]] = []
    for robot, delivery in newest.items():
        made, start = made_at(delivery), order_of(delivery)[0]
        why = why_aside(made, delivery.received_at, start, present.get(robot, (start, 0))[0])
        if why is not None:
            row = {"robot_id": robot, "aside_at": delivery.received_at, "aside_made_at": made, "aside_why": str(why)}
            rows.append(row)
    upsert(session, RobotHearing, rows, ("robot_id",))


def keep_refused(session: Session, rejections: Iterable[Rejection], places: Places) -> None:
    """Note the newest message of each robot that was refused; what it rehearses is nobody's."""
    newest: dict[int, Rejection] = {}
    for rejection in rejections:
        place = places.get(rejection.robot or "")
        if place is None or rejection.rehearsal or rejection.code == FIELD_NOT_TAKEN:
            continue
        known = newest.get(place.id)
        if known is None or known.at <= rejection.at:
            newest[place.id] = rejection
    rows: list[dict[str, Any]] = [
        {
            "robot_id": robot,
            "refused_at": rejection.at,
            "refused_code": rejection.code.replace("\0", ""),
            "refused_detail": {lang: text.replace("\0", "") for lang, text in rejection.detail.items()},
        }
        for robot, rejection in newest.items()
    ]
    upsert(session, RobotHearing, rows, ("robot_id",))
