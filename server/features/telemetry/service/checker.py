"""The conformance checker: reads a pasted message by the very decoder that reads robots, and says what it makes of it.

Nothing is stored. Every protocol of the registry is offered; one whose registers are asked for has no message to paste.
"""

import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from device_bridge.protocols import (
    MESSAGE_PROTOCOLS,
    STREAM_PROTOCOLS,
    Decoded,
    Factsheet,
    Glimpse,
    Malformed,
    Presence,
    Reading,
    StreamOptions,
)
from device_bridge.protocols.adjusting import adjustment_of
from device_bridge.protocols.decoded import UNREADABLE, oversized
from device_bridge.protocols.stream import OptionsError
from device_bridge.refusals import FIELD_NOT_TAKEN, refuse
from device_bridge.wire.report import MAX_MESSAGE_BYTES
from server.features.telemetry.rules.robots import EnrolledRobot

MOST_FINDINGS = 20
SHOWN_BYTES = 400
MOST_FAULTS = 8
"""So many wrong fields of one message are named."""
_WRONG_FIELD = re.compile(r"Field `(?P<field>[^`.\[]+)")
_PORT = "port"
_BETWEEN_HEX = re.compile(r"0x|[\s,:;-]", re.IGNORECASE)
_NO_HEX = Malformed(
    "no-hex",
    {
        "en": "These are not hexadecimal bytes: two digits from 0 to 9 and a to f for each are expected, such as"
        " `aa 55 03`.",
        "zh": "这不是十六进制字节：每个字节应为两位 0–9 或 a–f 的数字，例如 `aa 55 03`。",
    },
)
_NO_FRAME = Malformed(
    "no-frame",
    {
        "en": "No whole frame of this protocol is in these bytes. Paste one from its first byte to its last, its"
        " delimiters included.",
        "zh": "这些字节中没有该协议的完整帧。请粘贴从首字节到末字节的完整一帧，包括分隔符。",
    },
)


@dataclass(frozen=True)
class MessageForm:
    """One kind of message that can be checked; `key` names it in an address."""

    key: str
    protocol: str
    kind: str
    """The last level of its topic; empty for what comes through a port."""


@dataclass(frozen=True)
class Finding:
    """What one message says, or why it is refused."""

    raw: str
    """Its beginning, readable."""
    kind: str
    """`report`, `presence`, `glimpse`, `factsheet`, `refused`, or `untaken` for a field that is not taken."""
    says: dict[str, Any] = field(default_factory=dict)
    """What it is understood to say, by the names of the wire."""
    code: str = ""
    detail: dict[str, str] = field(default_factory=dict)
    mended: bool = False
    """Whether this is what the message would say without its wrong fields."""


def forms() -> list[MessageForm]:
    """Everything that can be checked, as the registry of protocols has it."""
    messages = [
        MessageForm(f"{level}:{topic.rsplit('/', 1)[-1]}", protocol.name, topic.rsplit("/", 1)[-1])
        for level, protocol in MESSAGE_PROTOCOLS.items()
        for topic in protocol.subscriptions
        if not topic.startswith("rehearsal/")
    ]
    ports = [MessageForm(f"{_PORT}:{name}", name, "") for name in STREAM_PROTOCOLS]
    return list({form.key: form for form in (*messages, *ports)}.values())


def check(form: MessageForm, message: str, *, is_hex: bool, robot: EnrolledRobot | None) -> list[Finding]:
    """What `message` says in this form, frame by frame; with a robot, whether it may say so."""
    payload = _bytes(message) if is_hex else message.encode("utf-8", "surrogatepass")
    if payload is None:
        return [_finding(b"", _NO_HEX)]
    heard = list(_heard(form, payload, robot.options if robot else {}))
    found = [one for raw, said in heard[:MOST_FINDINGS] for one in _findings(raw, _identified(said, robot))]
    if len(heard) == 1 and isinstance(heard[0][1], Malformed):
        found += [_finding(b"", _identified(said, robot), mended=True) for said in _beyond(form, payload, heard[0][1])]
    return found


