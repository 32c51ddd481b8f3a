"""From a robot's own values to the report: a rule a field, for robots that are declared and not programmed.

A field is one of the fair profile (`battery`, `activity`, `speed`, `pose.x`, `task`, `seq`, `boot`, `time`), a number
of the robot's own (`metrics.cups_today`), or a fault that is there or not (`errors.no-milk`).
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from device_bridge.protocols.fair import decode_short_status
from device_bridge.protocols.heard import Heard, Malformed
from device_bridge.protocols.stream import OptionsError
from device_bridge.wire.report import FaultLevel, Text

PLAIN = frozenset({"mode", "activity", "battery", "speed", "estop", "task", "seq", "boot", "time", "oldest"})
POSE = frozenset({"pose.x", "pose.y", "pose.theta"})
FIELD = r"^(mode|activity|battery|speed|estop|task|seq|boot|time|oldest|pose\.(x|y|theta)|(metrics|errors)\..{1,40})$"
"""What a rule may feed."""

Scalar = str | int | float | bool


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one value of the robot becomes one field of the report: by a table of values, or by scale and offset."""

    values: dict[str, Scalar] = {}
    otherwise: Scalar | None = None
    """What a value that is not in the table becomes; without it such a value is refused."""
    scale: float = 1.0
    offset: float = 0.0
    level: FaultLevel = FaultLevel.WARNING
    """Of a fault."""
    en: Text = ""
    zh: Text = ""
    """What a fault is called."""


class UnmappedError(Exception):
    """A value cannot become its field; `refusal` says why."""

    def __init__(self, refusal: Malformed) -> None:
        super().__init__(refusal.detail["en"])
        self.refusal = refusal


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
    if rule.values:
        return _looked_up(field, rule, raw)
    if rule.scale == 1.0 and rule.offset == 0.0:
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise UnmappedError(_no_number(field, raw))
    return round(raw * rule.scale + rule.offset, 6)


def heard(fields: Mapping[str, tuple[Rule, Any]], seq: int | None = None) -> Heard:
    """What the values say together, each with its rule, by the field that it feeds; `seq` where they have no number.

    What is not there (None, not a number) is left out: emit only what the robot said.
    """
    try:
        status = _status({field: pair for field, pair in fields.items() if _is_there(pair[1])})
    except UnmappedError as error:
        return error.refusal
    return decode_short_status(msgspec.json.encode(status if seq is None else {**status, "seq": seq}))


def _is_there(raw: Any) -> bool:
    return raw is not None and not (isinstance(raw, float) and not math.isfinite(raw))


def _status(fields: Mapping[str, tuple[Rule, Any]]) -> dict[str, Any]:
    """The fair profile's message that these values amount to."""
    found = {field: (rule, applied(field, rule, raw)) for field, (rule, raw) in fields.items()}
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
    return {"level": rule.level, "code": code, "text": text}


def _looked_up(field: str, rule: Rule, raw: Any) -> Scalar:
    key = str(raw).lower() if isinstance(raw, bool) else str(raw).removesuffix(".0")
    value = rule.values.get(key, rule.otherwise)
    if value is None:
        raise UnmappedError(_not_in_table(field, key, tuple(rule.values)))
    return value


def _not_in_table(field: str, found: str, known: tuple[str, ...]) -> Malformed:
    return Malformed(
        "unmapped-value",
        {
            "en": f"Field `{field}`: the value {found[:40]!r} is not in its table, which has {', '.join(known)[:200]}. "
            "Add it to `values`, or give `otherwise`.",
            "zh": f"字段 `{field}`：取值 {found[:40]!r} 不在对照表中（{', '.join(known)[:200]}）。"
            "请在 `values` 中补充，或设置 `otherwise`。",
        },
    )


def _no_number(field: str, found: object) -> Malformed:
    return Malformed(
        "unmapped-value",
        {
            "en": f"Field `{field}`: {str(found)[:40]!r} is no number, and its rule has a scale or an offset.",
            "zh": f"字段 `{field}`：{str(found)[:40]!r} 不是数字，但其规则设有比例或偏移。",
        },
    )
