"""MAVLink 2: cuts frames, checks whose they are, and counts those that are missing.

Source: MAVLink developer guide, "Packet Serialization" and "Message Signing". pymavlink reads the single frame; cutting
is ours, since it swallows what follows a false start, and so is the signature, since it lets a forged frame move the
time stamp that the next true one must exceed. A report is made of each HEARTBEAT; its number is the number of reports
so far and of frames missing so far, by the 8-bit frame number: of more than 254 lost in a row, the rest is counted. A
frame that others have overtaken is not lost: its place in the count is filled when it comes.
"""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from device_bridge.protocols.adjusting import adjustment_of
from device_bridge.protocols.decoded import Decoded, Malformed, Reading
from device_bridge.protocols.framing import FrameReader, GeneratorDecoder, check
from device_bridge.protocols.mavlink_frames import HEADER_BYTES, MAGIC, FrameCount, MavlinkHeader, Signatures
from device_bridge.protocols.mavlink_state import MavlinkState
from device_bridge.protocols.stream import StreamOptions, options_as

_KEY_HEX = 64
_MEMORY = "mavlink"

SystemId = Annotated[int, Meta(ge=1, le=255)]


class MavlinkOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to be known of a robot that speaks MAVLink."""

    system_id: SystemId = 1
    component_id: SystemId = 1
    """The autopilot; frames of other components of the same system are let pass unread."""
    signing_key: Annotated[str, Meta(pattern=rf"^([0-9a-fA-F]{{{_KEY_HEX}}})?$")] = ""
    """64 hexadecimal digits: frames must then be signed with it."""
    origin: tuple[float, float] = (0.0, 0.0)
    """Where on the zone's floor plan the robot's local frame begins, in metres (x east, y north)."""


def mavlink(options: StreamOptions) -> GeneratorDecoder:
    """A decoder for one robot. What is lost while its port is unplugged is counted by the next one's first frame.

    Raises `OptionsError`.
    """
    told = adjustment_of(options.values)
    reader = options.memory.get(_MEMORY)
    if not isinstance(reader, MavlinkReader):
        reader = options.memory[_MEMORY] = MavlinkReader(options)
    reader.cut()
    return GeneratorDecoder(MAGIC, reader.read, told=told)


class MavlinkReader:
    """Reads one robot's frames and folds them into reports."""

    def __init__(self, options: StreamOptions) -> None:
        # Half a thousand message classes: loaded for those alone who have a robot for them.
        from pymavlink.dialects.v20 import all as dialect

        self._wanted = options_as(MavlinkOptions, options)
        self._decode: Callable[[bytearray], Any] = dialect.MAVLink(None).decode
        self._known = dialect.mavlink_map
        self._signatures = Signatures(bytes.fromhex(self._wanted.signing_key), options.memory)
        self._state = MavlinkState(self._wanted.origin)
        self._count = FrameCount()
        self._reports = 0

    def cut(self) -> None:
        """The port is opened anew."""
        self._count.cut()

    def read(self) -> FrameReader:
        """Read one frame."""
        head = yield HEADER_BYTES
        header = MavlinkHeader.of(head)
        rest = yield header.rest
        if header.message not in self._known:
            self._skip(header)
            return None
        frame = MAGIC + head + rest
        return self._identified(header, frame, self._decode(bytearray(frame)))

    def _skip(self, header: MavlinkHeader) -> None:
        """Count a message of the maker's own: nobody here can check it, but it explains a missing number."""
        ours = (self._wanted.system_id, self._wanted.component_id)
        check(that=(header.system, header.component) == ours)
        self._count.may_be(header.seq)

    def _identified(self, header: MavlinkHeader, frame: bytes, message: Any) -> Decoded | None:
        if header.system != self._wanted.system_id:
            return _stranger(header, self._wanted.system_id)
        if header.component != self._wanted.component_id:
            return None
        refused = self._signatures.refused(header, frame)
        return refused or self._counted(header, frame, message)

    def _counted(self, header: MavlinkHeader, frame: bytes, message: Any) -> Decoded | None:
        found = self._count.follow(header.seq, frame[-header.rest + header.length :], self._reports)
        if not found.taken:
            return None
        if found.fills is not None:
            # What it says is older than what is known. Its place in the count is filled by what is known now.
            return self._reading(found.fills)
        if self._state.take(message):
            self._count.begin()
            self._reports = 0
        return self._report() if message.get_type() == "HEARTBEAT" else None

    def _report(self) -> Reading:
        self._reports += 1
        return self._reading(self._reports + self._count.missing, begins=self._reports == 1)

    def _reading(self, seq: int, *, begins: bool = False) -> Reading:
        oldest = self._count.oldest
        report = self._state.report(seq)
        return Reading(
            "",
            report,
            oldest=seq if oldest is None else min(seq, oldest),
            states_boot=False,
            states_time=False,
            begins=begins,
        )


def _stranger(header: MavlinkHeader, wanted: int) -> Malformed:
    return Malformed(
        "wrong-identity",
        {
            "en": f"This frame comes from MAVLink system {header.system}, component {header.component}; the robot of "
            f"this port is enrolled with system {wanted}. Set the robot's system id, or `system_id` in its options.",
            "zh": f"该帧来自 MAVLink 系统 {header.system}、组件 {header.component}；"
            f"此端口登记的机器人系统号为 {wanted}。请修改机器人的系统号，或登记选项中的 `system_id`。",
        },
    )
