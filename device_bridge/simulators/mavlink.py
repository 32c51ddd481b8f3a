"""A robot that speaks MAVLink 2, written with pymavlink's own encoder.

Source: MAVLink developer guide, message set `common`: HEARTBEAT, SYS_STATUS, LOCAL_POSITION_NED, STATUSTEXT.
"""

from typing import Any

from device_bridge.simulators.player import RobotMoment
from device_bridge.simulators.streams import Encode
from device_bridge.wire.report import Activity, EStop

SYSTEM_ID = 1
_GROUND_ROVER, _NO_AUTOPILOT, _VERSION = 10, 8, 3
_ARMED_AUTO = 128 + 8 + 4
_STANDBY, _ACTIVE, _EMERGENCY = 3, 4, 6
_CELLS_MV_EMPTY, _CELLS_MV_FULL = 19_200, 25_200


class MavlinkEncoder:
    """Packs messages under the running frame number of one robot."""

    def __init__(self, system_id: int = SYSTEM_ID) -> None:
        # Half a thousand message classes: loaded for those alone who play such a robot.
        from pymavlink.dialects.v20 import common

        self._dialect = common
        self._link = common.MAVLink(None, srcSystem=system_id, srcComponent=1)

    def pack(self, message: Any) -> bytes:
        """Return the frame of a message."""
        frame = bytes(message.pack(self._link))
        self._link.seq = (self._link.seq + 1) % 256
        return frame

    def heartbeat(self, status: int) -> bytes:
        """Return the heartbeat, with which a report ends."""
        message = self._dialect.MAVLink_heartbeat_message(
            _GROUND_ROVER, _NO_AUTOPILOT, _ARMED_AUTO, 0, status, _VERSION
        )
        return self.pack(message)

    def power(self, millivolts: int, percent: int) -> bytes:
        """Return how the battery is; -1 percent for a robot without one."""
        return self.pack(
            self._dialect.MAVLink_sys_status_message(0, 0, 0, 100, millivolts, -1, percent, 0, 0, 0, 0, 0, 0)
        )

    def position(self, boot_ms: int, east_north: tuple[float, float], speed: float) -> bytes:
        """Return where it is: x to the north, y to the east, in metres, and how fast it goes."""
        east, north = east_north
        return self.pack(self._dialect.MAVLink_local_position_ned_message(boot_ms, north, east, 0.0, speed, 0.0, 0.0))

    def text(self, severity: int, words: str) -> bytes:
        """Return a status text, 50 bytes at most."""
        return self.pack(self._dialect.MAVLink_statustext_message(severity, words.encode()[:50]))


def mavlink_encoder() -> Encode:
    """Return an encoder: battery, position and new errors, then the heartbeat."""
    own = MavlinkEncoder()
    told: set[str] = set()

    def encode(moment: RobotMoment, _number: int) -> bytes:
        state = moment.state
        charge = -1.0 if state.battery is None else state.battery
        millivolts = _CELLS_MV_EMPTY + int((_CELLS_MV_FULL - _CELLS_MV_EMPTY) * max(charge, 0.0) / 100)
        boot_ms = max(0, int(moment.at.timestamp() * 1000) - moment.boot)
        frames = [
            own.power(millivolts, round(charge)),
            own.position(boot_ms, (state.motion.x, state.motion.y), state.motion.speed),
        ]
        frames += [own.text(4, fault.text.get("en", fault.code)) for fault in state.errors if fault.code not in told]
        told.clear()
        told.update(fault.code for fault in state.errors)
        return b"".join((*frames, own.heartbeat(_status(moment))))

    return encode


def _status(moment: RobotMoment) -> int:
    if moment.state.estop is not EStop.NONE:
        return _EMERGENCY
    return _STANDBY if moment.state.activity in {Activity.IDLE, Activity.CHARGING} else _ACTIVE
