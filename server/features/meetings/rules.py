"""The life of a meeting: ONE table of what may follow from what and by whom, what each state owns, and when; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from types import MappingProxyType

from server.kernel.spans import CELL

HOLD_TTL = timedelta(minutes=5)
"""So long a time stays held while the buyer writes what the meeting is about."""
REQUEST_TTL = timedelta(hours=24)
"""So long the exhibitor may take to answer, and never until the start: see `ANSWER_LEAD`."""
ANSWER_LEAD = timedelta(minutes=45)
"""So long before its start a request ends, unless the installation says otherwise: who meets has to be there."""
WARNED = timedelta(hours=1)
"""So long before a request ends both sides are warned, or when half of its time is over, whichever comes later."""
FINISH_GRACE = timedelta(minutes=15)
"""So long after its end a meeting is over: the last minutes belong to the way to the next one."""
MOST_HELD = 3
"""So many times one buyer may hold at once: nobody keeps an exhibitor's whole day from the others."""
MOST_OPEN = 20
"""So many holds and requests of one buyer may be open at once."""
SHORTEST, LONGEST, LENGTH_STEP = 15, 60, 5
"""How long a meeting lasts, in minutes."""
STAFF_BREAK_CELLS = 1
WALKING_M_S = 0.8


class State(StrEnum):
    """Where a meeting stands."""

    HELD = "held"
    REQUESTED = "requested"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DONE = "done"
    NO_SHOW = "no_show"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Act(StrEnum):
    """What may happen to a meeting."""

    HOLD = "hold"
    REQUEST = "request"
    RESCHEDULE = "reschedule"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    PROPOSE = "propose"
    AGREE = "agree"
    KEEP = "keep"
    HAND_OVER = "hand_over"
    NO_SHOW = "no_show"
    EXPIRE = "expire"
    FINISH = "finish"
    WAIT = "wait"
    OFFER = "offer"


class Side(StrEnum):
    """Who acts: the two people who meet, the clock, FairZone when another act has consequences, or the organiser."""

    BUYER = "buyer"
    EXHIBITOR = "exhibitor"
    CLOCK = "clock"
    SYSTEM = "system"
    ORGANISER = "organiser"


class Reason(StrEnum):
    """Why FairZone changed a meeting, where no person did."""

    SLOT_TAKEN = "slot-taken"
    SLOT_FREE = "slot-free"
    HOLD_ENDED = "hold-ended"
    NO_ANSWER = "no-answer"
    BUYER_LEFT = "buyer-left"
    PERSON_LEFT = "person-left"
    ROBOT_LEFT = "robot-left"
    PLACE_LEFT = "place-left"


@dataclass(frozen=True)
class Transition:
    """What follows from an act, and who may do it."""

    next: State
    by: frozenset[Side]


_BUYER = frozenset({Side.BUYER})
_EXHIBITOR = frozenset({Side.EXHIBITOR})
_EITHER = frozenset({Side.BUYER, Side.EXHIBITOR})
_CLOCK = frozenset({Side.CLOCK})
_BUYER_OR_SYSTEM = frozenset({Side.BUYER, Side.SYSTEM})
_REFUSING = frozenset({Side.EXHIBITOR, Side.ORGANISER, Side.SYSTEM})
_CALLING_OFF = frozenset({Side.BUYER, Side.EXHIBITOR, Side.ORGANISER, Side.SYSTEM})
_SYSTEM = frozenset({Side.SYSTEM})

