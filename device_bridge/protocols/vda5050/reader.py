"""Reads the messages of one major version: by the kind that ends the topic, and only if body and topic agree."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from device_bridge.protocols.adjusting import UNTOLD, Adjustment, placed, scale
from device_bridge.protocols.decoded import (
    UNREADABLE,
    Decoded,
    Glimpse,
    Malformed,
    Reading,
    Untaken,
    beyond_the_calendar,
    invalid,
    oversized,
)
from device_bridge.protocols.fair import BOM
from device_bridge.protocols.mending import mended, rescaled
from device_bridge.protocols.vda5050.meaning import MessageShape, StandardVersion, read
from device_bridge.wire.report import MAX_MESSAGE_BYTES

_SHOWN_CHARS = 40


class _Stated(msgspec.Struct, frozen=True):
    version: str | None = None


_stated = msgspec.json.Decoder(_Stated).decode


def decoder(version: StandardVersion) -> Callable[..., Decoded]:
    """Make the decoder of one major version: (kind, payload, what is told of the robot) -> what it says."""
    readers = {
        kind: (msgspec.json.Decoder(message.shape).decode, message) for kind, message in version.messages.items()
    }

    def decode(kind: str, payload: bytes, told: Adjustment = UNTOLD) -> Decoded:
        if len(payload) > MAX_MESSAGE_BYTES:
            return oversized(len(payload))
        if kind not in readers:
            return _unknown(kind, version.topics)
        read_json, message = readers[kind]
        payload = payload.removeprefix(BOM)
        try:
            body = read_json(payload)
            if not told.scaled:
                return _refused(body, version) or placed(read(body, payload), told)
        except UNREADABLE as error:
            first = partial(scale, quantities=message.quantities, told=told)
            found = mended(error, payload, message.shape, message.care, first)
            return _other_version(payload, version) or placed(_mended(found, payload, message, version), told)
        found = rescaled(payload, message.shape, message.care, partial(scale, quantities=message.quantities, told=told))
        return placed(_mended(found, payload, message, version), told)

    return decode


def _mended(
    found: tuple[Any, tuple[Untaken, ...]] | Malformed, payload: bytes, message: MessageShape, version: StandardVersion
) -> Decoded:
    """What a message says of which some fields cannot be read."""
    if isinstance(found, Malformed):
        return found
    body, untaken = found
    try:
        heard = _refused(body, version) or read(body, payload)
    except UNREADABLE as again:
        return invalid(again, payload, message.shape)
    return msgspec.structs.replace(heard, untaken=untaken) if isinstance(heard, Reading | Glimpse) else heard


def _unknown(kind: str, topics: str) -> Malformed:
    shown = f"{topics}/…/{kind[:_SHOWN_CHARS]}"
    return Malformed(
        "unknown-topic",
        {
            "en": f"Nothing is read from {shown}; expected `state`, `connection`, `visualization` or `factsheet`.",
            "zh": f"不接收 {shown}，应为 `state`、`connection`、`visualization` 或 `factsheet`。",
        },
    )


def _not_of(version: StandardVersion, said: str) -> Malformed:
    """Say that body and topic do not agree."""
    found = f"`{said[:_SHOWN_CHARS]}`"
    return Malformed(
        "unsupported-version",
        {
            "en": f"Field `version` is {found}, but the topic {version.topics}/… is for version {version.major}. "
            "Version 2 goes to uagv/v2/…, version 3 to vda5050/v3/….",
            "zh": f"字段 `version` 为 {found}，但主题 {version.topics}/… 用于版本 {version.major}。"
            "版本 2 请用 uagv/v2/…，版本 3 请用 vda5050/v3/…。",
        },
    )


def _refused(body: Any, version: StandardVersion) -> Malformed | None:
    if not version.speaks(body.version):
        return _not_of(version, body.version)
    return None if body.timestamp is None else beyond_the_calendar("timestamp", body.timestamp)


def _other_version(payload: bytes, version: StandardVersion) -> Malformed | None:
    """The refusal of a body that fits nothing because it is of the other version."""
    try:
        stated = _stated(payload).version
    except UNREADABLE:
        return None
    return _not_of(version, stated) if stated and not version.speaks(stated) else None
