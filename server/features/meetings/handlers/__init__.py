"""What follows from the meetings' events."""

from server.features.buyers.events import BuyerContactChanged
from server.features.exhibitors.events import StaffContactChanged
from server.features.meetings.events import InviteIssued, MeetingActed
from server.features.meetings.handlers.invites import InviteMailer
from server.features.meetings.service import invite_buyer_anew, invite_staff_anew, tell_of
from server.infra.outbox import Handler
from server.settings import Settings


def handlers_of(settings: Settings) -> tuple[Handler, ...]:
    """The handlers of the meetings in an installation with these settings."""
    return (
        Handler("mail-invites", InviteIssued, InviteMailer.of(settings).issue),
        Handler("tell-of-meetings", MeetingActed, tell_of),
        Handler("invite-buyers-anew", BuyerContactChanged, invite_buyer_anew),
        Handler("invite-staff-anew", StaffContactChanged, invite_staff_anew),
    )
