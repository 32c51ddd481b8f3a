"""The demo fair: loads `fixtures/fair` through the features' checked schemas, around the moment of loading.

Companies, people and robots are invented; taxonomy, code lists and the mix of exhibitors are published facts. The fair
is always in its second day, and open: its days are derived from the moment that is passed in, and say so.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, SecretStr
from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from server.demo.meetings import DemoMeeting, add_meetings, move_meetings
from server.features import import_models
from server.features.accounts.queries import find_account
from server.features.accounts.schemas import NewAccount
from server.features.accounts.service import create_account
from server.features.buyers.schemas import BuyerIn, NeedIn
from server.features.buyers.service import add_buyers, add_consents, add_needs
from server.features.exhibitors.models import Exhibitor
from server.features.exhibitors.rules import is_guangdong
from server.features.exhibitors.schemas import (
    CategoryIn,
    ExhibitorIn,
    ProductIn,
    RobotIn,
    StaffHoursIn,
    StaffMemberIn,
)
from server.features.exhibitors.service import (
    add_categories,
    add_exhibitors,
    add_products,
    add_staff,
    add_staff_hours,
    enrol_robots,
    move_staff_hours,
)
from server.features.floorplan.rules import parse_booth_number
from server.features.floorplan.schemas import AssignmentIn, PlanIn
from server.features.floorplan.service import add_plan, assign_booths
from server.features.reservations.service import shift_all
from server.features.timetable.models import FairDay
from server.features.timetable.queries import list_days
from server.features.timetable.rules import TODAY, Day, day_number, derive_days, is_open, shift_spans
from server.features.timetable.schemas import DayIn, DemoIn
from server.features.timetable.service import add_days, add_demos, move_days
from server.infra.db import Database
from server.infra.migrate import current_version
from server.kernel.clock import FAIR_ZONE
from server.kernel.errors import SetupError
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance

FIXTURES = Path(__file__).parents[2] / "fixtures" / "fair"
Checked = TypeVar("Checked", bound=BaseModel)
Cells = dict[str, str]


@dataclass(frozen=True)
class DemoLogin:
    """A log-in of the demo; its password is chosen by whoever starts the demo."""

    username: str
    display_name: str
    role: Role
    exhibitor: str | None = None
    buyer: str | None = None
    email: str | None = None


DEMO_LOGINS = (
    DemoLogin("organiser", "Organiser 主办方", Role.ORGANISER, email="organiser@zone.example"),
    DemoLogin(
        "nanling.admin",
        "Nanling, booth lead 南岭展位负责人",
        Role.EXHIBITOR_ADMIN,
        "nanling",
        email="admin@nanling.example",
    ),
    DemoLogin(
        "nanling.staff",
        "Nanling, booth staff 南岭展位员工",
        Role.EXHIBITOR_STAFF,
        "nanling",
        email="staff@nanling.example",
    ),
    DemoLogin("buyer", "Buyer 采购商", Role.BUYER, buyer="b001"),
    DemoLogin("official", "Provincial official 省级主管部门", Role.OFFICIAL, email="official@province.example"),
)
"""One of each kind of person who uses FairZone."""

_KEPT = frozenset({"change", "outbox_event", "outbox_done", "heartbeat"})
"""Left alone when the fair is deleted: screens resume by the ids of `change`, which must never start again."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded: new rows by their kind, and the day that is today."""

    counts: Mapping[str, int]
    today: Day

    def __str__(self) -> str:
        """The sentence for the terminal."""
        things = ", ".join(f"{number} {kind}" for kind, number in self.counts.items())
        closing = self.today.closes_at.astimezone(FAIR_ZONE).strftime("%H:%M")
        return (
            f"Loaded the demo fair: {things}. Today is day {TODAY}, open until {closing} 北京时间. {self.today.note_en}"
        )


