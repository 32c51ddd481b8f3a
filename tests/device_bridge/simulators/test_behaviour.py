"""A simulated robot is a pure function of (seed, t) that keeps to its booth, its drive's limits and its battery."""

import math

from hypothesis import given
from hypothesis import strategies as st

from device_bridge.simulators.behaviour import DAY_S, FAIR_OFFSET_S, SimulatedRobot
from device_bridge.simulators.fleet import Area
from device_bridge.simulators.kinds import KINDS
from device_bridge.simulators.kinematics import wrap
from device_bridge.wire.report import Activity
from tests.device_bridge.simulators.conftest import BOOTH, a_spec

lengths = st.floats(min_value=0.3, max_value=25, allow_nan=False)
corners = st.floats(min_value=0, max_value=120, allow_nan=False)
areas = st.builds(Area, x=corners, y=corners, width=lengths, depth=lengths)
moments = st.floats(min_value=1.7e9, max_value=2.1e9, allow_nan=False)
robots = st.builds(
    lambda kind, area, seed: SimulatedRobot(a_spec(kind=kind, area=area), seed),
    st.sampled_from([*sorted(KINDS), "a-kind-of-tomorrow"]),
    areas,
    st.integers(0, 2**32),
)


@given(robots, moments)
def test_a_robot_never_leaves_its_booth(robot: SimulatedRobot, t: float) -> None:
    motion = robot.at(t).motion

    assert robot.spec.area.rectangle.contains(motion.x, motion.y)


@given(robots, moments, st.floats(min_value=0.001, max_value=5))
def test_a_robot_moves_no_faster_than_its_drive_and_never_jumps(robot: SimulatedRobot, t: float, step: float) -> None:
    before, after = robot.at(t).motion, robot.at(t + step).motion

    assert math.dist((before.x, before.y), (after.x, after.y)) <= robot.kind.limits.speed * step + 1e-5
    assert 0 <= after.speed <= robot.kind.limits.speed


@given(robots, moments, st.floats(min_value=0.001, max_value=1))
def test_a_robot_turns_no_faster_than_its_drive(robot: SimulatedRobot, t: float, step: float) -> None:
    before, after = robot.at(t).motion, robot.at(t + step).motion

    assert abs(wrap(after.theta - before.theta)) <= robot.kind.limits.turn_rate * step + 1e-5


@given(robots, moments, st.floats(min_value=0.001, max_value=0.2))
def test_a_robot_gains_and_loses_speed_within_its_acceleration(robot: SimulatedRobot, t: float, step: float) -> None:
    before, after = robot.at(t).motion, robot.at(t + step).motion

    assert abs(after.speed - before.speed) <= robot.kind.limits.acceleration * step + 1e-5


@given(robots, moments)
def test_a_battery_stays_between_empty_and_full_and_rises_only_on_the_charger(robot: SimulatedRobot, t: float) -> None:
    before, after = robot.at(t), robot.at(t + 1)

    assert (before.battery is None) == (robot.kind.hours_on_battery is None)
    if before.battery is not None and after.battery is not None:
        assert 0 <= after.battery <= 100
        rises = after.battery > before.battery
        assert not rises or Activity.CHARGING in {before.activity, after.activity}


@given(robots, moments, st.floats(min_value=0, max_value=600))
def test_counters_never_fall_within_a_fair_day(robot: SimulatedRobot, t: float, later: float) -> None:
    tomorrow = (t + FAIR_OFFSET_S) // DAY_S * DAY_S - FAIR_OFFSET_S + DAY_S
    before, after = robot.at(t).metrics, robot.at(min(t + later, tomorrow - 1e-3)).metrics

    assert all(after[name] >= value >= 0 for name, value in before.items())


@given(robots, st.lists(moments, min_size=2, max_size=6))
def test_the_same_seed_and_time_give_the_same_state_whatever_was_asked_before(
    robot: SimulatedRobot, asked: list[float]
) -> None:
    in_order = [robot.at(t) for t in asked]
    fresh = [SimulatedRobot(robot.spec, 7).at(t) for t in reversed(asked)]

    assert [SimulatedRobot(robot.spec, 7).at(t) for t in asked] == fresh[::-1]
    assert [robot.at(t) for t in reversed(asked)] == in_order[::-1]


@given(robots, moments)
def test_every_moment_has_its_words_in_english_and_chinese(robot: SimulatedRobot, t: float) -> None:
    task = robot.at(t).task

    assert task is not None
    assert set(task) == {"en", "zh"}


def test_a_cleaning_robot_covers_its_booth_lane_by_lane() -> None:
    robot = SimulatedRobot(a_spec(kind="cleaning"), 1)
    start = 1_800_000_000.0
    seen = [robot.at(start + second).motion for second in range(0, 4 * 3600, 2)]

    lanes = {round((motion.y - BOOTH.y) / 0.5) for motion in seen}

    assert lanes >= {1, 2, 3, 4, 5}


def test_another_seed_plays_another_robot() -> None:
    spec, t = a_spec(), 1_800_000_000.0

    states = {SimulatedRobot(spec, seed).at(t).motion for seed in range(10)}

    assert len(states) > 5
