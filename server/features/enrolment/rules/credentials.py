"""Credentials of robots and of booths' bridges: what a token is made of, what it says, and whether it holds; pure.

A token is `fz_<name>.<secret>` for a robot and `fzb_<name>.<secret>` for a booth's bridge. The name says whose it is,
so that it is looked up in one query; the secret is derived from the installation's key, so that nothing secret stands
in the database and a fresh broker can be provisioned at any time.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_ROBOT, _BRIDGE = "fz_", "fzb_"
BROKERED = frozenset({"fair-mqtt", "vda5050"})
"""The protocols that are spoken over the broker."""
_SECRET_BYTES = 20
"""160 bits: 32 letters and digits that can be typed into firmware, and nothing to guess."""
_CODE = r"[a-z0-9-]{1,48}"
_TOKEN = re.compile(
    rf"(?P<kind>{_ROBOT}|{_BRIDGE})(?P<name>(?P<rehearsal>rehearsal\.(?={_CODE}\.{_CODE}\.))?{_CODE}\.{_CODE})"
    r"\.(?P<secret>[a-z2-7]{32})"
)


class CredentialPurpose(StrEnum):
    """For what a robot's credential is: the fair itself, or rehearsing before it, from wherever the robot is made."""

    FAIR = "fair"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True)
class RobotIdentity:
    """The robot behind a token: its key, its row, its exhibitor's code, and for what it may speak."""

    robot: str
    robot_id: int
    exhibitor: str
    purpose: CredentialPurpose


@dataclass(frozen=True)
class BridgeIdentity:
    """The bridge of a booth behind a token: it may carry the reports of its exhibitor's robots and of no others."""

    exhibitor: str
    exhibitor_id: int
    name: str


@dataclass(frozen=True)
class Term:
    """From when to when a credential holds; `revoked_at` when it was taken back before its end."""

    issued_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it may be used at this moment."""
        return self.revoked_at is None and now < self.ends_at


@dataclass(frozen=True)
class Presented:
    """What a token says before anything is checked: whose it claims to be, and the whole of it for comparison."""

    username: str
    is_bridge: bool
    token: str


def username_of(exhibitor: str, robot: str, purpose: CredentialPurpose = CredentialPurpose.FAIR) -> str:
    """The name of a robot towards the broker, and its client id: `nanling.edu-1`, `rehearsal.nanling.edu-1`.

    Codes hold no dots, so that no two robots share one.
    """
    name = f"{exhibitor}.{robot}"
    return f"rehearsal.{name}" if purpose is CredentialPurpose.REHEARSAL else name


def robot_token(key: str, username: str, purpose: CredentialPurpose, version: int) -> str:
    """The token of a robot, which is its password towards the broker; `key` is the installation's secret key."""
    robot = (username.removeprefix("rehearsal.") if purpose is CredentialPurpose.REHEARSAL else username).replace(
        ".", "/"
    )
    secret = derive_secret(key, f"robot:{robot}:{purpose}:{version}")
    return f"{_ROBOT}{username}.{secret}"


def bridge_token(key: str, username: str, version: int) -> str:
    """The token of a booth's bridge; `username` is `<exhibitor>.<name>`."""
    name = username.replace(".", "/")
    secret = derive_secret(key, f"bridge:{name}:{version}")
    return f"{_BRIDGE}{username}.{secret}"


def derive_secret(key: str, about: str) -> str:
    """32 letters and digits that follow from `key` and what they are for, and tell nothing of either (HMAC-SHA256)."""
    digest = hmac.new(key.encode(), about.encode(), hashlib.sha256).digest()
    return b32encode(digest[:_SECRET_BYTES]).decode().lower()


def read_token(token: str) -> Presented | None:
    """What a token says, or nothing for a text that is none of ours."""
    found = _TOKEN.fullmatch(token)
    if found is None or (found["kind"] == _BRIDGE and found["rehearsal"]):
        return None
    return Presented(found["name"], found["kind"] == _BRIDGE, token)


def is_same(presented: str, expected: str) -> bool:
    """Whether two tokens are one, in a time that does not tell how much of them agrees."""
    return hmac.compare_digest(presented.encode(), expected.encode())
