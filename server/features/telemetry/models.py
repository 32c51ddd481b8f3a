"""The tables of the telemetry: reports, each robot's present state, the loss ledger and the quarantine."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.infra.columns import BigId, UTCDateTime


class TelemetryReport(SQLModel, table=True):
    """One report, known for ever by (robot, boot, seq): the same one cannot be stored twice."""

    __tablename__ = "telemetry_report"
    __table_args__ = (UniqueConstraint("robot_id", "boot", "seq"), Index(None, "received_at"))

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    robot_id: int = Field(foreign_key="robot.id")
    boot: int = Field(sa_type=BigInteger)
    seq: int = Field(sa_type=BigInteger)
    received_at: datetime = Field(sa_type=UTCDateTime)
    reported_at: datetime = Field(sa_type=UTCDateTime)
    """By the robot's own clock."""
    backfill: bool = False
    body: str = Field(sa_type=Text)
    """The report as the wire has it, JSON."""


class RobotState(SQLModel, table=True):
    """The newest report of a robot, by (start, seq): what the screens show. Back-filled history never gets here."""

    __tablename__ = "robot_state"

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    boot: int = Field(sa_type=BigInteger)
    """The start's place in the order of starts: its number, unless it followed a larger one."""
    seq: int = Field(sa_type=BigInteger)
    received_at: datetime = Field(sa_type=UTCDateTime, index=True)
    """When it came; of a report that was held on its way, when it was made."""
    body: str = Field(sa_type=Text)
    """The state as the live feed sends it, unredacted, JSON."""


class LossLedger(SQLModel, table=True):
    """The account of one robot's counter since one boot, as the bridge keeps it."""

    __tablename__ = "loss_ledger"
    __table_args__ = (CheckConstraint("high >= first AND stored >= 0 AND lost >= 0", name="counts"),)

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    boot: int = Field(sa_column=Column(BigInteger, primary_key=True))
    revision: int = Field(sa_type=BigInteger)
    first: int = Field(sa_type=BigInteger)
    high: int = Field(sa_type=BigInteger)
    mark: int = Field(sa_type=BigInteger)
    stored: int = Field(sa_type=BigInteger)
    duplicates: int = Field(sa_type=BigInteger)
    lost: int = Field(sa_type=BigInteger)
    missing: list[list[int]] = Field(default_factory=list, sa_type=JSON)
    """Inclusive spans that may still come."""
    open: int = Field(sa_type=BigInteger)
    """How many reports that is."""
    refused: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """Numbers whose messages were refused."""
    updated_at: datetime = Field(sa_type=UTCDateTime)


class LossGap(SQLModel, table=True):
    """A span of reports that was lost for good."""

    __tablename__ = "loss_gap"
    __table_args__ = (CheckConstraint("last >= first", name="span"), Index(None, "noticed_at"))

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    boot: int = Field(sa_column=Column(BigInteger, primary_key=True))
    first: int = Field(sa_column=Column(BigInteger, primary_key=True))
    last: int = Field(sa_type=BigInteger)
    noticed_at: datetime = Field(sa_type=UTCDateTime)


