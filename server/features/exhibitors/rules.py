"""What an exhibitor and its robots may be called, and what kinds of robot there are; pure."""

import re
from collections.abc import Mapping
from enum import StrEnum

CODE_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$"
"""A short name that is safe in a topic, a path and an address."""
CODE = re.compile(CODE_PATTERN)
HOME_PROVINCE = "Guangdong"


class RobotKind(StrEnum):
    """How a robot moves and what it does on its booth: what a simulator and a screen need to know of it."""

    ARM = "arm"
    CLEANING = "cleaning"
    CLIMBER = "climber"
    COFFEE = "coffee"
    COMPANION = "companion"
    DELIVERY = "delivery"
    EXOSKELETON = "exoskeleton"
    FIREFIGHTING = "firefighting"
    HAND = "hand"
    HARVEST = "harvest"
    HUMANOID = "humanoid"
    INSPECTION = "inspection"
    LAWN = "lawn"
    MANIPULATOR = "manipulator"
    QUADRUPED = "quadruped"
    RECEPTION = "reception"
    WATER = "water"
    WHEELCHAIR = "wheelchair"


STATIONARY = frozenset({RobotKind.ARM, RobotKind.COFFEE, RobotKind.EXOSKELETON, RobotKind.HAND})
"""Kinds that stay where they are put; all others drive, walk, climb or swim."""


class Protocol(StrEnum):
    """In what a robot speaks to the bridge."""

    FAIR_MQTT = "fair-mqtt"
    FAIR_SERIAL = "fair-serial"
    VDA5050 = "vda5050"


class SourceClass(StrEnum):
    """Where a robot's data come from; set by its enrolment, never by its messages."""

    LIVE = "live"
    SIMULATED = "simulated"
    REPLAY = "replay"


def generations(parents: Mapping[str, str | None]) -> list[list[str]]:
    """The codes of a taxonomy, roots first, each behind its parent; `parents` maps a code to the one above it.

    A code whose parent is missing, or that is its own ancestor, is in no generation.
    """
    levels: list[list[str]] = []
    above: set[str | None] = {None}
    while above:
        level = sorted(code for code, parent in parents.items() if parent in above)
        levels += [level] if level else []
        above = set(level)
    return levels


def is_guangdong(province: str) -> bool:
    """Whether a province is the fair's home province."""
    return province == HOME_PROVINCE


def robot_key(exhibitor: str, robot: str) -> str:
    """The name of a robot in topics, batches and addresses: `<exhibitor code>/<robot code>`."""
    return f"{exhibitor}/{robot}"


def split_robot_key(key: str) -> tuple[str, str] | None:
    """Exhibitor and robot code of a key, or nothing when the text is no key."""
    exhibitor, slash, robot = key.partition("/")
    return (exhibitor, robot) if slash and CODE.fullmatch(exhibitor) and CODE.fullmatch(robot) else None
