"""The language of faults: what is written is read, what is read can be written, what is wrong is pointed at."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.simulators.faults import Incident, What, effects
from device_bridge.simulators.noise import Harm, Wire, WireFault
from device_bridge.simulators.script import Script, ScriptError, read_script

ROBOT = "nanling/walker-7"
WIRE_ALONE = "`drop`, `flip` or `insert`, since nothing else can happen every so many frames"
robots = st.none() | st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}/[a-z0-9-]{1,9}", fullmatch=True)
moments = st.integers(0, 100_000).map(float)
spans = st.integers(1, 99_999).map(lambda tenths: tenths / 10)
jumps = st.one_of(spans, spans.map(lambda span: -span))
lives = st.sampled_from([what for what in What if what is not What.CLOCK])
incidents = st.one_of(
    st.builds(Incident, moments, lives, spans, robots), st.builds(Incident, moments, st.just(What.CLOCK), jumps, robots)
)
harms = st.sampled_from(Harm)
counts = st.integers(1, 10_000)
wires = st.one_of(
    st.builds(WireFault, harms, counts, moments, st.none(), robots),
    st.builds(WireFault, harms, counts, st.none(), counts, robots),
)
scripts = st.builds(
    lambda life, wire: Script(tuple(sorted(life, key=lambda incident: incident.at)), tuple(wire)),
    st.lists(incidents, max_size=5),
    st.lists(wires, max_size=5),
)


NOUNS = {Harm.DROP: ("byte", "bytes"), Harm.FLIP: ("bit", "bits"), Harm.INSERT: ("byte", "bytes")}


def write_script(script: Script) -> str:
    """Return a text that `read_script` reads as the same script."""
    return "".join(f"{line}\n" for line in written_lines(script))


def written_lines(script: Script) -> Iterable[str]:
    for incident in script.incidents:
        yield f"{whose(incident.robot)}at {minutes_of(incident.at)} {what_of(incident)}"
    for fault in script.wires:
        when = f"every {fault.every} frames" if fault.at is None else f"at {minutes_of(fault.at)}"
        yield f"{whose(fault.robot)}{when} {fault.harm} {fault.count} {NOUNS[fault.harm][fault.count != 1]}"


def whose(robot: str | None) -> str:
    return "" if robot is None else f"{robot} "


def minutes_of(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"


def what_of(incident: Incident) -> str:
    if incident.what is What.CLOCK:
        return f"clock {'-' if incident.lasts < 0 else '+'}{abs(incident.lasts):g} s"
    return f"{incident.what} for {incident.lasts:g} s"


@given(scripts)
def test_what_is_written_is_read_as_the_same(script: Script) -> None:
    assert read_script(write_script(script)) == script


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("at 00:05 drop 3 bytes", WireFault(Harm.DROP, 3, at=5.0)),
        ("every 100 frames flip 1 bit", WireFault(Harm.FLIP, 1, every=100)),
        ("at 01:00 insert 40 bytes", WireFault(Harm.INSERT, 40, at=60.0)),
        ("from 00:10 silence 30 s", Incident(10.0, What.SILENCE, 30.0)),
        ("at 00:20 reboot", Incident(20.0, What.REBOOT, 5.0)),
        ("at 00:30 clock +2 h", Incident(30.0, What.CLOCK, 7200.0)),
        ("at 00:30 clock - 90 s", Incident(30.0, What.CLOCK, -90.0)),
        ("from 01:00 battery runs flat", Incident(60.0, What.FLAT, 60.0)),
        ("at 01:10 e-stop", Incident(70.0, What.ESTOP, 10.0)),
        ("at 01:10 e-stop for 1.5 min", Incident(70.0, What.ESTOP, 90.0)),
        ("duplicate serial", Incident(0.0, What.TWIN, 10.0)),
        ("take over client id", Incident(0.0, What.TAKEOVER, 10.0)),
        (f"{ROBOT} at 00:04 cable for 250ms", Incident(4.0, What.CABLE, 0.25, ROBOT)),
    ],
)
def test_every_fault_reads_as_it_is_said(line: str, fault: Incident | WireFault) -> None:
    script = read_script(f"  {line}  # on purpose")

    assert (*script.incidents, *script.wires) == (fault,)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("at noon explode", "column 4: expected a time as MM:SS, found `noon`"),
        ("at 00:75 e-stop", "column 4: expected a time as MM:SS, found `00:75`"),
        ("at 00:05 drop bytes", "column 15: expected a whole number above 0, found `bytes`"),
        ("at 00:05 drop 3 bits", "column 17: expected `byte` or `bytes`, found `bits`"),
        ("every 3 flip 1 bit", "column 9: expected `frame` or `frames`, found `flip`"),
        ("from 00:10 silence", "column 19: expected a number of seconds, as `30 s`, found the end of the line"),
        ("from 00:10 silence 30", "column 22: expected `ms`, `s`, `min` or `h`, found the end of the line"),
        ("at 00:10 battery is flat", "column 18: expected `runs`, found `is`"),
        ("at 00:30 clock 2 h", "column 16: expected `+` or `-`, found `2`"),
        ("at 01:10 e-stop 5 s twice", "column 21: expected the end of the line, found `twice`"),
        (
            "every 9 frames reboot",
            f"column 16: expected {WIRE_ALONE}, found `reboot`",
        ),
    ],
)
def test_what_is_wrong_is_pointed_at(line: str, complaint: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read_script(f"# faults\n{line}")

    assert str(caught.value) == f"line 2, {complaint}"


def test_a_word_that_is_no_fault_is_told_what_there_is() -> None:
    with pytest.raises(ScriptError) as caught:
        read_script("at 00:01 explode")

    assert str(caught.value) == (
        "line 1, column 10: expected `at MM:SS`, `from MM:SS`, `every N frames` or a fault (e-stop, silence, cable, "
        "battery runs flat, reboot, clock, duplicate serial, take over client id, flat, drop, flip, insert), "
        "found `explode`"
    )


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        script = read_script(text)
    except ScriptError as error:
        assert str(error).startswith("line ")  # noqa: PT017 - either answer is right
    else:
        assert read_script(write_script(script)) == script


def test_a_clock_jumps_for_good_and_jumps_add_up() -> None:
    script = read_script("at 00:10 clock +2 h\nat 00:20 clock -30 min").incidents

    ahead = [effects(script, ROBOT, elapsed).clock for elapsed in (9.0, 10.0, 19.0, 20.0, 5_000.0)]

    assert ahead == [0.0, 7200.0, 7200.0, 5400.0, 5400.0]


def carried(faults: tuple[WireFault, ...], frames: int) -> list[bytes]:
    """What arrives of so many frames of 50 bytes, one a second."""
    wire = Wire(faults, "seed")
    arrived = []
    for second in range(frames):
        wire.advance(float(second))
        arrived.append(wire.carry(bytes(range(50))))
    return arrived


def test_every_so_many_frames_one_bit_tips_over() -> None:
    arrived = carried(read_script("every 3 frames flip 1 bit").wires, 9)

    flips = [(int.from_bytes(frame) ^ int.from_bytes(bytes(range(50)))).bit_count() for frame in arrived]
    assert flips == [0, 0, 1, 0, 0, 1, 0, 0, 1]


def test_at_its_time_a_frame_loses_bytes_in_a_row_and_no_other_does() -> None:
    arrived = carried(read_script("at 00:05 drop 3 bytes").wires, 8)

    assert [len(frame) for frame in arrived] == [50, 50, 50, 50, 50, 47, 50, 50]


def test_noise_comes_in_between() -> None:
    arrived = carried(read_script("at 00:02 insert 7 bytes").wires, 4)

    assert [len(frame) for frame in arrived] == [50, 50, 57, 50]


@given(st.lists(wires, max_size=4).map(tuple))
def test_the_same_seed_harms_in_the_same_way(faults: tuple[WireFault, ...]) -> None:
    assert carried(faults, 20) == carried(faults, 20)
