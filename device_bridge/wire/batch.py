"""What the bridge hands to the server: deliveries, refusals and the loss ledger, in one idempotent batch.

The server may receive any part of a batch again, in another batch, after any restart of either side: a delivery is
known by `(robot, boot, seq)`, a refusal by its `id`, a gap by `(robot, boot, first)`, a ledger by its `revision`.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from device_bridge.wire.report import Counter, LanguageCode, Moment, Report, RobotKey, Source

MAX_BATCH = 1_000
MAX_RAW_BYTES = 4_096
"""So much of a refused message is kept; `size` tells how long it was."""


class Delivery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A report that passed identity and sequence checks, with what the bridge knows about its arrival."""

    report: Report
    received_at: Moment
    protocol: str
    source: Source
    backfill: bool = False
    """True when a newer report of this robot came before it: history, never the live value."""


class Rejection(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message that was refused: raw, with a stable reason code and a sentence per language."""

    id: Annotated[str, Meta(min_length=1, max_length=80)]
    at: Moment
    channel: str
    """`mqtt` or `serial`."""
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


class Ledger(msgspec.Struct, frozen=True, omit_defaults=True):
    """The account of one robot's counter since `boot`.

    `high - first + 1` sent = `stored` + `lost` + all in `missing`.
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


class Gap(msgspec.Struct, frozen=True):
    """A span of reports (inclusive) that was lost for good: one row of the loss ledger."""

    robot: RobotKey
    boot: Counter
    first: Counter
    last: Counter
    noticed_at: Moment


class Batch(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one POST carries."""

    bridge: str
    deliveries: Annotated[tuple[Delivery, ...], Meta(max_length=MAX_BATCH)] = ()
    rejections: Annotated[tuple[Rejection, ...], Meta(max_length=MAX_BATCH)] = ()
    gaps: Annotated[tuple[Gap, ...], Meta(max_length=MAX_BATCH)] = ()
    ledgers: Annotated[tuple[Ledger, ...], Meta(max_length=MAX_BATCH)] = ()


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
