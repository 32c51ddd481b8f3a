"""The use cases of the live pages: the zone as it is now, and what a booth's screen starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from server.features.screens import queries
from server.features.screens.rules import (
    FloorArea,
    ZoneFilter,
    believed_state,
    booth_of,
    booth_state,
    day_phase,
    matches,
)
from server.features.screens.schemas import (
    BoothCard,
    BoothTile,
    DayCard,
    DemoCard,
    Figures,
    RobotCard,
    ScreenFacts,
    ZoneOverview,
)
from server.features.telemetry.rules import public_view
from server.features.telemetry.rules.hearing import REFUSED_FOR, Hearing, heard_state
from server.infra.identity import Audience
from server.kernel.errors import NotFoundError
from server.kernel.robot_states import HEARD, STATES

SOON = 8
"""So many demos stand under the plan."""


def zone_overview(session: Session, audience: Audience, now: datetime, wanted: ZoneFilter) -> ZoneOverview:
    """The zone at `now` as `audience` may see it, with the booths that are not `wanted` marked as not shown."""
    robots, hall = queries.robot_cards(session), queries.the_hall(session)
    heard = _refused(session, _heard(queries.present_reports(session), audience, now), audience, now)
    states = {key: state for key, (state, _) in heard.items()}
    demos = [_heard_demo(demo, states) for demo in queries.demo_cards(session, now)]
    cards, days = queries.booth_cards(session), queries.fair_days(session)
    where = _whereabouts(cards, robots, heard, hall.place if hall else None)
    tiles = [_filtered(tile, wanted) for tile in _tiles(cards, robots, states=states, where=where, demos=demos)]
    return ZoneOverview(
        hall=hall,
        features=queries.plan_features(session),
        booths=tiles,
        robots=robots,
        demos=demos[:SOON],
        days=days,
        day=_day(days, now),
        figures=_figures(tiles, states=states, robots=robots, demos=demos, gaps=queries.counted_gaps(session)),
        counts={state: sum(tile.state == state for tile in tiles if tile.card.exhibitor) for state in STATES},
        kinds=sorted({robot.kind for robot in robots}),
        simulated=any(robot.source == "simulated" for robot in robots),
    )


def booth_screen(session: Session, number: str, now: datetime) -> ScreenFacts:
    """What the screen of booth `number` starts from. Raises `NotFoundError` for a number that is not on the plan."""
    booth = next(iter(queries.booth_cards(session, number)), None)
    if booth is None:
        raise NotFoundError(what=number)
    if booth.exhibitor is None:
        return ScreenFacts(booth, (), ())
    code = booth.exhibitor.code
    return ScreenFacts(booth, queries.robot_cards(session, code), queries.demo_cards(session, now, exhibitor=code))


Heard = Mapping[str, tuple[str, Mapping[str, Any] | None]]
"""The believed state and the last report of each robot that has ever reported or is refused, by key."""


def _refused(session: Session, heard: Heard, audience: Audience, now: datetime) -> Heard:
    """For a robot's own people: one that is not shown but refused is no silent one. Nobody else is asked for it."""
    if not (audience.sees_all or audience.exhibitor):
        return heard
    nothing: tuple[str, None] = ("none", None)
    told = {
        key: (heard_state(heard.get(key, nothing)[0], Hearing(refused_at=at), now), heard.get(key, nothing)[1])
        for key, exhibitor, at in queries.refused_since(session, now - REFUSED_FOR)
        if audience.sees(exhibitor)
    }
    return {**heard, **told}


def _heard(reports: Sequence[Mapping[str, Any]], audience: Audience, now: datetime) -> Heard:
    """What `audience` may believe of the robots."""
    shown = [report if audience.sees(report["exhibitor"]) else public_view(report) for report in reports]
    return {report["robot"]: (believed_state(report, now), report) for report in shown}


def _heard_demo(demo: DemoCard, states: Mapping[str, str]) -> DemoCard:
    return replace(demo, running=demo.scheduled and states.get(demo.robot, "none") in HEARD)


def _whereabouts(
    booths: Sequence[BoothCard], robots: Sequence[RobotCard], heard: Heard, hall: FloorArea | None
) -> dict[str, str]:
    """The number of the booth in which each robot is, by the robot's key; empty where it is in none of its own."""
    own: dict[str, list[FloorArea]] = {}
    for booth in booths:
        if booth.exhibitor:
            own.setdefault(booth.exhibitor.code, []).append(booth.place)
    nothing: tuple[str, None] = ("none", None)
    return {
        robot.key: booth_of(report if state in HEARD else None, own.get(robot.exhibitor, ()), hall)
        for robot in robots
        for state, report in [heard.get(robot.key, nothing)]
    }


def _tiles(
    booths: Sequence[BoothCard],
    robots: Sequence[RobotCard],
    *,
    states: Mapping[str, str],
    where: Mapping[str, str],
    demos: Sequence[DemoCard],
) -> list[BoothTile]:
    by_exhibitor: dict[str, list[RobotCard]] = {}
    for robot in robots:
        by_exhibitor.setdefault(robot.exhibitor, []).append(robot)
    showing = {demo.exhibitor for demo in demos if demo.running}
    tiles = []
    for booth in booths:
        code = booth.exhibitor.code if booth.exhibitor else ""
        mine = tuple(by_exhibitor.get(code, ()))
        state = booth_state({states.get(robot.key, "none") for robot in mine if where[robot.key] == booth.number})
        tiles.append(BoothTile(booth, mine, state, code in showing))
    return tiles


def _filtered(tile: BoothTile, wanted: ZoneFilter) -> BoothTile:
    shown = matches(wanted, tile.listed) if tile.card.exhibitor else not wanted.any
    return replace(tile, shown=shown)


def _figures(
    tiles: Sequence[BoothTile],
    *,
    states: Mapping[str, str],
    robots: Sequence[RobotCard],
    demos: Sequence[DemoCard],
    gaps: int,
) -> Figures:
    taken = [tile for tile in tiles if tile.card.exhibitor]
    exhibitors = {tile.card.exhibitor.code: tile.card.exhibitor for tile in taken if tile.card.exhibitor}
    return Figures(
        exhibitors=len(exhibitors),
        guangdong=sum(who.guangdong for who in exhibitors.values()),
        robots=len(robots),
        live=sum(states.get(robot.key, "none") in HEARD for robot in robots),
        booths=sum(bool(tile.robots) for tile in taken),
        booths_live=sum(tile.state in HEARD for tile in taken),
        demos_running=sum(demo.running for demo in demos),
        gaps=gaps,
    )


def _day(days: Sequence[tuple[datetime, datetime]], now: datetime) -> DayCard | None:
    """The day of the fair that is not over yet, or its last one."""
    for number, (opens_at, closes_at) in enumerate(days, start=1):
        if now < closes_at or number == len(days):
            return DayCard(number, len(days), day_phase(now, opens_at, closes_at), opens_at, closes_at)
    return None
