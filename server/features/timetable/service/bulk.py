"""Take in days and demos in bulk, and move the whole fair in time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from server.features.reservations.rules import Claim, Resource, ResourceKind, Want
from server.features.reservations.service import settle
from server.features.timetable.models import Demo, FairDay
from server.features.timetable.queries import codes_of_demos, keys_of_parts
from server.features.timetable.rules import Day
from server.features.timetable.schemas import DayIn, DemoIn
from server.features.timetable.service.demo_resources import holder_of
from server.infra.rows import insert_new, key_of
from server.kernel.spans import Span


def add_days(session: Session, days: Iterable[DayIn]) -> int:
    """Take in days; a date that is there already stays as it is. Returns how many were new."""
    return insert_new(session, FairDay, (new.model_dump() for new in days), ("date",))


def add_demos(session: Session, demos: Iterable[DemoIn]) -> int:
    """Take in demos; returns how many were new.

    Raises `NotFoundError` for an unknown place, robot or person, `TakenError` when what one needs is somebody else's.
    """
    known = codes_of_demos(session)
    keys = keys_of_parts(session)
    rows = [
        {
            **new.model_dump(exclude=set(keys)),
            **{f"{kind}_id": key_of(keys[kind], name) if name else None for kind, name in new.parts.items()},
        }
        for new in demos
    ]
    added = insert_new(session, Demo, rows, ("code",))
    settle(session, [_claim_of(row) for row in rows if row["code"] not in known])
    return added


def move_days(session: Session, days: Sequence[Day], shift: timedelta) -> None:
    """Give the fair's days, in order, new dates, hours and notes, and move every demo by `shift`."""
    rows = session.exec(select(FairDay.id).order_by(col(FairDay.opens_at))).all()
    moved = [
        {
            "key": key,
            "on": day.date,
            "opens": day.opens_at,
            "closes": day.closes_at,
            "en": day.note_en,
            "zh": day.note_zh,
        }
        for key, day in zip(rows, days, strict=True)
    ]
    statement = (
        update(FairDay)
        .where(col(FairDay.id) == bindparam("key"))
        .values(
            date=bindparam("on"),
            opens_at=bindparam("opens"),
            closes_at=bindparam("closes"),
            note_en=bindparam("en"),
            note_zh=bindparam("zh"),
        )
    )
    # Against the direction of the move, so that no day ever meets the next one's date.
    session.connection().execute(statement, moved[::-1] if shift > timedelta(0) else moved)
    _move_demos(session, shift)


def _move_demos(session: Session, shift: timedelta) -> None:
    moved = [
        {"key": key, "starts": starts + shift, "ends": ends + shift}
        for key, starts, ends in session.exec(select(Demo.id, Demo.starts_at, Demo.ends_at))
    ]
    statement = (
        update(Demo)
        .where(col(Demo.id) == bindparam("key"))
        .values(starts_at=bindparam("starts"), ends_at=bindparam("ends"))
    )
    if moved:
        session.connection().execute(statement, moved)


def _claim_of(row: Mapping[str, Any]) -> Claim:
    """What a demo of this row owns."""
    span = Span(row["starts_at"], row["ends_at"])
    owned = (
        (ResourceKind.BOOTH, row["booth_id"]),
        (ResourceKind.STAGE, row["stage_id"]),
        (ResourceKind.ROBOT, row["robot_id"]),
        (ResourceKind.STAFF, row["staff_id"]),
    )
    return Claim(
        holder_of(row["code"]), tuple(Want(Resource(kind, key), span) for kind, key in owned if key is not None)
    )
