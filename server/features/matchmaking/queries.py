"""Reads of the matchmaking: a buyer's wishes, everything that is offered, and what goes on at the booths."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from server.features.buyers.models import Buyer, BuyerNeed
from server.features.buyers.rules import VOLUME_USD
from server.features.exhibitors.models import Category, Exhibitor, ExhibitorCategory, Product, StaffMember
from server.features.exhibitors.queries import categories_by_code, list_owners
from server.features.floorplan.queries import booths_by_exhibitor
from server.features.matchmaking.rules.matching import BuyerWish, Name, Offer, WishTimeFrame
from server.features.matchmaking.rules.searching import Kind, SearchEntry
from server.features.matchmaking.schemas import ExhibitorCard
from server.features.telemetry.queries.robots import present_robots
from server.features.telemetry.rules.robots import PresentRobot, SeenRobot
from server.features.timetable.models import Demo
from server.kernel.clock import FAIR_ZONE
from server.kernel.robot_words import ALSO_CALLED, full_name

TELLING = (
    "deliveries_today", "area_m2_today", "cups_today", "guests_today", "points_today", "questions_today",
    "assisted_steps_today", "motions_today", "cycles_today", "trials_today", "talks_today", "demos_today",
    "distance_m_today",
)  # fmt: skip
"""Counters that tell a buyer something, the most telling first; their words are `metric-<name>`."""
Names = Mapping[str, Category]


@dataclass
class BoothActivity:
    """What goes on at an exhibitor's booth, as everybody may see it."""

    robots: int = 0
    live: int = 0
    counted: dict[str, float] = field(default_factory=dict)
    shown: dict[int, list[Name]] = field(default_factory=lambda: defaultdict(list))
    """The robots that are a product, by its key."""

    @property
    def measured(self) -> tuple[str, float] | None:
        """The most telling counter that has counted something, summed over the robots."""
        return next(((name, self.counted[name]) for name in TELLING if self.counted.get(name, 0) > 0), None)


@dataclass(frozen=True)
class Fair:
    """The taxonomy by code, everything that is offered, and every exhibitor's card by its code."""

    names: Names
    offers: list[Offer]
    cards: dict[str, ExhibitorCard]


def read_wishes(session: Session, buyer_id: int, names: Names) -> list[BuyerWish]:
    """What a buyer looks for, in the order in which it was said; one query."""
    query = (
        select(BuyerNeed, Buyer)
        .join(Buyer, col(Buyer.id) == BuyerNeed.buyer_id)
        .where(BuyerNeed.buyer_id == buyer_id)
        .order_by(col(BuyerNeed.id))
    )
    return [_wish(need, buyer, names) for need, buyer in session.exec(query)]


def _wish(need: BuyerNeed, buyer: Buyer, names: Names) -> BuyerWish:
    return BuyerWish(
        number=need.id or 0,
        category=need.category,
        name=kind_name(names, need.category),
        country=buyer.country,
        languages=tuple(buyer.languages),
        certificates=tuple(need.certificates),
        quantity=need.quantity,
        most_usd=VOLUME_USD[need.volume][1] if need.volume else None,
        timeframe=WishTimeFrame(need.timeframe.value) if need.timeframe else None,
        note=need.note,
    )


def read_fair(session: Session, now: datetime) -> Fair:
    """Everything that is offered, and what goes on at the booths; eight queries however large the fair is."""
    names = categories_by_code(session)
    exhibitors = {row.id or 0: row for row in list_owners(session)}
    activity = _activity(session, now)
    offered = _offers(_products(session), exhibitors, names, _speakers(session), activity)
    booths, demos = booths_by_exhibitor(session), _next_demos(session, now)
    cards = {
        row.code: _card(row, booths.get(row.code, []), activity[row.code], demos.get(key))
        for key, row in exhibitors.items()
    }
    return Fair(names, offered, cards)


def _card(row: Exhibitor, booths: list[str], activity: BoothActivity, demo: datetime | None) -> ExhibitorCard:
    measured = activity.measured
    return ExhibitorCard(
        exhibitor=row.code,
        name_en=row.name_en,
        name_zh=row.name_zh,
        city_en=row.city,
        city_zh=row.city_zh,
        booths=booths,
        robots=activity.robots,
        robots_live=activity.live,
        measured=measured[0] if measured else None,
        measured_value=measured[1] if measured else None,
        next_demo_at=demo,
    )


def _products(session: Session) -> list[Product]:
    return list(session.exec(select(Product).order_by(col(Product.exhibitor_id), Product.code)))


def _speakers(session: Session) -> dict[int, dict[str, tuple[str, ...]]]:
    """Who speaks what at each exhibitor's booth: language -> what to call them."""
    found: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    present = select(StaffMember).where(col(StaffMember.active).is_(True))
    for person in session.exec(present.order_by(col(StaffMember.exhibitor_id), StaffMember.code)):
        theirs = found[person.exhibitor_id]
        for language in person.languages:
            theirs[language] = (*theirs.get(language, ()), person.call_me)
    return found


def _activity(session: Session, now: datetime) -> dict[str, BoothActivity]:
    """What the active robots do, by exhibitor; only what everybody may see of it."""
    found: dict[str, BoothActivity] = defaultdict(BoothActivity)
    for robot in present_robots(session):
        _note(found[robot.exhibitor], robot, robot.seen(now, own=False))
    return found


