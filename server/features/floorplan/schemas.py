"""What comes in and goes out of the floor plan, checked. All measures are metres on the zone's plan."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator, model_validator

from server.features.floorplan.rules import (
    BoothKind,
    FeatureKind,
    Rectangle,
    inside,
    is_let_as,
    overlapping,
    parse_booth_number,
)
from server.infra.schema import Checked, Words
from server.kernel.provenance import Provenance

Place = Annotated[float, Field(ge=0, le=10_000)]
Length = Annotated[float, Field(gt=0, le=10_000)]


class OnPlan(Checked):
    """Anything with a place on the floor: the south-west corner and the extent."""

    x: Place
    y: Place
    width_m: Length
    depth_m: Length

    @property
    def rectangle(self) -> Rectangle:
        """The floor that it takes."""
        return Rectangle(self.x, self.y, self.width_m, self.depth_m)


class HallIn(Checked):
    """The zone's part of a hall."""

    code: Words
    name_en: Words
    name_zh: Words
    width_m: Length
    depth_m: Length
    settings: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies it
    provenance: Provenance


class BoothIn(OnPlan):
    """A booth with a valid number and a size in which its kind is let."""

    number: str
    kind: BoothKind
    power_kw: Annotated[float, Field(ge=0)]
    provenance: Provenance

    @field_validator("number")
    @classmethod
    def check_number(cls, number: str) -> str:
        """Like `D19.2C05`, `9.2B29` or `10.3E15-16`."""
        if parse_booth_number(number) is None:
            raise ValueError(f"{number!r} is no booth number")
        return number

    @model_validator(mode="after")
    def check_size(self) -> "BoothIn":
        """Standard booths lie on the 3 x 3 m grid, raw space begins at 36 m2."""
        if not is_let_as(self.kind, self.rectangle):
            raise ValueError(f"{self.width_m} x {self.depth_m} m is not let as {self.kind}")
        return self


class PlanFeatureIn(OnPlan):
    """An aisle, a stage, a service or an entrance."""

    kind: FeatureKind
    code: Words
    name_en: Words
    name_zh: Words
    provenance: Provenance


class PlanIn(Checked):
    """A whole plan: nothing leaves the hall; no booth, stage or service takes another's floor or an aisle's."""

    source: str
    unit: str
    hall: HallIn
    booths: list[BoothIn]
    features: list[PlanFeatureIn]

    @model_validator(mode="after")
    def check_floor(self) -> "PlanIn":
        """Name what stands outside and what stands on what."""
        hall = Rectangle(0, 0, self.hall.width_m, self.hall.depth_m)
        solid = [(booth.number, booth.rectangle) for booth in self.booths]
        solid += [(new.code, new.rectangle) for new in self.features if new.kind in _SOLID]
        aisles = [(new.code, new.rectangle) for new in self.features if new.kind is FeatureKind.AISLE]
        outside = [name for name, rectangle in solid + aisles if not inside(rectangle, hall)]
        if outside:
            raise ValueError(f"outside the hall: {', '.join(outside)}")
        clashes = overlapping(solid) + [pair for one in solid for aisle in aisles for pair in overlapping([one, aisle])]
        if clashes:
            raise ValueError(f"on the same floor: {', '.join(f'{one} and {other}' for one, other in clashes)}")
        return self


_SOLID = frozenset({FeatureKind.STAGE, FeatureKind.SERVICE})


class AssignmentIn(Checked):
    """Who gets a booth, by number and code."""

    booth: str
    exhibitor: str
    provenance: Provenance


class AssignIn(Checked):
    """Who is to get a booth, by code."""

    # Without NUL, which PostgreSQL takes in no text.
    exhibitor: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=48, pattern=r"^[^\x00]*$")
    ]


class OccupantOut(Checked):
    """Who has a booth."""

    code: str
    name_en: str
    name_zh: str
    province: str
    city: str
    city_zh: str
    guangdong: bool


class BoothOut(Checked):
    """A booth as a plan or a list shows it."""

    number: str
    kind: BoothKind
    x: float
    y: float
    width_m: float
    depth_m: float
    area_m2: float
    power_kw: float
    version: int
    """Rises by one with every change of the booth or of who has it."""
    occupant: OccupantOut | None
    provenance: Provenance


class PlanFeatureOut(Checked):
    """An aisle, a stage, a service or an entrance as a plan shows it."""

    kind: FeatureKind
    code: str
    name_en: str
    name_zh: str
    x: float
    y: float
    width_m: float
    depth_m: float


class HallOut(Checked):
    """The hall as a plan shows it."""

    code: str
    name_en: str
    name_zh: str
    width_m: float
    depth_m: float
    settings: dict[str, Any]
    provenance: Provenance


class PlanOut(Checked):
    """The whole plan."""

    hall: HallOut
    booths: list[BoothOut]
    features: list[PlanFeatureOut]


class BoothUse(Checked):
    """What a booth or one of its tables is reserved for: a demo or a meeting, by its code or uid and its name."""

    kind: str
    key: str
    name_en: str
    name_zh: str
    starts_at: datetime
    ends_at: datetime


class Candidate(Checked):
    """An exhibitor that may get a booth, with the numbers of those that it has."""

    code: str
    name_en: str
    name_zh: str
    city: str
    city_zh: str
    booths: list[str]


class RobotFloor(Checked):
    """A robot and its part of its exhibitor's booth: what a simulator needs to play it."""

    robot: str
    protocol: str
    address: str
    source: str
    kind: str
    name_en: str
    name_zh: str
    booth: str
    x: float
    y: float
    width_m: float
    depth_m: float