class QuarantinedMessage(SQLModel, table=True):
    """A message that was refused, as it came, with the reason."""

    __tablename__ = "quarantine"
    __table_args__ = (Index(None, "robot_id", "at"), Index(None, "at"), Index(None, "exhibitor_id", "kept_at"))

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    rejection_id: str = Field(unique=True, max_length=80)
    robot_id: int | None = Field(default=None, foreign_key="robot.id")
    """The enrolled robot of the address, where there is one; never what the message claims."""
    exhibitor_id: int | None = Field(default=None, foreign_key="exhibitor.id")
    """Whose bridge brought it, where it was the bridge of a booth."""
    kept_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When it was taken, by the server's clock."""
    at: datetime = Field(sa_type=UTCDateTime)
    channel: str = Field(max_length=16)
    address: str = Field(max_length=300)
    code: str = Field(max_length=40)
    detail: dict[str, str] = Field(sa_type=JSON)
    """The sentence per language."""
    raw: bytes = Field(sa_type=LargeBinary)
    size: int = Field(sa_type=BigInteger)
    """How long the message was; `raw` keeps its beginning."""
    copies: int = Field(default=1, sa_type=BigInteger)
    """How many messages of the same robot, reason and minute this row stands for."""
    rehearsal: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Refused under a rehearsal credential: shown to its exhibitor, counted nowhere."""


class LossHour(SQLModel, table=True):
    """What one robot's reports came to in one hour by the bridge's clock. Received = stored + duplicates + rejected."""

    __tablename__ = "loss_hour"
    __table_args__ = (CheckConstraint("stored >= 0 AND duplicates >= 0 AND rejected >= 0", name="counts"),)

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    hour: datetime = Field(sa_column=Column(UTCDateTime, primary_key=True))
    """Its beginning."""
    sent: int = Field(default=0, sa_type=BigInteger)
    """By how much the counter came forward. What is neither stored nor lost nor turned away of it is awaited."""
    stored: int = Field(default=0, sa_type=BigInteger)
    duplicates: int = Field(default=0, sa_type=BigInteger)
    rejected: int = Field(default=0, sa_type=BigInteger)
    lost: int = Field(default=0, sa_type=BigInteger)
    gaps: int = Field(default=0, sa_type=BigInteger)
    turned_away: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """Numbers of the counter whose messages were refused."""


class LossCursor(SQLModel, table=True):
    """How much of one boot's counter the hours account for."""

    __tablename__ = "loss_cursor"
    __table_args__ = (CheckConstraint("high >= first", name="span"),)

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    boot: int = Field(sa_column=Column(BigInteger, primary_key=True))
    first: int = Field(sa_type=BigInteger)
    high: int = Field(sa_type=BigInteger)
    opened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When this start was first heard of."""
    updated_at: datetime = Field(sa_type=UTCDateTime)


class RobotAccount(SQLModel, table=True):
    """The account of a robot that speaks over HTTPS, as a bridge keeps it: the server is its bridge."""

    __tablename__ = "robot_account"

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    rehearsal: bool = Field(primary_key=True)
    boot: int = Field(sa_column=Column(BigInteger, primary_key=True))
    body: str = Field(sa_type=Text)
    """The account, JSON."""


class RobotWatch(SQLModel, table=True):
    """What is remembered of a robot that speaks over HTTPS, so that its alarms can be told."""

    __tablename__ = "robot_watch"

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    body: str = Field(sa_type=Text)
    """JSON."""


class RobotAlarm(SQLModel, table=True):
    """Something about a robot that a person should look into: open until it was quiet for a while."""

    __tablename__ = "robot_alarm"
    __table_args__ = (
        CheckConstraint("last_seen >= opened_at", name="span"),
        UniqueConstraint("robot_id", "kind", "opened_at"),
        Index(None, "last_seen"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    robot_id: int = Field(foreign_key="robot.id")
    kind: str = Field(max_length=32)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    last_seen: datetime = Field(sa_type=UTCDateTime)
    detail: dict[str, str] = Field(sa_type=JSON)
    """The newest sentence per language."""


class RehearsalReport(SQLModel, table=True):
    """A report that came under a rehearsal credential: for its exhibitor's eyes, never on a screen, never counted."""

    __tablename__ = "rehearsal_report"
    __table_args__ = (Index(None, "robot_id", "received_at"), Index(None, "received_at"))

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    boot: int = Field(sa_column=Column(BigInteger, primary_key=True))
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True))
    received_at: datetime = Field(sa_type=UTCDateTime)
    body: str = Field(sa_type=Text)
    """The report as the wire has it, JSON."""


class RobotConnection(SQLModel, table=True):
    """What a robot last said of its connection: here, gone, broken off or asleep."""

    __tablename__ = "robot_connection"

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    state: str = Field(max_length=16)
    said_at: datetime = Field(sa_type=UTCDateTime)
    """By the robot's own clock."""
    received_at: datetime = Field(sa_type=UTCDateTime)


class RobotSheet(SQLModel, table=True):
    """What a robot says it is and can do: its newest factsheet."""

    __tablename__ = "robot_sheet"

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    received_at: datetime = Field(sa_type=UTCDateTime)
    body: str = Field(sa_type=Text)
    """The message as it came, JSON."""


class RobotHearing(SQLModel, table=True):
    """What a robot last sent that no screen shows: it speaks all the same, and its people are told why."""

    __tablename__ = "robot_hearing"

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    aside_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When a report came in that was stored as history alone."""
    aside_made_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When that was made, as far as anybody knows."""
    aside_why: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    """`late` or `older-start`."""
    refused_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    refused_code: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})
    refused_detail: dict[str, str] | None = Field(default=None, sa_type=JSON)
    """The sentence per language."""


class BridgeTroubleRow(SQLModel, table=True):
    """What kept a bridge from taking reports, from when to when it was last said; all its robots are concerned."""

    __tablename__ = "bridge_trouble"
    __table_args__ = (CheckConstraint("last_seen >= since", name="span"),)

    exhibitor: str = Field(primary_key=True, max_length=80)
    """Whose booth's bridge, by code; empty for the zone's own."""
    bridge: str = Field(primary_key=True, max_length=80)
    """The name of a bridge of the zone; a booth's counts as one, whatever it calls itself."""
    kind: str = Field(primary_key=True, max_length=32)
    since: datetime = Field(sa_type=UTCDateTime)
    last_seen: datetime = Field(sa_type=UTCDateTime)
    """By the server's clock."""
