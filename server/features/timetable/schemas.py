"""What comes in and goes out of the timetable, checked. All moments are aware; stored and given out in UTC."""

from datetime import date as calendar_date
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, model_validator

from server.kernel.provenance import Provenance

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Checked(BaseModel):
    """Frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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

    @model_validator(mode="after")
    def check_place_and_time(self) -> "DemoIn":
        """One place, and an end after the start."""
        if (self.booth is None) == (self.stage is None):
            raise ValueError("a demo runs either at a booth or on a stage")
        if self.ends_at <= self.starts_at:
            raise ValueError("a demo ends after it starts")
        return self


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
    provenance: Provenance
