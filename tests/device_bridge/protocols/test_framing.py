"""A binary robot in one generator: what the driver around it promises, whatever the generator does."""

from device_bridge.protocols.decoded import NO_TIME, Decoded, Malformed, Reading
from device_bridge.protocols.framing import FrameReader, GeneratorDecoder, check
from device_bridge.wire.report import Report


def said(number: int) -> Reading:
    """A report of this number."""
    return Reading("", Report(robot="", boot=0, seq=number, time=NO_TIME), states_boot=False, states_time=False)


def read() -> FrameReader:
    """A robot that says `S`, a length, so many bytes of number, and the sum of them."""
    (length,) = yield 1
    number = yield length
    (total,) = yield 1
    check(that=sum(number) % 256 == total)
    return said(int.from_bytes(number, "big")) if number else None


def numbers(heard: list[tuple[bytes, Decoded]]) -> list[int]:
    """The numbers of the reports."""
    return [what.report.seq for _, what in heard if isinstance(what, Reading)]


def test_frames_come_out_as_they_came_in() -> None:
    heard = GeneratorDecoder(b"S", read).feed(b"S\x01\x07\x07S\x02\x01\x02\x03")

    assert [raw for raw, _ in heard] == [b"S\x01\x07\x07", b"S\x02\x01\x02\x03"]
    assert numbers(heard) == [7, 258]


def test_a_false_start_costs_none_of_the_frames_that_it_seemed_to_hold() -> None:
    heard = GeneratorDecoder(b"S", read).feed(b"S\x09" + b"S\x01\x07\x07" * 4)

    assert numbers(heard) == [7, 7, 7, 7]
    assert isinstance(heard[0][1], Malformed)
    assert heard[0][0] == b"S\x09"


def test_an_empty_frame_says_nothing_and_is_no_noise() -> None:
    assert GeneratorDecoder(b"S", read).feed(b"S\x00\x00") == []


def test_a_reader_that_fails_has_not_found_a_frame() -> None:
    def fails() -> FrameReader:
        (length,) = yield 1
        return said(1 // length)

    heard = GeneratorDecoder(b"S", fails).feed(b"S\x00S\x01")

    assert [(raw, type(what)) for raw, what in heard] == [(b"S\x00", Malformed), (b"S\x01", Reading)]


def test_a_reader_that_wants_too_much_has_not_found_a_frame() -> None:
    def greedy() -> FrameReader:
        (length,) = yield 1
        yield length * 1_000_000
        return None

    heard = GeneratorDecoder(b"S", greedy, longest=64).feed(b"S\x01S\x00")

    assert [raw for raw, _ in heard] == [b"S\x01"]
