"""A small fair for bookings: exhibitors with people, tables and a robot, one day, and as many buyers as needed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from server.features.accounts.models import Account
from server.features.buyers.models import Buyer
from server.features.exhibitors.models import Exhibitor, Robot, StaffHours, StaffMember
from server.features.exhibitors.rules import RobotKind, SourceClass
from server.features.floorplan.models import Booth, BoothAssignment, Hall, MeetingTable
from server.features.floorplan.rules import BoothKind
from server.features.timetable.models import FairDay
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.ids import token_digest
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance

OPENS = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
"""09:00 in fair time, three hours before the noon of the tests."""
CLOSES = OPENS + timedelta(hours=9)
NOON = OPENS + timedelta(hours=3)
EXHIBITORS = ("kapok", "lotus")
_MADE: dict[str, Any] = {"provenance": Provenance.INVENTED}


@dataclass(frozen=True)
class SmallFair:
    """The fair and how to act in it."""

    database: Database
    buyers: int

    def buyer(self, number: int = 1) -> Identity:
        """The buyer of that number, from 1."""
        return Identity(Role.BUYER, account_id=number, username=f"b{number}", buyer_id=number, buyer=f"b{number}")

    def exhibitor(self, code: str = "kapok") -> Identity:
        """Somebody who works for an exhibitor."""
        number = EXHIBITORS.index(code) + 1
        account = self.buyers + number
        return Identity(Role.EXHIBITOR_STAFF, account_id=account, username=code, exhibitor_id=number, exhibitor=code)

    def headers(self, who: Identity) -> dict[str, str]:
        """The bearer token of somebody."""
        return {"Authorization": f"Bearer token-of-{who.username}"}


def make_small_fair(database: Database, *, buyers: int = 3, staff: int = 1, tables: int = 1) -> SmallFair:
    """Two exhibitors, each with people from opening to closing, tables and a robot `r1`; and buyers."""
    with database.write() as session:
        _place(session)
        for number, code in enumerate(EXHIBITORS, start=1):
            _exhibitor(session, number, code, staff=staff, tables=tables)
        _people(session, buyers)
    return SmallFair(database, buyers)


def _place(session: Session) -> None:
    hall = Hall(id=1, code="19.2", name_en="Hall", name_zh="展馆", width_m=84, depth_m=50, **_MADE)
    day = FairDay(id=1, date=date(2026, 4, 16), opens_at=OPENS, closes_at=CLOSES, **_MADE)
    session.add_all([hall, day])
    session.flush()


def _exhibitor(session: Session, number: int, code: str, *, staff: int, tables: int) -> None:
    texts: dict[str, Any] = {
        "province": "Guangdong",
        "city": "Foshan",
        "city_zh": "佛山",
        "profile_en": "A firm.",
        "profile_zh": "公司。",
    }
    session.add(Exhibitor(id=number, code=code, name_en=code.title(), name_zh="公司", **texts, **_MADE))
    booth: dict[str, Any] = {
        "x": 9 * number,
        "y": 3,
        "width_m": 3,
        "depth_m": 3,
        "power_kw": 3,
        "kind": BoothKind.STANDARD,
    }
    session.add(Booth(id=number, hall_id=1, number=f"9.2A0{number}", **booth, **_MADE))
    session.flush()
    session.add(BoothAssignment(booth_id=number, exhibitor_id=number, **_MADE))
    for seat in range(1, tables + 1):
        session.add(MeetingTable(id=10 * number + seat, booth_id=number, number=seat))
    kind: dict[str, Any] = {"kind": RobotKind.DELIVERY, "protocol": "fair-mqtt", "source": SourceClass.SIMULATED}
    session.add(
        Robot(id=number, exhibitor_id=number, code="r1", name_en="R1", name_zh="机器人", address=code, **kind, **_MADE)
    )
    for seat in range(1, staff + 1):
        names: dict[str, Any] = {"name": f"Person {seat}", "name_zh": "某人", "call_me": "P", "languages": ["zh", "en"]}
        session.add(StaffMember(id=10 * number + seat, exhibitor_id=number, code=f"s{seat}", **names, **_MADE))
        session.flush()
        session.add(StaffHours(staff_id=10 * number + seat, starts_at=OPENS, ends_at=CLOSES))
    session.flush()


def _people(session: Session, buyers: int) -> None:
    for number in range(1, buyers + 1):
        texts: dict[str, Any] = {
            "name": f"Buyer {number}",
            "call_me": "B",
            "company": f"Company {number}",
            "country": "DE",
        }
        session.add(Buyer(id=number, code=f"b{number}", **texts, languages=["en"], **_MADE))
    session.flush()
    accounts = [_account(number, f"b{number}", Role.BUYER, buyer_id=number) for number in range(1, buyers + 1)]
    accounts += [
        _account(buyers + number, code, Role.EXHIBITOR_STAFF, exhibitor_id=number)
        for number, code in enumerate(EXHIBITORS, start=1)
    ]
    session.execute(insert(Account), accounts)


def _account(number: int, name: str, role: Role, **of: int | None) -> dict[str, Any]:
    token = token_digest(f"token-of-{name}")
    owner: dict[str, Any] = {"buyer_id": None, "exhibitor_id": None, **of}
    return {
        "id": number,
        "username": name,
        "display_name": name.title(),
        "role": role,
        "token_hash": token,
        "created_at": OPENS,
        "active": True,
        **owner,
    }


def count_rows(database: Database, table: type[SQLModel]) -> int:
    """How many rows a table has."""
    with database.read() as session:
        return len(session.exec(select(table)).all())
