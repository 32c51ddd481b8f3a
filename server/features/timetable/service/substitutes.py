"""Who or what else could stand in for one part of a demo at the very time that was asked for."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlmodel import Session

from server.features.reservations.rules import Resource, ResourceKind
from server.features.reservations.service import busy
from server.features.timetable.rules import Moments, covered
from server.features.timetable.schemas import Choices, Substitute
from server.kernel.spans import Span

MOST = 5
"""So many are offered of one kind."""
PARTS: tuple[frozenset[ResourceKind], ...] = (
    frozenset({ResourceKind.STAFF}),
    frozenset({ResourceKind.ROBOT}),
    frozenset({ResourceKind.BOOTH, ResourceKind.STAGE}),
)
"""What may take the place of each other: a person of a person, a robot of a robot, a place of a place."""


def find_substitutes(
    session: Session, choices: Choices, cast: Collection[Resource], span: Span, *, holder: str, now: datetime
) -> list[Substitute]:
    """Those of the exhibitor's with whom or which a demo could be then, where one part alone is in the way."""
    offered = dict(_offered(choices, span))
    taken = busy(session, {*offered, *cast}, span, now=now, but=holder)
    blocked = {one for one in cast if taken[one] or _is_away(choices, one, span)}
    found: list[Substitute] = []
    for kinds in PARTS:
        part = {one for one in cast if one.kind in kinds}
        if blocked & part and not blocked - part:
            free = [told for one, told in offered.items() if one.kind in kinds and one not in cast and not taken[one]]
            found += free[:MOST]
    return found


def _offered(choices: Choices, span: Span) -> Iterator[tuple[Resource, Substitute]]:
    """Everybody and everything of the exhibitor's, people as far as they are at the booth then."""
    for person in choices.staff:
        if covered(person.hours, span.starts_at, span.ends_at):
            yield _told(ResourceKind.STAFF, person.id, person.code, person.name_en, person.name_zh)
    for robot in choices.robots:
        yield _told(ResourceKind.ROBOT, robot.id, robot.code, robot.name_en, robot.name_zh)
    for booth in choices.booths:
        yield _told(ResourceKind.BOOTH, booth.id, booth.number, booth.number, booth.number)
    for stage in choices.stages:
        yield _told(ResourceKind.STAGE, stage.id, stage.code, stage.name_en, stage.name_zh)


def _told(kind: ResourceKind, key: int, code: str, *names: str) -> tuple[Resource, Substitute]:
    return Resource(kind, key), Substitute(field=kind.value, code=code, name_en=names[0], name_zh=names[1])


def _is_away(choices: Choices, one: Resource, span: Span) -> bool:
    """Whether a person is not at the booth for the whole of it."""
    hours: Mapping[int, list[Moments]] = {person.id: list(person.hours) for person in choices.staff}
    return one.kind is ResourceKind.STAFF and not covered(hours.get(one.id, []), span.starts_at, span.ends_at)