def _note(activity: BoothActivity, robot: PresentRobot, seen: SeenRobot) -> None:
    activity.robots += 1
    if robot.product_id is not None:
        activity.shown[robot.product_id].append(_name(robot))
    if seen.report is None or seen.state == "silent":
        return
    activity.live += 1
    for name, value in seen.report["metrics"].items():
        if name in TELLING and isinstance(value, int | float):
            activity.counted[name] = activity.counted.get(name, 0.0) + value


def _next_demos(session: Session, now: datetime) -> dict[int, datetime]:
    """When each exhibitor's next demo of today begins."""
    day_ends = datetime.combine(now.astimezone(FAIR_ZONE).date() + timedelta(days=1), time.min, FAIR_ZONE)
    query: Any = select(Demo.exhibitor_id, func.min(Demo.starts_at))
    query = query.where(col(Demo.starts_at) > now, col(Demo.starts_at) < day_ends)
    rows: Any = session.execute(query.group_by(Demo.exhibitor_id)).all()
    return dict(rows)


def _offers(
    products: Sequence[Product],
    exhibitors: Mapping[int, Exhibitor],
    names: Names,
    speakers: Mapping[int, Mapping[str, tuple[str, ...]]],
    activity: Mapping[str, BoothActivity],
) -> list[Offer]:
    """The number of an offer is its place in the list."""
    return [
        Offer(
            **product.model_dump(include={"category", "moq", "price_min", "price_max", "currency"}),
            number=number,
            exhibitor=exhibitors[product.exhibitor_id].code,
            product=product.code,
            name=_name(product),
            kind=kind_name(names, product.category),
            certificates=tuple(product.certificates),
            markets=tuple(product.markets),
            speakers=speakers.get(product.exhibitor_id, {}),
            robots=tuple(activity[exhibitors[product.exhibitor_id].code].shown.get(product.id or 0, ())),
            text=_written(product, exhibitors[product.exhibitor_id], names),
        )
        for number, product in enumerate(products)
    ]


def _written(product: Product, who: Exhibitor, names: Names) -> str:
    kind = names[product.category]
    called = ALSO_CALLED.get(product.category, ())
    parts = (
        product.name_en,
        product.name_zh,
        product.description_en,
        product.description_zh,
        kind.name_en,
        kind.name_zh,
        kind.note,
    )
    return "\n".join((*parts, *called, who.profile_en, who.profile_zh))


@dataclass(frozen=True)
class Catalogue:
    """Everything that a search may find, and the booths of each exhibitor by its code."""

    entries: list[SearchEntry]
    booths: dict[str, list[str]]
    names: dict[str, Name]
    """Of the exhibitors, by their codes."""
    categories: dict[str, Name]
    parents: dict[str, str | None]


def read_catalogue(session: Session) -> Catalogue:
    """What a search may find, in five queries; buyers and staff are never among it."""
    names = categories_by_code(session)
    exhibitors = {row.id or 0: row for row in list_owners(session)}
    shown: dict[int, list[str]] = defaultdict(list)
    for row in session.exec(select(ExhibitorCategory).order_by(col(ExhibitorCategory.position))):
        shown[row.exhibitor_id].append(row.category)
    booths = booths_by_exhibitor(session)
    products = _products(session)
    sold: dict[int, list[Name]] = defaultdict(list)
    for product in products:
        sold[product.exhibitor_id].append(_name(product))
    entries = [
        *(_category_entry(row, names) for row in names.values()),
        *(
            _exhibitor_entry(row, [names[code] for code in shown[key]], booths.get(row.code, []), sold[key])
            for key, row in exhibitors.items()
        ),
        *(_product_entry(row, exhibitors[row.exhibitor_id], names) for row in products),
    ]
    return Catalogue(
        entries,
        {row.code: booths.get(row.code, []) for row in exhibitors.values()},
        {row.code: _name(row) for row in exhibitors.values()},
        {code: kind_name(names, code) for code in names},
        {code: row.parent for code, row in names.items()},
    )


def _category_entry(row: Category, names: Names) -> SearchEntry:
    called = _also_called(row.code)
    return SearchEntry(Kind.CATEGORY, row.code, kind_name(names, row.code), (called,), Name(row.note, ""), (row.code,))


def _exhibitor_entry(
    row: Exhibitor, kinds: Sequence[Category], booths: Sequence[str], sold: Sequence[Name]
) -> SearchEntry:
    """What is sold speaks for an exhibitor; what its kind is also called does not, since it may sell another of it."""
    places = (Name(row.city, row.city_zh), Name(row.province, ""), *(Name(number, "") for number in booths))
    return SearchEntry(
        Kind.EXHIBITOR,
        row.code,
        _name(row),
        (*places, *map(_name, kinds), *sold),
        Name(row.profile_en, row.profile_zh),
        tuple(kind.code for kind in kinds),
    )


def _product_entry(row: Product, who: Exhibitor, names: Names) -> SearchEntry:
    tags = (kind_name(names, row.category), _name(who), Name(" ".join(row.certificates), ""))
    about = Name(row.description_en, row.description_zh)
    return SearchEntry(Kind.PRODUCT, f"{who.code}/{row.code}", _name(row), tags, about, (row.category,))


def kind_name(names: Names, code: str) -> Name:
    """The name of a kind; one that tells nothing by itself stands behind the one above it."""
    row = names[code]
    above = names[row.parent or code]
    return Name(*full_name((row.name_en, row.name_zh), row.parent, (above.name_en, above.name_zh)))


def _also_called(code: str) -> Name:
    return Name(*ALSO_CALLED.get(code, ("", "")))


def _name(row: Any) -> Name:
    return Name(row.name_en, row.name_zh)
