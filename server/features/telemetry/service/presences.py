"""What the bridge hears beside the reports: who came and went, where robots are in between, what they say they are."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Table, and_, bindparam, or_, update
from sqlmodel import Session, col, select

from device_bridge.wire.batch import Batch, RobotFactsheet, RobotGlimpse, RobotPresence
from device_bridge.wire.report import Moment, Pose, RobotKey
from server.features.telemetry.models import RobotConnection, RobotSheet, RobotState
from server.features.telemetry.queries import plan_size
from server.features.telemetry.rules import Places
from server.features.telemetry.rules.places import on_plan
from server.features.telemetry.rules.presence import Said, at_glimpse, under_presence
from server.infra.changes import announce
from server.infra.db import upsert

TOPIC = "robot"
"""The topic of the change feed under which a robot's new state is announced, keyed by the robot."""


class _Heard(Protocol):
    @property
    def robot(self) -> RobotKey:
        """Who."""
        ...

    @property
    def received_at(self) -> Moment:
        """When, by the bridge's clock."""
        ...


Thing = TypeVar("Thing", bound=_Heard)


def keep_beside(session: Session, batch: Batch, places: Places) -> None:
    """Take what a batch says beside its reports. Call after the reports: a glimpse is newer than the one it follows."""
    _keep_presences(session, _newest(batch.presences, places), places)
    _follow_glimpses(session, _newest(batch.glimpses, places), places)
    _keep_sheets(session, _newest(batch.factsheets, places), places)


def said_of(session: Session, robot_ids: Collection[int]) -> dict[int, Said]:
    """What each of these robots last said of its connection."""
    query = select(RobotConnection.robot_id, RobotConnection.state, RobotConnection.received_at).where(
        col(RobotConnection.robot_id).in_(robot_ids)
    )
    return {robot: Said(state, heard_at) for robot, state, heard_at in session.execute(query)}


def _newest(things: Iterable[Thing], places: Places) -> dict[str, Thing]:
    """Of each robot that may speak, what came in last."""
    found: dict[str, Thing] = {}
    for thing in things:
        known = found.get(thing.robot)
        if thing.robot in places and (known is None or known.received_at <= thing.received_at):
            found[thing.robot] = thing
    return found


def place_of(
    pose: Pose | None, plan: tuple[float, float] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """A robot's position as a state has it: drawn on the plan, or only told."""
    place = {"x": pose.x, "y": pose.y, "theta": pose.theta} if pose else None
    return on_plan(place, pose.map if pose else "", plan)


def _keep_presences(session: Session, newest: Mapping[str, RobotPresence], places: Places) -> None:
    rows: list[dict[str, Any]] = [
        {
            "robot_id": places[robot].id,
            "state": presence.state.value,
            "said_at": presence.at,
            "received_at": presence.received_at,
        }
        for robot, presence in newest.items()
    ]
    # The broker repeats the retained word at every reconnect: the same word is heard once.
    if not upsert(session, RobotConnection, rows, ("robot_id",), newer=_is_news):
        return
    said = said_of(session, {row["robot_id"] for row in rows})
    bodies = _bodies(session, said)
    changed = {
        robot: under_presence(bodies[place.id], said[place.id], place.protocol)
        for robot, place in ((robot, places[robot]) for robot in newest)
        if place.id in bodies
    }
    _show(session, changed, places, bodies)


def _is_news(table: Table, incoming: Any) -> ColumnElement[bool]:
    differs = or_(incoming.state != table.c.state, incoming.said_at != table.c.said_at)
    return and_(incoming.received_at > table.c.received_at, differs)


def _follow_glimpses(session: Session, newest: Mapping[str, RobotGlimpse], places: Places) -> None:
    bodies = _bodies(session, {places[robot].id for robot in newest})
    plan = plan_size(session) if bodies else None
    moved = {
        robot: at_glimpse(
            bodies[places[robot].id],
            glimpse.received_at,
            place_of(glimpse.pose, plan),
            glimpse.speed,
        )
        for robot, glimpse in newest.items()
        if places[robot].id in bodies
    }
    _show(session, {robot: state for robot, state in moved.items() if state is not None}, places, bodies)


def _bodies(session: Session, robot_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    wanted = list(robot_ids)
    if not wanted:
        return {}
    query = select(RobotState.robot_id, RobotState.body).where(col(RobotState.robot_id).in_(wanted))
    return {robot: {**msgspec.json.decode(body), "number": robot} for robot, body in session.execute(query)}


def _show(
    session: Session, states: Mapping[str, dict[str, Any]], places: Places, before: Mapping[int, dict[str, Any]]
) -> None:
    """Put these states in the place of those before, and announce the ones that differ."""
    changed = {robot: state for robot, state in states.items() if before[places[robot].id] != state}
    if not changed:
        return
    bodies = {robot: msgspec.json.encode(state).decode() for robot, state in changed.items()}
    statement = update(RobotState).where(col(RobotState.robot_id) == bindparam("of_robot"))
    session.connection().execute(
        statement.values(body=bindparam("new_body")),
        [{"of_robot": places[robot].id, "new_body": body} for robot, body in bodies.items()],
    )
    for robot, body in bodies.items():
        announce(session, TOPIC, robot, body)


def _keep_sheets(session: Session, newest: Mapping[str, RobotFactsheet], places: Places) -> None:
    rows = [
        {
            "robot_id": places[robot].id,
            "received_at": sheet.received_at,
            "body": msgspec.json.encode(sheet.body).decode(),
        }
        for robot, sheet in newest.items()
    ]
    upsert(
        session,
        RobotSheet,
        rows,
        ("robot_id",),
        newer=lambda table, incoming: incoming.received_at > table.c.received_at,
    )
