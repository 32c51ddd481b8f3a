"""A refusal says which field, what was found and what was expected, whole in either language."""

import json
import re
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.protocols.decoded import UNREADABLE, Decoded, Malformed, Reading, invalid
from device_bridge.protocols.fair import decode_status
from device_bridge.protocols.vda5050 import decode_v3
from tests.device_bridge.protocols.samples import FIXTURES

VALID: dict[str, Any] = json.loads((FIXTURES / "fair-mqtt" / "valid" / "full.json").read_bytes())
OFFSET = "`2026-04-16T14:32:00+08:00`"
TEXTS = "text of at most 200 characters or an object of at most 8 entries, each text of at most 200 characters"
LIBRARY_WORDS = re.compile(
    r"\b(Expected|expected|Invalid|Object|missing|required|got|of length|matching|regex|array)\b"
)
GONE = object()


def sentences(**changes: Any) -> dict[str, str]:
    """Why a status with these changes is refused; `GONE` takes a field away."""
    body = {name: value for name, value in {**VALID, **changes}.items() if value is not GONE}
    return refused(json.dumps(body).encode())


def refused(payload: bytes) -> dict[str, str]:
    """Why these bytes are refused as a status, or the one field of it that is not taken."""
    heard = decode_status(payload)
    if isinstance(heard, Reading):
        (untaken,) = heard.untaken
        return untaken.detail
    assert isinstance(heard, Malformed), heard
    return heard.detail


@pytest.mark.parametrize(
    ("changes", "en", "zh"),
    [
        (
            {"seq": GONE},
            "Field `seq` is missing; expected a whole number from 1 to 9007199254740991.",
            "缺少字段 `seq`，应为 1 到 9007199254740991 之间的整数。",
        ),
        (
            {"pose": {"x": 1}},
            "Field `pose.y` is missing; expected a number from -1000000000000 to 1000000000000.",
            "缺少字段 `pose.y`，应为 -1000000000000 到 1000000000000 之间的数。",
        ),
        (
            {"battery": "full"},
            'Field `battery` is `"full"`; expected a number from 0 to 100.',
            '字段 `battery` 为 `"full"`，应为 0 到 100 之间的数。',
        ),
        (
            {"battery": 120},
            "Field `battery` is `120`; expected a number from 0 to 100.",
            "字段 `battery` 为 `120`，应为 0 到 100 之间的数。",
        ),
        (
            {"seq": 1.5},
            "Field `seq` is `1.5`; expected a whole number from 1 to 9007199254740991.",
            "字段 `seq` 为 `1.5`，应为 1 到 9007199254740991 之间的整数。",
        ),
        (
            {"robot": "Walker 7"},
            'Field `robot` is `"Walker 7"`; expected 1 to 48 lower-case letters, digits and inner hyphens.',
            '字段 `robot` 为 `"Walker 7"`，应为 1 到 48 个小写字母、数字或中间的连字符。',
        ),
        (
            {"estop": "pressed"},
            'Field `estop` is `"pressed"`; expected one of `none`, `auto`, `manual`, `remote`. It counts as stopped.',
            '字段 `estop` 为 `"pressed"`，应为 `none`、`auto`、`manual`、`remote` 之一。按急停处理。',
        ),
        (
            {"time": "2026-04-16T14:32:00"},
            f'Field `time` is `"2026-04-16T14:32:00"`; expected a time with its offset, such as {OFFSET}.',
            f'字段 `time` 为 `"2026-04-16T14:32:00"`，应为带时区的时间，例如 {OFFSET}。',
        ),
        (
            {"time": "noon"},
            f'Field `time` is `"noon"`; expected a time with its offset, such as {OFFSET}.',
            f'字段 `time` 为 `"noon"`，应为带时区的时间，例如 {OFFSET}。',
        ),
        (
            {"pose": [1, 2]},
            "Field `pose` is a list of 2; expected an object with `x`, `y`.",
            "字段 `pose` 为 2 项的列表，应为含 `x`、`y` 的对象。",
        ),
        (
            {"errors": {}},
            "Field `errors` is an object of 0 fields; expected a list of at most 16.",
            "字段 `errors` 为 0 个字段的对象，应为最多 16 项的列表。",
        ),
        (
            {"errors": [{"level": "warning", "code": "a"}, {"level": "bad", "code": "b"}]},
            (
                'Field `errors[1].level` is `"bad"`; expected one of `warning`, `urgent`, `critical`, `fatal`. '
                "It counts as the gravest."
            ),
            '字段 `errors[1].level` 为 `"bad"`，应为 `warning`、`urgent`、`critical`、`fatal` 之一。按最高级别处理。',
        ),
        (
            {"errors": [{"level": "warning", "code": ""}]},
            'Field `errors[0].code` is `""`; expected text of 1 to 64 characters.',
            '字段 `errors[0].code` 为 `""`，应为 1 到 64 个字符的文本。',
        ),
        (
            {"metrics": {"good": 1, "trips": "many"}},
            'Field `metrics.trips` is `"many"`; expected a number from -1000000000000 to 1000000000000.',
            '字段 `metrics.trips` 为 `"many"`，应为 -1000000000000 到 1000000000000 之间的数。',
        ),
        (
            {"metrics": {"good": 1, "": 2}},
            'In field `metrics` the key `""` does not fit; expected text of 1 to 40 characters.',
            '字段 `metrics` 中的键 `""` 不符合要求，应为 1 到 40 个字符的文本。',
        ),
        (
            {"task": "很" * 201},
            f'Field `task` is `"{"很" * 59}…` (201 characters); expected {TEXTS}.',
            (
                f'字段 `task` 为 `"{"很" * 59}…`（201 个字符），应为最多 200 个字符的文本或最多 8 项的对象，'
                "每项为最多 200 个字符的文本。"
            ),
        ),
        (
            {"task": {"en": 3}},
            "Field `task.en` is `3`; expected text of at most 200 characters.",
            "字段 `task.en` 为 `3`，应为最多 200 个字符的文本。",
        ),
    ],
)
def test_a_wrong_field_is_named_with_what_was_found_and_what_was_expected(
    changes: dict[str, Any], en: str, zh: str
) -> None:
    assert sentences(**changes) == {"en": en, "zh": zh}


