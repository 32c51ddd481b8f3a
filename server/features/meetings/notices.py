"""Who is told what of a meeting: ONE table of occasion x reader, complete by test; pure.

Whoever is told nothing is so deliberately, and the table says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from server.features.meetings.rules import Act, Side, State


class Hint(StrEnum):
    """Occasions that are no act of their own, or an act that concerns other people than it usually does."""

    LET_GO = "let_go"
    """A buyer gave back a time that was only held."""
    HOLD_LAPSED = "hold_lapsed"
    """A hold ran out before its request was sent."""
    LAPSES = "lapses"
    """A request is about to run out without an answer."""


Occasion = Act | Hint
OCCASIONS: tuple[Occasion, ...] = (*Act, *Hint)
_OF_A_HOLD: Mapping[Act, Hint] = MappingProxyType({Act.WITHDRAW: Hint.LET_GO, Act.EXPIRE: Hint.HOLD_LAPSED})


class Voice(StrEnum):
    """Who did it: one of the two sides, the organiser, or FairZone itself (its clock, or what follows from an act)."""

    BUYER = "buyer"
    EXHIBITOR = "exhibitor"
    ORGANISER = "organiser"
    SYSTEM = "house"


class Reader(StrEnum):
    """Who may have to be told."""

    BUYER = "buyer"
    STAFF = "staff"
    """Who of the exhibitor's people meets, or was asked for."""
    FORMER = "former"
    """Who was to meet until now."""
    DUTY = "duty"
    """Those who are at the booth at that time, when nobody in particular meets or was asked for."""
    ADMIN = "admin"
    """The exhibitor's administrators."""
    DESK = "desk"
    """The exhibitor's other log-ins."""

    @property
    def side(self) -> Side:
        """On which side of the meeting they are."""
        return Side.BUYER if self is Reader.BUYER else Side.EXHIBITOR


class How(StrEnum):
    """By which ways somebody is told."""

    MAIL = "mail"
    """In the inbox and by mail."""
    INVITE = "invite"
    """In the inbox, and by the invitation (or its cancellation) that follows from the act anyway."""
    CALENDAR = "calendar"
    """By the invitation alone: the reader did it, and needs it in the calendar."""
    INBOX = "inbox"
    """In the inbox alone."""


class Silence(StrEnum):
    """Why somebody is told nothing."""

    OWN_ACT = "own-act"
    """The reader did it, and the page has said so."""
    OWN_SIDE = "own-side"
    """Somebody of the reader's own side did it; the desk shows it to all of them."""
    PRIVATE = "private"
    """A time that is only held is the buyer's alone."""
    NOT_CONCERNED = "not-concerned"
    """Nobody stands there in this role: it changes nothing for them."""
    WHO_MEETS = "who-meets"
    """Whoever meets is told."""
    NOTHING_TO_SAY = "nothing-to-say"
    """What was agreed has taken place: both were there."""


@dataclass(frozen=True)
class NoticeWays:
    """How a reader is told: when somebody else did it, and when the reader's own side did."""

    others: How | Silence
    own: How | Silence

    def by(self, voice: Voice, reader: Reader) -> How | Silence:
        """How this reader is told of what `voice` did."""
        return self.own if voice.value == reader.side.value else self.others


_MAIL = NoticeWays(How.MAIL, Silence.OWN_ACT)
_TEAM = NoticeWays(How.MAIL, Silence.OWN_SIDE)
_INVITE = NoticeWays(How.INVITE, How.CALENDAR)
_SEAT = NoticeWays(How.INVITE, How.INVITE)
_INBOX = NoticeWays(How.INBOX, Silence.OWN_SIDE)


def _none(why: Silence) -> NoticeWays:
    return NoticeWays(why, why)


def _row(*cells: NoticeWays) -> Mapping[Reader, NoticeWays]:
    return MappingProxyType(dict(zip(Reader, cells, strict=True)))


_OWN, _SIDE = _none(Silence.OWN_ACT), _none(Silence.OWN_SIDE)
_PRIVATE, _APART = _none(Silence.PRIVATE), _none(Silence.NOT_CONCERNED)
_MEETS, _NOTHING = _none(Silence.WHO_MEETS), _none(Silence.NOTHING_TO_SAY)

# fmt: off
NOTICES: Mapping[Occasion, Mapping[Reader, NoticeWays]] = MappingProxyType({
    #                          buyer     staff     former    duty      admin     desk
    Act.HOLD:        _row(_OWN,     _PRIVATE, _PRIVATE, _PRIVATE, _PRIVATE, _PRIVATE),
    Hint.LET_GO:     _row(_OWN,     _PRIVATE, _PRIVATE, _PRIVATE, _PRIVATE, _PRIVATE),
    Hint.HOLD_LAPSED: _row(_MAIL,   _PRIVATE, _PRIVATE, _PRIVATE, _PRIVATE, _PRIVATE),
    Act.REQUEST:     _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
    Act.RESCHEDULE:  _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
    Act.WITHDRAW:    _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
    Act.ACCEPT:      _row(_INVITE,  _SEAT,    _APART,   _MEETS,   _SIDE,    _SIDE),
    Act.DECLINE:     _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
    Act.CANCEL:      _row(_INVITE,  _SEAT,    _APART,   _MEETS,   _TEAM,    _INBOX),
    Act.PROPOSE:     _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
    Act.AGREE:       _row(_INVITE,  _SEAT,    _SEAT,    _MEETS,   _TEAM,    _INBOX),
    Act.KEEP:        _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
    Act.HAND_OVER:   _row(_INVITE,  _SEAT,    _SEAT,    _MEETS,   _TEAM,    _INBOX),
    Act.NO_SHOW:     _row(_MAIL,    _TEAM,    _APART,   _MEETS,   _TEAM,    _INBOX),
    Act.EXPIRE:      _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
    Act.FINISH:      _row(_NOTHING, _NOTHING, _APART,   _NOTHING, _NOTHING, _NOTHING),
    Act.WAIT:        _row(_MAIL,    _none(Silence.OWN_SIDE), _APART, _SIDE, _SIDE, _SIDE),
    Act.OFFER:       _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
    Hint.LAPSES:     _row(_MAIL,    _TEAM,    _APART,   _TEAM,    _TEAM,    _INBOX),
})
# fmt: on
"""For every occasion how each reader is told of it."""


def occasion_of(act: Act, before: State) -> Act | Hint:
    """What an act is to those who are told: what becomes of a hold is no concern of the exhibitor's."""
    return _OF_A_HOLD.get(act, act) if before is State.HELD else act


def kind_of(occasion: Occasion, reader: Reader) -> str:
    """The key of the sentence that a reader gets of an occasion."""
    words = reader.value if reader is Reader.FORMER else reader.side.value
    return f"told-{occasion.value.replace('_', '-')}-{words}"


def kinds() -> list[str]:
    """Every sentence that the table needs."""
    found = {
        kind_of(occasion, reader): None
        for occasion, row in NOTICES.items()
        for reader, told in row.items()
        if {told.others, told.own} & {How.MAIL, How.INVITE, How.INBOX}
    }
    return list(found)
