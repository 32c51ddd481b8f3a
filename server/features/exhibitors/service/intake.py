"""Taking in the taxonomy, exhibitors, their products, people and robots, in bulk.

Every function repeats harmlessly: what is there already stays as it is, and the number of new rows is returned.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, SQLModel, col, select

from server.features.exhibitors.models import (
    Category,
    Exhibitor,
    ExhibitorCategory,
    Product,
    Robot,
    StaffHours,
    StaffMember,
)
from server.features.exhibitors.queries import exhibitor_ids, owned_ids
from server.features.exhibitors.rules import generations, robot_key
from server.features.exhibitors.schemas import CategoryIn, ExhibitorIn, ProductIn, RobotIn, StaffHoursIn, StaffMemberIn
from server.infra.rows import insert_new, key_of
from server.kernel.errors import NotFoundError

Owned = ProductIn | StaffMemberIn | RobotIn


def add_categories(session: Session, categories: Sequence[CategoryIn]) -> int:
    """Take in a taxonomy, parents before children. Raises `NotFoundError` for a parent that is nowhere."""
    by_code = {category.code: category for category in categories}
    levels = generations({category.code: category.parent for category in categories})
    if lost := set(by_code) - {code for level in levels for code in level}:
        raise NotFoundError(what=", ".join(sorted(lost)))
    return sum(
        insert_new(session, Category, (by_code[code].model_dump() for code in level), ("code",)) for level in levels
    )


def add_exhibitors(session: Session, exhibitors: Sequence[ExhibitorIn]) -> int:
    """Take in exhibitors with what they show."""
    added = insert_new(session, Exhibitor, (new.model_dump(exclude={"categories"}) for new in exhibitors), ("code",))
    keys = exhibitor_ids(session)
    shown = (
        {"exhibitor_id": keys[new.code], "category": code, "position": position, "provenance": new.provenance}
        for new in exhibitors
        for position, code in enumerate(new.categories)
    )
    insert_new(session, ExhibitorCategory, shown, ("exhibitor_id", "category"))
    return added


def add_products(session: Session, products: Iterable[ProductIn]) -> int:
    """Take in products. Raises `NotFoundError` for an unknown exhibitor."""
    return _add_owned(session, Product, products)


def add_staff(session: Session, people: Iterable[StaffMemberIn]) -> int:
    """Take in people at booths. Raises `NotFoundError` for an unknown exhibitor."""
    return _add_owned(session, StaffMember, people)


def add_staff_hours(session: Session, hours: Iterable[StaffHoursIn]) -> int:
    """Take in when people are at their booths. Raises `NotFoundError` for an unknown person."""
    known = owned_ids(session, StaffMember)
    rows = (
        {
            "staff_id": key_of(known, robot_key(new.exhibitor, new.staff)),
            "starts_at": new.starts_at,
            "ends_at": new.ends_at,
        }
        for new in hours
    )
    return insert_new(session, StaffHours, rows, ("staff_id", "starts_at"))


def enrol_robots(session: Session, robots: Iterable[RobotIn]) -> int:
    """Enrol robots, so that the bridge listens to them. Raises `NotFoundError` for an unknown exhibitor or product."""
    products = owned_ids(session, Product)
    keys = exhibitor_ids(session)
    rows = (
        {
            **new.model_dump(exclude={"exhibitor", "product"}),
            "exhibitor_id": key_of(keys, new.exhibitor),
            "product_id": key_of(products, robot_key(new.exhibitor, new.product)) if new.product else None,
            "active": True,
        }
        for new in robots
    )
    return insert_new(session, Robot, rows, ("exhibitor_id", "code"))


def move_staff_hours(session: Session, shift: timedelta) -> None:
    """Move everybody's hours, for a fair whose days were moved."""
    rows = session.exec(
        select(StaffHours.id, StaffHours.starts_at, StaffHours.ends_at).order_by(col(StaffHours.starts_at))
    ).all()
    # Against the direction of the move, so that no row ever meets the next one's start.
    ordered = reversed(rows) if shift > timedelta(0) else rows
    moved = [{"key": key, "starts": starts + shift, "ends": ends + shift} for key, starts, ends in ordered]
    statement = (
        update(StaffHours)
        .where(col(StaffHours.id) == bindparam("key"))
        .values(starts_at=bindparam("starts"), ends_at=bindparam("ends"))
    )
    if moved:
        session.connection().execute(statement, moved)


def _add_owned(session: Session, table: type[SQLModel], things: Iterable[Owned]) -> int:
    keys = exhibitor_ids(session)
    rows = ({**new.model_dump(exclude={"exhibitor"}), "exhibitor_id": key_of(keys, new.exhibitor)} for new in things)
    return insert_new(session, table, rows, ("exhibitor_id", "code"))
