"""What may be done to a meeting, for pages and programs alike: what is asked for, and the use case. One row an act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from server.features.meetings import service
from server.features.meetings.rules import Act
from server.features.meetings.schemas import EndIn, MeetingOut, ReasonIn, StaffIn, TimeIn, TopicIn, Words
from server.infra.web.forms import Press


class TopicSaid(BaseModel):
    """What the meeting is about, as it stands in the form: nothing clears what was said before."""

    topic: Words = ""


@dataclass(frozen=True)
class StepForm:
    """An act: its permission, the use case that takes what is asked for by those names, and how programs read of it."""

    action: str
    use_case: Callable[..., MeetingOut]
    name: str
    about: str
    asks: type[BaseModel] = Press
    typed: type[BaseModel] | None = None
    """What a page asks for, where that is something else."""


BOOK, ANSWER, CHANGE = "meeting.book", "meeting.answer", "meeting.change"
STEPS: Mapping[str, StepForm] = {
    Act.REQUEST: StepForm(
        BOOK, service.request, "request_meeting", "Ask the exhibitor for the time that is held.", TopicIn, TopicSaid
    ),
    Act.RESCHEDULE: StepForm(BOOK, service.reschedule, "reschedule_meeting", "Ask for another time instead.", TimeIn),
    Act.WITHDRAW: StepForm(BOOK, service.withdraw, "withdraw_meeting", "Take a hold or a request back."),
    Act.ACCEPT: StepForm(ANSWER, service.accept, "accept_meeting", "Promise the time that was asked for."),
    Act.DECLINE: StepForm(ANSWER, service.decline, "decline_meeting", "Say no to a request.", ReasonIn),
    Act.HAND_OVER: StepForm(ANSWER, service.hand_over, "hand_meeting_over", "Let a colleague meet instead.", StaffIn),
    Act.NO_SHOW: StepForm(ANSWER, service.no_show, "report_no_show", "Say that the buyer did not come."),
    Act.PROPOSE: StepForm(CHANGE, service.propose, "propose_time", "Ask the other side for another time.", TimeIn),
    Act.AGREE: StepForm(CHANGE, service.agree, "agree_to_time", "Take the time that the other side proposed."),
    Act.KEEP: StepForm(CHANGE, service.keep, "keep_time", "Leave the time as it is: the proposal goes."),
    Act.CANCEL: StepForm(CHANGE, service.cancel, "cancel_meeting", "Call an accepted meeting off.", ReasonIn),
}
END = "end"
ENDING = StepForm(
    "meeting.end",
    service.end,
    "end_meeting",
    "End a meeting or a request as the organiser; both sides are told why.",
    EndIn,
)
TIMED = (Act.RESCHEDULE, Act.PROPOSE)
"""The acts that ask for a time: they have a page with the free ones."""


def follow_up(act: str, allowed: list[Act]) -> Act | None:
    """With which act a free time may be taken after `act` was refused, if there is one."""
    wanted = [Act(act), *TIMED] if act in TIMED else list(TIMED)
    return next((one for one in wanted if one in allowed), None)