TRANSITIONS: Mapping[tuple[State | None, Act], Transition] = MappingProxyType(
    {
        (None, Act.HOLD): Transition(State.HELD, _BUYER),
        (State.HELD, Act.REQUEST): Transition(State.REQUESTED, _BUYER),
        (State.HELD, Act.WITHDRAW): Transition(State.WITHDRAWN, _BUYER_OR_SYSTEM),
        (State.HELD, Act.EXPIRE): Transition(State.EXPIRED, _CLOCK),
        (State.REQUESTED, Act.RESCHEDULE): Transition(State.REQUESTED, _BUYER),
        (State.REQUESTED, Act.WITHDRAW): Transition(State.WITHDRAWN, _BUYER_OR_SYSTEM),
        (State.REQUESTED, Act.ACCEPT): Transition(State.ACCEPTED, _EXHIBITOR),
        (State.REQUESTED, Act.DECLINE): Transition(State.DECLINED, _REFUSING),
        (State.REQUESTED, Act.PROPOSE): Transition(State.REQUESTED, _EXHIBITOR),
        (State.REQUESTED, Act.AGREE): Transition(State.ACCEPTED, _EITHER),
        (State.REQUESTED, Act.KEEP): Transition(State.REQUESTED, _EITHER),
        (State.REQUESTED, Act.EXPIRE): Transition(State.EXPIRED, _CLOCK),
        (State.REQUESTED, Act.WAIT): Transition(State.WAITING, _SYSTEM),
        (State.WAITING, Act.RESCHEDULE): Transition(State.REQUESTED, _BUYER),
        (State.WAITING, Act.WITHDRAW): Transition(State.WITHDRAWN, _BUYER_OR_SYSTEM),
        (State.WAITING, Act.DECLINE): Transition(State.DECLINED, _REFUSING),
        (State.WAITING, Act.PROPOSE): Transition(State.WAITING, _EXHIBITOR),
        (State.WAITING, Act.AGREE): Transition(State.ACCEPTED, _EITHER),
        (State.WAITING, Act.KEEP): Transition(State.WAITING, _EITHER),
        (State.WAITING, Act.EXPIRE): Transition(State.EXPIRED, _CLOCK),
        (State.WAITING, Act.OFFER): Transition(State.REQUESTED, _SYSTEM),
        (State.ACCEPTED, Act.CANCEL): Transition(State.CANCELLED, _CALLING_OFF),
        (State.ACCEPTED, Act.PROPOSE): Transition(State.ACCEPTED, _EITHER),
        (State.ACCEPTED, Act.AGREE): Transition(State.ACCEPTED, _EITHER),
        (State.ACCEPTED, Act.KEEP): Transition(State.ACCEPTED, _EITHER),
        (State.ACCEPTED, Act.HAND_OVER): Transition(State.ACCEPTED, _EXHIBITOR),
        (State.ACCEPTED, Act.NO_SHOW): Transition(State.NO_SHOW, _EXHIBITOR),
        (State.ACCEPTED, Act.FINISH): Transition(State.DONE, _CLOCK),
        (State.DONE, Act.NO_SHOW): Transition(State.NO_SHOW, _EXHIBITOR),
    }
)

OPEN = frozenset({State.HELD, State.REQUESTED, State.WAITING})
"""States that end by themselves when nobody does anything."""
QUEUED = frozenset({State.REQUESTED, State.WAITING})
"""States in which a buyer waits for the exhibitor."""
SEATED = frozenset({State.HELD, State.ACCEPTED})
"""States that own the cells of everybody and everything that the meeting needs."""
OWNING = SEATED | {State.REQUESTED}
"""States that own the cells of the buyer: a request is soft on the other side, so that several may queue."""
ENDED = frozenset({State.DECLINED, State.CANCELLED, State.WITHDRAWN, State.EXPIRED})
"""States in which a meeting does not take place, and somebody wants to know by whom and why."""


@dataclass(frozen=True)
class Standing:
    """What decides on an act: the state of a meeting and its times."""

    state: State
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime | None = None
    proposed_by: Side | None = None
    proposed_starts_at: datetime | None = None


ENDED_BY_CLOCK: Mapping[State, Reason] = MappingProxyType(
    {State.HELD: Reason.HOLD_ENDED, State.REQUESTED: Reason.NO_ANSWER, State.WAITING: Reason.NO_ANSWER}
)
"""Why what is open ends by itself."""


def has_lapsed(standing: Standing, now: datetime) -> bool:
    """Whether a meeting that was open has run out, whether or not the clock's own work has come to it."""
    return standing.state in OPEN and standing.expires_at is not None and now >= standing.expires_at


def state_at(standing: Standing, now: datetime) -> State:
    """Where a meeting stands at `now` for every reader: what the clock has ended is ended."""
    if has_lapsed(standing, now):
        return State.EXPIRED
    if standing.state is State.ACCEPTED and now >= standing.ends_at + FINISH_GRACE:
        return State.DONE
    return standing.state


def is_proposed(standing: Standing, now: datetime) -> bool:
    """Whether another time is proposed that has not begun: a proposal ends with its time, and with its meeting."""
    ahead = standing.proposed_starts_at is None or standing.proposed_starts_at > now
    return standing.proposed_by is not None and ahead and not has_lapsed(standing, now)


