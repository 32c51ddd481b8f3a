"""Field by field: what is left of a message when one of its fields does not fit.

A message that does not fit its declaration is read again without types, and put right at each place that does not fit
until it does. What a place becomes, the care of its message says; without a word there it is taken away, and where it
is needed, what it is a part of. Names, numbers and time are never put right: the message is refused by its first fault.
The first try is the strict one, of the library; this is for those that fail it.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import inspect

from device_bridge.protocols.complaints import Misfit, Wording, expected_at, kinds_of, misfit
from device_bridge.protocols.decoded import Malformed, Untaken, invalid

ROUNDING = 0.01
"""So far beyond an end of its range a number is a rounding error and counts as that end: 100.00001 is 100."""
_MOST_DIGITS = 40
_MOST_ROUNDS = 40
"""Then whole fields go, so that a message of nothing but faults costs no more than another."""
_EMPTY: tuple[Any, ...] = (None, False, 0, "", [], {})

Shape = TypeVar("Shape", bound=msgspec.Struct)


class Instead(NamedTuple):
    """What stands for a value that cannot be read, and how the reader is told."""

    value: Any
    words: Wording = Wording("", "")


@dataclass(frozen=True)
class Care:
    """How one kind of message is put right. Places are named without the numbers of lists: `errors[].level`."""

    strict: frozenset[str]
    """The fields of which none may be wrong."""
    instead: Mapping[str, Instead] = field(default_factory=lambda: MappingProxyType({}))
    parts: frozenset[str] = frozenset()
    """What makes no sense without itself: with it goes what it is a part of."""
    faults: str = ""
    """The list of faults: one that cannot be read stays a fault. The level in each is `level`."""
    level: str = ""
    gravest: str = "FATAL"
    ranks: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """How grave a level is: of too many faults the gravest are kept."""


STOPPED = Wording(" It counts as stopped.", "按急停处理。")
UNKNOWN = Wording(" It counts as unknown.", "按未知处理。")
GRAVEST = Wording(" It counts as the gravest.", "按最高级别处理。")
RADIANS = Wording(
    " Angles are in radians; for a robot that sends degrees, say so in its settings.",
    "角度单位为弧度；若机器人发送角度制，请在其设置中说明。",
)


def read_again(payload: bytes) -> Any:
    """JSON without types. NaN, Infinity and numbers beyond all numbers become texts, which fit no number's field.

    Raises `ValueError` or `RecursionError`.
    """
    tree = json.loads(payload.decode(), parse_constant=str, parse_float=_finite, parse_int=_whole)
    return _printable(tree) if b"\\u" in payload else tree


def _finite(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _MOST_DIGITS else text


def _printable(value: Any) -> Any:
    """The same without halves of characters, which can neither be stored nor shown: firmware cuts texts anywhere."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_printable(part) for part in value]
    if isinstance(value, dict):
        return {_printable(name): _printable(part) for name, part in value.items()}
    return value


def mended(
    error: Exception,
    payload: bytes,
    shape: type[Shape],
    care: Care,
    first: Callable[[Any], None] = lambda _tree: None,
) -> tuple[Shape, tuple[Untaken, ...]] | Malformed:
    """What is left of a message that failed with `error`; its refusal where nothing may be put right.

    `first` is done to what was read before anything is looked at: numbers are brought into the profile's units.
    """
    refusal = invalid(error, payload, shape)
    try:
        tree = read_again(payload)
    except (ValueError, RecursionError):
        return refusal
    first(tree)
    return put_right(tree, shape, care, refusal) if isinstance(tree, dict) else refusal


def rescaled(
    payload: bytes, shape: type[Shape], care: Care, first: Callable[[Any], None]
) -> tuple[Shape, tuple[Untaken, ...]] | Malformed:
    """The same of a message that fits, and whose numbers are in units of their own all the same."""
    tree = read_again(payload)
    first(tree)
    return put_right(tree, shape, care)


def put_right(
    tree: dict[str, Any], shape: type[Shape], care: Care, refusal: Malformed | None = None
) -> tuple[Shape, tuple[Untaken, ...]] | Malformed:
    """What is left of a message that was read without types; `tree` is changed. `refusal` is its first fault's."""
    bench = _Bench(tree, shape, care)
    while True:
        try:
            return msgspec.convert(tree, shape), tuple(bench.notes)
        except msgspec.ValidationError as error:
            wrong = misfit(error, tree, shape)
            if not wrong.steps or wrong.steps[0] in care.strict:
                first = refusal is not None and not bench.rounds
                return refusal if first and refusal else Malformed("invalid-field", wrong.words._asdict())
            if not bench.mend(wrong):
                return Malformed("invalid-field", wrong.words._asdict())


