"""Who a token is, and which tokens there are."""

from datetime import datetime

from sqlmodel import Session

from server.features.enrolment.queries import list_bridges, list_credentials
from server.features.enrolment.rules.credentials import (
    BROKERED,
    BridgeIdentity,
    CredentialPurpose,
    Presented,
    RobotIdentity,
    bridge_token,
    is_same,
    read_token,
    robot_token,
)
from server.features.enrolment.schemas import BridgeCredentialOut, RobotCredentialOut
from server.infra.identity import Identity
from server.kernel.permissions import Role


def authenticate(session: Session, token: str, now: datetime, secret_key: str) -> RobotIdentity | BridgeIdentity | None:
    """Who speaks with `token`, in one query; nothing for one that is unknown, expired, revoked or renewed since.

    `secret_key` is the installation's own: what every token is derived from.
    """
    presented = read_token(token)
    if presented is None:
        return None
    found = _find(session, presented)
    if found is None or not is_same(token, secret_of(found, secret_key)) or not found.term.holds(now):
        return None
    if isinstance(found, BridgeCredentialOut):
        return BridgeIdentity(found.exhibitor, found.exhibitor_id, found.name)
    return RobotIdentity(found.robot, found.robot_id, found.exhibitor, found.purpose) if found.active else None


def booth_bridge(session: Session, token: str, now: datetime, secret_key: str) -> Identity | None:
    """The bridge of a booth as one who asks: a bridge that works for its exhibitor alone; nothing for all others."""
    found = authenticate(session, token, now, secret_key)
    if not isinstance(found, BridgeIdentity):
        return None
    return Identity(
        role=Role.BRIDGE,
        username=f"{found.exhibitor}.{found.name}",
        display_name=found.name,
        exhibitor_id=found.exhibitor_id,
        exhibitor=found.exhibitor,
    )


def secret_of(credential: RobotCredentialOut | BridgeCredentialOut, secret_key: str) -> str:
    """The token of a credential, to be shown to those to whom it belongs and to nobody else."""
    if isinstance(credential, BridgeCredentialOut):
        return bridge_token(secret_key, credential.username, credential.version)
    return robot_token(secret_key, credential.username, credential.purpose, credential.version)


def valid_credentials(session: Session, now: datetime) -> list[RobotCredentialOut]:
    """The credentials of robots that may be used at this moment, by name."""
    return [one for one in list_credentials(session) if one.active and one.term.holds(now)]


def rehearsing(session: Session, now: datetime) -> set[str]:
    """The keys of the robots that may rehearse over the broker at this moment."""
    found = (one for one in valid_credentials(session, now) if one.protocol in BROKERED)
    return {one.robot for one in found if one.purpose is CredentialPurpose.REHEARSAL}


def _find(session: Session, presented: Presented) -> RobotCredentialOut | BridgeCredentialOut | None:
    if presented.is_bridge:
        return next(iter(list_bridges(session, username=presented.username)), None)
    return next(iter(list_credentials(session, username=presented.username)), None)
