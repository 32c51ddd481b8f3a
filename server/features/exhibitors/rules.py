"""What exhibitors, their robots and people may be called, and when people may be at their booths; pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, pairwise
from unicodedata import normalize

from server.kernel.clock import FAIR_ZONE
from server.kernel.spans import joined, on_grid

CODE_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$"
"""A short name that is safe in a topic, a path and an address."""
CODE = re.compile(CODE_PATTERN)
HOME_PROVINCE = "Guangdong"


class RobotKind(StrEnum):
    """How a robot moves and what it does on its booth: what a simulator and a screen need to know of it."""

    ARM = "arm"
    CLEANING = "cleaning"
    CLIMBER = "climber"
    COFFEE = "coffee"
    COMPANION = "companion"
    DELIVERY = "delivery"
    EXOSKELETON = "exoskeleton"
    FIREFIGHTING = "firefighting"
    HAND = "hand"
    HARVEST = "harvest"
    HUMANOID = "humanoid"
    INSPECTION = "inspection"
    LAWN = "lawn"
    MANIPULATOR = "manipulator"
    QUADRUPED = "quadruped"
    RECEPTION = "reception"
    WATER = "water"
    WHEELCHAIR = "wheelchair"


FAIR_MQTT, FAIR_HTTPS, VDA5050 = "fair-mqtt", "fair-https", "vda5050"
"""The protocols whose robots come by topics or with a token; those of every other one have a port."""
NAMED_BY_KEY = frozenset({FAIR_MQTT, FAIR_HTTPS})
"""Protocols in which a robot's address is its key: there is nothing to choose."""
_MASTER_ADDRESS = re.compile(r"[^/+#$\s\x00-\x1f]{1,48}/[^/+#\s\x00-\x1f]{1,48}")
_PORT_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,99}")


def is_address(protocol: str, address: str) -> bool:
    """Whether a robot of this protocol may be heard there: `manufacturer/serial` in VDA 5050, else a port's name.

    It becomes part of a topic or of a path: a wildcard or a way out of a folder would be somebody else's.
    """
    shape = _MASTER_ADDRESS if protocol == VDA5050 else _PORT_ADDRESS
    return shape.fullmatch(address) is not None


def usual_address(protocol: str, exhibitor: str, robot: str) -> str:
    """The address of a robot for which nobody gave another one; empty in VDA 5050, where only its maker knows it."""
    if protocol in NAMED_BY_KEY:
        return robot_key(exhibitor, robot)
    return "" if protocol == VDA5050 else f"{exhibitor}-{robot}"


def maker_of(address: str) -> str:
    """The maker's name in a VDA 5050 address, in small letters: two that look alike are one."""
    return address.partition("/")[0].lower()


def foreign_code(protocol: str, address: str, own: str, others: Collection[str]) -> bool:
    """Whether an address begins with another exhibitor's code, as that exhibitor's own addresses would."""
    if protocol == VDA5050:
        return maker_of(address) in others
    text = address.lower()
    return not text.startswith(f"{own}-") and any(text == code or text.startswith(f"{code}-") for code in others)


class SourceClass(StrEnum):
    """Where a robot's data come from; set by its enrolment, never by its messages."""

    LIVE = "live"
    SIMULATED = "simulated"
    REPLAY = "replay"


def generations(parents: Mapping[str, str | None]) -> list[list[str]]:
    """The codes of a taxonomy, roots first, each behind its parent; `parents` maps a code to the one above it.

    A code whose parent is missing, or that is its own ancestor, is in no generation.
    """
    levels: list[list[str]] = []
    above: set[str | None] = {None}
    while above:
        level = sorted(code for code, parent in parents.items() if parent in above)
        levels += [level] if level else []
        above = set(level)
    return levels


def is_guangdong(province: str) -> bool:
    """Whether a province is the fair's home province."""
    return province == HOME_PROVINCE


def robot_key(exhibitor: str, robot: str) -> str:
    """The name of a robot in topics, batches and addresses: `<exhibitor code>/<robot code>`."""
    return f"{exhibitor}/{robot}"


def parts_of(key: str) -> tuple[str, str]:
    """The codes of the exhibitor and of what it owns, a robot, a person or a product; empty where there is none."""
    exhibitor, _, code = key.partition("/")
    return exhibitor, code


def split_robot_key(key: str) -> tuple[str, str] | None:
    """Exhibitor and robot code of a key, or nothing when the text is no key."""
    exhibitor, slash, robot = key.partition("/")
    return (exhibitor, robot) if slash and CODE.fullmatch(exhibitor) and CODE.fullmatch(robot) else None


CURRENCIES = ("USD", "EUR", "CNY", "GBP", "JPY", "KRW", "HKD", "SGD", "AED", "AUD", "CAD", "CHF", "BRL", "MXN", "INR")
"""In which a price band may be given, the most frequent first."""
MOST_STRETCHES = 6
"""So many stretches a day are enough for anybody."""
_CODE_CHARS = 40


