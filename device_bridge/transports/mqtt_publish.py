"""Cuts MQTT PUBLISH packets (3.1.1 and 5, section 3.3) out of bytes. Pure; what it does not know it leaves alone."""

from typing import NamedTuple

_KIND_AND_QOS_2 = 0xF4
"""The bits that tell a PUBLISH of QoS 0 or 1 from everything else."""
_PUBLISH = 0x30
_DUP, _QOS_1, _RETAIN = 0x08, 0x02, 0x01
_LENGTH_BYTES = 4
_SHORT = 2


class Publish(NamedTuple):
    """One message as it stands in its packet."""

    topic: bytes
    payload: bytes
    number: int | None
    """The packet's number, under which it is acknowledged; None at QoS 0."""
    dup: bool
    retain: bool


def cut(data: bytes, at: int, *, properties: bool) -> tuple[list[Publish], int]:
    """The packets that stand whole from `at` on, and where the rest begins. `properties`: whether it is MQTT 5.

    Stops before everything that is no PUBLISH of QoS 0 or 1, that is not all there yet, or that is not well formed.
    """
    found: list[Publish] = []
    size = len(data)
    while at < size and data[at] & _KIND_AND_QOS_2 == _PUBLISH:
        body, length = number_at(data, at + 1)
        end = body + length
        if body < 0 or end > size:
            break
        one = _publish(data, at, (body, end), properties=properties)
        if one is None:
            break
        found.append(one)
        at = end
    return found, at


def number_at(data: bytes, at: int) -> tuple[int, int]:
    """(where what follows it begins, the number): seven bits a byte, the lowest first (section 1.5.5).

    The place is -1 where the number is not all there, or longer than four bytes.
    """
    value = 0
    for place, byte in enumerate(data[at : at + _LENGTH_BYTES]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the bit that says that another one follows
            return at + place + 1, value
    return -1, 0


def _publish(data: bytes, at: int, body: tuple[int, int], *, properties: bool) -> Publish | None:
    head, (start, end) = data[at], body
    topic = start + _SHORT
    rest = topic + int.from_bytes(data[start:topic], "big")
    payload = rest + (_SHORT if head & _QOS_1 else 0)
    if payload > end or rest == topic:
        return None
    number = int.from_bytes(data[rest:payload], "big") if head & _QOS_1 else None
    if properties:
        after, length = number_at(data, payload)
        payload = after + length
        if after < 0 or payload > end:
            return None
    return Publish(data[topic:rest], data[payload:end], number, bool(head & _DUP), bool(head & _RETAIN))
