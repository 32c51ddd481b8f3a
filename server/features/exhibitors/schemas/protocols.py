"""The protocols in which a robot may be enrolled: those that the bridge's registry knows, and no other list of them."""

from enum import StrEnum
from typing import TYPE_CHECKING

from device_bridge.protocols import COUNTS_FROM

PROTOCOLS = tuple(COUNTS_FROM)
"""By name, in the order of the registry."""

if TYPE_CHECKING:
    Protocol = str
else:
    Protocol = StrEnum("Protocol", [(name.upper().replace("-", "_"), name) for name in PROTOCOLS])
