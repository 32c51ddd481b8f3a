"""What must hold of any bytes, protocol by protocol: the fuzzer's targets."""

from collections.abc import Callable, Iterator

from device_bridge.protocols import MESSAGE_PROTOCOLS, STREAM_PROTOCOLS
from tests.device_bridge.protocols.samples import CAPTURES, STREAMS, captures
from tests.device_bridge.protocols.test_conformance import KINDS, decoder, is_explained, survives_the_wire

SLOWEST_S = 5
"""An input that takes longer is a finding."""
_KINDS = (*sorted(KINDS), "status")


class BrokenPromiseError(Exception):
    """A decoder did what no decoder may do; the message says what."""


def seeds(protocol: str) -> Iterator[bytes]:
    """The first inputs: a byte that chooses (the kind of message, or where the stream is cut), then what is read."""
    if protocol in CAPTURES:
        for sort in ("valid", "invalid"):
            for path in captures(protocol, sort):
                kind = next((part for part in path.name.split(".") if part in _KINDS), "status")
                yield bytes([_KINDS.index(kind)]) + path.read_bytes()
        return
    frames = STREAMS[protocol].frames(4)
    for number, frame in enumerate(frames):
        yield bytes([number]) + frame
    yield bytes([7]) + b"".join(frames)


def target(protocol: str) -> Callable[[bytes], None]:
    """The function that the fuzzer feeds; it raises what it finds."""
    known = {**MESSAGE_PROTOCOLS, **STREAM_PROTOCOLS}
    if protocol not in known:
        raise BrokenPromiseError(f"no protocol is called {protocol}")
    return _message(protocol) if protocol in MESSAGE_PROTOCOLS else _stream(protocol)


def _message(protocol: str) -> Callable[[bytes], None]:
    decode = MESSAGE_PROTOCOLS[protocol].decode

    def tried(data: bytes) -> None:
        kind = _KINDS[data[0] % len(_KINDS)] if data else "status"
        heard = decode(kind, data[1:])
        if not (is_explained(heard) and survives_the_wire(heard)):
            raise BrokenPromiseError(repr(heard))

    return tried


def _stream(protocol: str) -> Callable[[bytes], None]:
    def tried(data: bytes) -> None:
        step, stream = 1 + (data[0] if data else 0), data[1:]
        whole, pieces = decoder(protocol), decoder(protocol)
        heard = whole.feed(stream)
        split = [found for start in range(0, len(stream), step) for found in pieces.feed(stream[start : start + step])]
        if heard != split:
            raise BrokenPromiseError(f"cut every {step} bytes it says otherwise")
        if not all(is_explained(what) and survives_the_wire(what) for _, what in heard):
            raise BrokenPromiseError(repr(heard))

    return tried