def load_demo_fair(
    database: Database, now: datetime, passwords: Mapping[str, str] | None = None, *, fresh: bool = False
) -> Loaded:
    """Load the demo fair around `now` in one unit of work, on the schema of this version.

    `passwords` (by user name, see `DEMO_LOGINS`) makes those log-ins; without it there are none. `fresh` deletes an
    earlier demo fair first, with all that hangs on it. Raises `SetupError` when there is a fair already, and, with
    `fresh`, when that fair is not an invented one.
    """
    with database.write() as session:
        if fresh:
            delete_demo_fair(session)
        if session.exec(select(Exhibitor.id).limit(1)).first() is not None:
            raise SetupError(
                "There is a fair in this database already; nothing was changed.",
                "Keep it, or replace a demo fair with `fairzone seed --fresh`, which deletes all that hangs on it.",
            )
        days = derive_days(now)
        counts = {**_load_exhibitors(session), **_load_places(session), **_load_people_and_demos(session, days, now)}
        counts["meetings"] = add_meetings(session, read_rows("meetings.csv", DemoMeeting), days, now)
        add_logins(session, passwords or {}, now)
        if passwords:
            add_contacts(session, now)
    return Loaded(counts, days[TODAY - 1])


def reopen_demo_fair(session: Session, now: datetime) -> bool:
    """Move the days, demos and hours of a demo fair so that `now` is in its second day; say whether that was needed.

    A fair whose days are facts is never moved.
    """
    days = list_days(session)
    if any(day.provenance is not Provenance.DERIVED for day in days) or not days:
        return False
    if is_open(days, now) and day_number(days, now) == TODAY:
        return False
    fresh = derive_days(now)
    shift = fresh[0].opens_at - days[0].opens_at
    move_days(session, fresh, shift)
    move_staff_hours(session, shift)
    shift_all(session, shift)
    move_meetings(session, shift)
    return True


def is_demo(database: Database) -> bool:
    """Whether a database holds a demo fair and nothing else: its exhibitors are invented, its days derived."""
    if current_version(database) is None:
        return False
    with database.read() as session:
        whose = set(session.exec(select(Exhibitor.provenance).distinct()))
        days = set(session.exec(select(FairDay.provenance).distinct()))
    return whose == {Provenance.INVENTED} and days <= {Provenance.DERIVED}


def delete_demo_fair(session: Session) -> None:
    """Delete the demo fair and all that hangs on it; log-ins that work for no exhibitor stay.

    Raises `SetupError` when an exhibitor is not invented: a real fair is never deleted from here.
    """
    real = select(Exhibitor.code).where(Exhibitor.provenance != Provenance.INVENTED).limit(1)
    if session.exec(real).first() is not None:
        raise SetupError(
            "This is no demo fair: it has exhibitors that are not invented. Nothing was deleted.",
            "Use another database for the demo: set DATABASE_URL or FAIRZONE_DATA.",
        )
    import_models()
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table.name == "account":
            session.execute(delete(table).where(table.c.exhibitor_id.is_not(None) | table.c.buyer_id.is_not(None)))
        elif table.name not in _KEPT:
            session.execute(delete(table))


def add_logins(session: Session, passwords: Mapping[str, str], now: datetime) -> int:
    """Make those demo log-ins for which there is a password and no account yet; return how many."""
    missing = [
        login for login in DEMO_LOGINS if login.username in passwords and find_account(session, login.username) is None
    ]
    for login in missing:
        new = NewAccount(
            username=login.username,
            display_name=login.display_name,
            role=login.role,
            exhibitor=login.exhibitor,
            buyer=login.buyer,
            email=login.email,
            password=SecretStr(passwords[login.username]),
        )
        create_account(session, new, now)
    return len(missing)


def add_contacts(session: Session, now: datetime) -> int:
    """Make an administrator with an invented address for every exhibitor that has none; return how many.

    They have no password: nobody logs in with them, but messages have somebody to go to.
    """
    codes = list(session.exec(select(Exhibitor.code).order_by(col(Exhibitor.code))))
    missing = [code for code in codes if find_account(session, f"{code}.admin") is None]
    for code in missing:
        name = f"{code.replace('-', ' ').title()}, booth lead 展位负责人"
        new = NewAccount(
            username=f"{code}.admin",
            display_name=name,
            role=Role.EXHIBITOR_ADMIN,
            exhibitor=code,
            email=f"admin@{code}.example",
        )
        create_account(session, new, now)
    return len(missing)


