"""The tables of the telemetry: reports, each robot's present state, the loss ledger and the quarantine."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint
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
    """The newest report of a robot, by (boot, seq): what the screens show. Back-filled history never gets here."""

    __tablename__ = "robot_state"

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    boot: int = Field(sa_type=BigInteger)
    seq: int = Field(sa_type=BigInteger)
    received_at: datetime = Field(sa_type=UTCDateTime, index=True)
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
    __table_args__ = (Index(None, "robot_id", "at"), Index(None, "at"))

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    rejection_id: str = Field(unique=True, max_length=80)
    robot_id: int | None = Field(default=None, foreign_key="robot.id")
    """The enrolled robot of the address, where there is one; never what the message claims."""
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