class HoursFault(StrEnum):
    """What may be wrong with a stretch of somebody's hours."""

    NO_DAY = "no-day"
    INCOMPLETE = "incomplete"
    BACKWARD = "backward"
    OUTSIDE = "outside"
    OFF_GRID = "off-grid"
    OVERLAP = "overlap"


@dataclass(frozen=True, order=True)
class HoursSpan:
    """A time without a break, aware, in which somebody is at the booth."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, order=True)
class Opening:
    """A fair day by its date in fair time, and when the halls are open."""

    date: date
    opens_at: datetime
    closes_at: datetime

    def has(self, moment: datetime) -> bool:
        """Whether a stretch that starts then belongs to this day."""
        return self.opens_at <= moment < self.closes_at


class BookingKind(StrEnum):
    """For what somebody's time is taken."""

    MEETING = "meeting"
    DEMO = "demo"


@dataclass(frozen=True, order=True)
class Booking:
    """A meeting or demo that needs somebody; `key` is its uid or code, the titles say with whom or what."""

    starts_at: datetime
    ends_at: datetime
    kind: BookingKind
    key: str
    title_en: str
    title_zh: str


def code_from(name: str, taken: Collection[str], fallback: str) -> str:
    """A code for something called `name` that is not `taken`: `Yan Haotian` is `yan-haotian`, the second one `…-2`.

    A name without Latin letters or digits gives `fallback`.
    """
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_CODE_CHARS].strip("-") or fallback
    tries = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(code for code in tries if code not in taken)


def in_order_of(codes: Iterable[str], known: Sequence[str]) -> list[str]:
    """The codes in the order in which `known` has them; those that it does not have come behind, as they are."""
    places = {code: place for place, code in enumerate(known)}
    return sorted(codes, key=lambda code: places.get(code, len(known)))


def hours_fault(stretch: HoursSpan, opening: Opening | None) -> HoursFault | None:
    """What is wrong with one stretch on a fair day, or nothing; without an opening, it is no fair day."""
    if opening is None:
        return HoursFault.NO_DAY
    if stretch.ends_at <= stretch.starts_at:
        return HoursFault.BACKWARD
    if stretch.starts_at < opening.opens_at or stretch.ends_at > opening.closes_at:
        return HoursFault.OUTSIDE
    return None if on_grid(stretch.starts_at) and on_grid(stretch.ends_at) else HoursFault.OFF_GRID


def overlapping(stretches: Iterable[HoursSpan]) -> list[HoursSpan]:
    """Those that start before one that started earlier has ended."""
    ordered = sorted(stretches)
    return [later for earlier, later in pairwise(ordered) if later.starts_at < earlier.ends_at]


def clock_on(clock: time, opening: Opening) -> datetime:
    """The moment that a clock shows on a fair day: after midnight where the day goes on that long."""
    moment = datetime.combine(opening.opens_at.astimezone(FAIR_ZONE).date(), clock, FAIR_ZONE)
    next_day = moment + timedelta(days=1)
    return next_day if moment < opening.opens_at and next_day <= opening.closes_at else moment


def fitted(stretches: Iterable[HoursSpan], day: Opening, other: Opening) -> list[HoursSpan]:
    """The same hours by the clock on another fair day, cut to its opening; what falls outside is left out."""
    shift = other.opens_at - day.opens_at
    apart = timedelta(days=round(shift / timedelta(days=1)))
    moved = (
        HoursSpan(max(one.starts_at + apart, other.opens_at), min(one.ends_at + apart, other.closes_at))
        for one in stretches
    )
    return [one for one in moved if one.ends_at > one.starts_at]


def orphans(bookings: Iterable[Booking], before: Iterable[HoursSpan], after: Iterable[HoursSpan]) -> list[Booking]:
    """The bookings that lay within somebody's hours and no longer do, by time."""
    had, has = _joined(before), _joined(after)
    return sorted(one for one in bookings if _covers(had, one) and not _covers(has, one))


def with_bookings(stretches: Iterable[HoursSpan], bookings: Iterable[Booking]) -> list[HoursSpan]:
    """The hours made longer, as little as will do, so that every booking lies within them."""
    return _joined([*stretches, *(HoursSpan(one.starts_at, one.ends_at) for one in bookings)])


def _covers(stretches: Iterable[HoursSpan], booking: Booking) -> bool:
    return any(one.starts_at <= booking.starts_at and booking.ends_at <= one.ends_at for one in stretches)


def _joined(stretches: Iterable[HoursSpan]) -> list[HoursSpan]:
    """The same time in the fewest stretches: where one ends as the next begins, there is no break."""
    return [HoursSpan(*pair) for pair in joined((one.starts_at, one.ends_at) for one in stretches)]
