"""What is wrong with a message, in words: which field, what was found in it, and what was expected.

The JSON decoder says where it stopped; what was expected there is read off the message's own declaration, so that the
sentence is whole in either language and no word of the library's gets into it.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

_WHERE = re.compile(r"(?P<what>.*?)(?: - at (?P<key>`key` in )?`\$(?P<path>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"missing required field `(?P<name>[^`]*)`")
_UNKNOWN = re.compile(r"unknown field `(?P<name>[^`]*)`")
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+|\.\.\.)\]")
_BYTE = re.compile(r"\(byte (?P<byte>\d+)\)|in position (?P<position>\d+)")
_SHOWN_CHARS = 60
_SHOWN_BYTES = 20
_BEYOND = 10**60
_NOWHERE: Any = object()


class Wording(NamedTuple):
    """A piece of a sentence in both languages."""

    en: str
    zh: str


_FORMS = {
    r"^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$": Wording(
        "1 to 48 lower-case letters, digits and inner hyphens", "1 到 48 个小写字母、数字或中间的连字符"
    ),
    r"^[a-z0-9-]{1,48}/[a-z0-9-]{1,48}$": Wording("`<exhibitor>/<robot>` in lower case", "小写的 `<参展商>/<机器人>`"),
}
_MOMENT = Wording(
    "a time with its offset, such as `2026-04-16T14:32:00+08:00`", "带时区的时间，例如 `2026-04-16T14:32:00+08:00`"
)


def not_json(error: Exception, payload: bytes) -> Wording:
    """What is wrong with bytes that are no JSON."""
    at = _BYTE.search(str(error))
    if not payload.strip():
        return Wording("The message is empty; expected a JSON object.", "报文为空，应为 JSON 对象。")
    if isinstance(error, RecursionError):
        return Wording("The brackets are nested too deeply to be read.", "括号嵌套过深，无法读取。")
    if isinstance(error, UnicodeDecodeError):
        return Wording("A text in the message is not UTF-8; send UTF-8.", "报文中的文本不是 UTF-8 编码，请使用 UTF-8。")
    if at is None:
        return Wording(
            f"This is not a JSON object: it ends too early, after {len(payload)} bytes.",
            f"这不是完整的 JSON 对象：报文在 {len(payload)} 字节处提前结束。",
        )
    place = int(at["byte"] or at["position"])
    near = "".join(
        sign if sign.isprintable() else "�" for sign in payload[place : place + _SHOWN_BYTES].decode("utf-8", "replace")
    )
    return Wording(
        f"This is not a JSON object: it breaks at byte {place}, at `{near}`.",
        f"这不是 JSON 对象：第 {place} 字节（`{near}`）处有误。",
    )


class Misfit(NamedTuple):
    """A place in a message that does not fit its declaration."""

    steps: list[str]
    words: Wording
    missing: bool = False
    key: str | None = None
    """The key that does not fit, where it is a key and not what stands under it."""


def unfit(error: Exception, payload: bytes, shape: type[msgspec.Struct] | None) -> Wording:
    """What is wrong with a JSON value that does not fit `shape`, the declaration of its message."""
    return misfit(error, _read(payload), shape).words


def misfit(error: Exception, message: Any, shape: type[msgspec.Struct] | None) -> Misfit:
    """Where a message that was read does not fit `shape`, and what is wrong there."""
    place = _WHERE.match(str(error))
    steps = _steps(place["path"] or "") if place else []
    if missing := _MISSING.search(str(error)):
        steps = [*steps, missing["name"]]
        return Misfit(steps, _lacking(steps, shape), missing=True)
    if unknown := _UNKNOWN.search(str(error)):
        steps = [*steps, unknown["name"]]
        return Misfit(steps, _unheard_of(steps, shape))
    if place is not None and place["key"]:
        return _misnamed(steps, message, shape)
    expected = expected_at(shape, steps)
    steps, found = _found(message, steps, expected)
    return Misfit(steps, _judged(steps, found, expected))


def _lacking(steps: Sequence[str], shape: type[msgspec.Struct] | None) -> Wording:
    expected = describe(expected_at(shape, steps))
    name = _name(steps)
    return Wording(
        f"Field `{name}` is missing; expected {expected.en}.", f"缺少字段 `{name}`，应为{_apart(expected.zh)}。"
    )


def _unheard_of(steps: Sequence[str], shape: type[msgspec.Struct] | None) -> Wording:
    kinds = kinds_of(expected_at(shape, steps[:-1]))
    known = _choice([field.encode_name for kind in kinds for field in getattr(kind, "fields", ())])
    name = _name(steps)
    return Wording(f"Field `{name}` is unknown; expected {known.en}.", f"字段 `{name}` 无法识别，应为 {known.zh}。")


def _misnamed(steps: list[str], message: Any, shape: type[msgspec.Struct] | None) -> Misfit:
    kinds = kinds_of(expected_at(shape, steps))
    wanted = next((kind.key_type for kind in kinds if hasattr(kind, "key_type")), None)
    entries = _value(message, steps)
    names = entries if isinstance(entries, dict) else {}
    key = next((name for name in names if not _fits(wanted, name)), None)
    wrong = Wording("a key", "某个键") if key is None else shown(key)
    expected, name = describe(wanted), _name(steps)
    words = Wording(
        f"In field `{name}` the key {wrong.en} does not fit; expected {expected.en}.",
        f"字段 `{name}` 中的键 {wrong.zh} 不符合要求，应为{_apart(expected.zh)}。",
    )
    return Misfit(steps, words, key=key)


def _judged(steps: Sequence[str], found: Any, expected: Any) -> Wording:
    wanted, name = describe(expected), _name(steps)
    who = Wording(f"Field `{name}`", f"字段 `{name}` ") if steps else Wording("The message", "报文")
    if found is _NOWHERE:
        return Wording(
            f"{who.en} does not fit; expected {wanted.en}.", f"{who.zh}不符合要求，应为{_apart(wanted.zh)}。"
        )
    value = shown(found)
    return Wording(
        f"{who.en} is {value.en}; expected {wanted.en}.", f"{who.zh}为{_apart(value.zh)}，应为{_apart(wanted.zh)}。"
    )


def _apart(chinese: str) -> str:
    """Chinese as it follows Chinese: with a space before Latin letters, figures and code."""
    return f" {chinese}" if chinese[0].isascii() else chinese


def _steps(path: str) -> list[str]:
    return [step["name"] or f"[{step['index']}]" for step in _STEP.finditer(path)]


def _name(steps: Sequence[str]) -> str:
    return "".join(step if step.startswith("[") else f".{step}" for step in steps).removeprefix(".")


def _read(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _NOWHERE


def _value(message: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if isinstance(message, dict):
            message = message.get(step, _NOWHERE)
        elif isinstance(message, list) and step[1:-1].isdecimal() and int(step[1:-1]) < len(message):
            message = message[int(step[1:-1])]
        else:
            return _NOWHERE
    return message


def _found(message: Any, steps: list[str], expected: Any) -> tuple[list[str], Any]:
    """The place and the value that was found there; of an object with free keys, the first entry that does not fit."""
    if not steps or steps[-1] != "[...]":
        return steps, _value(message, steps)
    entries = _value(message, steps[:-1])
    wrong = [key for key, value in entries.items() if not _fits(expected, value)] if isinstance(entries, dict) else []
    return ([*steps[:-1], wrong[0]], entries[wrong[0]]) if wrong else (steps[:-1], _NOWHERE)


def _fits(expected: Any, value: Any) -> bool:
    """Whether a text or number of an object with free keys fits: those hold nothing else."""
    if isinstance(expected, inspect.StrType):
        return isinstance(value, str) and (expected.min_length or 0) <= len(value) <= (expected.max_length or 2**31)
    if isinstance(expected, inspect.FloatType):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return (
            number and (expected.ge is None or value >= expected.ge) and (expected.le is None or value <= expected.le)
        )
    return True


@lru_cache(maxsize=64)
def _declared(shape: type[msgspec.Struct]) -> Any:
    return inspect.type_info(shape)


def expected_at(shape: type[msgspec.Struct] | None, steps: Sequence[str]) -> Any:
    """The declaration of the place at the end of `steps`, None where there is none."""
    here = _declared(shape) if shape is not None else None
    for step in steps:
        here = next((found for kind in kinds_of(here) if (found := _inside(kind, step)) is not None), None)
    return here


def kinds_of(declared: Any) -> Sequence[Any]:
    """The kinds of value that a declaration lets stand there."""
    return declared.types if isinstance(declared, inspect.UnionType) else (declared,)


def _inside(declared: Any, step: str) -> Any:
    if isinstance(declared, inspect.StructType):
        return next((field.type for field in declared.fields if field.encode_name == step), None)
    if isinstance(declared, inspect.DictType):
        return declared.value_type
    return getattr(declared, "item_type", None)


def describe(declared: Any) -> Wording:
    """What a declaration expects."""
    if isinstance(declared, inspect.UnionType):
        # That a field may also be left out helps nobody who has filled it in.
        parts = [describe(kind) for kind in declared.types if not isinstance(kind, inspect.NoneType)]
        return Wording(" or ".join(part.en for part in parts), "或".join(part.zh for part in parts))
    return _DESCRIPTIONS.get(type(declared), lambda _: Wording("what the protocol says", "协议规定的值"))(declared)


def _text(declared: Any) -> Wording:
    if declared.pattern is not None:
        unknown = Wording(f"text of the form `{declared.pattern}`", f"符合 `{declared.pattern}` 的文本")
        return _FORMS.get(declared.pattern, unknown)
    if declared.max_length is None and not declared.min_length:
        return Wording("text", "文本")
    low = declared.min_length or 0
    if declared.max_length is None:
        return Wording(f"text of at least {low} characters", f"至少 {low} 个字符的文本")
    if not low:
        return Wording(f"text of at most {declared.max_length} characters", f"最多 {declared.max_length} 个字符的文本")
    return Wording(f"text of {low} to {declared.max_length} characters", f"{low} 到 {declared.max_length} 个字符的文本")


def _number(declared: Any) -> Wording:
    whole = isinstance(declared, inspect.IntType)
    noun = Wording("a whole number", "整数") if whole else Wording("a number", "数")
    low, high = (
        None if end is None else f"{int(end)}" if whole or end == int(end) else f"{end:g}"
        for end in (declared.ge, declared.le)
    )
    if low is not None and high is not None:
        return Wording(f"{noun.en} from {low} to {high}", f"{low} 到 {high} 之间的{noun.zh}")
    if low is not None:
        return Wording(f"{noun.en} of at least {low}", f"不小于 {low} 的{noun.zh}")
    return noun


def _choice(values: Sequence[Any]) -> Wording:
    marked = [f"`{value}`" for value in values]
    return Wording(f"one of {', '.join(marked)}", f"{'、'.join(marked)} 之一")


def _object(declared: Any) -> Wording:
    needed = [f"`{field.encode_name}`" for field in declared.fields if field.required]
    if not needed:
        return Wording("an object", "对象")
    return Wording(f"an object with {', '.join(needed)}", f"含 {'、'.join(needed)} 的对象")


def _entries(declared: Any) -> Wording:
    of = describe(declared.value_type)
    most = declared.max_length
    limit = Wording("", "") if most is None else Wording(f" of at most {most} entries", f"最多 {most} 项的")
    return Wording(f"an object{limit.en}, each {of.en}", f"{limit.zh}对象，每项为{of.zh}")


def _list(declared: Any) -> Wording:
    most = declared.max_length
    return Wording("a list", "列表") if most is None else Wording(f"a list of at most {most}", f"最多 {most} 项的列表")


_DESCRIPTIONS: dict[type, Callable[[Any], Wording]] = {
    inspect.StrType: _text,
    inspect.IntType: _number,
    inspect.FloatType: _number,
    inspect.BoolType: lambda _: Wording("`true` or `false`", "`true` 或 `false`"),
    inspect.DateTimeType: lambda _: _MOMENT,
    inspect.EnumType: lambda declared: _choice([member.value for member in declared.cls]),
    inspect.LiteralType: lambda declared: _choice(declared.values),
    inspect.StructType: _object,
    inspect.DictType: _entries,
    inspect.VarTupleType: _list,
    inspect.ListType: _list,
}


def shown(value: Any) -> Wording:
    """A received value, shortened."""
    if isinstance(value, list):
        return Wording(f"a list of {len(value)}", f"{len(value)} 项的列表")
    if isinstance(value, dict):
        return Wording(f"an object of {len(value)} fields", f"{len(value)} 个字段的对象")
    if isinstance(value, int) and abs(value) >= _BEYOND:
        return Wording("a number of more digits than there is room for", "位数过多的数")
    text = "NaN" if value != value else msgspec.json.encode(value).decode()  # noqa: PLR0124 - only NaN differs from itself
    if len(text) <= _SHOWN_CHARS:
        return Wording(f"`{text}`", f"`{text}`")
    head, length = f"`{text[:_SHOWN_CHARS]}…`", len(str(value))
    return Wording(f"{head} ({length} characters)", f"{head}（{length} 个字符）")
