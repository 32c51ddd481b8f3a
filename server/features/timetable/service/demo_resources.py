"""Where, with what and by whom a demo is shown: checked to be the exhibitor's own, there at the time, and free.

Every refusal names what is in the way and the nearest times at which exactly this combination is free.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session

from server.features.reservations.rules import Choice, Resource, ResourceKind, Want, nearest_free
from server.features.reservations.service import Holding, TakenError, busy, holdings, move
from server.features.timetable.queries import demos_by_code, find_choices, list_days, lock_booth, lock_staff
from server.features.timetable.rules import Moments, clock_words, covered, cut, day_of, nearest_day
from server.features.timetable.schemas import (
    Choices,
    DayOut,
    DemoOut,
    FreeTime,
    NamedChoice,
    Obstacle,
    StaffChoice,
    Substitute,
)
from server.features.timetable.service.substitutes import find_substitutes
from server.kernel.errors import FairZoneError, NotFoundError
from server.kernel.spans import Span, joined, next_on_grid

ALTERNATIVES = 5
APART = timedelta(minutes=15)
"""So far the offered times begin apart, so that they are a choice."""
NEIGHBOURHOOD = timedelta(hours=4)
"""So far around a demo one looks for how long what is in its way really lasts."""
Part = TypeVar("Part")


class DemoRefusedError(FairZoneError):
    """A demo cannot be at that time; `alternatives` are the nearest at which all that it needs is free."""

    status = 409

    def __init__(
        self,
        alternatives: Sequence[FreeTime] = (),
        obstacles: Sequence[Obstacle] = (),
        substitutes: Sequence[Substitute] = (),
        **params: str | int,
    ) -> None:
        self.alternatives = list(alternatives)
        self.obstacles = list(obstacles)
        self.substitutes = list(substitutes)
        super().__init__(**params)

    def members(self) -> Mapping[str, Any]:
        """The nearest free times, what is in the way, and with whom or what else it could be then."""
        return {
            "alternatives": [one.model_dump(mode="json") for one in self.alternatives],
            "obstacles": [one.model_dump(mode="json") for one in self.obstacles],
            "substitutes": [one.model_dump(mode="json") for one in self.substitutes],
        }


class DemoOutsideHoursError(DemoRefusedError):
    """The fair is closed during a part of it; `opens` and `closes` are the hours of the nearest day."""

    code = "demo-outside-hours"


class DemoPastError(DemoRefusedError):
    """It would have begun already."""

    code = "demo-past"


class DemoStaffAwayError(DemoRefusedError):
    """The person is not at the booth; `hours` are those of that day."""

    code = "demo-staff-away"


class DemoTakenError(DemoRefusedError):
    """Something that it needs is taken; `what` names it, `obstacles` tell from when to when and by what."""

    code = "demo-taken"


class ForeignPartError(FairZoneError):
    """A booth, stage, robot or person that the exhibitor does not have; `field` says which of them."""

    code = "demo-foreign-part"
    status = 422


class DemoGoneError(FairZoneError):
    """Somebody has cancelled the demo while it was being changed."""

    code = "demo-gone"
    status = 404


@dataclass(frozen=True)
class DemoResources:
    """Where, with what and by whom a demo is shown; the hours are those of the person."""

    choices: Choices
    booth: int | None
    stage: int | None
    robot: NamedChoice
    person: StaffChoice
    hours: list[Moments]
    names: Mapping[Resource, tuple[str, str]]
    """What people call each of the resources, in English and Chinese."""

    def wants(self, span: Span) -> list[Want]:
        """What has to be reserved."""
        return [Want(resource, span) for resource in self.names]


def holder_of(code: str) -> str:
    """Under which name a demo owns what it needs."""
    return f"demo:{code}"


def find_demo_resources(session: Session, exhibitor: str, wanted: Mapping[str, Any]) -> DemoResources:
    """What was chosen, checked to be the exhibitor's, and kept so until this unit of work ends.

    Raises `NotFoundError` for an unknown exhibitor and `ForeignPartError` for what is not its own.
    """
    choices = find_choices(session, exhibitor)
    if choices is None:
        raise NotFoundError(what=exhibitor)
    booth = _own(choices.booth(wanted["booth"]), "booth", wanted) if wanted["booth"] else None
    stage = _own(choices.stage(wanted["stage"]), "stage", wanted) if wanted["stage"] else None
    robot = _own(choices.robot(wanted["robot"]), "robot", wanted)
    person = _own(choices.person(wanted["staff"]), "staff", wanted)
    if booth and not lock_booth(session, choices.exhibitor_id, booth.id):
        _own(None, "booth", wanted)
    hours = _own(lock_staff(session, person.id), "staff", wanted)
    names = {
        **({Resource(ResourceKind.BOOTH, booth.id): (booth.number, booth.number)} if booth else {}),
        **({Resource(ResourceKind.STAGE, stage.id): (stage.name_en, stage.name_zh)} if stage else {}),
        Resource(ResourceKind.ROBOT, robot.id): (robot.name_en, robot.name_zh),
        Resource(ResourceKind.STAFF, person.id): (person.name_en, person.name_zh),
    }
    return DemoResources(
        choices, booth.id if booth else None, stage.id if stage else None, robot, person, joined(hours), names
    )


def _own(found: Part | None, field: str, wanted: Mapping[str, Any]) -> Part:
    """What was found. Raises `ForeignPartError` when nothing was."""
    if found is None:
        raise ForeignPartError(field=field, what=wanted[field] or field)
    return found


def require_time(
    session: Session, resources: DemoResources, span: Span, *, code: str, now: datetime, not_before: datetime
) -> None:
    """Refuse a time at which the fair or the person is not there. Raises a `DemoRefusedError` with the nearest free."""
    days = list_days(session)
    day = day_of(days, span.starts_at, span.ends_at)
    nearest = day or nearest_day(days, span.starts_at)
    if nearest is None or day is None:
        opens, closes = _hours_of(nearest)
        raise DemoOutsideHoursError(_alternatives(session, resources, span, code, now), opens=opens, closes=closes)
    if span.starts_at < not_before:
        raise DemoPastError(_alternatives(session, resources, span, code, now))
    if not covered(resources.hours, span.starts_at, span.ends_at):
        hours = ", ".join(clock_words(*part) for part in cut(resources.hours, day.opens_at, day.closes_at))
        name = f"{resources.person.name_en} {resources.person.name_zh}"
        others = _substitutes(session, resources, span, code, now)
        times = _alternatives(session, resources, span, code, now)
        raise DemoStaffAwayError(times, substitutes=others, name=name, hours=hours or "–")


def _hours_of(day: DayOut | None) -> tuple[str, str]:
    if day is None:
        return "–", "–"
    opens, _, closes = clock_words(day.opens_at, day.closes_at).partition("–")
    return opens, closes


def take(session: Session, code: str, resources: DemoResources, span: Span, now: datetime) -> None:
    """Let the demo own exactly what it needs. Raises `DemoTakenError`, which names what is in the way."""
    try:
        with session.begin_nested():
            move(session, holder_of(code), resources.wants(span), now)
    except TakenError as refusal:
        obstacles = _obstacles(session, code, resources, span, now)
        names = [one.label for one in obstacles] or [" ".join(resources.names[taken]) for taken in refusal.taken]
        alternatives = _alternatives(session, resources, span, code, now)
        others = _substitutes(session, resources, span, code, now)
        raise DemoTakenError(alternatives, obstacles, others, what=", ".join(names)) from refusal


def _substitutes(session: Session, resources: DemoResources, span: Span, code: str, now: datetime) -> list[Substitute]:
    return find_substitutes(session, resources.choices, resources.names, span, holder=holder_of(code), now=now)


def _obstacles(session: Session, code: str, resources: DemoResources, span: Span, now: datetime) -> list[Obstacle]:
    """What is in the way of a demo, by time; of a meeting only that there is one."""
    around = span.longer(before=NEIGHBOURHOOD, after=NEIGHBOURHOOD)
    found = [
        holding
        for holding in holdings(session, resources.names, around, now=now)
        if holding.span.overlaps(span) and holding.holder != holder_of(code)
    ]
    demos = demos_by_code(session, (_demo_of(holding) for holding in found))
    listed = [_obstacle(resources, holding, demos.get(_demo_of(holding))) for holding in found]
    return sorted(listed, key=lambda one: (one.starts_at, one.kind, one.name_en))


def _demo_of(holding: Holding) -> str:
    """The code of the demo that holds it; empty when it is none."""
    kind, _, key = holding.holder.partition(":")
    return key if kind == "demo" else ""


def _obstacle(resources: DemoResources, holding: Holding, demo: DemoOut | None) -> Obstacle:
    name_en, name_zh = resources.names[holding.resource]
    return Obstacle(
        kind=holding.resource.kind.value,
        name_en=name_en,
        name_zh=name_zh,
        starts_at=holding.span.starts_at,
        ends_at=holding.span.ends_at,
        taken_by=holding.holder.partition(":")[0],
        demo=demo.code if demo else None,
        title_en=demo.title_en if demo else None,
        title_zh=demo.title_zh if demo else None,
    )


def _alternatives(session: Session, resources: DemoResources, span: Span, code: str, now: datetime) -> list[FreeTime]:
    """The nearest times to come at which the place, the robot and the person are free for as long."""
    opening = tuple(Span(day.opens_at, day.closes_at) for day in list_days(session))
    start = next_on_grid(now)
    if not opening or opening[-1].ends_at <= start:
        return []
    within = Span(start, opening[-1].ends_at)
    taken = busy(session, resources.names, within, now=now, but=holder_of(code))
    at_booth = tuple(Span(*part) for day in opening for part in cut(resources.hours, day.starts_at, day.ends_at))
    groups = [
        [Choice(resource, at_booth if resource.kind is ResourceKind.STAFF else opening, frozenset(taken[resource]))]
        for resource in resources.names
    ]
    return _spread(nearest_free(groups, span, within, ALTERNATIVES * 12))


def _spread(found: Sequence[Span]) -> list[FreeTime]:
    """The first few of these times, leaving out what begins too near to one before."""
    chosen: list[Span] = []
    for one in found:
        if all(abs(one.starts_at - other.starts_at) >= APART for other in chosen):
            chosen.append(one)
    return [FreeTime(starts_at=one.starts_at, ends_at=one.ends_at) for one in chosen[:ALTERNATIVES]]
