"""What comes in and goes out of the timetable, checked. All moments are aware; stored and given out in UTC."""

from collections.abc import Sequence
from datetime import date as calendar_date
from datetime import datetime, time, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from server.features.timetable.rules import LONGEST_MIN, SHORTEST_MIN, Moments, clock_words, cut
from server.infra.schema import ApiModel, Checked, Moment, Words
from server.kernel.provenance import Provenance
from server.kernel.spans import CELL, on_grid


def _no_control(text: str) -> str:
    """A text that both databases take and every page prints."""
    if not text.isprintable():
        raise PydanticCustomError("form-invalid", "a text without control characters")
    return text


def _on_grid(moment: datetime) -> datetime:
    """A moment on the grid of the timetable."""
    if not on_grid(moment):
        raise PydanticCustomError("form-grid", "a time on the 5-minute grid")
    return moment


def _clock_on_grid(clock: time) -> time:
    if clock.second or clock.microsecond or clock.minute % _GRID_MIN:
        raise PydanticCustomError("form-grid", "a time on the 5-minute grid")
    return clock


def _whole_steps(minutes: int) -> int:
    if minutes % _GRID_MIN:
        raise PydanticCustomError("form-grid", "minutes in steps of 5")
    return minutes


_GRID_MIN = CELL // timedelta(minutes=1)

Title = Annotated[Words, AfterValidator(_no_control)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=97), AfterValidator(_no_control)
]
Start = Annotated[Moment, AfterValidator(_on_grid)]
Minutes = Annotated[int, Field(ge=SHORTEST_MIN, le=LONGEST_MIN), AfterValidator(_whole_steps)]


class DayIn(Checked):
    """A day of the fair."""

    date: calendar_date
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    note_en: str = ""
    note_zh: str = ""
    provenance: Provenance


class DemoIn(Checked):
    """A demo by the codes of who, what and where: a booth's number or a stage's code, exactly one of them."""

    code: Words
    exhibitor: str
    booth: str | None = None
    stage: str | None = None
    robot: str | None = None
    staff: str | None = None
    title_en: Words
    title_zh: Words
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    provenance: Provenance

    @property
    def parts(self) -> dict[str, str | None]:
        """What it is made of, by kind; a robot and a person as `<exhibitor>/<code>`."""
        owned = {"robot": self.robot, "staff": self.staff}
        own = {kind: f"{self.exhibitor}/{code}" if code else None for kind, code in owned.items()}
        return {"exhibitor": self.exhibitor, "booth": self.booth, "stage": self.stage, **own}

    @model_validator(mode="after")
    def check_place_and_time(self) -> "DemoIn":
        """One place, and an end after the start."""
        if (self.booth is None) == (self.stage is None):
            raise ValueError("a demo runs either at a booth or on a stage")
        if self.ends_at <= self.starts_at:
            raise ValueError("a demo ends after it starts")
        return self


class DemoPlan(ApiModel):
    """A demo as it is planned: one of the exhibitor's own booths or a stage, a robot and a person of the exhibitor.

    `robot` is its code, or its key `<exhibitor>/<code>`; `staff` is a code. The end is `minutes` after the start.
    """

    exhibitor: Name
    booth: Name | None = None
    stage: Name | None = None
    robot: Name
    staff: Name
    title_en: Title
    title_zh: Title
    starts_at: Start
    minutes: Minutes

    @model_validator(mode="after")
    def check_place(self) -> "DemoPlan":
        """Exactly one place."""
        if (self.booth is None) == (self.stage is None):
            raise PydanticCustomError("form-one-place", "either a booth or a stage")
        return self


class DemoChange(ApiModel):
    """What of a demo is to be otherwise; what is left out stays. A booth takes it off the stage, and the reverse."""

    booth: Name | None = None
    stage: Name | None = None
    robot: Name | None = None
    staff: Name | None = None
    title_en: Title | None = None
    title_zh: Title | None = None
    starts_at: Start | None = None
    minutes: Minutes | None = None

    @model_validator(mode="after")
    def check_place(self) -> "DemoChange":
        """One place at the most."""
        if self.booth is not None and self.stage is not None:
            raise PydanticCustomError("form-one-place", "either a booth or a stage")
        return self


Place = Annotated[str, StringConstraints(pattern=r"^(booth|stage):\S{1,48}$"), AfterValidator(_no_control)]