def _load_exhibitors(session: Session) -> dict[str, int]:
    exhibitors = [ExhibitorIn.model_validate(_without(entry, "no", "booth")) for entry in read_json("exhibitors.json")]
    add_categories(session, read_rows("taxonomy.csv", CategoryIn))
    return {
        "exhibitors": add_exhibitors(session, exhibitors),
        "of them from Guangdong": sum(is_guangdong(exhibitor.province) for exhibitor in exhibitors),
        "products": add_products(session, read_rows("products.csv", ProductIn)),
        "robots": enrol_robots(session, read_rows("robots.csv", RobotIn)),
    }


def _load_places(session: Session) -> dict[str, int]:
    booths = add_plan(session, PlanIn.model_validate(read_json("floorplan.json")))
    assign_booths(
        session,
        [
            AssignmentIn(booth=entry["booth"], exhibitor=entry["code"], provenance=Provenance.INVENTED)
            for entry in read_json("exhibitors.json")
        ],
    )
    return {"booths": booths}


def _load_people_and_demos(session: Session, days: list[Day], now: datetime) -> dict[str, int]:
    people = list(read_table("staff.csv"))
    staff = [_checked(_without(person, "shift", "days"), StaffMemberIn) for person in people]
    added = add_staff(session, staff)
    add_staff_hours(session, (hours for person in people for hours in _hours(person, days)))
    buyers = add_buyers(session, read_rows("buyers.csv", BuyerIn))
    add_needs(session, read_rows("buyer_needs.csv", NeedIn))
    add_consents(session, now)
    add_days(session, (_day(day) for day in days))
    demos = add_demos(session, (_demo(row, days) for row in read_table("timetable.csv")))
    return {"staff": added, "buyers": buyers, "demos": demos}


def _hours(person: Cells, days: list[Day]) -> Iterator[StaffHoursIn]:
    for number in person["days"].split():
        day = days[int(number) - 1]
        for starts_at, ends_at in shift_spans(person["shift"], day.opens_at, day.closes_at):
            yield StaffHoursIn(
                exhibitor=person["exhibitor"], staff=person["code"], starts_at=starts_at, ends_at=ends_at
            )


def _day(day: Day) -> DayIn:
    return DayIn(
        date=day.date,
        opens_at=day.opens_at,
        closes_at=day.closes_at,
        note_en=day.note_en,
        note_zh=day.note_zh,
        provenance=Provenance.DERIVED,
    )


def _demo(row: Cells, days: list[Day]) -> DemoIn:
    starts_at = days[int(row["day"]) - 1].opens_at + timedelta(minutes=int(row["start"]))
    place = "booth" if parse_booth_number(row["place"]) else "stage"
    return DemoIn.model_validate(
        {
            **_without(row, "day", "start", "minutes", "place"),
            place: row["place"],
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=int(row["minutes"])),
        }
    )


def read_table(name: str) -> Iterator[Cells]:
    """The rows of a CSV file of the demo fair, without their empty cells."""
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {heading: cell for heading, cell in row.items() if cell}


def read_rows(name: str, schema: type[Checked]) -> list[Checked]:
    """The rows of a CSV file of the demo fair, checked; where the schema wants a list, a cell holds it with spaces."""
    return [_checked(row, schema) for row in read_table(name)]


def read_json(name: str) -> Any:
    """The content of a JSON file of the demo fair."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def _checked(cells: Cells, schema: type[Checked]) -> Checked:
    fields = schema.model_fields
    return schema.model_validate(
        {
            name: cell.split() if name in fields and get_origin(fields[name].annotation) is list else cell
            for name, cell in cells.items()
        }
    )


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
