"""The tables of the credentials: which may be used, since when and until when. The secrets themselves stand nowhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from server.features.enrolment.rules.credentials import CredentialPurpose, Term
from server.infra.columns import UTCDateTime, enum_column


class RobotCredential(SQLModel, table=True):
    """What a robot proves itself with, one for each purpose; its secret follows from `version` and the secret key."""

    __tablename__ = "robot_credential"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    robot_id: int = Field(foreign_key="robot.id", primary_key=True)
    purpose: CredentialPurpose = Field(sa_column=enum_column("purpose", CredentialPurpose, primary_key=True))
    version: int = 1
    """Rises with every new secret: what was given out before ends."""
    issued_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    username: str = Field(unique=True, max_length=120)
    client_id: str = Field(unique=True, max_length=120)
    """Under which the broker takes its connection, and under no other."""

    @property
    def term(self) -> Term:
        """From when to when it holds."""
        return Term(self.issued_at, self.ends_at, self.revoked_at)


class BridgeCredential(SQLModel, table=True):
    """What the bridge on a booth's own machine proves itself with towards the server."""

    __tablename__ = "bridge_credential"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    exhibitor_id: int = Field(foreign_key="exhibitor.id", primary_key=True)
    name: str = Field(primary_key=True, max_length=48)
    version: int = 1
    issued_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    username: str = Field(unique=True, max_length=120)

    @property
    def term(self) -> Term:
        """From when to when it holds."""
        return Term(self.issued_at, self.ends_at, self.revoked_at)
