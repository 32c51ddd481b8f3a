"""Registers into the report: types, word orders, scales, tables of values, and maps that make no sense."""

import struct

import pytest

from device_bridge.protocols.decoded import Decoded, Reading
from device_bridge.protocols.modbus import Answers, Block, ModbusMap, exception, raw
from device_bridge.protocols.stream import OptionsError, StreamOptions
from device_bridge.wire.report import Activity, EStop, Mode, Pose


def questions(*registers: dict[str, object], **options: object) -> ModbusMap:
    """The map of these registers."""
    return ModbusMap(StreamOptions(values={"registers": list(registers), **options}))


def holding(first: int, *words: int) -> Answers:
    """Holding registers from an address on."""
    return {("holding", first + offset): word for offset, word in enumerate(words)}


def read(heard: Decoded) -> Reading:
    """The reading; anything else fails the test with what was heard."""
    assert isinstance(heard, Reading), heard
    return heard


@pytest.mark.parametrize(
    ("register", "words", "value"),
    [
        ({"type": "u16"}, (65_534,), 65_534.0),
        ({"type": "u16", "no_value": []}, (65_535,), 65_535.0),
        ({"type": "i16"}, (65_535,), -1.0),
        ({"type": "u32"}, (1, 2), 65_538.0),
        ({"type": "u32", "words": "little"}, (2, 1), 65_538.0),
        ({"type": "i32"}, (65_535, 65_534), -2.0),
        ({"type": "f32"}, struct.unpack(">HH", struct.pack(">f", 36.6)), 36.599998),
        ({"type": "f32", "words": "little"}, struct.unpack(">HH", struct.pack(">f", 0.5))[::-1], 0.5),
        ({"type": "u16", "scale": 0.1, "offset": -40.0}, (785,), 38.5),
    ],
)
def test_a_register_becomes_a_number(register: dict[str, object], words: tuple[int, ...], value: float) -> None:
    asked = questions({"feeds": "metrics.it", "address": 10, **register})

    reading = read(asked.hear(1, holding(10, *words)))

    assert reading.report.metrics == {"it": value}


def test_a_robot_of_registers_and_coils_says_what_a_visitor_wants_to_know() -> None:
    asked = questions(
        {"feeds": "battery", "address": 0, "scale": 0.1, "unit": "%"},
        {"feeds": "activity", "address": 1, "values": {"0": "idle", "1": "working"}, "otherwise": "paused"},
        {"feeds": "pose.x", "address": 2, "type": "i16", "scale": 0.01},
        {"feeds": "pose.y", "address": 3, "type": "i16", "scale": 0.01},
        {"feeds": "estop", "table": "coil", "type": "bit", "address": 7, "values": {"true": "manual", "false": "none"}},
        {"feeds": "errors.no-cups", "address": 4, "bit": 3, "level": "urgent", "en": "No cups", "zh": "没有杯子"},
    )
    answers = {**holding(0, 785, 1, 120, 65_526, 0b1000), ("coil", 7): 1}

    report = read(asked.hear(5, answers)).report

    assert (report.seq, report.battery, report.activity, report.estop) == (5, 78.5, Activity.WORKING, "manual")
    assert report.pose == Pose(1.2, -0.1)
    assert [(fault.level, fault.code, fault.text) for fault in report.errors] == [
        ("urgent", "no-cups", {"en": "No cups", "zh": "没有杯子"})
    ]


def test_only_addresses_in_the_map_are_asked_for_and_neighbours_at_once() -> None:
    asked = questions(
        {"feeds": "battery", "address": 3},
        {"feeds": "speed", "address": 1, "type": "f32"},
        {"feeds": "metrics.a", "address": 9},
        {"feeds": "metrics.b", "address": 4, "table": "input"},
    )

    assert asked.blocks == (Block("holding", 1, 3), Block("holding", 9, 1), Block("input", 4, 1))


def test_only_the_first_answer_begins_a_count_and_a_missed_poll_is_a_gap_by_its_number() -> None:
    asked = questions({"feeds": "battery", "address": 0})

    heard = [read(asked.hear(poll, holding(0, 50))) for poll in (2, 5)]

    assert [(reading.report.seq, reading.oldest, reading.begins) for reading in heard] == [(2, 2, True), (5, 5, False)]
    assert [(reading.claim, reading.states_boot, reading.states_time) for reading in heard] == [("", False, False)] * 2


