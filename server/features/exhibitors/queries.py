"""Reads of the exhibitors. Booths come later in the feature order: only their keys and numbers are known here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, column, func, or_, table
from sqlmodel import Session, col, select

from server.features.exhibitors.models import (
    Category,
    Exhibitor,
    ExhibitorCategory,
    Product,
    Robot,
    StaffHours,
    StaffMember,
)
from server.features.exhibitors.rules import HOME_PROVINCE, robot_key
from server.features.exhibitors.schemas import (
    CategoryOut,
    ExhibitorOut,
    ExhibitorPage,
    ProductOut,
    RobotOut,
    StaffOut,
)

_BOOTH = table("booth", column("id"), column("number"))
_ASSIGNMENT = table("booth_assignment", column("booth_id"), column("exhibitor_id"))


def exhibitor_ids(session: Session) -> dict[str, int]:
    """The key of every exhibitor by its code."""
    return {code: number or 0 for code, number in session.exec(select(Exhibitor.code, Exhibitor.id))}


def product_ids(session: Session) -> dict[tuple[str, str], int]:
    """The key of every product by the codes of exhibitor and product."""
    query = select(Exhibitor.code, Product.code, Product.id).join(Exhibitor, col(Exhibitor.id) == Product.exhibitor_id)
    return {(exhibitor, code): number or 0 for exhibitor, code, number in session.exec(query)}


def staff_ids(session: Session) -> dict[tuple[str, str], int]:
    """The key of every member of staff by the codes of exhibitor and person."""
    query = select(Exhibitor.code, StaffMember.code, StaffMember.id).join(
        Exhibitor, col(Exhibitor.id) == StaffMember.exhibitor_id
    )
    return {(exhibitor, code): number or 0 for exhibitor, code, number in session.exec(query)}


def count_exhibitors(session: Session, *, guangdong: bool | None = None, category: str = "", text: str = "") -> int:
    """How many exhibitors `list_exhibitors` would find without a limit."""
    chosen = _chosen(select(Exhibitor.id), guangdong=guangdong, category=category, text=text).subquery()
    return session.exec(select(func.count()).select_from(chosen)).one()


def list_exhibitors(
    session: Session,
    *,
    guangdong: bool | None = None,
    category: str = "",
    text: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> list[ExhibitorOut]:
    """Exhibitors by name with categories, booths and robots, in four queries however many there are.

    `category` is a code (those below it are not included); `text` is looked for in names, code and city.
    """
    query = _chosen(select(Exhibitor), guangdong=guangdong, category=category, text=text)
    query = query.order_by(Exhibitor.name_en)
    found = list(session.scalars(query.offset(offset).limit(limit)))
    return _described(session, found)


def find_exhibitor(session: Session, code: str) -> ExhibitorPage | None:
    """Everything about the exhibitor with that code, in seven queries; nothing when there is none."""
    found = session.exec(select(Exhibitor).where(Exhibitor.code == code)).all()
    if not found:
        return None
    number = found[0].id or 0
    return ExhibitorPage(
        exhibitor=_described(session, found)[0], products=_products(session, number), staff=_staff(session, number)
    )


def list_robots(session: Session, *, exhibitor: str = "", kind: str = "", key: str = "") -> list[RobotOut]:
    """The active robots by key with exhibitor, booths and product, in two queries however many there are."""
    query = _robots().where(col(Robot.active).is_(True))
    if exhibitor:
        query = query.where(col(Exhibitor.code) == exhibitor)
    if kind:
        query = query.where(col(Robot.kind) == kind)
    if key:
        first, _, last = key.partition("/")
        query = query.where(col(Exhibitor.code) == first, col(Robot.code) == last)
    rows = session.execute(query).all()
    booths = booth_numbers(session, {who.id or 0 for _, who, _ in rows})
    return [_robot(robot, who, product, booths) for robot, who, product in rows]


def list_categories(session: Session) -> list[CategoryOut]:
    """The whole taxonomy by code."""
    return [_category(row) for row in session.exec(select(Category).order_by(Category.code))]


def booth_numbers(session: Session, exhibitors: Iterable[int]) -> dict[int, list[str]]:
    """The numbers of the booths of these exhibitors, in order."""
    query: Any = (
        select(_ASSIGNMENT.c.exhibitor_id, _BOOTH.c.number)
        .join(_BOOTH, _BOOTH.c.id == _ASSIGNMENT.c.booth_id)
        .where(_ASSIGNMENT.c.exhibitor_id.in_(set(exhibitors)))
        .order_by(_BOOTH.c.number)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for exhibitor, number in session.execute(query):
        found[exhibitor].append(number)
    return found


def _chosen(query: Any, *, guangdong: bool | None, category: str, text: str) -> Any:
    if guangdong is not None:
        home = col(Exhibitor.province) == HOME_PROVINCE
        query = query.where(home if guangdong else ~home)
    if category:
        shows = select(ExhibitorCategory.exhibitor_id).where(ExhibitorCategory.category == category)
        query = query.where(col(Exhibitor.id).in_(shows))
    if text:
        fields = (Exhibitor.name_en, Exhibitor.name_zh, Exhibitor.code, Exhibitor.city, Exhibitor.city_zh)
        query = query.where(or_(*(col(field).icontains(text, autoescape=True) for field in fields)))
    return query


def _described(session: Session, exhibitors: Sequence[Exhibitor]) -> list[ExhibitorOut]:
    numbers = [row.id or 0 for row in exhibitors]
    categories = _categories(session, numbers)
    booths = booth_numbers(session, numbers)
    robots: dict[str, list[RobotOut]] = defaultdict(list)
    query = _robots().where(col(Robot.exhibitor_id).in_(numbers))
    for robot, who, product in session.execute(query):
        robots[who.code].append(_robot(robot, who, product, booths))
    return [
        ExhibitorOut(
            **row.model_dump(exclude={"id"}),
            guangdong=row.is_guangdong,
            categories=categories.get(row.id or 0, []),
            booths=booths.get(row.id or 0, []),
            robots=robots.get(row.code, []),
        )
        for row in exhibitors
    ]


def _categories(session: Session, exhibitors: Iterable[int]) -> dict[int, list[CategoryOut]]:
    query = (
        select(ExhibitorCategory.exhibitor_id, Category)
        .join(Category, col(Category.code) == ExhibitorCategory.category)
        .where(col(ExhibitorCategory.exhibitor_id).in_(exhibitors))
        .order_by(col(ExhibitorCategory.position))
    )
    found: dict[int, list[CategoryOut]] = defaultdict(list)
    for exhibitor, category in session.exec(query):
        found[exhibitor].append(_category(category))
    return found


def _category(row: Category) -> CategoryOut:
    return CategoryOut(code=row.code, parent=row.parent, name_en=row.name_en, name_zh=row.name_zh)


def _robots() -> Select[tuple[Robot, Exhibitor, Product | None]]:
    query: Any = (
        select(Robot, Exhibitor, Product)
        .join(Exhibitor, col(Exhibitor.id) == Robot.exhibitor_id)
        .outerjoin(Product, col(Product.id) == Robot.product_id)
        .order_by(Exhibitor.code, Robot.code)
    )
    chosen: Select[tuple[Robot, Exhibitor, Product | None]] = query
    return chosen


def _robot(robot: Robot, who: Exhibitor, product: Product | None, booths: dict[int, list[str]]) -> RobotOut:
    return RobotOut(
        **robot.model_dump(include={"name_en", "name_zh", "kind", "protocol", "source", "active", "provenance"}),
        key=robot_key(who.code, robot.code),
        exhibitor=who.code,
        exhibitor_en=who.name_en,
        exhibitor_zh=who.name_zh,
        product_en=product.name_en if product else None,
        product_zh=product.name_zh if product else None,
        booths=booths.get(robot.exhibitor_id, []),
    )


def _products(session: Session, exhibitor: int) -> list[ProductOut]:
    query = (
        select(Product, Category)
        .join(Category, col(Category.code) == Product.category)
        .where(Product.exhibitor_id == exhibitor)
        .order_by(Product.name_en)
    )
    return [
        ProductOut(
            **product.model_dump(exclude={"id", "exhibitor_id"}),
            category_en=category.name_en,
            category_zh=category.name_zh,
        )
        for product, category in session.exec(query)
    ]


def _staff(session: Session, exhibitor: int) -> list[StaffOut]:
    people = session.exec(
        select(StaffMember).where(StaffMember.exhibitor_id == exhibitor).order_by(StaffMember.code)
    ).all()
    query = select(StaffHours).where(col(StaffHours.staff_id).in_(row.id for row in people))
    hours = defaultdict(list)
    for row in session.exec(query.order_by(col(StaffHours.starts_at))):
        hours[row.staff_id].append((row.starts_at, row.ends_at))
    return [
        StaffOut(**row.model_dump(exclude={"id", "exhibitor_id", "provenance"}), hours=hours.get(row.id or 0, []))
        for row in people
    ]