def _beyond(form: MessageForm, payload: bytes, first: Malformed) -> list[Decoded]:
    """What else is wrong in a message of JSON, and what it would say without its wrong fields."""
    found: list[Decoded] = []
    fault: Decoded = first
    for _ in range(MOST_FAULTS):
        name = _WRONG_FIELD.match(fault.detail["en"]) if isinstance(fault, Malformed) else None
        rest = _without(payload, name["field"]) if name else None
        if rest is None:
            return found
        payload, fault = rest, next(said for _, said in _heard(form, rest, {}))
        found.append(fault)
    return found


def _without(payload: bytes, name: str) -> bytes | None:
    """The message without one of its fields; None where it has none of that name."""
    try:
        message = msgspec.json.decode(payload)
    except UNREADABLE:
        return None
    if not isinstance(message, dict) or name not in message:
        return None
    return msgspec.json.encode({key: value for key, value in message.items() if key != name})


def _bytes(message: str) -> bytes | None:
    try:
        return binascii.unhexlify(_BETWEEN_HEX.sub("", message))
    except (ValueError, binascii.Error):
        return None


def _heard(form: MessageForm, payload: bytes, options: Mapping[str, Any]) -> Iterable[tuple[bytes, Decoded]]:
    level, _, kind = form.key.partition(":")
    if level != _PORT:
        too_long = len(payload) > MAX_MESSAGE_BYTES
        told = adjustment_of(options)
        said = oversized(len(payload)) if too_long else MESSAGE_PROTOCOLS[level].decode(kind, payload, told)
        return [(payload, said)]
    try:
        return _frames(kind, payload, options) or [(payload, _NO_FRAME)]
    except OptionsError as error:
        return [(payload, Malformed("options", dict(error.detail)))]


def _frames(name: str, payload: bytes, options: Mapping[str, Any]) -> list[tuple[bytes, Decoded]]:
    """The frames in the bytes, also where their last delimiter was not copied along."""
    for before, after in ((b"", b""), (b"", b"\n"), (b"\0", b"\0")):
        decoder = STREAM_PROTOCOLS[name].decoder(StreamOptions(values=options))
        if found := decoder.feed(before + payload + after):
            return found
    return []


def _identified(heard: Decoded, robot: EnrolledRobot | None) -> Decoded:
    if robot is None or isinstance(heard, Malformed) or heard.claim in {robot.key, robot.address, ""}:
        return heard
    return refuse("wrong-identity", claim=heard.claim[:100], address=robot.address)


def _findings(raw: bytes, heard: Decoded) -> list[Finding]:
    """What a message says, and first what of it is not taken."""
    untaken = heard.untaken[:MOST_FAULTS] if isinstance(heard, Reading | Glimpse) else ()
    fields = [Finding("", "untaken", code=FIELD_NOT_TAKEN, detail=one.detail) for one in untaken]
    return [*fields, _finding(raw, heard, mended=bool(fields))]


def _finding(raw: bytes, heard: Decoded, *, mended: bool = False) -> Finding:
    shown = raw[:SHOWN_BYTES].decode("utf-8", "backslashreplace")
    if isinstance(heard, Malformed):
        return Finding(shown, "refused", code=heard.code, detail=heard.detail)
    return Finding(shown, _KINDS[type(heard)], _said(heard), mended=mended)


_KINDS: dict[type, str] = {
    Reading: "report",
    Presence: "presence",
    Glimpse: "glimpse",
    Factsheet: "factsheet",
}


def _said(heard: Reading | Presence | Glimpse | Factsheet) -> dict[str, Any]:
    if isinstance(heard, Factsheet):
        return heard.body
    if not isinstance(heard, Reading):
        return {name: value for name, value in msgspec.to_builtins(heard).items() if name != "untaken"}
    unsaid = {name for name, said in (("boot", heard.states_boot), ("time", heard.states_time)) if not said}
    report = {name: value for name, value in msgspec.to_builtins(heard.report).items() if name not in unsaid}
    return {**report, "robot": heard.claim} if heard.claim else report
