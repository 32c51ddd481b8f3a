"""The fair profile for firmware: one JSON object and its CRC-32 in a COBS frame with a zero byte on BOTH sides.

Source: S. Cheshire, M. Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking 7(2), 1999.
The CRC-32 (as in zlib) of the JSON follows it in four bytes, the lowest first. The zero byte before a frame closes
whatever noise has come since the last one, so that noise between two frames costs neither of them. A frame says no more
than its `seq` must: on a wire of its own a robot needs no name, and firmware may have neither clock nor reset counter.
"""

from functools import partial
from zlib import crc32

from device_bridge.protocols.adjusting import UNTOLD, Adjustment
from device_bridge.protocols.decoded import Decoded, Malformed
from device_bridge.protocols.delimited import Delimited
from device_bridge.protocols.fair import decode_short_status
from device_bridge.wire.report import MAX_MESSAGE_BYTES

_DELIMITER = b"\0"
_CRC_BYTES = 4
_MOST_NOISE = 64
"""So many bytes before a frame without a zero byte of its own cost it nothing; its check sum tells where it begins."""
_FULL_BLOCK = 0xFF
"""A block of 254 bytes that none of is zero: no zero stands behind it."""
_MOST_FRAME_BYTES = MAX_MESSAGE_BYTES + _CRC_BYTES + (MAX_MESSAGE_BYTES + _CRC_BYTES) // (_FULL_BLOCK - 1) + 1


def stuffed(body: bytes) -> bytes:
    """The bytes without a zero among them (COBS)."""
    stuffed_body = b"".join(_blocks(part) for part in body.split(b"\0"))
    last = len(body) - 1 - body.rfind(b"\0")
    # A full block stands for no zero behind it: at the very end nothing has to follow it.
    return stuffed_body[:-1] if last and last % (_FULL_BLOCK - 1) == 0 else stuffed_body


def _blocks(part: bytes) -> bytes:
    """The blocks of bytes without a zero, and the block that stands for the zero behind them."""
    full, rest = divmod(len(part), _FULL_BLOCK - 1)
    blocks = bytearray()
    for start in range(0, full * (_FULL_BLOCK - 1), _FULL_BLOCK - 1):
        blocks += bytes((_FULL_BLOCK,)) + part[start : start + _FULL_BLOCK - 1]
    return bytes(blocks) + bytes((rest + 1,)) + part[len(part) - rest :]


def unstuffed(frame: bytes) -> bytes | None:
    """The bytes that were stuffed into a frame; None when it is no COBS frame."""
    body = bytearray()
    position = 0
    while position < len(frame):
        code = frame[position]
        end = position + code
        if code == 0 or end > len(frame):
            return None
        body += frame[position + 1 : end]
        position = end
        if code < _FULL_BLOCK and position < len(frame):
            body.append(0)
    return bytes(body)


def frame(body: bytes) -> bytes:
    """A JSON body as it goes over the wire, in either direction."""
    return _DELIMITER + stuffed(body + crc32(body).to_bytes(_CRC_BYTES, "little")) + _DELIMITER


def frames(told: Adjustment = UNTOLD) -> Delimited:
    """A decoder of a stream of frames; holds one frame's length of bytes at most."""
    read = partial(_read, told)
    return Delimited(_DELIMITER, _MOST_FRAME_BYTES, read, lambda piece: range(1, min(len(piece), _MOST_NOISE)))


def _read(told: Adjustment, piece: bytes) -> Decoded | None:
    if not piece:
        return None
    content = unstuffed(piece)
    if content is None or len(content) <= _CRC_BYTES:
        return _NO_FRAME
    body, said = content[:-_CRC_BYTES], int.from_bytes(content[-_CRC_BYTES:], "little")
    return decode_short_status(body, told) if crc32(body) == said else _wrong_crc(said, crc32(body))


_NO_FRAME = Malformed(
    "bad-frame",
    {
        "en": "These bytes between two zero bytes are no COBS frame; at most noise, or a frame cut in two.",
        "zh": "两个零字节之间的数据不是 COBS 帧，可能是线路噪声或被截断的帧。",
    },
)


def _wrong_crc(said: int, own: int) -> Malformed:
    return Malformed(
        "bad-checksum",
        {
            "en": f"The last four bytes (lowest first) say CRC-32 {said:08X}; the bytes before them have {own:08X}.",
            "zh": f"末尾四字节（低位在前）的 CRC-32 为 {said:08X}，按内容计算为 {own:08X}。",
        },
    )
