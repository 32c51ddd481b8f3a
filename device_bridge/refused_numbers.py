"""The number of a message that is refused for one of its fields: who it says to be, which start, which report; pure."""

import msgspec

from device_bridge.protocols.decoded import UNREADABLE, Malformed
from device_bridge.wire.report import Counter

_BY_FIELDS = frozenset({"invalid-field", "unsupported-version"})
"""Refused for what stands in a field: the rest of the message may be believed."""


class ReportNumber(msgspec.Struct, frozen=True):
    """Which report a message would have been; `boot` is None where the protocol has none."""

    claim: str
    boot: int | None
    seq: int


class _Fair(msgspec.Struct):
    boot: Counter
    seq: Counter
    exhibitor: str = ""
    robot: str = ""


class _Vda(msgspec.Struct):
    header_id: Counter = msgspec.field(name="headerId")
    manufacturer: str = ""
    serial: str = msgspec.field(name="serialNumber", default="")


_fair = msgspec.json.Decoder(_Fair).decode
_vda = msgspec.json.Decoder(_Vda).decode


def number_of(payload: bytes, protocol: str, why: Malformed) -> ReportNumber | None:
    """Which report this refused message would have been, None where that cannot be told for sure."""
    if why.code not in _BY_FIELDS:
        return None
    try:
        if protocol.startswith("fair-"):
            fair = _fair(payload[: payload.rfind(b"}") + 1])
            return ReportNumber(f"{fair.exhibitor}/{fair.robot}", fair.boot, fair.seq)
        if protocol == "vda5050":
            vda = _vda(payload)
            return ReportNumber(f"{vda.manufacturer}/{vda.serial}", None, vda.header_id)
    except (msgspec.ValidationError, *UNREADABLE):
        return None
    return None
