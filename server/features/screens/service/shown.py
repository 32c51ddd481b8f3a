"""What the live pages are made of: plain, checked, free of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.features.floorplan.schemas import BoothOut, HallOut, PlanFeatureOut
from server.features.screens.rules import FilteredBooth, FloorArea, short_number
from server.features.telemetry.rules.robots import PresentRobot
from server.features.timetable.rules import CurrentDay
from server.features.timetable.schemas import DayOut, DemoOut
from server.kernel.folding import folded


def place_of(floor: BoothOut | HallOut) -> FloorArea:
    """The floor of a booth or of the whole hall."""
    if isinstance(floor, BoothOut):
        return FloorArea(floor.number, floor.x, floor.y, floor.width_m, floor.depth_m)
    return FloorArea("", 0, 0, floor.width_m, floor.depth_m)


@dataclass(frozen=True)
class DemoTile:
    """A demo with whether the timetable has it now, and whether it is heard, too: its robot speaks."""

    demo: DemoOut
    scheduled: bool
    running: bool


@dataclass(frozen=True)
class Figures:
    """The zone in true numbers."""

    exhibitors: int
    guangdong: int
    robots: int
    live: int
    booths: int
    booths_live: int
    demos_running: int
    gaps: int


@dataclass(frozen=True)
class BoothTile:
    """A booth as the overview shows it."""

    card: BoothOut
    robots: tuple[PresentRobot, ...]
    state: str
    demo_now: bool
    shown: bool = True

    @property
    def short(self) -> str:
        """The number without hall and floor."""
        return short_number(self.card.number)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its robots, each once."""
        return tuple(sorted({robot.kind for robot in self.robots}))

    @property
    def words(self) -> str:
        """What a search looks through, folded."""
        who = self.card.occupant
        names = [who.name_en, who.name_zh, who.city, who.city_zh] if who else []
        return folded(" ".join([self.card.number, *names, *(f"{r.name_en} {r.name_zh}" for r in self.robots)]))

    @property
    def listed(self) -> FilteredBooth:
        """What a filter looks at."""
        who = self.card.occupant
        return FilteredBooth(self.words, self.kinds, self.state, who is not None and who.guangdong, self.demo_now)


@dataclass(frozen=True)
class ZoneOverview:
    """Everything of the overview page."""

    hall: HallOut | None
    features: Sequence[PlanFeatureOut]
    booths: Sequence[BoothTile]
    demos: Sequence[DemoTile]
    """Those that stand under the plan: they run or come next."""
    days: Sequence[DayOut]
    day: CurrentDay | None
    figures: Figures
    counts: Mapping[str, int]
    kinds: Sequence[str]
    simulated: bool

    @property
    def shown(self) -> int:
        """How many booths with an exhibitor the filter left."""
        return sum(tile.shown for tile in self.booths if tile.card.occupant)

    @property
    def listed(self) -> int:
        """How many booths have an exhibitor."""
        return sum(tile.card.occupant is not None for tile in self.booths)


@dataclass(frozen=True)
class ScreenFacts:
    """What a booth's screen knows before the feed speaks."""

    booth: BoothOut
    robots: Sequence[PresentRobot]
    demos: Sequence[DemoOut]

    def for_script(self) -> dict[str, Any]:
        """The same as JSON, for the page's script."""
        who = self.booth.occupant
        return {
            "booth": {
                "number": self.booth.number,
                "x": self.booth.x,
                "y": self.booth.y,
                "width": self.booth.width_m,
                "depth": self.booth.depth_m,
            },
            "exhibitor": {"code": who.code, "zh": who.name_zh, "en": who.name_en} if who else None,
            "robots": [
                {"key": robot.key, "zh": robot.name_zh, "en": robot.name_en, "source": robot.source}
                for robot in self.robots
            ],
            "demos": [
                {
                    "demo": demo.code,
                    "robot": demo.robot,
                    "zh": demo.title_zh,
                    "en": demo.title_en,
                    "starts_at": demo.starts_at.isoformat(),
                    "ends_at": demo.ends_at.isoformat(),
                }
                for demo in self.demos
            ],
        }