class DemoForm(ApiModel):
    """A demo as the page's form sends it: the place as `booth:<number>` or `stage:<code>`, the start as day and hour.

    What is chosen is checked against the exhibitor's own things by the service.
    """

    exhibitor: Name
    place: Place
    robot: Name
    staff: Name
    title_en: Title
    title_zh: Title
    day: Annotated[int, Field(ge=1, le=99)]
    start: Annotated[time, AfterValidator(_clock_on_grid)]
    minutes: Minutes

    def at_place(self) -> dict[str, str]:
        """The place as `DemoPlan` and `DemoChange` name it."""
        kind, _, name = self.place.partition(":")
        return {kind: name}

    def on(self, starts_at: datetime) -> dict[str, Any]:
        """Everything but the exhibitor, as `DemoChange` names it, with this start."""
        kept = self.model_dump(include={"robot", "staff", "title_en", "title_zh", "minutes"})
        return {**kept, **self.at_place(), "starts_at": starts_at}


class BoothChoice(Checked):
    """A booth in which an exhibitor may show a demo."""

    id: int
    number: str


class NamedChoice(Checked):
    """A stage, or a robot of an exhibitor, to choose for a demo."""

    id: int
    code: str
    name_en: str
    name_zh: str


class StaffChoice(NamedChoice):
    """A person of an exhibitor to choose for a demo, with the hours at the booth."""

    hours: list[Moments]

    def hours_on(self, day: "DayOut") -> list[Moments]:
        """The hours within a day's opening."""
        return cut(self.hours, day.opens_at, day.closes_at)


class Choices(Checked):
    """What an exhibitor may choose for a demo."""

    exhibitor_id: int
    exhibitor: str
    provenance: Provenance
    booths: list[BoothChoice]
    stages: list[NamedChoice]
    robots: list[NamedChoice]
    staff: list[StaffChoice]

    def booth(self, number: str) -> BoothChoice | None:
        """Its own booth with that number."""
        return next((one for one in self.booths if one.number == number), None)

    def stage(self, code: str) -> NamedChoice | None:
        """The stage with that code."""
        return next((one for one in self.stages if one.code == code), None)

    def robot(self, name: str) -> NamedChoice | None:
        """Its own robot of that code or key."""
        names = {name, name.removeprefix(f"{self.exhibitor}/")}
        return next((one for one in self.robots if one.code in names), None)

    def person(self, code: str) -> StaffChoice | None:
        """Its own person of that code."""
        return next((one for one in self.staff if one.code == code), None)


class FreeTime(Checked):
    """A time at which everything that a demo needs is free."""

    starts_at: datetime
    ends_at: datetime


class Substitute(Checked):
    """Somebody or something else with which a demo could be at the very time that was asked for.

    `field` says of what it takes the place: `staff`, `robot`, `booth` or `stage`; `code` is its code, or its number.
    """

    field: str
    code: str
    name_en: str
    name_zh: str


class Obstacle(Checked):
    """What stands in a demo's way: which of its things is taken, from when to when, and by which demo or by a meeting.

    Of a meeting nothing but its time is told: whose it is concerns its two sides alone.
    """

    kind: str
    """`booth`, `stage`, `robot` or `staff`."""
    name_en: str
    name_zh: str
    starts_at: datetime
    ends_at: datetime
    taken_by: str
    """`demo` or `meeting`."""
    demo: str | None = None
    title_en: str | None = None
    title_zh: str | None = None

    @property
    def label(self) -> str:
        """What it is, in a line that both languages print: the name in both scripts, the time, and the demo's code."""
        names = dict.fromkeys((self.name_en, self.name_zh))
        return " ".join([*names, clock_words(self.starts_at, self.ends_at), *([f"({self.demo})"] if self.demo else [])])


class DayOut(Checked):
    """A day of the fair, `number` counted from 1."""

    number: int
    date: calendar_date
    opens_at: datetime
    closes_at: datetime
    note_en: str
    note_zh: str
    provenance: Provenance


class DemoOut(Checked):
    """A demo as a page shows it; `place_*` is the booth's number or the stage's name."""

    code: str
    title_en: str
    title_zh: str
    starts_at: datetime
    ends_at: datetime
    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    booth: str | None
    stage: str | None
    place_en: str
    place_zh: str
    robot: str | None
    robot_en: str | None
    robot_zh: str | None
    staff: str | None
    staff_zh: str | None
    staff_code: str | None
    version: int
    provenance: Provenance


def live_state(demo: DemoOut, booths: Sequence[str], act: str = "planned") -> dict[str, Any]:
    """A demo as the live feed tells it: what a screen prints, whose booths it concerns, and what became of it.

    `act` is `planned`, `changed` or `cancelled`.
    """
    return {
        "demo": demo.code,
        "act": act,
        "version": demo.version,
        "exhibitor": demo.exhibitor,
        "booths": list(booths),
        "robot": demo.robot,
        "en": demo.title_en,
        "zh": demo.title_zh,
        "place_en": demo.place_en,
        "place_zh": demo.place_zh,
        "starts_at": demo.starts_at.isoformat(),
        "ends_at": demo.ends_at.isoformat(),
    }
