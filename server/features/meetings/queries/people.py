"""The people of a meeting as an invite names them, with the addresses that they agreed to be written to."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from server.features.accounts.models import Account
from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.exhibitors.models import Exhibitor, StaffMember
from server.features.floorplan.models import Booth, MeetingTable
from server.features.meetings.events import InviteAttendee
from server.features.meetings.models import Meeting
from server.features.meetings.rules import Side
from server.kernel.languages import written_language


@dataclass(frozen=True)
class People:
    """Who meets, and where."""

    exhibitor_en: str
    exhibitor_zh: str
    company: str
    booth: str
    table: int
    buyer: InviteAttendee
    staff: InviteAttendee


def people_of(session: Session, meeting: Meeting) -> People:
    """The people of a meeting that has a table and somebody of the exhibitor's."""
    query: Any = (
        select(Buyer, Exhibitor, Booth, MeetingTable)
        .select_from(Buyer)
        .join(Exhibitor, col(Exhibitor.id) == meeting.exhibitor_id)
        .join(MeetingTable, col(MeetingTable.id) == meeting.table_id)
        .join(Booth, col(Booth.id) == col(MeetingTable.booth_id))
        .where(col(Buyer.id) == meeting.buyer_id)
    )
    buyer, exhibitor, booth, table = session.execute(query).one()
    return People(
        exhibitor_en=exhibitor.name_en,
        exhibitor_zh=exhibitor.name_zh,
        company=buyer.company,
        booth=booth.number,
        table=table.number,
        buyer=_buyer(session, buyer),
        staff=_staff(session, meeting.staff_id or 0),
    )


def staff_name(session: Session, key: int | None) -> str | None:
    """How somebody of an exhibitor's is called, for the log; nothing for nobody."""
    return session.scalar(select(col(StaffMember.name)).where(col(StaffMember.id) == key)) if key else None


def table_number(session: Session, key: int | None) -> int | None:
    """Which table of its booth it is, for the log; nothing for none."""
    return session.scalar(select(col(MeetingTable.number)).where(col(MeetingTable.id) == key)) if key else None


def _staff(session: Session, staff_id: int) -> InviteAttendee:
    who = session.execute(select(StaffMember).where(col(StaffMember.id) == staff_id)).scalar_one()
    return InviteAttendee(
        name=who.name,
        name_zh=who.name_zh,
        side=Side.EXHIBITOR.value,
        key=f"staff:{who.id}",
        address=who.email,
        language=written_language(None, who.languages),
    )


def _buyer(session: Session, buyer: Buyer) -> InviteAttendee:
    given = select(col(BuyerConsent.purpose)).where(
        col(BuyerConsent.buyer_id) == buyer.id, col(BuyerConsent.withdrawn_at).is_(None)
    )
    purposes = set(session.execute(given).scalars())
    chosen = session.scalar(select(col(Account.locale)).where(col(Account.buyer_id) == buyer.id))
    return InviteAttendee(
        name=buyer.name,
        name_zh=buyer.name_zh or "",
        side=Side.BUYER.value,
        key=f"buyer:{buyer.id}",
        address=buyer.email if Purpose.MAIL in purposes else None,
        language=written_language(chosen, buyer.languages),
        time_zone=buyer.time_zone,
        shared=Purpose.CONTACT in purposes,
    )
