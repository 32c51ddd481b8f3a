"""One simulated robot as its sender sees it: plan and script together, and the reports of the fair profile.

Pure: elapsed seconds come in, states and messages go out.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import msgspec

from device_bridge.simulators.behaviour import SimulatedRobot, SimulatedState
from device_bridge.simulators.faults import Effects, effects
from device_bridge.simulators.fleet import RobotSpec
from device_bridge.simulators.kinematics import Motion
from device_bridge.simulators.noise import Wire
from device_bridge.simulators.script import NOTHING, Script
from device_bridge.wire.report import PROFILE_VERSION, Activity, EStop, Fault, FaultLevel, Pose

_FLAT = Fault(FaultLevel.FATAL, "battery-flat", {"en": "The battery is flat", "zh": "电池耗尽"})


@dataclass(frozen=True, slots=True)
class RobotMoment:
    """What a robot is and does at one moment."""

    at: datetime
    boot: int
    state: SimulatedState
    mute: bool
    cut: bool


class Player:
    """Plays one robot from `started` (aware) on, with its faults."""

    def __init__(self, spec: RobotSpec, seed: int, started: datetime, script: Script = NOTHING) -> None:
        self.spec = spec
        self.wire = Wire(script.wires_of(spec.robot), f"{seed}/{spec.robot}")
        self._robot = SimulatedRobot(spec, seed)
        self._started = started
        self._script = script

    def live(self, elapsed: float) -> RobotMoment:
        """Return the moment, and let the wire live up to it."""
        self.wire.advance(elapsed)
        return self.at(elapsed)

    def at(self, elapsed: float) -> RobotMoment:
        """Return the moment `elapsed` seconds after the start."""
        now = effects(self._script.incidents, self.spec.robot, elapsed)
        planned = self._robot.at(self._started.timestamp() + now.planned)
        boot = self._milliseconds(now.rebooted_at or 0.0)
        clock = self._started + timedelta(seconds=elapsed + now.clock)
        return RobotMoment(clock, boot, _suffer(planned, now), now.mute, now.cut)

    def _milliseconds(self, elapsed: float) -> int:
        return round(self._started.timestamp() * 1000 + elapsed * 1000)


def _suffer(state: SimulatedState, now: Effects) -> SimulatedState:
    """Return the state under the effects of the moment; the battery of a robot on the mains does not run flat."""
    if now.drained and state.battery is not None:
        left = state.battery * (1 - now.drained)
        errors = (*state.errors, _FLAT) if left <= 0 else state.errors
        state = replace(state, battery=left, errors=errors)
    if not now.estop:
        return state
    still = Motion(state.motion.x, state.motion.y, state.motion.theta)
    return replace(state, motion=still, activity=Activity.PAUSED, estop=EStop.MANUAL)


class FairMessage(msgspec.Struct, omit_defaults=True):
    """One status of the fair profile as it goes out; `oldest` is added when it leaves."""

    exhibitor: str
    robot: str
    boot: int
    seq: int
    time: datetime
    mode: str
    activity: str
    battery: float | None
    pose: Pose
    speed: float
    estop: str
    task: dict[str, str] | None
    errors: tuple[Fault, ...] = ()
    metrics: dict[str, float] = {}


_encode = msgspec.json.Encoder().encode
_VERSION = b'{"v":%d,' % PROFILE_VERSION


def fair_message(spec: RobotSpec, moment: RobotMoment, seq: int) -> bytes:
    """Return the message as JSON, without `oldest`."""
    state, motion = moment.state, moment.state.motion
    message = FairMessage(
        exhibitor=spec.exhibitor_code,
        robot=spec.robot_code,
        boot=moment.boot,
        seq=seq,
        time=moment.at,
        mode=state.mode,
        activity=state.activity,
        battery=None if state.battery is None else round(state.battery, 1),
        pose=Pose(round(motion.x, 3), round(motion.y, 3), round(motion.theta, 3)),
        speed=round(motion.speed, 2),
        estop=state.estop,
        task=state.task,
        errors=state.errors,
        metrics=state.metrics,
    )
    return _VERSION + _encode(message)[1:]


def with_oldest(body: bytes, oldest: int) -> bytes:
    """Return the message with the lowest number that its sender still holds."""
    return b'%s,"oldest":%d}' % (body[:-1], oldest)


def aware_from(timestamp: float) -> datetime:
    """Return the moment, UTC, of seconds since 1970."""
    return datetime.fromtimestamp(timestamp, UTC)