@pytest.mark.parametrize(
    ("register", "word", "reads"),
    [
        ({"feeds": "battery", "address": 0}, 101, {"battery": None}),
        ({"feeds": "battery", "address": 0}, 0xFFFF, {"battery": None}),
        ({"feeds": "battery", "address": 0, "scale": 1e308}, 2_000, {"battery": None}),
        ({"feeds": "activity", "address": 0, "values": {"1": "working"}}, 2, {"activity": Activity.UNKNOWN}),
        ({"feeds": "activity", "address": 0, "values": {"1": "dancing"}}, 1, {"activity": Activity.UNKNOWN}),
        ({"feeds": "mode", "address": 0, "values": {"1": "manual"}}, 2, {"mode": Mode.UNKNOWN}),
        ({"feeds": "estop", "address": 0, "values": {"0": "none", "1": "manual"}}, 2, {"estop": EStop.MANUAL}),
        ({"feeds": "estop", "address": 0, "values": {"0": "none"}}, 0xFFFF, {"estop": EStop.MANUAL}),
        ({"feeds": "estop", "address": 0}, 0, {"estop": EStop.MANUAL}),
    ],
)
def test_a_value_that_does_not_fit_costs_its_field_and_is_told(
    register: dict[str, object], word: int, reads: dict[str, object]
) -> None:
    other = {"feeds": "metrics.cups", "address": 1}

    reading = read(questions(register, other).hear(1, holding(0, word, 7)))

    assert {name: getattr(reading.report, name) for name in reads} == reads
    assert reading.report.metrics == {"cups": 7.0}
    (untaken,) = reading.untaken
    assert untaken.field == register["feeds"]
    assert all(f"`{register['feeds']}`" in text for text in untaken.detail.values())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("u16", (0xFFFF,)),
        ("i16", (0x8000,)),
        ("u32", (0xFFFF, 0xFFFF)),
        ("i32", (0x8000, 0)),
        ("f32", (0x7FC0, 0)),
        ("f32", (0x7F80, 0)),
    ],
)
@pytest.mark.parametrize("feeds", ["battery", "speed", "metrics.it"])
def test_what_devices_answer_for_no_value_is_no_value_also_after_one(
    kind: str, words: tuple[int, ...], feeds: str
) -> None:
    asked = questions({"feeds": feeds, "address": 0, "type": kind, "scale": 0.01, "words": "big"})
    asked.hear(1, holding(0, *([0] * (len(words) - 1)), 5))

    reading = read(asked.hear(2, holding(0, *words)))

    assert (reading.report.battery, reading.report.speed, reading.report.metrics) == (None, None, {})
    assert len(reading.untaken) == 1


def test_a_word_that_usually_means_no_value_is_one_where_the_table_has_it() -> None:
    asked = questions({"feeds": "activity", "address": 0, "values": {"65535": "charging"}})

    assert read(asked.hear(1, holding(0, 0xFFFF))).report.activity is Activity.CHARGING


def test_registers_that_were_not_answered_cost_their_own_fields_and_never_read_as_harmless() -> None:
    asked = questions(
        {"feeds": "battery", "address": 0},
        {"feeds": "estop", "address": 10, "values": {"0": "none"}},
        {"feeds": "metrics.cups", "address": 11},
    )
    asked.hear(1, {**holding(0, 50), **holding(10, 0, 3)})

    report = read(asked.hear(2, holding(0, 49))).report

    assert (report.battery, report.estop, report.metrics) == (49.0, EStop.MANUAL, {})


def test_a_float_that_is_no_number_is_left_out() -> None:
    asked = questions({"feeds": "metrics.it", "address": 0, "type": "f32"}, {"feeds": "battery", "address": 2})

    report = read(asked.hear(1, holding(0, 0x7FC0, 0, 50))).report

    assert (report.metrics, report.battery) == ({}, 50.0)


def test_the_answers_are_kept_as_they_came() -> None:
    blocks = (Block("holding", 1, 2), Block("coil", 0, 1))

    assert raw(blocks, {**holding(1, 258, 772), ("coil", 0): 1}) == b"\x01\x02\x03\x04\x00\x01"


def test_an_answer_that_is_an_exception_names_the_place() -> None:
    refused = exception(Block("input", 30, 4), 2)

    assert (refused.code, "input 30-33" in refused.detail["en"], "input 30-33" in refused.detail["zh"]) == (
        "modbus-exception",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({}, "registers"),
        ({"registers": []}, "registers"),
        ({"registers": [{"feeds": "colour", "address": 0}]}, "has no field colour. It has: activity, battery"),
        ({"registers": [{"feeds": "battery", "address": 70_000}]}, "address"),
        ({"registers": [{"feeds": "battery", "address": 0, "type": "u64"}]}, "type"),
        ({"registers": [{"feeds": "battery", "adress": 0}]}, "adress"),
        ({"registers": [{"feeds": "battery", "address": 0}] * 2}, "battery"),
    ],
)
def test_a_map_that_makes_no_sense_is_refused_with_what_is_wrong(options: dict[str, object], named: str) -> None:
    with pytest.raises(OptionsError) as refused:
        ModbusMap(StreamOptions(values=options))

    assert (named in refused.value.detail["en"], set(refused.value.detail)) == (True, {"en", "zh"})
