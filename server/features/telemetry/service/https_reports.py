"""Robots that speak over HTTPS: what the bridge does for the others, done here in one unit of work.

What becomes of a report, the bridge's own `ingest` says. The accounts are rows, and the robot's row is locked while
they change. What is answered is committed; a robot that hears no answer sends again and is told the same mark.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec
from sqlmodel import Session

from device_bridge.accounts import Draft, ReportAccounts, account_name, ledger_of
from device_bridge.alarms import Watched
from device_bridge.arrivals import Arrival
from device_bridge.ingest import Ingest, Ingested
from device_bridge.protocols import HTTPS_PROTOCOL, Decoded, Reading, adjustment_of
from device_bridge.protocols.decoded import UNREADABLE, Malformed, invalid
from device_bridge.protocols.fair import Status
from device_bridge.refusal_meter import RefusalCounts, kind_of, minute_of
from device_bridge.refusals import refuse
from device_bridge.sequence import ReportAccount
from device_bridge.wire.batch import Alarm, Batch, Delivery, Enrolment, Gap, Item, Rejection
from device_bridge.wire.report import Source
from server.features.enrolment.rules.credentials import CredentialPurpose, RobotIdentity
from server.features.enrolment.service import authenticate
from server.features.exhibitors.rules import NAMED_BY_KEY
from server.features.telemetry.queries import copies_kept, lock_robots
from server.features.telemetry.queries.bounds import starts_of
from server.features.telemetry.queries.speakers import Speaker, accounts_of, find_speaker, refused_this_minute
from server.features.telemetry.rules.bounds import STARTS_AN_HOUR, Starts
from server.features.telemetry.service.batches import store_batch
from server.features.telemetry.service.speakers import save_speaker
from server.kernel.errors import FairZoneError, ForbiddenError

__all__ = [
    "Answer",
    "RobotTokenError",
    "Status",
    "TooManyReportsError",
    "WrongProtocolError",
    "robot_behind",
    "take_reports",
]

MAX_BODY_BYTES = 4 * 2**20
MOST_REPORTS = 500
"""In one request."""
CHANNEL: Final = "https"
_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


class RobotTokenError(FairZoneError):
    """No robot may speak with this token: it is unknown, expired, revoked or renewed."""

    code = "robot-token"
    status = 401


class WrongProtocolError(ForbiddenError):
    """The robot is enrolled, and not with the fair profile over HTTPS; `protocol` is what it is enrolled with."""

    code = "wrong-door"


class TooManyReportsError(FairZoneError):
    """This robot asks more often than anybody needs to; `requests` a minute are taken."""

    code = "too-many-reports"
    status = 429


class TooManyAtOnceError(FairZoneError):
    """More reports in one request than are taken; `most` says how many are."""

    code = "too-many-at-once"
    status = 413


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
class _Taken:
    """What the reports of one request come to."""

    items: list[Item] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    untaken: list[UntakenField] = field(default_factory=list)
    duplicates: int = 0
    boot: int | None = None
    """The start of the last report that was taken."""

    def add(self, index: int, found: Ingested) -> None:
        """Note what the report in that place comes to."""
        own: list[Item] = [item for item in found.items if isinstance(item, Item)]
        self.items += own
        rejections = [item for item in own if isinstance(item, Rejection)]
        self.untaken += [UntakenField(index, one.field, one.detail) for one in rejections if one.field]
        refused = [Refused(index, one.code, one.detail) for one in rejections if not one.field]
        self.refused += refused
        if not refused:
            self.duplicates += not any(isinstance(item, Delivery) for item in own)
            self.boot = found.mark.boot if found.mark else self.boot


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
        WrongProtocolError: the robot is enrolled with another protocol.
    """
    speaker = _admitted(session, who)
    lock_robots(session, {speaker.id})
    draft, watched = _accounts(session, speaker)
    robot, starts = _enrolment(speaker), starts_of(session, {speaker.id}, now)
    ingest = Ingest(draft, {speaker.key: watched}, lambda: f"{CHANNEL}-{new_id()}")
    taken = _Taken()
    for index, (raw, fault) in enumerate(opened(body)):
        heard = fault or _heard(raw, speaker, starts)
        taken.add(index, ingest.take(Arrival(CHANNEL, speaker.key, raw, now), heard, robot))
    answer = _store(session, speaker, draft, taken, now)
    save_speaker(session, speaker, draft, watched)
    return answer