def test_a_version_that_is_not_spoken_is_told_which_is() -> None:
    assert sentences(v=2) == {
        "en": "Field `v` is `2`; expected `1`, the version of the fair profile.",
        "zh": "字段 `v` 为 `2`，应为 `1`（展会协议的版本）。",
    }


def test_a_time_beyond_the_calendar_is_told_which_years_are_known() -> None:
    assert sentences(time="0001-01-01T00:00:00Z") == {
        "en": "Field `time` is `0001-01-01T00:00:00+00:00`; expected a time from 1900 to 2200. Set the robot's clock.",
        "zh": "字段 `time` 为 `0001-01-01T00:00:00+00:00`，应为 1900 到 2200 年之间的时间。请校准机器人时钟。",
    }


@pytest.mark.parametrize(
    ("payload", "en", "zh"),
    [
        (b" ", "The message is empty; expected a JSON object.", "报文为空，应为 JSON 对象。"),
        (
            b'{"v": 1',
            "This is not a JSON object: it ends too early, after 7 bytes.",
            "这不是完整的 JSON 对象：报文在 7 字节处提前结束。",
        ),
        (
            b"{'v': 1}",
            "This is not a JSON object: it breaks at byte 1, at `'v': 1}`.",
            "这不是 JSON 对象：第 1 字节（`'v': 1}`）处有误。",
        ),
        (
            b"\x00\x01",
            "This is not a JSON object: it breaks at byte 0, at `��`.",
            "这不是 JSON 对象：第 0 字节（`��`）处有误。",
        ),
        (
            b'{"exhibitor": "\xc4\xe3"}',
            "A text in the message is not UTF-8; send UTF-8.",
            "报文中的文本不是 UTF-8 编码，请使用 UTF-8。",
        ),
        (
            b'{"a":' * 3_000,
            "The brackets are nested too deeply to be read.",
            "括号嵌套过深，无法读取。",
        ),
    ],
)
def test_what_is_no_json_is_told_where_it_breaks(payload: bytes, en: str, zh: str) -> None:
    assert refused(payload) == {"en": en, "zh": zh}


