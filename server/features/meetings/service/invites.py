"""The invites of a meeting: one event a change of a material fact, with all that a calendar needs."""

from server.features.meetings.events import InviteIssued, InviteMethod
from server.features.meetings.queries.people import people_of
from server.features.meetings.service.cases import Case
from server.infra.outbox import emit


def invite(case: Case, method: InviteMethod = InviteMethod.REQUEST) -> None:
    """Tell both sides of a meeting how it stands now."""
    meeting, people = case.meeting, people_of(case.session, case.meeting)
    event = InviteIssued(
        uid=meeting.uid,
        sequence=meeting.sequence,
        method=method,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        issued_at=case.now,
        summary_en=f"{people.exhibitor_en} – {people.company}",
        summary_zh=f"{people.exhibitor_zh} – {people.company}",
        location_en=f"Booth {people.booth}, table {people.table}",
        location_zh=f"展位 {people.booth}，{people.table} 号洽谈桌",
        description=meeting.topic,
        attendees=(people.buyer, people.staff),
    )
    emit(case.session, event, subject=meeting.uid)
