"""Why a meeting cannot be as wanted: one class a reason, each with the nearest times at which it could."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.features.meetings.rules import Act, Reason, Refusal, State
from server.infra.audit import StaleError
from server.kernel.errors import ConflictError, FairZoneError, Param
from server.kernel.spans import Span


def _listed(spans: Sequence[Span]) -> list[dict[str, str]]:
    return [{"starts_at": span.starts_at.isoformat(), "ends_at": span.ends_at.isoformat()} for span in spans]


class MeetingRefusedError(ConflictError):
    """A meeting cannot be as wanted; `alternatives` are the nearest free times, at which it could be now."""

    code = "meeting-refused"

    without: tuple[str, ...] = ()
    """What was asked for, `staff` or `robot`, and without which it could be at the very time that was wanted."""

    def __init__(self, alternatives: Sequence[Span] = (), **params: Param) -> None:
        self.alternatives = tuple(alternatives)
        super().__init__(**params)

    def members(self) -> Mapping[str, Any]:
        """The alternatives, by their distance from what was wanted."""
        return {"alternatives": _listed(self.alternatives), "possible_without": list(self.without)}


class StaleMeetingError(StaleError):
    """The meeting has changed since the reader saw it; with what changed, and the nearest free times by now."""

    def __init__(self, stale: StaleError, alternatives: Sequence[Span]) -> None:
        super().__init__(stale.version, stale.differences)
        self.alternatives = tuple(alternatives)

    def members(self) -> dict[str, Any]:
        """What has changed, and the alternatives."""
        return {**super().members(), "alternatives": _listed(self.alternatives)}


class SlotTakenError(MeetingRefusedError):
    """Nobody, no table or not the robot that was asked for is free at the exhibitor then."""

    code = "slot-taken"


class OwnTimeTakenError(MeetingRefusedError):
    """The buyer has something else then, or is on the way to it."""

    code = "own-time-taken"


class OutsideHoursError(MeetingRefusedError):
    """The fair is closed then, or whoever could meet is not at the booth."""

    code = "outside-hours"


class NoPlaceError(MeetingRefusedError):
    """The exhibitor has no booth with a table."""

    code = "no-place"


class OffGridError(MeetingRefusedError):
    """Meetings start every five minutes, and not in between."""

    code = "off-grid"


class PastError(MeetingRefusedError):
    """The time has begun already."""

    code = "in-the-past"


class TooNearError(MeetingRefusedError):
    """A request has to be made `minutes` before its time, so that somebody can answer and be there."""

    code = "too-near"


class NotPossibleError(MeetingRefusedError):
    """What is asked for does not follow from the `state` that the meeting has by now."""

    code = "not-possible"

    def __init__(self, act: Act, state: State, alternatives: Sequence[Span] = ()) -> None:
        self.act = act
        self.state = state
        super().__init__(alternatives, act=act.value, state=state.value)

    def members(self) -> Mapping[str, Any]:
        """The state, so that a program need not ask."""
        return {**super().members(), "state": self.state.value}


class NoLongerError(MeetingRefusedError):
    """Who or what the meeting needs is no longer at the fair; `reason` says who or what."""

    code = "no-longer"

    def __init__(self, reason: Reason, alternatives: Sequence[Span] = ()) -> None:
        super().__init__(alternatives, reason=reason.value)

    def members(self) -> Mapping[str, Any]:
        """The reason, so that a program need not ask."""
        return {**super().members(), "reason": self.params["reason"]}


class LapsedError(MeetingRefusedError):
    """The hold or the request has run out."""

    code = "lapsed"


class OverError(MeetingRefusedError):
    """The meeting's time is over."""

    code = "meeting-over"


class TooEarlyError(MeetingRefusedError):
    """The meeting has not begun."""

    code = "too-early"


class NoProposalError(MeetingRefusedError):
    """Nobody proposed another time, or not any more."""

    code = "no-proposal"


class OwnProposalError(MeetingRefusedError):
    """The proposal is the reader's own: the other side answers it."""

    code = "own-proposal"


class TooManyOpenError(MeetingRefusedError):
    """The buyer has `held` times on hold, or `open` holds and requests: the most. Another time is no way out."""

    code = "too-many-open"


class RegistrationNeededError(FairZoneError):
    """A buyer's account that has not said yet who the buyer is."""

    code = "registration-needed"
    status = 409


BARS: Mapping[Refusal, type[MeetingRefusedError]] = {
    Refusal.EXPIRED: LapsedError,
    Refusal.OVER: OverError,
    Refusal.EARLY: TooEarlyError,
    Refusal.NO_PROPOSAL: NoProposalError,
    Refusal.OWN_PROPOSAL: OwnProposalError,
}
