"""The use cases of the live pages: the zone as it is now, and what a booth's screen starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from server.features.floorplan.schemas import BoothOut, HallOut
from server.features.screens.queries import read_booth, read_zone
from server.features.screens.rules import FloorArea, ZoneFilter, booth_of, booth_state, matches
from server.features.screens.service.shown import BoothTile, DemoTile, Figures, ScreenFacts, ZoneOverview, place_of
from server.features.telemetry.rules.robots import PresentRobot, SeenRobot
from server.features.timetable.rules import day_now
from server.features.timetable.schemas import DemoOut
from server.infra.identity import Audience
from server.kernel.errors import NotFoundError
from server.kernel.robot_states import HEARD, STATES

SOON = 8
"""So many demos stand under the plan."""
Seen = Mapping[str, SeenRobot]
"""Each robot by key, as the reader may see it."""


def zone_overview(session: Session, audience: Audience, now: datetime, wanted: ZoneFilter) -> ZoneOverview:
    """The zone at `now` as `audience` may see it, with the booths that are not `wanted` marked as not shown."""
    zone = read_zone(session, now)
    hall, features, booths = (zone.plan.hall, zone.plan.features, zone.plan.booths) if zone.plan else (None, [], [])
    seen = {robot.key: robot.seen(now, own=audience.sees(robot.exhibitor)) for robot in zone.robots}
    demos = [_shown_demo(demo, seen, now) for demo in zone.demos]
    where = _whereabouts(booths, zone.robots, seen, hall)
    tiles = [_filtered(tile, wanted) for tile in _tiles(booths, zone.robots, seen=seen, where=where, demos=demos)]
    return ZoneOverview(
        hall=hall,
        features=features,
        booths=tiles,
        demos=demos[:SOON],
        days=zone.days,
        day=day_now(zone.days, now),
        figures=_figures(tiles, seen, demos, zone.gaps),
        counts={state: sum(tile.state == state for tile in tiles if tile.card.occupant) for state in STATES},
        kinds=sorted({robot.kind for robot in zone.robots}),
        simulated=any(robot.source == "simulated" for robot in zone.robots),
    )


def booth_screen(session: Session, number: str, now: datetime) -> ScreenFacts:
    """What the screen of booth `number` starts from. Raises `NotFoundError` for a number that is not on the plan."""
    booth, robots, demos = read_booth(session, number, now)
    if booth is None:
        raise NotFoundError(what=number)
    return ScreenFacts(booth, robots, demos)


def _shown_demo(demo: DemoOut, seen: Seen, now: datetime) -> DemoTile:
    scheduled, robot = demo.starts_at <= now, seen.get(demo.robot or "")
    return DemoTile(demo, scheduled, scheduled and robot is not None and robot.state in HEARD)


def _whereabouts(
    booths: Sequence[BoothOut], robots: Sequence[PresentRobot], seen: Seen, hall: HallOut | None
) -> dict[str, str]:
    """The number of the booth in which each robot is, by the robot's key; empty where it is in none of its own."""
    own: dict[str, list[FloorArea]] = {}
    for booth in booths:
        if booth.occupant:
            own.setdefault(booth.occupant.code, []).append(place_of(booth))
    floor = place_of(hall) if hall else None
    told = {key: one.report if one.state in HEARD else None for key, one in seen.items()}
    return {robot.key: booth_of(told[robot.key], own.get(robot.exhibitor, ()), floor) for robot in robots}


def _tiles(
    booths: Sequence[BoothOut],
    robots: Sequence[PresentRobot],
    *,
    seen: Seen,
    where: Mapping[str, str],
    demos: Sequence[DemoTile],
) -> list[BoothTile]:
    by_exhibitor: dict[str, list[PresentRobot]] = {}
    for robot in robots:
        by_exhibitor.setdefault(robot.exhibitor, []).append(robot)
    showing = {shown.demo.exhibitor for shown in demos if shown.running}
    tiles = []
    for booth in booths:
        code = booth.occupant.code if booth.occupant else ""
        mine = tuple(by_exhibitor.get(code, ()))
        state = booth_state({seen[robot.key].state for robot in mine if where[robot.key] == booth.number})
        tiles.append(BoothTile(booth, mine, state, code in showing))
    return tiles


def _filtered(tile: BoothTile, wanted: ZoneFilter) -> BoothTile:
    shown = matches(wanted, tile.listed) if tile.card.occupant else not wanted.any
    return replace(tile, shown=shown)


def _figures(tiles: Sequence[BoothTile], seen: Seen, demos: Sequence[DemoTile], gaps: int) -> Figures:
    taken = [tile for tile in tiles if tile.card.occupant]
    guangdong = {tile.card.occupant.code: tile.card.occupant.guangdong for tile in taken if tile.card.occupant}
    return Figures(
        exhibitors=len(guangdong),
        guangdong=sum(guangdong.values()),
        robots=len(seen),
        live=sum(one.state in HEARD for one in seen.values()),
        booths=sum(bool(tile.robots) for tile in taken),
        booths_live=sum(tile.state in HEARD for tile in taken),
        demos_running=sum(shown.running for shown in demos),
        gaps=gaps,
    )
