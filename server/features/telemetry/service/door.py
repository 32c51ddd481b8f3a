"""Robots that speak over HTTPS: what the bridge does for the others, done here in one unit of work.

Decode, identify, book, store: by the same decoders and books, into the same tables. The accounts are rows, and the
robot's row is locked while they change. What is answered is committed; a robot that hears no answer sends again and
is told the same mark.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from sqlmodel import Session

from device_bridge.accounts import Accounts, Booked, Draft, ledger_of, settled_start
from device_bridge.alarms import Seen, Watched, look, started_again
from device_bridge.freshness import Age, Told, age_of
from device_bridge.protocols.adjusting import adjustment_of
from device_bridge.protocols.fair import Status, decode_status
from device_bridge.protocols.heard import Malformed, Reading, Untaken
from device_bridge.refusals import refuse
from device_bridge.refused_numbers import number_of
from device_bridge.sequence import Account, Verdict
from device_bridge.wire.batch import Alarm, Batch, Delivery, Gap, Rejection
from device_bridge.wire.report import Source
from server.features.enrolment.rules.credentials import Purpose, RobotIdentity
from server.features.enrolment.service import authenticate
from server.features.exhibitors.rules import Protocol
from server.features.telemetry.queries import copies_kept, lock_robots
from server.features.telemetry.queries.bounds import starts_of
from server.features.telemetry.queries.speakers import Speaker, accounts_of, find_speaker, refused_this_minute
from server.features.telemetry.rules.bounds import STARTS_AN_HOUR, Starts
from server.features.telemetry.service.batches import store_batch
from server.features.telemetry.service.parcel import Parcel, as_rejections, opened, untaken_fields
from server.features.telemetry.service.speakers import save_speaker
from server.kernel.errors import FairZoneError, ForbiddenError

__all__ = [
    "Answer",
    "RobotTokenError",
    "Status",
    "TooManyReportsError",
    "WrongDoorError",
    "robot_behind",
    "take_reports",
]

MAX_BODY_BYTES = 4 * 2**20
_BY_TOKEN = frozenset({Protocol.FAIR_HTTPS, Protocol.FAIR_MQTT})
"""The robots of the fair profile may speak over HTTPS with the one credential that they have, also beside MQTT: each
start has one number, whichever way its reports come."""
COUNTS_FROM = 1
"""The fair profile counts from one."""


class RobotTokenError(FairZoneError):
    """No robot may speak with this token: it is unknown, expired, revoked or renewed."""

    code = "robot-token"
    status = 401


class WrongDoorError(ForbiddenError):
    """The robot is enrolled, and not with the fair profile over HTTPS; `protocol` is what it is enrolled with."""

    code = "wrong-door"


class TooManyReportsError(FairZoneError):
    """This robot asks more often than anybody needs to; `requests` a minute are taken."""

    code = "too-many-reports"
    status = 429


class Refused(msgspec.Struct, frozen=True):
    """One report of a request that was refused, by its place in it, with a sentence per language."""

    index: int
    code: str
    detail: dict[str, str]


class UntakenField(msgspec.Struct, frozen=True):
    """One field that could not be read, of a report that was taken but for it, with a sentence per language."""

    index: int
    field: str
    detail: dict[str, str]


class Mark(msgspec.Struct, frozen=True):
    """Every report of this start up to this number is stored: its sender may forget them."""

    boot: int
    seq: int


class Answer(msgspec.Struct, frozen=True):
    """What became of the reports of one request."""

    stored: int
    duplicates: int
    mark: Mark | None
    refused: tuple[Refused, ...] = ()
    untaken: tuple[UntakenField, ...] | msgspec.UnsetType = msgspec.UNSET
    """Left out where there is none."""

    @property
    def status(self) -> int:
        """200 while anything of it was taken; a sender that looks at nothing else must notice when nothing was."""
        return 422 if self.refused and not self.stored + self.duplicates else 200


@dataclass
class _Judged:
    """What the reports of one request come to."""

    starts: Starts
    deliveries: list[Delivery] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    refused: list[tuple[Parcel, Malformed]] = field(default_factory=list)
    untaken: list[tuple[Parcel, Untaken]] = field(default_factory=list)
    duplicates: int = 0
    boot: int | None = None
    """The start of the last report that was booked."""


def robot_behind(session: Session, token: str, now: datetime, secret_key: str) -> RobotIdentity:
    """Which robot speaks with this token.

    Raises `RobotTokenError` where it is no robot's, or holds no longer.
    """
    who = authenticate(session, token, now, secret_key)
    if not isinstance(who, RobotIdentity):
        raise RobotTokenError
    return who


def take_reports(
    session: Session,
    who: RobotIdentity,
    body: bytes,
    now: datetime,
    new_id: Callable[[], str],
) -> Answer:
    """Store the report or the list of reports in `body`; what is refused of them goes to quarantine and stops no other.

    Raises:
        RobotTokenError: the robot may not speak any more.
        TooManyAtOnceError: there are too many reports in the list.
        WrongDoorError: the robot is enrolled with another protocol.
    """
    speaker = _admitted(session, who)
    lock_robots(session, {speaker.id})
    draft, watched = _books(session, speaker)
    found = _Judged(starts_of(session, {speaker.id}, now))
    for parcel in opened(body):
        _judge(found, parcel, draft, watched, (speaker, now))
    answer = _store(session, speaker, draft, found, (now, new_id))
    save_speaker(session, speaker, draft, watched)
    return answer


def _admitted(session: Session, who: RobotIdentity) -> Speaker:
    speaker = find_speaker(session, who.robot_id, rehearsal=who.purpose is Purpose.REHEARSAL)
    if speaker is None:
        raise RobotTokenError
    if speaker.protocol not in _BY_TOKEN:
        raise WrongDoorError(action="report.submit", robot=speaker.key, protocol=str(speaker.protocol))
    return speaker


def _books(session: Session, speaker: Speaker) -> tuple[Draft, Watched]:
    """The robot's accounts, to be written into, and what is remembered of it. The robot's row is locked."""
    kept = accounts_of(session, speaker)
    accounts = [(speaker.key, msgspec.json.decode(body, type=Account)) for body in kept.accounts]
    watched = msgspec.json.decode(kept.watched, type=Watched) if kept.watched else Watched()
    return Draft(Accounts(accounts, {})), watched


def _believed(heard: Reading, speaker: Speaker, starts: Starts) -> Reading | Malformed:
    """The reading, where it is of this robot and of a start that is still taken."""
    if heard.claim != speaker.key:
        return refuse("wrong-identity", claim=heard.claim[:100], address=speaker.key)
    if not speaker.rehearsal and not starts.takes(speaker.id, heard.report.boot):
        return refuse("too-many-starts", most=STARTS_AN_HOUR)
    return heard


def _judge(found: _Judged, parcel: Parcel, draft: Draft, watched: Watched, of: tuple[Speaker, datetime]) -> None:
    speaker, now = of
    heard = parcel.fault or decode_status(parcel.raw, adjustment_of(speaker.options))
    if isinstance(heard, Reading):
        heard = _believed(heard, speaker, found.starts)
    # Whoever holds the token sends again what it likes: there is no replay of somebody else's to fear, as on a wire.
    booked = draft.book(speaker.key, heard, (now, True), COUNTS_FROM) if isinstance(heard, Reading) else heard
    if not isinstance(booked, Booked):
        if parcel.fault is None and isinstance(heard, Malformed):
            number = number_of(parcel.raw, Protocol.FAIR_HTTPS, heard)
            if number is not None and number.claim == speaker.key and number.boot is not None:
                draft.turn_away(speaker.key, number.boot, number.seq)
        found.refused.append((parcel, booked if isinstance(booked, Malformed) else refuse("not-understood")))
        return
    report = booked.report
    found.boot = report.boot
    if not speaker.rehearsal:
        found.gaps += [Gap(speaker.key, report.boot, first, last, now) for first, last in booked.entry.lost]
    if booked.verdict is Verdict.DUPLICATE:
        found.duplicates += 1
        return
    found.untaken += [(parcel, untaken) for untaken in heard.untaken] if isinstance(heard, Reading) else []
    age = Age(None)
    if not speaker.rehearsal:
        before, booked = booked, settled_start(draft, booked, watched.clock, (now, True))
        told = Told(report.boot, report.time, now, live=not booked.backfill)
        age = age_of(watched.clock, told)
        found.alarms += started_again(watched, before, booked, now)
    found.deliveries.append(
        Delivery(
            *(report, now, Protocol.FAIR_HTTPS, Source(speaker.source), booked.backfill),
            rehearsal=speaker.rehearsal,
            made_at=age.made_at,
            clock_off_s=age.clock_off_s,
            rank=booked.rank,
        )
    )
    if not speaker.rehearsal:
        live = not booked.backfill
        seen = Seen(speaker.key, report.boot, report.seq, report.time, now, live=live, battery=report.battery)
        found.alarms += look(watched, seen)


def _store(
    session: Session, speaker: Speaker, draft: Draft, found: _Judged, at: tuple[datetime, Callable[[], str]]
) -> Answer:
    now, new_id = at
    batch = Batch(
        bridge="https",
        deliveries=tuple(found.deliveries),
        rejections=_rejections(session, speaker, found, now, new_id),
        gaps=tuple(found.gaps),
        ledgers=() if speaker.rehearsal else tuple(ledger_of(*account) for account in draft.changed_accounts()),
        alarms=tuple(found.alarms),
    )
    receipt = store_batch(session, batch, now)
    boot = found.boot if found.boot is not None else draft.newest_boot(speaker.key)
    account = None if boot is None else draft.account(speaker.key, boot)
    return Answer(
        stored=receipt.stored,
        duplicates=receipt.duplicates + found.duplicates,
        mark=Mark(account.boot, account.mark) if account else None,
        refused=tuple(Refused(parcel.index, why.code, why.detail) for parcel, why in found.refused),
        untaken=tuple(UntakenField(parcel.index, why.field, why.detail) for parcel, why in found.untaken)
        or msgspec.UNSET,
    )


def _rejections(
    session: Session, speaker: Speaker, found: _Judged, now: datetime, new_id: Callable[[], str]
) -> tuple[Rejection, ...]:
    before: dict[str, Any] = refused_this_minute(session, speaker, now) if found.refused else {}
    fields = untaken_fields(speaker, found.untaken, now, partial(copies_kept, session))
    return (*as_rejections(speaker, found.refused, before, now, new_id), *fields)
