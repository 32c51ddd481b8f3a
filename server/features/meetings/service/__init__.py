"""The use cases of the meetings. The states and who may do what are `rules.TRANSITIONS`; nothing else decides on them.

Whoever acts first wins: the exhibitor's lock puts the acts on its meetings in a row, and the reservations' key decides
on everything that is fought for beyond it. Every refusal is a `MeetingRefusedError` with the nearest free times.
"""

from server.features.meetings.service.agree import agree, cancel, end, keep, propose
from server.features.meetings.service.answer import accept, decline, hand_over, no_show
from server.features.meetings.service.book import hold, request, reschedule, withdraw
from server.features.meetings.service.invites import invite_buyer_anew, invite_staff_anew
from server.features.meetings.service.news import tell_of
from server.features.meetings.service.passing import end_of_buyer, end_orphans, expire_due, finish_due, warn_due
from server.features.meetings.service.refusals import (
    LapsedError,
    MeetingRefusedError,
    NoLongerError,
    NoPlaceError,
    NoProposalError,
    NotPossibleError,
    OffGridError,
    OutsideHoursError,
    OverError,
    OwnProposalError,
    OwnTimeTakenError,
    PastError,
    RegistrationNeededError,
    SlotTakenError,
    TooEarlyError,
    TooManyOpenError,
    TooNearError,
)
from server.features.meetings.service.steps import other_times
from server.features.meetings.service.terms import answer_lead

__all__ = [
    "LapsedError",
    "MeetingRefusedError",
    "NoLongerError",
    "NoPlaceError",
    "NoProposalError",
    "NotPossibleError",
    "OffGridError",
    "OutsideHoursError",
    "OverError",
    "OwnProposalError",
    "OwnTimeTakenError",
    "PastError",
    "RegistrationNeededError",
    "SlotTakenError",
    "TooEarlyError",
    "TooManyOpenError",
    "TooNearError",
    "accept",
    "agree",
    "answer_lead",
    "cancel",
    "decline",
    "end",
    "end_of_buyer",
    "end_orphans",
    "expire_due",
    "finish_due",
    "hand_over",
    "hold",
    "invite_buyer_anew",
    "invite_staff_anew",
    "keep",
    "no_show",
    "other_times",
    "propose",
    "request",
    "reschedule",
    "tell_of",
    "warn_due",
    "withdraw",
]