def opened(body: bytes) -> list[tuple[bytes, Malformed | None]]:
    """The reports in a body, one object or a list of them; with its refusal where not even that can be told.

    Raises `TooManyAtOnceError`.
    """
    if not body.lstrip().startswith(b"["):
        return [(body, None)]
    try:
        items = _list(body)
    except UNREADABLE as error:
        return [(body, invalid(error))]
    if len(items) > MOST_REPORTS:
        raise TooManyAtOnceError(most=MOST_REPORTS, found=len(items))
    return [(bytes(item), None) for item in items]


def _admitted(session: Session, who: RobotIdentity) -> Speaker:
    speaker = find_speaker(session, who.robot_id, rehearsal=who.purpose is CredentialPurpose.REHEARSAL)
    if speaker is None:
        raise RobotTokenError
    # With the one credential that they have, also beside MQTT: each start has one number, whichever way it comes.
    if speaker.protocol not in NAMED_BY_KEY:
        raise WrongProtocolError(action="report.submit", robot=speaker.key, protocol=speaker.protocol)
    return speaker


def _accounts(session: Session, speaker: Speaker) -> tuple[Draft, Watched]:
    """The robot's accounts, to be written into, and what is remembered of it. The robot's row is locked."""
    kept = accounts_of(session, speaker)
    name = account_name(speaker.key, rehearsal=speaker.rehearsal)
    accounts = [(name, msgspec.json.decode(body, type=ReportAccount)) for body in kept.accounts]
    watched = msgspec.json.decode(kept.watched, type=Watched) if kept.watched else Watched()
    return Draft(ReportAccounts(accounts, {})), watched


def _enrolment(speaker: Speaker) -> Enrolment:
    return Enrolment(
        robot=speaker.key,
        protocol=HTTPS_PROTOCOL.name,
        address=speaker.key,
        source=Source(speaker.source),
        rehearsal=speaker.rehearsal,
    )


def _heard(raw: bytes, speaker: Speaker, starts: Starts) -> Decoded:
    """What a report says, where its start is still taken."""
    heard = HTTPS_PROTOCOL.decode("", raw, adjustment_of(speaker.options))
    if speaker.rehearsal or not isinstance(heard, Reading) or heard.claim != speaker.key:
        return heard
    taken = starts.takes(speaker.id, heard.report.boot)
    return heard if taken else refuse("too-many-starts", most=STARTS_AN_HOUR)


def _store(session: Session, speaker: Speaker, draft: Draft, taken: _Taken, now: datetime) -> Answer:
    items = _counted(session, speaker, taken.items, now).metered(taken.items)
    batch = Batch(
        bridge="https",
        deliveries=tuple(item for item in items if isinstance(item, Delivery)),
        rejections=tuple(item for item in items if isinstance(item, Rejection)),
        gaps=tuple(item for item in items if isinstance(item, Gap)),
        ledgers=() if speaker.rehearsal else tuple(ledger_of(*account) for account in draft.changed_accounts()),
        alarms=tuple(item for item in items if isinstance(item, Alarm)),
    )
    receipt = store_batch(session, batch, now)
    name = account_name(speaker.key, rehearsal=speaker.rehearsal)
    boot = taken.boot if taken.boot is not None else draft.newest_boot(name)
    account = None if boot is None else draft.account(name, boot)
    return Answer(
        stored=receipt.stored,
        duplicates=receipt.duplicates + taken.duplicates,
        mark=Mark(account.boot, account.mark) if account else None,
        refused=tuple(taken.refused),
        untaken=tuple(taken.untaken) or msgspec.UNSET,
    )


def _counted(session: Session, speaker: Speaker, items: list[Item], now: datetime) -> RefusalCounts:
    """The refusals of the present minute, as far as these items are of their kinds."""
    fresh = RefusalCounts(CHANNEL)
    found = {kind_of(item): item for item in items if isinstance(item, Rejection)}
    if not found:
        return fresh
    by_code = refused_this_minute(session, speaker, now)
    kept = copies_kept(session, [fresh.row_of(one) for one in found.values()])
    counts = {
        kind: kept.get(fresh.row_of(one), 0) if one.field else by_code.get(one.code, 0) for kind, one in found.items()
    }
    return RefusalCounts(CHANNEL, minute_of(now), counts)
