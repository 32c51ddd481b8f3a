"""What a page asks for before each act on a meeting, and which use case it then calls: one row an act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from server.features.meetings import service
from server.features.meetings.rules import Act
from server.features.meetings.schemas import EndIn, MeetingOut, ReasonIn, StaffIn, TimeIn, Words
from server.infra.web.forms import Press


class TopicSaid(BaseModel):
    """What the meeting is about, as it stands in the form: nothing clears what was said before."""

    topic: Words = ""


@dataclass(frozen=True)
class StepForm:
    """How a page does an act: what it asks for, and the use case that takes it by those names."""

    asks: type[BaseModel]
    use_case: Callable[..., MeetingOut]


STEPS: Mapping[str, StepForm] = {
    Act.REQUEST: StepForm(TopicSaid, service.request),
    Act.WITHDRAW: StepForm(Press, service.withdraw),
    Act.RESCHEDULE: StepForm(TimeIn, service.reschedule),
    Act.ACCEPT: StepForm(Press, service.accept),
    Act.DECLINE: StepForm(ReasonIn, service.decline),
    Act.CANCEL: StepForm(ReasonIn, service.cancel),
    Act.PROPOSE: StepForm(TimeIn, service.propose),
    Act.AGREE: StepForm(Press, service.agree),
    Act.KEEP: StepForm(Press, service.keep),
    Act.HAND_OVER: StepForm(StaffIn, service.hand_over),
    Act.NO_SHOW: StepForm(Press, service.no_show),
}

END = "end"
ENDING = StepForm(EndIn, service.end)
"""What the organiser may do."""
TIMED = (Act.RESCHEDULE, Act.PROPOSE)
"""The acts that ask for a time: they have a page with the free ones."""


def follow_up(act: str, allowed: list[Act]) -> Act | None:
    """With which act a free time may be taken after `act` was refused, if there is one."""
    wanted = [Act(act), *TIMED] if act in TIMED else list(TIMED)
    return next((one for one in wanted if one in allowed), None)
