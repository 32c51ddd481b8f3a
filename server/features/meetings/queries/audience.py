"""Who may have to be told of a meeting, with what they are called, their addresses and languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, exists, select
from sqlmodel import Session, col

from server.features.accounts.models import Account
from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.exhibitors.models import Exhibitor, Robot, StaffHours, StaffMember
from server.features.floorplan.models import Booth, MeetingTable
from server.features.inbox.queries import exhibitor_accounts
from server.features.meetings.events import Situation
from server.features.meetings.models import Meeting
from server.features.meetings.notices import Reader
from server.kernel.clock import FAIR_ZONE
from server.kernel.languages import named_in, written_language
from server.kernel.permissions import Role


@dataclass(frozen=True)
class MeetingNames:
    """What a meeting is called to those who are told of it; places and people are empty where there are none yet."""

    buyer_id: int
    exhibitor_id: int
    buyer: str
    buyer_zh: str
    company: str
    exhibitor_en: str
    exhibitor_zh: str
    staff_en: str
    staff_zh: str
    place_en: str
    place_zh: str
    robot_en: str
    robot_zh: str
    topic: str


@dataclass(frozen=True)
class NoticeAddress:
    """Where somebody can be told: an inbox, an address, or both."""

    name: str
    account_id: int | None
    address: str | None
    language: str
    time_zone: str = FAIR_ZONE.key


@dataclass(frozen=True)
class NoticeReader:
    """Somebody who may have to be told, and as what; `key` names them for good."""

    key: str
    reader: Reader
    to: NoticeAddress


def find_talk(session: Session, uid: str) -> MeetingNames | None:
    """What a meeting is called; nothing when there is none of that uid. One query."""
    query: Any = (
        select(Meeting, Buyer, Exhibitor, StaffMember, MeetingTable, col(Booth.number), Robot)
        .join(Buyer, col(Buyer.id) == col(Meeting.buyer_id))
        .join(Exhibitor, col(Exhibitor.id) == col(Meeting.exhibitor_id))
        .outerjoin(StaffMember, col(StaffMember.id) == col(Meeting.staff_id))
        .outerjoin(MeetingTable, col(MeetingTable.id) == col(Meeting.table_id))
        .outerjoin(Booth, col(Booth.id) == col(MeetingTable.booth_id))
        .outerjoin(Robot, col(Robot.id) == col(Meeting.robot_id))
        .where(col(Meeting.uid) == uid)
    )
    found = session.execute(query).first()
    return _talk(found) if found else None


def listeners(session: Session, talk: MeetingNames, before: Situation, after: Situation) -> Iterator[NoticeReader]:
    """Everybody who may have to be told, the nearest role first; three queries."""
    yield from _buyer(session, talk)
    accounts = exhibitor_accounts(session, talk.exhibitor_id)
    people = _people(session, talk.exhibitor_id, after)
    meets = after.staff_id or after.asked_staff_id
    former = before.staff_id if before.staff_id != after.staff_id and after.staff_id is not None else None
    by_address = {row.email.lower(): row for row in accounts if row.email}
    team = [(row, _staff(row.StaffMember, by_address)) for row in people]
    reached = False
    for row, person in team:
        number = row.StaffMember.id
        if number in {meets, former} and number is not None:
            reached = reached or (number == meets and bool(person.address))
            yield NoticeReader(f"staff:{number}", Reader.STAFF if number == meets else Reader.FORMER, person)
    if not reached:
        yield from _duty(team)
    yield from _desk(accounts)


def _duty(team: list[tuple[Row[Any], NoticeAddress]]) -> Iterator[NoticeReader]:
    """Who is at the booth then, of those with an address; where nobody of them has one, everybody who has."""
    able = [(row, person) for row, person in team if person.address and row.StaffMember.active]
    chosen = [one for one in able if one[0].on_duty] or able
    yield from (NoticeReader(f"staff:{row.StaffMember.id}", Reader.DUTY, person) for row, person in chosen)


def _desk(accounts: list[Row[Any]]) -> Iterator[NoticeReader]:
    """The exhibitor's log-ins, its administrators first."""
    for row in accounts:
        reader = Reader.ADMIN if row.role is Role.EXHIBITOR_ADMIN else Reader.DESK
        yield NoticeReader(
            f"account:{row.id}", reader, NoticeAddress(row.display_name, row.id, row.email, row.locale or "zh-Hans")
        )


def _buyer(session: Session, talk: MeetingNames) -> Iterator[NoticeReader]:
    agreed = exists().where(
        col(BuyerConsent.buyer_id) == col(Buyer.id),
        col(BuyerConsent.purpose) == Purpose.MAIL,
        col(BuyerConsent.withdrawn_at).is_(None),
    )
    query = (
        select(Buyer, col(Account.id), col(Account.locale), agreed.label("agreed"))
        .outerjoin(Account, and_(col(Account.buyer_id) == col(Buyer.id), col(Account.active).is_(True)))
        .where(col(Buyer.id) == talk.buyer_id)
    )
    for buyer, account_id, locale, mailed in session.execute(query):
        address = buyer.email if mailed else None
        language = written_language(locale, buyer.languages)
        person = NoticeAddress(
            named_in(language, buyer.name, buyer.name_zh), account_id, address, language, buyer.time_zone
        )
        yield NoticeReader(f"buyer:{buyer.id}", Reader.BUYER, person)


def _people(session: Session, exhibitor_id: int, at: Situation) -> list[Row[Any]]:
    """The exhibitor's people, those who have left included, and whether each is at the booth at the meeting's time."""
    on_duty = exists().where(
        col(StaffHours.staff_id) == col(StaffMember.id),
        col(StaffHours.starts_at) <= at.starts_at,
        col(StaffHours.ends_at) >= at.ends_at,
    )
    query = select(StaffMember, on_duty.label("on_duty")).where(col(StaffMember.exhibitor_id) == exhibitor_id)
    return list(session.execute(query.order_by(col(StaffMember.id))))


def _staff(member: StaffMember, accounts: dict[str, Row[Any]]) -> NoticeAddress:
    """A member of staff; whose address is that of a log-in is told there, too."""
    own = accounts.get((member.email or "").lower()) if member.email else None
    language = written_language(own.locale if own else None, member.languages)
    return NoticeAddress(
        named_in(language, member.name, member.name_zh), own.id if own else None, member.email, language
    )


def _talk(row: Row[Any]) -> MeetingNames:
    meeting, buyer, exhibitor, staff, table, booth, robot = tuple(row)
    return MeetingNames(
        buyer_id=buyer.id or 0,
        exhibitor_id=exhibitor.id or 0,
        buyer=buyer.name,
        buyer_zh=buyer.name_zh or buyer.name,
        company=buyer.company,
        exhibitor_en=exhibitor.name_en,
        exhibitor_zh=exhibitor.name_zh,
        staff_en=staff.name if staff else "",
        staff_zh=staff.name_zh if staff else "",
        place_en=f"Booth {booth}, table {table.number}" if table else "",
        place_zh=f"展位 {booth}，{table.number} 号洽谈桌" if table else "",
        robot_en=robot.name_en if robot else "",
        robot_zh=robot.name_zh if robot else "",
        topic=meeting.topic,
    )
