"""What the live pages are made of: plain, checked, free of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.features.screens.rules import FilteredBooth, FloorArea, short_number
from server.kernel.folding import folded


@dataclass(frozen=True)
class ExhibitorTile:
    """Who has a booth."""

    code: str
    name_en: str
    name_zh: str
    city: str
    city_zh: str
    guangdong: bool


@dataclass(frozen=True)
class BoothCard:
    """A booth on the plan, in metres, with who has it."""

    number: str
    x: float
    y: float
    width_m: float
    depth_m: float
    exhibitor: ExhibitorTile | None

    @property
    def place(self) -> FloorArea:
        """Its floor."""
        return FloorArea(self.number, self.x, self.y, self.width_m, self.depth_m)


@dataclass(frozen=True)
class FeatureCard:
    """What else stands on the floor."""

    kind: str
    name_en: str
    name_zh: str
    x: float
    y: float
    width_m: float
    depth_m: float


@dataclass(frozen=True)
class RobotCard:
    """An enrolled robot."""

    key: str
    exhibitor: str
    name_en: str
    name_zh: str
    kind: str
    source: str


@dataclass(frozen=True)
class DemoCard:
    """One demo, with where it is and whose."""

    code: str
    title_en: str
    title_zh: str
    starts_at: datetime
    ends_at: datetime
    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    place_en: str
    place_zh: str
    robot: str
    """The key of the robot that shows it; empty where none is named."""
    scheduled: bool
    """Whether the timetable has it now."""
    running: bool = False
    """Whether it is heard: it is scheduled now, and its robot speaks."""


@dataclass(frozen=True)
class HallCard:
    """The floor itself, in metres."""

    name_en: str
    name_zh: str
    width_m: float
    depth_m: float

    @property
    def place(self) -> FloorArea:
        """Its floor."""
        return FloorArea("", 0, 0, self.width_m, self.depth_m)


@dataclass(frozen=True)
class DayCard:
    """Which day of the fair it is, or the next one to come; `phase` is before, open or closed."""

    number: int
    count: int
    phase: str
    opens_at: datetime
    closes_at: datetime


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

    card: BoothCard
    robots: tuple[RobotCard, ...]
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
        who = self.card.exhibitor
        names = [who.name_en, who.name_zh, who.city, who.city_zh] if who else []
        return folded(" ".join([self.card.number, *names, *(f"{r.name_en} {r.name_zh}" for r in self.robots)]))

    @property
    def listed(self) -> FilteredBooth:
        """What a filter looks at."""
        who = self.card.exhibitor
        return FilteredBooth(self.words, self.kinds, self.state, who is not None and who.guangdong, self.demo_now)


@dataclass(frozen=True)
class ZoneOverview:
    """Everything of the overview page."""

    hall: HallCard | None
    features: Sequence[FeatureCard]
    booths: Sequence[BoothTile]
    robots: Sequence[RobotCard]
    demos: Sequence[DemoCard]
    """Those that stand under the plan: they run or come next."""
    days: Sequence[tuple[datetime, datetime]]
    """(opens at, closes at) of each day of the fair, in order."""
    day: DayCard | None
    figures: Figures
    counts: Mapping[str, int]
    kinds: Sequence[str]
    simulated: bool

    @property
    def shown(self) -> int:
        """How many booths with an exhibitor the filter left."""
        return sum(tile.shown for tile in self.booths if tile.card.exhibitor)

    @property
    def listed(self) -> int:
        """How many booths have an exhibitor."""
        return sum(tile.card.exhibitor is not None for tile in self.booths)


@dataclass(frozen=True)
class ScreenFacts:
    """What a booth's screen knows before the feed speaks."""

    booth: BoothCard
    robots: Sequence[RobotCard]
    demos: Sequence[DemoCard]

    def for_script(self) -> dict[str, Any]:
        """The same as JSON, for the page's script."""
        who = self.booth.exhibitor
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
                    "robot": demo.robot or None,
                    "zh": demo.title_zh,
                    "en": demo.title_en,
                    "starts_at": demo.starts_at.isoformat(),
                    "ends_at": demo.ends_at.isoformat(),
                }
                for demo in self.demos
            ],
        }