class _Bench:
    """One message while it is put right."""

    def __init__(self, tree: dict[str, Any], shape: type[msgspec.Struct], care: Care) -> None:
        self._tree = tree
        self._shape = shape
        self._care = care
        self._gone: set[tuple[str, ...]] = set()
        self.rounds = 0
        self.notes: list[Untaken] = []

    def mend(self, wrong: Misfit) -> bool:
        """Put one place right, or take it away; False where neither can be done."""
        self.rounds += 1
        steps = wrong.steps if self.rounds <= _MOST_ROUNDS else wrong.steps[:1]
        if wrong.key is not None and len(steps) == len(wrong.steps):
            self._note(wrong.steps, wrong.words, key=True)
            del _inside(self._tree, steps)[wrong.key]
            return True
        if tuple(steps) in self._gone:
            # It is needed where it stood, or what stands for it does not fit: what it is a part of goes.
            return self._take_away(steps[:-1])
        self._gone.add(tuple(steps))
        kept, found = _standing(self._tree, steps)
        rounded = _rounded(found, expected_at(self._shape, steps)) if len(kept) == len(steps) else None
        if rounded is not None:
            return self._put(steps, rounded)
        self._note(steps, wrong.words)
        return self._replace(steps, kept, found if len(kept) == len(steps) else None)

    def _replace(self, steps: Sequence[str], kept: Sequence[str], found: Any) -> bool:
        pattern = pattern_of(self._shape, steps)
        if pattern == self._care.faults and found not in _EMPTY:
            return self._put(steps, self._fewer(found))
        if self._care.faults and pattern == f"{self._care.faults}[]":
            return self._put(steps, self._unreadable())
        if pattern in self._care.instead:
            return self._put(steps, self._care.instead[pattern].value)
        if (cut := _cut(found, expected_at(self._shape, steps))) is not None:
            return self._put(steps, cut)
        return self._take_away(steps[:-1] if pattern in self._care.parts else kept)

    def _unreadable(self) -> dict[str, str]:
        """A fault of which nothing else is known."""
        inside = f"{self._care.faults}[]."
        known = {name.removeprefix(inside): said.value for name, said in self._care.instead.items() if inside in name}
        return {**known, self._care.level: self._care.gravest}

    def _fewer(self, faults: Any) -> list[Any]:
        """Of too many faults the gravest; of what is no list one that stands for all."""
        if not isinstance(faults, list) or self.rounds > _MOST_ROUNDS:
            return [self._unreadable()]
        most = _longest(expected_at(self._shape, [self._care.faults])) or len(faults)
        return sorted(faults, key=self._rank)[:most]

    def _rank(self, fault: Any) -> int:
        level = fault.get(self._care.level) if isinstance(fault, dict) else None
        return -self._care.ranks.get(level, 99) if isinstance(level, str) else -99

    def _put(self, steps: Sequence[str], value: Any) -> bool:
        """Put a value there; one of its own, since what follows may change it."""
        inside, found = _standing(self._tree, steps[:-1])
        if len(inside) == len(steps) - 1 and isinstance(found, dict):
            found[steps[-1]] = deepcopy(value)
        elif len(inside) == len(steps) - 1 and isinstance(found, list):
            found[int(steps[-1][1:-1])] = deepcopy(value)
        else:
            return self._take_away(inside)
        return True

    def _take_away(self, steps: Sequence[str]) -> bool:
        if not steps:
            return False
        pattern = pattern_of(self._shape, steps)
        if pattern in self._care.instead and tuple(steps) not in self._gone:
            self._gone.add(tuple(steps))
            return self._put(steps, self._care.instead[pattern].value)
        self._gone.add(tuple(steps))
        inside = _inside(self._tree, steps[:-1])
        if isinstance(inside, list):
            del inside[int(steps[-1][1:-1])]
            # What stood behind it has another number now.
            self._gone = {gone for gone in self._gone if gone[: len(steps) - 1] != tuple(steps[:-1])}
            return True
        return inside.pop(steps[-1], self) is not self

    def _note(self, steps: Sequence[str], words: Wording, *, key: bool = False) -> None:
        place = pattern_of(self._shape, steps) + (".*" if key else "")
        more = self._care.instead[place].words if place in self._care.instead else Wording("", "")
        self.notes.append(Untaken(place, {"en": words.en + more.en, "zh": words.zh + more.zh}))


def pattern_of(shape: type[msgspec.Struct], steps: Sequence[str]) -> str:
    """A place without the numbers of lists and the free names of objects: `errors[].level`, `metrics.*`."""
    pattern = ""
    for depth, step in enumerate(steps):
        if step.startswith("["):
            pattern += "[]"
        elif any(isinstance(kind, inspect.DictType) for kind in kinds_of(expected_at(shape, steps[:depth]))):
            pattern += ".*"
        else:
            pattern += f".{step}"
    return pattern.removeprefix(".")


def _key(step: str) -> str | int:
    return int(step[1:-1]) if step.startswith("[") else step


def _inside(tree: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        tree = tree[_key(step)]
    return tree


def _standing(tree: Any, steps: Sequence[str]) -> tuple[Sequence[str], Any]:
    """The steps that lead to something, and what that is."""
    for depth, step in enumerate(steps):
        try:
            tree = tree[_key(step)]
        except (LookupError, TypeError, ValueError):
            return steps[:depth], tree
    return steps, tree


def _rounded(found: Any, expected: Any) -> float | None:
    """The end of the range that a number is a rounding error away from."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    for kind in kinds_of(expected):
        if isinstance(kind, inspect.FloatType):
            for end in (kind.ge, kind.le):
                if end is not None and abs(found - end) <= ROUNDING:
                    return float(end)
    return None


def _longest(expected: Any) -> int | None:
    lengths = (getattr(kind, "max_length", None) for kind in kinds_of(expected))
    return next((length for length in lengths if length is not None), None)


def _cut(found: Any, expected: Any) -> Any:
    """The beginning of a text, a list or an object that is too long; None for anything else."""
    for kind in kinds_of(expected):
        most = getattr(kind, "max_length", None)
        if most is None or not isinstance(found, str | list | dict) or len(found) <= most:
            continue
        if isinstance(kind, inspect.StrType) and kind.pattern is None and isinstance(found, str):
            return found[:most]
        if isinstance(kind, inspect.DictType) and isinstance(found, dict):
            return dict(list(found.items())[:most])
        if isinstance(kind, inspect.VarTupleType | inspect.ListType) and isinstance(found, list):
            return found[:most]
    return None
