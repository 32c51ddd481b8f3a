"""A robot that is declared in its options: where its values stand, what they become, what is said when they do not."""

import json
from zlib import crc32

import pytest

from device_bridge.protocols.declared import declared
from device_bridge.protocols.decoded import Decoded, Malformed, Reading
from device_bridge.protocols.stream import OptionsError, StreamOptions
from device_bridge.wire.report import Activity, EStop, Mode, Pose

COFFEE: dict[str, object] = {
    "battery": "power.soc",
    "activity": {"path": "state", "values": {"brew": "working", "wait": "idle"}, "otherwise": "paused"},
    "pose.x": {"path": "at.0", "scale": 0.001},
    "pose.y": {"path": "at.1", "scale": 0.001},
    "metrics.cups_today": "cups",
    "errors.no-milk": {
        "path": "alarms.milk",
        "values": {"true": True, "false": False},
        "level": "urgent",
        "en": "Out of milk",
        "zh": "牛奶用完",
    },
}


def hear(fields: dict[str, object], *lines: object) -> list[Decoded]:
    """What these lines say by this declaration."""
    decoder = declared(StreamOptions(values={"fields": fields}))
    return [heard for line in lines for _, heard in decoder.feed(json.dumps(line).encode() + b"\n")]


def test_a_line_of_the_robots_own_making_becomes_a_report() -> None:
    line = {"power": {"soc": 64}, "state": "brew", "at": [1500, 2250], "cups": 31, "alarms": {"milk": True}, "x": None}

    (heard,) = hear(COFFEE, line)

    assert isinstance(heard, Reading)
    report = heard.report
    assert (report.battery, report.activity, report.pose) == (64.0, Activity.WORKING, Pose(1.5, 2.25))
    assert report.metrics == {"cups_today": 31.0}
    assert [(fault.level, fault.code, fault.text) for fault in report.errors] == [
        ("urgent", "no-milk", {"en": "Out of milk", "zh": "牛奶用完"})
    ]
    assert (heard.claim, heard.states_boot, heard.states_time) == ("", False, False)


def test_what_a_line_does_not_say_is_not_in_the_report() -> None:
    (heard,) = hear(COFFEE, {"state": "wait", "at": [1500]})

    assert isinstance(heard, Reading)
    report = heard.report
    assert (report.battery, report.pose, report.metrics, report.errors) == (None, None, {}, ())


def test_lines_without_a_number_are_numbered_as_they_come() -> None:
    heard = hear({"battery": "b"}, {"b": 1}, {"b": 2}, {"b": "?"}, {"b": 3})

    assert [(what.report.seq, what.begins) for what in heard if isinstance(what, Reading)] == [
        (1, True),
        (2, False),
        (3, False),
        (4, False),
    ]


def test_lines_with_a_number_of_their_own_show_what_is_missing() -> None:
    heard = hear({"seq": "n", "boot": "started"}, {"n": 4, "started": 12}, {"n": 9, "started": 12})

    assert [(what.report.seq, what.report.boot, what.states_boot) for what in heard if isinstance(what, Reading)] == [
        (4, 12, True),
        (9, 12, True),
    ]


def test_a_check_sum_behind_the_line_is_checked() -> None:
    body = b'{"b": 1}'
    decoder = declared(StreamOptions(values={"fields": {"battery": "b"}}))

    heard = [what for _, what in decoder.feed(b"%s*%08X\n%s*00000000\n" % (body, crc32(body), body))]

    assert [type(what) for what in heard] == [Reading, Malformed]


@pytest.mark.parametrize(
    ("fields", "line", "code", "named"),
    [
        ({"battery": "b"}, [1, 2], "invalid-field", "object"),
        ({"seq": "n"}, {"b": 1}, "invalid-field", "seq"),
        ({"seq": {"path": "n", "scale": 0.1}}, {"n": "1"}, "unmapped-value", "seq"),
        ({"time": {"path": "t", "values": {"1": "x"}}}, {"t": 5}, "unmapped-value", "time"),
    ],
)
def test_a_line_without_order_or_time_is_refused_with_the_field(
    fields: dict[str, object], line: object, code: str, named: str
) -> None:
    (heard,) = hear(fields, line)

    assert isinstance(heard, Malformed)
    assert (heard.code, named in heard.detail["en"]) == (code, True), heard.detail


@pytest.mark.parametrize(
    ("place", "value", "field", "reads"),
    [
        ("b", 140, "battery", None),
        ({"path": "b", "scale": 0.1}, "full", "battery", None),
        ({"path": "b", "scale": 0.1}, 10**400, "battery", None),
        ({"path": "b", "scale": 1e308}, 1e308, "battery", None),
        ("b", 10**400, "battery", None),
        ("b", "half \ud83d", "battery", None),
        ({"path": "b", "values": {"1": "idle"}}, 3, "activity", Activity.UNKNOWN),
        ("b", "dancing", "activity", Activity.UNKNOWN),
        ("b", None, "activity", Activity.UNKNOWN),
        ("b", "standby", "mode", Mode.UNKNOWN),
        *(("b", word, "estop", EStop.MANUAL) for word in ("released", "", None, False, 0, ["none"])),
        ({"path": "b", "values": {"0": "none"}}, 1, "estop", EStop.MANUAL),
        ({"path": "not.there", "values": {"0": "none"}}, 0, "estop", EStop.MANUAL),
    ],
)
def test_a_value_that_does_not_fit_its_declaration_costs_its_field_and_is_told(
    place: object, value: object, field: str, reads: object
) -> None:
    (before, heard) = hear({field: place, "metrics.cups": "c"}, {"c": 6}, {"b": value, "c": 7})

    assert isinstance(before, Reading)
    assert isinstance(heard, Reading)
    assert (getattr(heard.report, field), heard.report.metrics) == (reads, {"cups": 7.0})
    (untaken,) = heard.untaken
    assert (untaken.field, f"`{field}`" in untaken.detail["en"], f"`{field}`" in untaken.detail["zh"]) == (
        field,
        True,
        True,
    )


def test_no_number_in_a_line_costs_itself() -> None:
    decoder = declared(StreamOptions(values={"fields": {"battery": "b", "metrics.it": "m"}}))

    ((_, heard),) = decoder.feed(b'{"b": 50, "m": NaN}\n')

    assert isinstance(heard, Reading)
    assert (heard.report.battery, heard.report.metrics, len(heard.untaken)) == (50.0, {}, 1)


def test_what_a_line_does_not_tell_is_not_what_the_last_one_told() -> None:
    fields: dict[str, object] = {"battery": "b", "estop": "stop", "activity": "does", "pose.x": "x", "pose.y": "y"}

    _, heard = hear(fields, {"b": 50, "stop": "none", "does": "idle", "x": 1, "y": 2}, {"b": 49})

    assert isinstance(heard, Reading)
    report = heard.report
    assert (report.battery, report.estop, report.activity, report.pose) == (49.0, EStop.MANUAL, Activity.UNKNOWN, None)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "fields"),
        ({"colour": "c"}, "colour"),
        ({"battery": {"scale": 0.1}}, "path"),
        ({"battery": {"path": "b", "scael": 0.1}}, "scael"),
        ({"errors.x": {"path": "b", "level": "bad"}}, "level"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused_with_what_is_wrong(fields: dict[str, object], named: str) -> None:
    with pytest.raises(OptionsError) as refused:
        declared(StreamOptions(values={"fields": fields}))

    assert (named in refused.value.detail["en"], set(refused.value.detail)) == (True, {"en", "zh"}), refused.value
