"""From a robot's own values to the report: a rule a field, for robots that are declared and not programmed.

A field is one of the fair profile (`battery`, `activity`, `speed`, `pose.x`, `task`, `seq`, `boot`, `time`), a number
of the robot's own (`metrics.cups_today`), or a fault that is there or not (`errors.no-milk`).
"""

import math
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from device_bridge.protocols.adjusting import UNTOLD, Adjustment
from device_bridge.protocols.complaints import Wording
from device_bridge.protocols.decoded import Decoded, Malformed, Reading, Untaken
from device_bridge.protocols.fair import short_status_of
from device_bridge.protocols.mending import STOPPED, UNKNOWN
from device_bridge.protocols.stream import OptionsError
from device_bridge.wire.report import Activity, EStop, FaultLevel, Mode, Text

PLAIN = frozenset({"mode", "activity", "battery", "speed", "estop", "task", "seq", "boot", "time", "oldest"})
POSE = frozenset({"pose.x", "pose.y", "pose.theta"})
FIELD = r"^(mode|activity|battery|speed|estop|task|seq|boot|time|oldest|pose\.(x|y|theta)|(metrics|errors)\..{1,40})$"
"""What a rule may feed."""

Scalar = str | int | float | bool
_BEYOND = 10**30


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one value of the robot becomes one field of the report: by a table of values, or by scale and offset."""

    values: dict[str, Scalar] = {}
    otherwise: Scalar | None = None
    """What a value that is not in the table becomes; without it the field is unknown."""
    scale: float = 1.0
    offset: float = 0.0
    level: FaultLevel = FaultLevel.WARNING
    """Of a fault."""
    en: Text = ""
    zh: Text = ""
    """What a fault is called."""


class UnmappedError(Exception):
    """A value cannot become its field; `words` say why."""

    def __init__(self, words: Wording) -> None:
        super().__init__(words.en)
        self.words = words


class NoValue(msgspec.Struct, frozen=True):
    """What a robot says where it has no value to tell; `found` is how it says so, empty where it says nothing."""

    found: str


_NOT_TOLD = NoValue("")


_SAFE: Mapping[str, tuple[str, Wording]] = MappingProxyType(
    {
        "estop": (EStop.MANUAL.value, STOPPED),
        "mode": (Mode.UNKNOWN.value, UNKNOWN),
        "activity": (Activity.UNKNOWN.value, UNKNOWN),
    }
)
"""What stands for a field that the declaration has and the robot does not tell: never the harmless value."""
_ORDER = frozenset({"seq", "boot", "time", "oldest"})


def check_fields(names: Iterable[str]) -> None:
    """Say no to a field that the report does not have. Raises `OptionsError`."""
    unknown = sorted(name[:60] for name in names if not re.match(FIELD, name))
    if unknown:
        known = ", ".join((*sorted(PLAIN | POSE), "metrics.NAME", "errors.CODE"))
        raise OptionsError(
            {
                "en": f"The report has no field {', '.join(unknown)}. It has: {known}.",
                "zh": f"报告中没有字段 {', '.join(unknown)}。可用字段：{known}。",
            }
        )


def applied(field: str, rule: Rule, raw: Any) -> Any:
    """What the raw value becomes by its rule. Raises `UnmappedError`."""
    if isinstance(raw, NoValue):
        raise UnmappedError(_no_value(field, raw.found) if raw.found else _not_told(field))
    if isinstance(raw, int) and abs(raw) >= _BEYOND:
        raise UnmappedError(_no_number(field, raw))
    if rule.values:
        return _looked_up(field, rule, raw)
    if rule.scale == 1.0 and rule.offset == 0.0:
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise UnmappedError(_no_number(field, raw))
    value = round(raw * rule.scale + rule.offset, 6)
    if not math.isfinite(value):
        raise UnmappedError(_no_number(field, raw))
    return value


def heard(fields: Mapping[str, tuple[Rule, Any]], seq: int | None = None, told: Adjustment = UNTOLD) -> Decoded:
    """What the values say together, each with its rule, by the field that it feeds; `seq` where they have no number.

    What is not there (None, not a number) is left out: emit only what the robot said. Of a field that can tell of
    danger it counts as the danger.
    """
    found: dict[str, tuple[Rule, Any]] = {}
    untaken: list[Untaken] = []
    for field, (rule, raw) in fields.items():
        said = raw if _is_there(raw) else _NOT_TOLD if field in _SAFE else None
        if said is None:
            continue
        try:
            found[field] = rule, applied(field, rule, said)
        except UnmappedError as error:
            if field in _ORDER:
                return Malformed("unmapped-value", error.words._asdict())
            untaken.append(_left_out(found, field, rule, error.words))
    status = _status(found)
    read = short_status_of(status if seq is None else {**status, "seq": seq}, told)
    if not untaken or not isinstance(read, Reading):
        return read
    return msgspec.structs.replace(read, untaken=(*untaken, *read.untaken))


def _left_out(found: dict[str, tuple[Rule, Any]], field: str, rule: Rule, words: Wording) -> Untaken:
    """Note that a value was not taken, and let what stands for it stand there."""
    more = Wording("", "")
    if field in _SAFE:
        value, more = _SAFE[field]
        found[field] = rule, value
    group, dot, _ = field.partition(".")
    place = f"{group}.*" if dot and group != "pose" else field
    return Untaken(place, {"en": words.en + more.en, "zh": words.zh + more.zh})


def _is_there(raw: Any) -> bool:
    return raw is not None and not (isinstance(raw, float) and not math.isfinite(raw))


def _status(found: Mapping[str, tuple[Rule, Any]]) -> dict[str, Any]:
    """The fair profile's message that these values amount to."""
    status = {field: value for field, (_, value) in found.items() if field in PLAIN}
    pose = {field.removeprefix("pose."): value for field, (_, value) in found.items() if field in POSE}
    if {"x", "y"} <= set(pose):
        status["pose"] = pose
    status["metrics"] = {field[8:]: value for field, (_, value) in found.items() if field.startswith("metrics.")}
    status["errors"] = [
        _fault(field[7:], rule) for field, (rule, value) in found.items() if field.startswith("errors.") and value
    ]
    return status


