"""The invites of a meeting: one event a change of a material fact, with all that a calendar needs.

Whoever gets another address, or agrees to be mailed later, is invited then: to the new address an invitation, to the
old one a cancellation.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from server.features.buyers.events import BuyerContactChanged
from server.features.exhibitors.events import StaffContactChanged
from server.features.meetings.events import InviteIssued, InviteMethod
from server.features.meetings.models import Meeting
from server.features.meetings.notices import Voice
from server.features.meetings.queries.locks import locked_agreed
from server.features.meetings.queries.people import People, people_of
from server.features.meetings.service.steps import MeetingStep
from server.infra.outbox import emit

_HOUSE = {Voice.ORGANISER: ("The organiser", "主办方"), Voice.SYSTEM: ("FairZone", "FairZone 系统")}


def invite(step: MeetingStep, method: InviteMethod = InviteMethod.REQUEST) -> None:
    """Tell both sides of a meeting how it stands now."""
    issue(step.session, step.meeting, method, step.now)


def issue(session: Session, meeting: Meeting, method: InviteMethod, now: datetime, *, only: str = "") -> None:
    """Invite both sides of a meeting, or the one whose address has changed, or tell them that it is off."""
    people = people_of(session, meeting)
    who_en, who_zh = _ender(meeting, people)
    event = InviteIssued(
        uid=meeting.uid,
        sequence=meeting.sequence,
        method=method,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        issued_at=now,
        summary_en=f"{people.exhibitor_en} – {people.company}",
        summary_zh=f"{people.exhibitor_zh} – {people.company}",
        location_en=f"Booth {people.booth}, table {people.table}",
        location_zh=f"展位 {people.booth}，{people.table} 号洽谈桌",
        description=meeting.topic,
        attendees=(people.buyer, people.staff),
        only=only,
        who_en=who_en,
        who_zh=who_zh,
        reason=meeting.reason_text if method is InviteMethod.CANCEL else "",
    )
    emit(session, event, subject=meeting.uid)


def invite_buyer_anew(session: Session, event: BuyerContactChanged) -> None:
    """Invite a buyer under the address that they have now to all that is agreed and to come."""
    _anew(session, locked_agreed(session, event.at, buyer_id=event.buyer_id), f"buyer:{event.buyer_id}", event.at)


def invite_staff_anew(session: Session, event: StaffContactChanged) -> None:
    """The same for somebody of an exhibitor's."""
    _anew(session, locked_agreed(session, event.at, staff_id=event.staff_id), f"staff:{event.staff_id}", event.at)


def _anew(session: Session, meetings: Iterable[Meeting], only: str, now: datetime) -> None:
    for meeting in meetings:
        people = people_of(session, meeting)
        if not any(one.key == only and one.address for one in (people.buyer, people.staff)):
            continue  # who has taken back the address or the consent hears nothing, not even that
        # The other side is not written to, so that its calendar passes over a number: that does no harm.
        meeting.sequence += 1
        issue(session, meeting, InviteMethod.REQUEST, now, only=only)


def _ender(meeting: Meeting, people: People) -> tuple[str, str]:
    """Who ended a meeting, in English and Chinese; nobody for one that is on."""
    if meeting.ended_by is None:
        return "", ""
    if meeting.ended_by is Voice.BUYER:
        return (f"{people.buyer.name}, {people.company}",) * 2
    if meeting.ended_by is Voice.EXHIBITOR:
        return people.exhibitor_en, people.exhibitor_zh
    return _HOUSE[meeting.ended_by]
