"""What a robot says, in the fair's words: the one report into which every protocol is decoded.

Source: the fair profile, version 1 (README, "The fair profile"). Units: metres, metres a second, radians
anticlockwise from +x, percent. Positions are in the zone's floor plan: x to the east, y to the north, origin at the
plan's south-west corner.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

PROFILE_VERSION = 1
MAX_MESSAGE_BYTES = 16_384
"""A longer message is refused unread. VDA 5050 states of real robots are 1 to 8 kB."""

Code = Annotated[str, Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$")]
"""A short name that is safe in a topic, a path and an address: `nanling`, `nl-walker-7`."""
RobotKey = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,48}/[a-z0-9-]{1,48}$")]
"""`<exhibitor>/<robot>`: the name under which a robot is enrolled."""
Counter = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Number = Annotated[float, Meta(ge=-1e12, le=1e12)]
Angle = Annotated[float, Meta(ge=-9.43, le=9.43)]
"""Radians. Up to one whole turn beyond half a turn: that much a robot may be off that adds angles up."""
Text = Annotated[str, Meta(max_length=200)]
Moment = Annotated[datetime, Meta(tz=True)]
"""A point in time with its offset; one without is refused, since nobody could say which clock it means."""
MetricName = Annotated[str, Meta(min_length=1, max_length=40)]
"""By custom in lower case with underscores (`deliveries_today`). A pattern here would cost more than all the rest."""
LanguageCode = Annotated[str, Meta(min_length=2, max_length=12)]


class Mode(StrEnum):
    """Who drives (VDA 5050 `operatingMode`, section 6.10.6 of version 2.1)."""

    AUTOMATIC = "automatic"
    SEMIAUTOMATIC = "semiautomatic"
    MANUAL = "manual"
    SERVICE = "service"
    TEACH_IN = "teach_in"
    UNKNOWN = "unknown"
    """It said something that nobody here understands: not the harmless value, and none of the others."""


class Activity(StrEnum):
    """What the robot is doing, coarse enough for a visitor."""

    IDLE = "idle"
    WORKING = "working"
    MOVING = "moving"
    CHARGING = "charging"
    PAUSED = "paused"
    UNKNOWN = "unknown"
    """It said something that nobody here understands."""


class EStop(StrEnum):
    """Which emergency stop is active (VDA 5050 `eStop`). A word that nobody here knows is read as `manual`."""

    NONE = "none"
    AUTO = "auto"
    MANUAL = "manual"
    REMOTE = "remote"


class FaultLevel(StrEnum):
    """How bad a fault is: `fatal` stops the robot until somebody helps (VDA 5050 `errorLevel`)."""

    WARNING = "warning"
    URGENT = "urgent"
    CRITICAL = "critical"
    FATAL = "fatal"


class PresenceState(StrEnum):
    """Whether a robot is there, in its own words or in those of its last will."""

    ONLINE = "online"
    OFFLINE = "offline"
    """It has said goodbye."""
    BROKEN = "broken"
    """Its connection ended without a goodbye."""
    HIBERNATING = "hibernating"
    """Connected, but it sends nothing until it wakes: silence is no fault."""


class Source(StrEnum):
    """Where a robot's data come from. Set by the enrolment, never by the message."""

    LIVE = "live"
    SIMULATED = "simulated"
    REPLAY = "replay"


class Pose(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the robot stands on the zone's floor plan."""

    x: Number
    y: Number
    theta: Angle | None = None
    """None where the robot does not say where it looks, or says no angle in radians."""
    map: Annotated[str, Meta(max_length=100)] = ""
    """The robot's own map, where that is not the zone's plan: such a position is kept, and not drawn."""


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong with the robot, with its text per language code (`en`, `zh`)."""

    level: FaultLevel
    code: Annotated[str, Meta(min_length=1, max_length=64)]
    text: Annotated[dict[LanguageCode, Text], Meta(max_length=8)] = {}


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One robot at one moment. `(robot, boot, seq)` names it for ever: the same triple is the same report."""

    robot: RobotKey
    boot: Counter
    """Start of the robot's counter as milliseconds since 1970: a later start has a larger number."""
    seq: Counter
    time: Moment
    """By the robot's own clock, which is often wrong: order by (boot, seq), show the time of receipt."""
    mode: Mode = Mode.AUTOMATIC
    activity: Activity = Activity.IDLE
    battery: Annotated[float, Meta(ge=0, le=100)] | None = None
    pose: Pose | None = None
    speed: Annotated[float, Meta(ge=-100, le=100)] | None = None
    estop: EStop = EStop.NONE
    task: Text | Annotated[dict[LanguageCode, Text], Meta(max_length=8)] | None = None
    errors: Annotated[tuple[Fault, ...], Meta(max_length=16)] = ()
    metrics: Annotated[dict[MetricName, Number], Meta(max_length=32)] = {}
