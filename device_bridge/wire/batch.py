"""What the bridge hands to the server: deliveries, refusals and the loss ledger, in one idempotent batch.

The server may receive any part of a batch again, in another batch, after any restart of either side: a delivery is
known by `(robot, boot, seq)`, a refusal by its `id`, a gap by `(robot, boot, first)`, a ledger by its `revision`.
"""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from device_bridge.wire.report import Counter, LanguageCode, Moment, Pose, PresenceState, Report, RobotKey, Source

MAX_BATCH = 1_000
MAX_RAW_BYTES = 4_096
"""So much of a refused message is kept; `size` tells how long it was."""


class BridgeTrouble(StrEnum):
    """Why a bridge takes no reports at present."""

    DISK_FULL = "disk-full"
    """The disk of its spool has no room left."""
    SPOOL_FULL = "spool-full"
    """Its spool has reached the limit that its settings name."""
    SPOOL_FAILS = "spool-fails"
    """Its spool cannot be written for another reason: rights, a disk that fails, another program."""


class Delivery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A report that passed identity and sequence checks, with what the bridge knows about its arrival."""

    report: Report
    received_at: Moment
    protocol: str
    source: Source
    backfill: bool = False
    """True when a newer report of this robot came before it: history, never the live value."""
    rehearsal: bool = False
    """Came under a rehearsal credential: for its exhibitor's eyes, never on a screen, never counted."""
    made_at: Moment | None = None
    """When it was made, by the bridge's clock, where it was held on its way for a while: its true age."""
    clock_off_s: Annotated[int, Meta(ge=-(10**10), le=10**10)] = 0
    """By how many seconds the robot's clock is known to be wrong, negative for a slow one; 0 within a minute."""
    rank: Counter = 0
    """Takes the place of `report.boot` in the order of the robot's starts, where that number is smaller than one
    before it although it started later; else 0."""


class Rejection(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message that was refused: raw, with a stable reason code and a sentence per language."""

    id: Annotated[str, Meta(min_length=1, max_length=80)]
    at: Moment
    channel: str
    """`mqtt`, `serial` or `https`."""
    address: Annotated[str, Meta(max_length=300)]
    """The topic or the port."""
    code: Annotated[str, Meta(max_length=40)]
    detail: dict[LanguageCode, str]
    raw: bytes
    size: Counter
    copies: Counter = 1
    """How many messages this row stands for: those of one kind in one minute that were not kept one by one. It may
    come again under the same id with a larger number."""
    robot: RobotKey | None = None
    """The enrolled robot of that address, where the address names one; not what the message claims."""
    rehearsal: bool = False
    """Came under a rehearsal credential: shown to its exhibitor, counted nowhere."""
    field: Annotated[str, Meta(max_length=80)] = ""
    """The one field that could not be read of a message that was taken but for it; empty where all of the message was
    refused. Such a row counts fields, not messages, and stands beside the delivery."""


class Ledger(msgspec.Struct, frozen=True, omit_defaults=True):
    """The account of one robot's counter since `boot`.

    `high - first + 1` sent = `stored` + `lost` + `refused` + all in `missing`.
    """

    robot: RobotKey
    boot: Counter
    revision: Counter
    first: Counter
    high: Counter
    mark: Counter
    """Every report from `first` up to here is stored."""
    stored: Counter
    duplicates: Counter = 0
    lost: Counter = 0
    """Gone for good: the sender does not hold them any more, or never did (QoS 0)."""
    missing: tuple[tuple[Counter, Counter], ...] = ()
    """Inclusive spans that never came, or not yet."""
    refused: Counter = 0
    """Numbers whose messages came and were refused: nobody awaits them."""


class Gap(msgspec.Struct, frozen=True):
    """A span of reports (inclusive) that was lost for good: one row of the loss ledger."""

    robot: RobotKey
    boot: Counter
    first: Counter
    last: Counter
    noticed_at: Moment


class Alarm(msgspec.Struct, frozen=True):
    """Something about a robot that a person should look into. It may come again while it lasts."""

    robot: RobotKey
    kind: Annotated[str, Meta(min_length=1, max_length=32)]
    """`clock-skew` or `two-senders`."""
    at: Moment
    detail: dict[LanguageCode, str]


class RobotPresence(msgspec.Struct, frozen=True):
    """A robot came online, left, broke off or went to sleep. The order of receipt counts, not that of `at`."""

    robot: RobotKey
    state: PresenceState
    at: Moment
    """By the robot's own clock; of a last will the time of its connection."""
    received_at: Moment


class RobotGlimpse(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a robot is between two reports. Shown when newest, never stored as a report; any of them may be missing."""

    robot: RobotKey
    received_at: Moment
    pose: Pose | None = None
    speed: Annotated[float, Meta(ge=-100, le=100)] | None = None


class RobotFactsheet(msgspec.Struct, frozen=True):
    """What a robot says it is and can do, in its protocol's own words: the newest is kept."""

    robot: RobotKey
    received_at: Moment
    body: dict[str, Any]


Item = Delivery | Rejection | Gap | RobotPresence | RobotFactsheet | Alarm
"""What waits in a spool for the server."""


class Batch(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one POST carries."""

    bridge: str
    deliveries: Annotated[tuple[Delivery, ...], Meta(max_length=MAX_BATCH)] = ()
    rejections: Annotated[tuple[Rejection, ...], Meta(max_length=MAX_BATCH)] = ()
    gaps: Annotated[tuple[Gap, ...], Meta(max_length=MAX_BATCH)] = ()
    ledgers: Annotated[tuple[Ledger, ...], Meta(max_length=MAX_BATCH)] = ()
    alarms: Annotated[tuple[Alarm, ...], Meta(max_length=MAX_BATCH)] = ()
    presences: Annotated[tuple[RobotPresence, ...], Meta(max_length=MAX_BATCH)] = ()
    glimpses: Annotated[tuple[RobotGlimpse, ...], Meta(max_length=MAX_BATCH)] = ()
    factsheets: Annotated[tuple[RobotFactsheet, ...], Meta(max_length=MAX_BATCH)] = ()
    troubles: Annotated[tuple[Annotated[str, Meta(max_length=32)], ...], Meta(max_length=8)] = ()
    """What keeps the bridge from taking reports: `BridgeTrouble`, or what a later bridge calls it. Said again while it
    lasts, in a batch of its own that waits in no spool."""


class Receipt(msgspec.Struct, frozen=True):
    """The server's answer: how much of the batch was new."""

    stored: int
    duplicates: int
    rejections: int


class Enrolment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which robot may speak, in which protocol, and from where."""

    robot: RobotKey
    protocol: str
    """A name in the protocol registry: `fair-mqtt`, `mavlink`, `vda5050`."""
    address: str
    """Its name on its way in: `<exhibitor>/<robot>`, a serial port's name, `<manufacturer>/<serial>`."""
    source: Source
    options: dict[str, Any] = {}
    """What its protocol has to be told, by the protocol's own names (`system_id`, `registers`)."""
    rehearsal: bool = False
    """Speaks under its rehearsal credential: checked and counted, but never on a screen of the fair."""


class Enrolments(msgspec.Struct, frozen=True):
    """All robots of the fair: what the bridge asks the server for, and keeps for the time when it does not answer."""

    robots: tuple[Enrolment, ...]


encode_batch = msgspec.json.Encoder().encode
decode_batch = msgspec.json.Decoder(Batch).decode
encode_report = msgspec.json.Encoder().encode
decode_report = msgspec.json.Decoder(Report).decode
decode_enrolments = msgspec.json.Decoder(Enrolments).decode
decode_receipt = msgspec.json.Decoder(Receipt).decode