def _fault(code: str, rule: Rule) -> dict[str, Any]:
    text = {language: words for language, words in (("en", rule.en), ("zh", rule.zh)) if words}
    return {"level": rule.level.value, "code": code, "text": text}


def _looked_up(field: str, rule: Rule, raw: Any) -> Scalar:
    key = str(raw).lower() if isinstance(raw, bool) else _short(raw).removesuffix(".0")
    value = rule.values.get(key, rule.otherwise)
    if value is None:
        raise UnmappedError(_not_in_table(field, key, tuple(rule.values)))
    return value


def _short(raw: Any) -> str:
    """A value as text; a number of hundreds of digits is never written out."""
    return "…" if isinstance(raw, int) and abs(raw) >= _BEYOND else str(raw)


def _not_in_table(field: str, found: str, known: tuple[str, ...]) -> Wording:
    return Wording(
        f"Field `{field}`: the value {found[:40]!r} is not in its table, which has {', '.join(known)[:200]}. "
        "Add it to `values`, or give `otherwise`.",
        f"字段 `{field}`：取值 {found[:40]!r} 不在对照表中（{', '.join(known)[:200]}）。"
        "请在 `values` 中补充，或设置 `otherwise`。",
    )


def _no_number(field: str, found: object) -> Wording:
    return Wording(
        f"Field `{field}`: {_short(found)[:40]!r} is no number that its rule could read.",
        f"字段 `{field}`：{_short(found)[:40]!r} 不是其规则可读取的数字。",
    )


def _no_value(field: str, found: str) -> Wording:
    return Wording(
        f"Field `{field}` is {found}, which means that there is no value.",
        f"字段 `{field}` 为 {found}，表示无数值。",
    )


def _not_told(field: str) -> Wording:
    return Wording(
        f"Field `{field}` is declared, but the robot does not send it.", f"已声明字段 `{field}`，但机器人没有发送。"
    )
