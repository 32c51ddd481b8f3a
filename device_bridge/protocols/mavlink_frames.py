"""The outside of a MAVLink 2 frame: its header, its number, its signature.

Source: MAVLink developer guide, "Packet Serialization" (MAVLink 2) and "Message Signing".
"""

import hmac
from hashlib import sha256
from typing import Any, NamedTuple

from device_bridge.protocols.decoded import Malformed
from device_bridge.protocols.framing import check

MAGIC = b"\xfd"
HEADER_BYTES = 9
"""Behind the magic byte."""
_CRC_BYTES = 2
_SIGNATURE_BYTES = 13
_MAC_BYTES = 6
"""The signature ends with so much of the SHA-256; before it one byte of link id and six of time stamp."""
_SIGNED = 0x01
_ROUND = 256
REORDERED = 4
"""A frame that comes behind so many later ones was overtaken; one that comes later still was lost."""
_REMEMBERED = 32
_MEMORY = "mavlink signatures"


class MavlinkHeader(NamedTuple):
    """What stands before the payload."""

    length: int
    flags: int
    seq: int
    system: int
    component: int
    message: int

    @classmethod
    def of(cls, head: bytes) -> "MavlinkHeader":
        """The header in nine bytes; one with flags that we do not know must be dropped, as the guide says."""
        check(that=head[1] & ~_SIGNED == 0)
        return cls(head[0], head[1], head[3], head[4], head[5], int.from_bytes(head[6:9], "little"))

    @property
    def signed(self) -> bool:
        """Whether a signature follows."""
        return bool(self.flags & _SIGNED)

    @property
    def rest(self) -> int:
        """How many bytes follow the header."""
        return self.length + _CRC_BYTES + (_SIGNATURE_BYTES if self.signed else 0)


class Frame(NamedTuple):
    """What a frame is to the count."""

    taken: bool
    """False for one that has just been, or comes too late to matter."""
    fills: int | None = None
    """The place in the count of a frame that comes behind later ones: it was missed, and is not lost."""


class FrameCount:
    """Counts the frames that are missing, by their 8-bit numbers.

    A frame that comes a few places late fills its place: until then it is awaited, and counts as missing.
    """

    def __init__(self) -> None:
        self.missing = 0
        """Awaited ones among them."""
        self._last: int | None = None
        self._may_be: set[int] = set()
        self._awaited: dict[int, tuple[int, int]] = {}
        """(place in the count, frames heard when it was missed) by number."""
        self._lost: dict[int, int] = {}
        """Frames heard when it was missed, by the number of one that is late by too much."""
        self._seen: dict[int, bytes] = {}
        self._heard = 0
        self._cut = False

    def cut(self) -> None:
        """The line was cut: what is missing before the next frame was not overtaken by it."""
        self._cut = True

    def follow(self, seq: int, check: bytes, reports: int) -> Frame:
        """Count what is missing before this frame; `check` are its last bytes, `reports` how many there were."""
        follows = self._last is not None and seq == (self._last + 1) % _ROUND
        if not follows and self._seen.get(seq) == check:
            return Frame(taken=False)
        self._heard += 1
        self._expire()
        if seq in self._awaited:
            self._note(seq, check)
            return Frame(taken=True, fills=self._awaited.pop(seq)[0])
        if self._lost.pop(seq, None) is not None:
            return Frame(taken=False)
        if self._last is not None:
            self._miss(range(1, (seq - self._last) % _ROUND), reports)
        self._last, self._cut = seq, False
        self._may_be.clear()
        self._note(seq, check)
        return Frame(taken=True)

    def _miss(self, steps: range, reports: int) -> None:
        gone = [number for step in steps if (number := ((self._last or 0) + step) % _ROUND) not in self._may_be]
        for number in gone:
            self.missing += 1
            if len(gone) <= REORDERED and not self._cut:
                self._awaited[number] = (reports + self.missing, self._heard)
            elif len(gone) <= _REMEMBERED:
                self._lost[number] = self._heard

    def _expire(self) -> None:
        for number, (_, at) in list(self._awaited.items()):
            if self._heard - at > REORDERED:
                del self._awaited[number]
                self._lost[number] = at
        for number, at in list(self._lost.items()):
            if self._heard - at > _REMEMBERED:
                del self._lost[number]

    def _note(self, seq: int, check: bytes) -> None:
        self._seen.pop(seq, None)
        self._seen[seq] = check
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]

    @property
    def oldest(self) -> int | None:
        """The first place in the count whose frame is still awaited."""
        return min((place for place, _ in self._awaited.values()), default=None)

    def may_be(self, seq: int) -> None:
        """A frame of this number seems to have come, though nobody could check it."""
        self._may_be.add(seq)

    def begin(self) -> None:
        """Begin anew: the robot has started again."""
        self.missing = 0
        self._awaited.clear()
        self._lost.clear()


class Signatures:
    """Checks signatures with a key, and that time stamps rise; without a key everything passes.

    `memory` keeps the newest time stamps for the decoder after this one.
    """

    def __init__(self, key: bytes, memory: dict[str, Any]) -> None:
        self._key = key
        self._newest: dict[tuple[int, int, int], int] = memory.setdefault(_MEMORY, {})

    def refused(self, header: MavlinkHeader, frame: bytes) -> Malformed | None:
        """Why this frame must not be believed; None when it may."""
        if not self._key:
            return None
        if not header.signed:
            return _UNSIGNED
        own = sha256(self._key + frame[:-_MAC_BYTES]).digest()[:_MAC_BYTES]
        if not hmac.compare_digest(own, frame[-_MAC_BYTES:]):
            return _WRONGLY_SIGNED
        return self._replayed((frame[-_SIGNATURE_BYTES], header.system, header.component), frame)

    def _replayed(self, link: tuple[int, int, int], frame: bytes) -> Malformed | None:
        """Only a frame that was signed well may move the time stamp on."""
        stamp = int.from_bytes(frame[-_SIGNATURE_BYTES + 1 : -_MAC_BYTES], "little")
        if stamp <= self._newest.get(link, -1):
            return _REPLAYED
        self._newest[link] = stamp
        return None


_UNSIGNED = Malformed(
    "unsigned",
    {
        "en": "This frame is not signed, and the robot is enrolled with a signing key. Turn on MAVLink signing.",
        "zh": "该帧未签名，而机器人登记了签名密钥。请用该密钥开启 MAVLink 签名。",
    },
)
_WRONGLY_SIGNED = Malformed(
    "bad-signature",
    {
        "en": "This frame is signed with another key than the enrolled `signing_key`. Set the same key on both sides.",
        "zh": "该帧的签名密钥与登记的 `signing_key` 不同。请在两端设置相同的密钥。",
    },
)
_REPLAYED = Malformed(
    "replayed",
    {
        "en": "The signature's time stamp is not newer than the last one: a copy of an old frame, or a clock set back.",
        "zh": "签名时间戳不晚于上一帧：这是旧帧的副本，或时钟被调回。",
    },
)
