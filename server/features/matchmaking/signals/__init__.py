"""The graded signals, one module each: a new one is a file here and a row in the table of weights.

A module says `SIGNAL = Signal(applies=…, judge=…)`; its name is the signal's. Pure: score in [0, 1], the same every
time, with a reason whose sentence stands in every language's catalogue.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from server.features.matchmaking.rules.matching import Signal


@cache
def load_signals() -> Mapping[str, Signal]:
    """Every signal by its name, in the order of the names."""
    names = sorted(found.name for found in iter_modules(__path__))
    return MappingProxyType({name: import_module(f"{__name__}.{name}").SIGNAL for name in names})
