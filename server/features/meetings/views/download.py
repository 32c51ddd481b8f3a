"""One meeting for the reader's own calendar."""

from flask import Response, current_app

from server.features.meetings.queries import find_meeting
from server.features.meetings.rules import State
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.views.blueprint import pages
from server.features.meetings.views.reading import side_of
from server.infra.formats import ics
from server.infra.web.context import database, identity, now, settings
from server.infra.web.guard import guarded
from server.infra.web.language import called, language, t
from server.kernel.errors import NotFoundError
from server.kernel.languages import named_in

KEPT = frozenset({State.ACCEPTED, State.DONE, State.NO_SHOW})
"""States in which a meeting stands in the calendars of both sides."""


@pages.get("/meetings/<uid>.ics")
@guarded("meeting.view")
def download(uid: str) -> Response:
    """A meeting that both sides have agreed to, under the same uid as in the invitations."""
    with database().read() as session:
        found = find_meeting(session, identity(), uid, now())
    if found.state not in KEPT:
        raise NotFoundError(what=f"{uid}.ics")
    response = current_app.response_class(ics.publish([_event(found)]), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="meeting-{uid}.ics"'
    return response


def _event(meeting: MeetingOut) -> ics.CalendarEvent:
    sender = settings().mail_from
    exhibitor = called(meeting, "exhibitor")
    return ics.CalendarEvent(
        uid=meeting.uid,
        sequence=meeting.sequence,
        issued_at=now(),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=f"{exhibitor} – {meeting.buyer_company}",
        location=t("meeting-place", booth=meeting.booth or "", table=meeting.table or 0),
        description="\n".join(filter(None, [_other(meeting), meeting.topic])),
        organiser=ics.CalendarPerson(sender.name, sender.address),
        url=f"{settings().public_url}/meetings/{meeting.uid}" if settings().public_url else "",
    )


def _other(meeting: MeetingOut) -> str:
    """Who sits on the other side of the table."""
    if side_of(identity()) == "buyer":
        zh = language().startswith("zh")
        return t("meeting-with", name=(meeting.staff_zh if zh else meeting.staff_name) or "")
    return t("meeting-with", name=named_in(language(), meeting.buyer_name, meeting.buyer_zh))
