"""A robot with JSON lines of its own making, as a firmware writer might have them before hearing of any profile.

Its enrolment carries `DECLARATION` as its options: that is all the zone is told of it.
"""

from typing import Any

import msgspec

from device_bridge.simulators.player import RobotMoment
from device_bridge.simulators.streams import Encode
from device_bridge.wire.report import Activity, EStop

DECLARATION: dict[str, Any] = {
    "fields": {
        "seq": "no",
        "activity": {
            "path": "doing",
            "values": {"wait": "idle", "job": "working", "go": "moving", "plug": "charging", "hold": "paused"},
        },
        "battery": {"path": "accu.permille", "scale": 0.1},
        "speed": {"path": "mm_s", "scale": 0.001},
        "pose.x": "at.0",
        "pose.y": "at.1",
        "errors.stopped": {"path": "stop", "en": "Somebody pressed stop", "zh": "急停被按下", "level": "critical"},
    }
}

_DOING = {
    Activity.IDLE: "wait",
    Activity.WORKING: "job",
    Activity.MOVING: "go",
    Activity.CHARGING: "plug",
    Activity.PAUSED: "hold",
}
_encode = msgspec.json.Encoder().encode


def line(moment: RobotMoment, number: int) -> bytes:
    """Return the line of a moment."""
    state, motion = moment.state, moment.state.motion
    charge = 100.0 if state.battery is None else state.battery
    said = {
        "no": number,
        "doing": _DOING[state.activity],
        "accu": {"permille": round(charge * 10)},
        "mm_s": round(motion.speed * 1000),
        "at": [round(motion.x, 3), round(motion.y, 3)],
        "stop": state.estop is not EStop.NONE,
    }
    return _encode(said) + b"\n"


def declared_encoder() -> Encode:
    """Return the encoder of one robot."""
    return line
