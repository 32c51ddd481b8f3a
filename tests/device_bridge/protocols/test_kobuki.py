"""Kobuki's feedback packets, built after its documentation: reports once a second, gaps by the robot's own clock."""

import pytest

from device_bridge.protocols.decoded import Decoded, Reading
from device_bridge.protocols.kobuki import kobuki
from device_bridge.protocols.stream import StreamOptions
from device_bridge.wire.report import Activity
from tests.device_bridge.protocols.frames import kobuki_frame


def readings(frames: list[bytes]) -> list[Reading]:
    """The reports that these frames make."""
    heard: list[tuple[bytes, Decoded]] = kobuki(StreamOptions()).feed(b"".join(frames))
    return [what for _, what in heard if isinstance(what, Reading)]


def test_fifty_packets_a_second_become_one_report_a_second() -> None:
    frames = [kobuki_frame(20 * number, ticks=117 * number) for number in range(150)]

    heard = readings(frames)

    assert [reading.report.seq for reading in heard] == [1, 2, 3]
    assert [reading.report.speed for reading in heard] == [None, 0.5, 0.5]
    assert heard[-1].report.metrics == {"battery_v": 15.0, "travelled_m": 1.0}
    assert [reading.report.activity for reading in heard] == [Activity.IDLE, Activity.MOVING, Activity.MOVING]
    assert [reading.begins for reading in heard] == [True, False, False]


def test_a_bump_between_two_reports_is_in_the_next_one() -> None:
    frames = [kobuki_frame(20 * number, flags=4 if number == 7 else 0) for number in range(110)]

    heard = readings(frames)

    assert [[fault.code for fault in reading.report.errors] for reading in heard] == [[], ["bumper"], []]


def test_clock_and_wheels_go_round_without_a_jump() -> None:
    frames = [kobuki_frame(65_000 + 20 * number, ticks=65_000 + 117 * number) for number in range(101)]

    heard = readings(frames)

    assert [(reading.report.seq, reading.report.speed) for reading in heard] == [(1, None), (2, 0.5), (3, 0.5)]


def test_a_second_without_any_packet_is_a_gap() -> None:
    clocks = [*range(0, 1_100, 20), *range(4_000, 5_100, 20)]

    heard = readings([kobuki_frame(clock) for clock in clocks])

    assert [(reading.report.seq, reading.oldest) for reading in heard] == [(1, 1), (2, 2), (5, 5), (6, 6)]


def test_a_robot_that_was_switched_off_and_on_begins_again() -> None:
    before = [kobuki_frame(20 * number, ticks=100 + number) for number in range(60)]
    after = [kobuki_frame(20 * number, ticks=number) for number in range(60)]

    heard = readings([*before, *after])

    assert [(reading.report.seq, reading.begins) for reading in heard] == [(1, True), (2, False), (1, True), (2, False)]


@pytest.mark.parametrize(("tenth_volts", "percent"), [(120, 0.0), (132, 0.0), (150, 51.4), (167, 100.0), (175, 100.0)])
def test_the_battery_is_a_straight_line_between_empty_and_full(tenth_volts: int, percent: float) -> None:
    (reading,) = readings([kobuki_frame(battery=tenth_volts)])

    assert reading.report.battery == percent


@pytest.mark.parametrize("tenth_volts", [0, 1, 89, 181, 255])
def test_a_voltage_that_no_pack_has_is_unknown(tenth_volts: int) -> None:
    heard = readings([kobuki_frame(), kobuki_frame(1_000, battery=tenth_volts)])

    assert [reading.report.battery for reading in heard] == [51.4, None]
    assert heard[-1].report.metrics == {"battery_v": tenth_volts / 10, "travelled_m": 0.0}


def test_wheels_that_jump_are_no_speed() -> None:
    heard = readings([kobuki_frame(20 * number, ticks=30_000 * number) for number in range(60)])

    assert [reading.report.speed for reading in heard] == [None, None]


@pytest.mark.parametrize(("charger", "charges"), [(0, False), (2, False), (6, True), (18, False), (22, True)])
def test_a_robot_on_its_dock_or_adapter_charges(charger: int, *, charges: bool) -> None:
    (reading,) = readings([kobuki_frame(charger=charger)])

    assert (reading.report.activity is Activity.CHARGING) == charges


def test_seconds_while_the_port_is_unplugged_are_a_gap() -> None:
    options = StreamOptions()

    before = kobuki(options).feed(kobuki_frame(5_000))
    after = kobuki(options).feed(kobuki_frame(12_000))

    heard = [what for _, what in (*before, *after) if isinstance(what, Reading)]
    assert [(reading.report.seq, reading.begins) for reading in heard] == [(1, True), (8, False)]