def test_a_message_that_is_no_object_is_told_what_it_is() -> None:
    assert refused(b"[1, 2, 3]")["zh"].startswith("报文为 3 项的列表，应为含 ")
    assert refused(b"5")["en"].startswith("The message is `5`; expected an object with ")


def test_a_number_beyond_all_numbers_is_named_without_its_value() -> None:
    assert refused(b'{"seq": 1e999}') == {
        "en": "Field `seq` does not fit; expected a whole number from 1 to 9007199254740991.",
        "zh": "字段 `seq` 不符合要求，应为 1 到 9007199254740991 之间的整数。",
    }


class Odd(msgspec.Struct):
    """Declarations that no message of ours has."""

    free: Any = None
    short: Annotated[str, msgspec.Meta(min_length=3)] = "long"
    formed: Annotated[str, msgspec.Meta(pattern="^a+$")] = "a"
    least: Annotated[float, msgspec.Meta(ge=0.5)] = 1.0
    anything: float = 0.0
    names: list[str] = []
    nested: dict[str, list[int]] = {}
    raw: bytes = b""


@pytest.mark.parametrize(
    ("body", "en"),
    [
        ({"short": "x"}, 'Field `short` is `"x"`; expected text of at least 3 characters.'),
        ({"formed": "b"}, 'Field `formed` is `"b"`; expected text of the form `^a+$`.'),
        ({"least": 0}, "Field `least` is `0`; expected a number of at least 0.5."),
        ({"anything": "x"}, 'Field `anything` is `"x"`; expected a number.'),
        ({"names": 5}, "Field `names` is `5`; expected a list."),
        ({"names": [5]}, "Field `names[0]` is `5`; expected text."),
        ({"nested": {"a": ["x"]}}, "Field `nested[...][0]` does not fit; expected a whole number."),
        ({"raw": 5}, "Field `raw` is `5`; expected what the protocol says."),
    ],
)
def test_any_declaration_finds_words(body: dict[str, Any], en: str) -> None:
    payload = json.dumps(body).encode()

    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(payload, type=Odd)

    assert invalid(raised.value, payload, Odd).detail["en"] == en
    assert not LIBRARY_WORDS.search(invalid(raised.value, payload, Odd).detail["zh"])


def test_without_a_declaration_the_field_is_named_all_the_same() -> None:
    with pytest.raises(UNREADABLE) as raised:
        msgspec.json.decode(b'{"short": 5}', type=Odd)

    assert invalid(raised.value).detail["zh"] == "字段 `short` 不符合要求，应为协议规定的值。"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def complaints(heard: Decoded) -> list[dict[str, str]]:
    """Every sentence about a message."""
    if isinstance(heard, Malformed):
        return [heard.detail]
    return [untaken.detail for untaken in heard.untaken] if isinstance(heard, Reading) else []


@given(name=st.sampled_from(sorted(VALID)), value=VALUES)
def test_no_word_of_the_library_gets_into_a_chinese_sentence(name: str, value: Any) -> None:
    heard = decode_status(json.dumps({**VALID, name: value}).encode())

    for detail in complaints(heard):
        said = re.sub(r"`[^`]*`", "", detail["zh"])
        assert f"`{name}" in detail["zh"]
        assert not re.search(r"[A-Za-z]{3,}", said), said


@given(data=st.data())
def test_a_wrong_field_of_vda_5050_is_named_in_both_languages(data: st.DataObject) -> None:
    body = json.loads((FIXTURES / "vda5050-v3" / "valid" / "state.full.json").read_bytes())
    name = data.draw(st.sampled_from(["powerSupply", "safetyState", "errors", "mobileRobotPosition", "velocity"]))

    heard = decode_v3("state", json.dumps({**body, name: data.draw(VALUES)}).encode())

    for detail in complaints(heard):
        assert f"`{name}" in detail["zh"]
        assert f"`{name}" in detail["en"]
