"""Reads of the exhibitors.

Booths, fair days, demos and meetings come later in the feature order: only the few columns that are named here are
known of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Select, column, func, or_, table
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
from server.features.exhibitors.rules import (
    HOME_PROVINCE,
    Booking,
    BookingKind,
    HoursSpan,
    Opening,
    parts_of,
    robot_key,
)
from server.features.exhibitors.schemas import (
    CategoryOut,
    ExhibitorOut,
    ExhibitorPage,
    ProductOut,
    RobotDesk,
    RobotOut,
    StaffDesk,
    StaffOut,
)
from server.features.reservations.models import Reservation, in_force
from server.features.reservations.rules import Resource, ResourceKind
from server.infra.columns import UTCDateTime, holds
from server.kernel.pinyin import pinyin_key
from server.kernel.spans import cell_at, span_of

_BOOTH = table("booth", column("id"), column("number"))
_ASSIGNMENT = table("booth_assignment", column("booth_id"), column("exhibitor_id"))
_TIMES = ("starts_at", "ends_at")
_DAY = table("fair_day", column("date", Date), column("opens_at", UTCDateTime), column("closes_at", UTCDateTime))
_BUYER = table("buyer", column("id"), column("name"), column("company"))
_MEETING = table(
    "meeting",
    *(column(name) for name in ("uid", "buyer_id", "state", "asked_staff_id", "robot_id")),
    *(column(name, UTCDateTime) for name in (*_TIMES, "expires_at")),
)
_ASKED_FOR = {ResourceKind.STAFF: _MEETING.c.asked_staff_id, ResourceKind.ROBOT: _MEETING.c.robot_id}
_DEMO = table(
    "demo", column("code"), column("title_en"), column("title_zh"), *(column(name, UTCDateTime) for name in _TIMES)
)
_PUBLIC_STAFF = {"code", "name", "name_zh", "call_me", "languages"}


def exhibitor_ids(session: Session) -> dict[str, int]:
    """The key of every exhibitor by its code."""
    return {code: number or 0 for code, number in session.exec(select(Exhibitor.code, Exhibitor.id))}


def owned_ids(session: Session, table: type[Product | Robot | StaffMember]) -> dict[str, int]:
    """The key of every product, robot or member of staff by `<exhibitor>/<code>`."""
    query: Any = select(Exhibitor.code, table.code, table.id).join(Exhibitor, col(Exhibitor.id) == table.exhibitor_id)
    return {robot_key(exhibitor, code): number for exhibitor, code, number in session.execute(query)}


def find_owner(session: Session, code: str) -> Exhibitor | None:
    """The row of the exhibitor with that code, by which others are found that belong to it."""
    return session.exec(select(Exhibitor).where(Exhibitor.code == code)).first()


def list_owners(session: Session) -> list[Exhibitor]:
    """The rows of all exhibitors, by code."""
    return list(session.exec(select(Exhibitor).order_by(Exhibitor.code)))


def categories_by_code(session: Session) -> dict[str, Category]:
    """The whole taxonomy by code."""
    return {row.code: row for row in session.exec(select(Category).order_by(Category.code))}


def list_categories(session: Session) -> list[CategoryOut]:
    """The whole taxonomy by code, as it is shown."""
    return [_category(row) for row in categories_by_code(session).values()]


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
    chinese: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> list[ExhibitorOut]:
    """Exhibitors by name with categories, booths and robots, in four queries however many there are.

    `category` is a code (those below it are not included); `text` is looked for in names, code and city; with
    `chinese` they stand in the order in which their Chinese names sound, for one query more.
    """
    query = _chosen(select(Exhibitor), guangdong=guangdong, category=category, text=text)
    if chinese:
        named = _chosen(select(Exhibitor.id, Exhibitor.name_zh), guangdong=guangdong, category=category, text=text)
        order = [key for key, _ in sorted(session.execute(named), key=lambda row: (pinyin_key(row[1]), row[0]))]
        wanted = order[offset:][:limit]
        found = sorted(
            session.scalars(query.where(col(Exhibitor.id).in_(wanted))), key=lambda row: wanted.index(row.id or 0)
        )
    else:
        found = list(session.scalars(query.order_by(Exhibitor.name_en).offset(offset).limit(limit)))
    return _described(session, found)


def find_exhibitor(session: Session, code: str) -> ExhibitorPage | None:
    """Everything about the exhibitor with that code, in seven queries; nothing when there is none."""
    found = find_owner(session, code)
    if found is None:
        return None
    number = found.id or 0
    return ExhibitorPage(
        exhibitor=_described(session, [found])[0], products=list_products(session, code), staff=_staff(session, number)
    )


def list_robots(session: Session, *, exhibitor: str = "", kind: str = "", key: str = "") -> list[RobotOut]:
    """The active robots by key with exhibitor, booths and product, in two queries however many there are."""
    query = _robots().where(col(Robot.active).is_(True))
    if exhibitor:
        query = query.where(col(Exhibitor.code) == exhibitor)
    if kind:
        query = query.where(col(Robot.kind) == kind)
    if key:
        first, last = parts_of(key)
        query = query.where(col(Exhibitor.code) == first, col(Robot.code) == last)
    rows = session.execute(query).all()
    booths = booth_numbers(session, {who.id or 0 for _, who, _ in rows})
    return [_robot(robot, who, product, booths) for robot, who, product in rows]


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
        query = query.where(or_(*(holds(field, text) for field in fields)))
    return query


def _described(session: Session, exhibitors: Sequence[Exhibitor]) -> list[ExhibitorOut]:
    numbers = [row.id or 0 for row in exhibitors]
    categories = _categories(session, numbers)
    booths = booth_numbers(session, numbers)
    robots: dict[str, list[RobotOut]] = defaultdict(list)
    query = _robots().where(col(Robot.active).is_(True), col(Robot.exhibitor_id).in_(numbers))
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


def _with_category() -> Select[tuple[Product, Category]]:
    query: Any = select(Product, Category).join(Category, col(Category.code) == Product.category)
    chosen: Select[tuple[Product, Category]] = query
    return chosen


def _product(product: Product, category: Category) -> ProductOut:
    return ProductOut(
        **product.model_dump(exclude={"id", "exhibitor_id"}),
        category_en=category.name_en,
        category_zh=category.name_zh,
    )


def list_openings(session: Session) -> list[Opening]:
    """The days of the fair with their hours, in order."""
    query: Any = select(_DAY.c.date, _DAY.c.opens_at, _DAY.c.closes_at).order_by(_DAY.c.opens_at)
    return [Opening(*row) for row in session.execute(query)]


def list_products(session: Session, exhibitor: str) -> list[ProductOut]:
    """The products of an exhibitor by name."""
    query = _with_category().join(Exhibitor, col(Exhibitor.id) == Product.exhibitor_id)
    query = query.where(col(Exhibitor.code) == exhibitor).order_by(col(Product.name_en))
    return [_product(product, category) for product, category in session.execute(query)]


def find_product(session: Session, exhibitor: str, code: str) -> ProductOut | None:
    """One product by the codes of exhibitor and product; nothing when there is none."""
    query = _with_category().join(Exhibitor, col(Exhibitor.id) == Product.exhibitor_id)
    rows = session.execute(query.where(col(Exhibitor.code) == exhibitor, col(Product.code) == code)).all()
    return next((_product(product, category) for product, category in rows), None)


def desk_staff(session: Session, exhibitor: str, code: str = "") -> list[StaffDesk]:
    """The people of an exhibitor by code (or the one with that code) as its own desk shows them, in two queries."""
    query = (
        select(StaffMember)
        .join(Exhibitor, col(Exhibitor.id) == StaffMember.exhibitor_id)
        .where(Exhibitor.code == exhibitor, col(StaffMember.active).is_(True))
        .order_by(StaffMember.code)
    )
    people = session.exec(query.where(StaffMember.code == code) if code else query).all()
    hours = hours_of(session, (row.id or 0 for row in people))
    return [
        StaffDesk(**row.model_dump(include=_PUBLIC_STAFF | {"email", "version"}), hours=hours[row.id or 0])
        for row in people
    ]


def desk_robots(session: Session, exhibitor: str, code: str = "") -> list[RobotDesk]:
    """The robots of an exhibitor by code as its own desk shows them, those that may not speak included; or one."""
    query = _robots().where(col(Exhibitor.code) == exhibitor)
    query = query.where(col(Robot.code) == code) if code else query
    return [_enrolment(robot, who, product) for robot, who, product in session.execute(query)]


def _enrolment(robot: Robot, who: Exhibitor, product: Product | None) -> RobotDesk:
    own = {"name_en", "name_zh", "kind", "protocol", "address", "options", "source", "active", "version"}
    return RobotDesk(
        **robot.model_dump(include=own),
        key=robot_key(who.code, robot.code),
        product=product.code if product else None,
        product_en=product.name_en if product else None,
        product_zh=product.name_zh if product else None,
    )


def staff_stretches(session: Session, staff_id: int) -> list[HoursSpan]:
    """When somebody is at the booth, in order."""
    query = select(StaffHours.starts_at, StaffHours.ends_at).where(StaffHours.staff_id == staff_id)
    return sorted(HoursSpan(*row) for row in session.exec(query))


def staff_bookings(session: Session, staff_id: int, since: datetime) -> list[Booking]:
    """The meetings and demos that need somebody and are not over at `since`, by time."""
    return bookings_of(session, [Resource(ResourceKind.STAFF, staff_id)], since)


def hanging_on(session: Session, what: Resource, since: datetime) -> list[Booking]:
    """All that ends when a person or a robot goes: what is booked from `since` on, and who asks for them; by time."""
    queued: Any = (
        select(_MEETING.c.uid)
        .where(_ASKED_FOR[what.kind] == what.id, _MEETING.c.state.in_(["requested", "waiting"]))
        .where(_MEETING.c.expires_at > since)
    )
    asking = {f"meeting:{uid}": span_of(0, 0) for (uid,) in session.execute(queued)}
    found = [_booking(holder, *about) for holder, about in _meetings(session, asking).items()]
    return sorted({*bookings_of(session, [what], since), *found})


def bookings_of(session: Session, what: Iterable[Resource], since: datetime) -> list[Booking]:
    """The meetings and demos that own any of these and are not over at `since`, by time."""
    query: Any = (
        select(Reservation.holder, func.min(Reservation.cell), func.max(Reservation.cell))
        .where(col(Reservation.resource).in_({one.key for one in what}))
        .where(in_force(since))
        .group_by(Reservation.holder)
        .having(func.max(Reservation.cell) >= cell_at(since))
    )
    spans = {holder: span_of(first, last) for holder, first, last in session.execute(query)}
    known = {**_meetings(session, spans), **_demos(session, spans)}
    found = [
        _booking(holder, *known.get(holder, (span.starts_at, span.ends_at, "", ""))) for holder, span in spans.items()
    ]
    return sorted(one for one in found if one.ends_at > since)


_Known = dict[str, tuple[datetime, datetime, str, str]]
"""By holder: the real times of a meeting or demo, without the buffers that are reserved beside it, and its titles."""


def _meetings(session: Session, holders: Iterable[str]) -> _Known:
    keys = _keys(BookingKind.MEETING, holders)
    columns: Any = (_MEETING.c.uid, _MEETING.c.starts_at, _MEETING.c.ends_at, _BUYER.c.name, _BUYER.c.company)
    query: Any = select(*columns).join(_BUYER, _BUYER.c.id == _MEETING.c.buyer_id).where(_MEETING.c.uid.in_(keys))
    return {
        f"meeting:{uid}": (starts_at, ends_at, f"{name}, {company}", f"{name}, {company}")
        for uid, starts_at, ends_at, name, company in session.execute(query)
    }


def _demos(session: Session, holders: Iterable[str]) -> _Known:
    columns: Any = (_DEMO.c.code, _DEMO.c.starts_at, _DEMO.c.ends_at, _DEMO.c.title_en, _DEMO.c.title_zh)
    query: Any = select(*columns).where(_DEMO.c.code.in_(_keys(BookingKind.DEMO, holders)))
    return {f"demo:{code}": tuple(about) for code, *about in session.execute(query)}


def _keys(kind: BookingKind, holders: Iterable[str]) -> list[str]:
    return [holder.partition(":")[2] for holder in holders if holder.startswith(f"{kind}:")]


def _booking(holder: str, starts_at: datetime, ends_at: datetime, title_en: str, title_zh: str) -> Booking:
    kind, _, key = holder.partition(":")
    return Booking(starts_at, ends_at, BookingKind(kind), key, title_en, title_zh)


def _staff(session: Session, exhibitor: int) -> list[StaffOut]:
    return [StaffOut(**row.model_dump(include=_PUBLIC_STAFF)) for row in staff_of(session, exhibitor)]


def staff_of(session: Session, exhibitor: int) -> list[StaffMember]:
    """The people of an exhibitor who are there still, by code."""
    query = select(StaffMember).where(StaffMember.exhibitor_id == exhibitor, col(StaffMember.active).is_(True))
    return list(session.exec(query.order_by(StaffMember.code)))


def hours_of(session: Session, people: Iterable[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    """When each of these people is at the booth, in order."""
    query = select(StaffHours).where(col(StaffHours.staff_id).in_(list(people)))
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in session.exec(query.order_by(col(StaffHours.starts_at))):
        found[row.staff_id].append((row.starts_at, row.ends_at))
    return found
