"""The sender's spool: nothing above the mark is ever forgotten, and the order is kept, whatever happens to the link."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from device_bridge.simulators.sender_spool import Outgoing, SenderPatience, SenderSpool

BOOT = 1_764_000_000_000


def body(seq: int) -> bytes:
    return b"report %d" % seq


def filled(count: int, patience: SenderPatience | None = None) -> SenderSpool:
    spool = SenderSpool(BOOT, patience)
    for _ in range(count):
        spool.append(body)
    return spool


def numbers(outgoing: list[Outgoing]) -> list[int]:
    return [one.seq for one in outgoing]


def test_nothing_leaves_before_the_mark_or_the_end_of_the_wait_for_it() -> None:
    spool = filled(3)
    spool.link_up(100.0)

    assert spool.due(101.9, 10) == []
    assert spool.due(102.0, 10) == [Outgoing(seq, 1, body(seq)) for seq in (1, 2, 3)]


def test_the_retained_mark_ends_the_wait_and_what_it_covers_is_not_sent_again() -> None:
    spool = filled(5)
    spool.link_up(100.0)

    spool.accept_mark(BOOT, 3, 100.1)

    assert spool.due(100.1, 10) == [Outgoing(4, 4, body(4)), Outgoing(5, 4, body(5))]


def test_a_mark_of_the_boot_before_ends_the_wait_and_frees_nothing() -> None:
    spool = filled(2)
    spool.link_up(100.0)

    spool.accept_mark(BOOT - 1, 900, 100.1)

    assert numbers(spool.due(100.1, 10)) == [1, 2]


def test_a_mark_above_what_was_ever_made_frees_nothing() -> None:
    spool = filled(2)

    spool.accept_mark(BOOT, 3, 100.0)

    assert (spool.oldest, spool.mark) == (1, 0)


def test_a_lost_connection_sends_again_what_the_mark_does_not_cover() -> None:
    spool = filled(4)
    spool.link_up(100.0)
    spool.due(102.0, 10)
    spool.accept_mark(BOOT, 2, 102.1)
    spool.link_down()
    spool.link_up(110.0)

    assert numbers(spool.due(112.0, 10)) == [3, 4]


def test_a_silent_bridge_gets_everything_again_after_a_growing_wait() -> None:
    spool = filled(2, SenderPatience(for_progress=5, longest=12))
    spool.link_up(0.0)

    sent_at = [now for now in range(60) if spool.due(float(now), 10)]

    assert sent_at == [2, 7, 17, 29, 41, 53]


def test_a_repeated_mark_is_no_reason_to_send_again_before_the_patience_ends() -> None:
    spool = filled(3)
    spool.link_up(0.0)
    spool.accept_mark(BOOT, 1, 0.1)
    spool.due(0.1, 10)

    spool.accept_mark(BOOT, 1, 0.5)
    spool.accept_mark(BOOT, 1, 4.9)

    assert spool.due(4.9, 10) == []
    assert numbers(spool.due(5.2, 10)) == [2, 3]


def test_an_overflowing_spool_lets_the_oldest_go_and_says_so() -> None:
    spool = filled(5, SenderPatience(limit=3))
    spool.link_up(0.0)

    assert spool.due(2.0, 10) == [Outgoing(seq, 3, body(seq)) for seq in (3, 4, 5)]
    assert spool.dropped == 2


def test_the_room_on_the_link_is_respected_and_the_rest_follows_in_order() -> None:
    spool = filled(5)
    spool.link_up(0.0)

    taken = [numbers(spool.due(2.0, 2)) for _ in range(4)]

    assert taken == [[1, 2], [3, 4], [5], []]


@dataclass
class Bridge:
    """A faithful bridge at the other end: stores what arrives, marks what is contiguous or declared gone."""

    stored: set[int] = field(default_factory=set)
    gone_below: int = 1

    def store(self, one: Outgoing) -> None:
        """Keep a report and what its sender says of those below."""
        assert one.body == body(one.seq)
        assert one.oldest <= one.seq
        self.stored.add(one.seq)
        self.gone_below = max(self.gone_below, one.oldest)

    @property
    def mark(self) -> int:
        """The highest number below which nothing is missing."""
        mark = 0
        while mark + 1 in self.stored or mark + 1 < self.gone_below:
            mark += 1
        return mark


class AnyWeather(RuleBasedStateMachine):
    """Any schedule of reports, losses, reconnections, stale and lost marks."""

    def __init__(self) -> None:
        super().__init__()
        self.spool = SenderSpool(BOOT, SenderPatience(limit=30))
        self.bridge = Bridge()
        self.now = 0.0
        self.up = False
        self.made = 0

    @rule(count=st.integers(1, 12))
    def reports_are_made(self, count: int) -> None:
        """The robot goes on."""
        for _ in range(count):
            self.made += 1
            assert self.spool.append(body) == self.made

    @rule(seconds=st.floats(0.01, 30))
    def time_passes(self, seconds: float) -> None:
        """The clock goes on."""
        self.now += seconds

    @precondition(lambda self: not self.up)
    @rule()
    def the_link_comes(self) -> None:
        """A connection begins."""
        self.up = True
        self.spool.link_up(self.now)

    @precondition(lambda self: self.up)
    @rule()
    def the_link_goes(self) -> None:
        """A connection ends."""
        self.up = False
        self.spool.link_down()

    @rule(room=st.integers(0, 8), lost=st.sets(st.integers(0, 7)))
    def reports_leave(self, room: int, lost: set[int]) -> None:
        """What is due is sent, and some of it is lost on the way."""
        due = self.spool.due(self.now, room)
        assert len(due) <= room
        assert self.up or not due
        assert numbers(due) == sorted(set(numbers(due)))
        for place, one in enumerate(due):
            if place not in lost:
                self.bridge.store(one)

    @rule(behind=st.integers(0, 5))
    def a_mark_comes(self, behind: int) -> None:
        """A mark comes, perhaps an old one."""
        self.spool.accept_mark(BOOT, max(0, self.bridge.mark - behind), self.now)

    @rule(seq=st.integers(0, 200))
    def a_mark_of_another_boot_comes(self, seq: int) -> None:
        """A retained mark of an earlier life comes."""
        self.spool.accept_mark(BOOT - 1, seq, self.now)

    @invariant()
    def nothing_above_the_mark_is_forgotten(self) -> None:
        """What is above the mark is held, unless the spool has overflowed."""
        kept = self.spool.next_seq - self.spool.oldest
        assert self.spool.next_seq == self.made + 1
        assert kept <= 30
        assert self.spool.oldest == self.spool.mark + 1 or kept == 30 or self.spool.dropped > 0
        assert self.spool.mark <= self.bridge.mark

    def teardown(self) -> None:
        """In fair weather everything that was kept arrives."""
        kept = set(range(self.spool.oldest, self.spool.next_seq))
        self.spool.link_down()
        self.spool.link_up(self.now)
        self.now += 2.0
        while due := self.spool.due(self.now, 5):
            for one in due:
                self.bridge.store(one)
            self.spool.accept_mark(BOOT, self.bridge.mark, self.now)
        assert kept <= self.bridge.stored
        assert self.spool.oldest == self.spool.next_seq


TestAnyWeather = AnyWeather.TestCase
TestAnyWeather.settings = settings(max_examples=60, stateful_step_count=40)
