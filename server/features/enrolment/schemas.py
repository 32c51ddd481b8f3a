"""What the enrolment gives out."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from server.features.enrolment.rules.credentials import CredentialPurpose, Term


class _Credential(BaseModel):
    """What all credentials have."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    username: str
    version: int
    issued_at: datetime
    ends_at: datetime
    revoked_at: datetime | None

    @property
    def term(self) -> Term:
        """From when to when it holds."""
        return Term(self.issued_at, self.ends_at, self.revoked_at)


class RobotCredentialOut(_Credential):
    """A robot's credential without its secret."""

    robot: str
    robot_id: int
    exhibitor: str
    name_en: str
    name_zh: str
    protocol: str
    address: str
    active: bool
    """Whether the robot itself may speak at all."""
    purpose: CredentialPurpose
    client_id: str


class RobotFacts(BaseModel):
    """A robot as the page of its credentials names it."""

    model_config = ConfigDict(frozen=True)

    robot: str
    code: str
    name_en: str
    name_zh: str
    protocol: str
    address: str
    active: bool


class BridgeCredentialOut(_Credential):
    """The credential of a booth's bridge without its secret."""

    exhibitor: str
    exhibitor_id: int
    name: str