class Refusal(StrEnum):
    """Why an act is not possible."""

    STATE = "state"
    EXPIRED = "expired"
    OVER = "over"
    EARLY = "early"
    NO_PROPOSAL = "no-proposal"
    OWN_PROPOSAL = "own-proposal"


Check = Callable[[Standing, Side, datetime], Refusal | None]


def _alive(standing: Standing, _side: Side, now: datetime) -> Refusal | None:
    if has_lapsed(standing, now):
        return Refusal.EXPIRED
    return Refusal.OVER if now >= standing.ends_at else None


def _begun(standing: Standing, _side: Side, now: datetime) -> Refusal | None:
    return Refusal.EARLY if now < standing.starts_at else None


def _proposed(standing: Standing, _side: Side, now: datetime) -> Refusal | None:
    return None if is_proposed(standing, now) else Refusal.NO_PROPOSAL


def _proposed_to(standing: Standing, side: Side, _now: datetime) -> Refusal | None:
    return Refusal.OWN_PROPOSAL if standing.proposed_by is side else None


def _lapsed(standing: Standing, _side: Side, now: datetime) -> Refusal | None:
    return None if standing.expires_at is not None and now >= standing.expires_at else Refusal.EARLY


def _over(standing: Standing, _side: Side, now: datetime) -> Refusal | None:
    return None if now >= standing.ends_at + FINISH_GRACE else Refusal.EARLY


CHECKS: Mapping[Act, tuple[Check, ...]] = MappingProxyType(
    {
        Act.REQUEST: (_alive,),
        Act.RESCHEDULE: (_alive,),
        Act.ACCEPT: (_alive,),
        Act.DECLINE: (_alive,),
        Act.WITHDRAW: (_alive,),
        Act.WAIT: (_alive,),
        Act.CANCEL: (_alive,),
        Act.PROPOSE: (_alive,),
        Act.AGREE: (_alive, _proposed, _proposed_to),
        Act.KEEP: (_alive, _proposed),
        Act.HAND_OVER: (_alive,),
        Act.OFFER: (_alive,),
        Act.NO_SHOW: (_begun,),
        Act.EXPIRE: (_lapsed,),
        Act.FINISH: (_over,),
    }
)
"""What has to be true of a meeting besides its state, for some acts."""


def bar_to(act: Act, standing: Standing, side: Side, now: datetime) -> Refusal | None:
    """What stands in the way of an act of one side at `now`; nothing when it may be done."""
    transition = TRANSITIONS.get((standing.state, act))
    if transition is None or side not in transition.by:
        return Refusal.STATE
    found = (check(standing, side, now) for check in CHECKS.get(act, ()))
    return next((bar for bar in found if bar), None)


def acts_of(standing: Standing, side: Side, now: datetime) -> list[Act]:
    """What one side may do now, in the order of `Act`."""
    return [act for act in Act if bar_to(act, standing, side, now) is None]


def may_ever(side: Side, act: Act) -> bool:
    """Whether one side may do an act at all, whatever stands."""
    return any(side in transition.by for (_, known), transition in TRANSITIONS.items() if known is act)


def next_state(state: State | None, act: Act) -> State:
    """What a meeting becomes. Raises `KeyError` for an act that its state does not know: ask `bar_to` first."""
    return TRANSITIONS[state, act].next


def request_ends(now: datetime, starts_at: datetime, lead: timedelta = ANSWER_LEAD) -> datetime:
    """When a request that is made now expires: in a day, or `lead` before the meeting."""
    return min(now + REQUEST_TTL, starts_at - lead)


def hold_ends(now: datetime, starts_at: datetime, lead: timedelta = ANSWER_LEAD) -> datetime:
    """When a hold that is made now ends: in five minutes, or when its request could no longer be made."""
    return min(now + HOLD_TTL, starts_at - lead)


def warned_at(since: datetime, expires_at: datetime) -> datetime:
    """When both sides are warned of the end of a request that stands as it does `since` then."""
    return expires_at - min(WARNED, (expires_at - since) / 2)


def walk_cells(metres: float) -> int:
    """So many cells a buyer needs for the longest walk in a zone whose width and depth add up to `metres`."""
    return max(1, ceil(metres / WALKING_M_S / CELL.total_seconds()))
