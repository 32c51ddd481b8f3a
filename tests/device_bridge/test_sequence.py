"""The account of one robot's counter, against a model that remembers every number."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge import sequence
from device_bridge.sequence import ReportAccount, SequenceStatus, Sighting, enter, open_account, turn_away

START = datetime(2026, 4, 16, 6, 0, tzinfo=UTC)
ARRIVALS = st.lists(
    st.tuples(st.integers(1, 60), st.booleans(), st.one_of(st.none(), st.integers(1, 60))), min_size=1, max_size=80
)


def seen(seq: int, *, oldest: int | None = None, redelivered: bool = False, at_s: float = 0) -> Sighting:
    """A sighting whose robot time rises with its number, received `at_s` seconds into the test."""
    return Sighting(seq, START + timedelta(seconds=seq), START + timedelta(seconds=at_s), oldest, redelivered)


def opened(seq: int = 1) -> ReportAccount:
    """An account from number 1 whose first report is `seq`."""
    return open_account(1000, seen(seq), counts_from=1).account


def missing_numbers(account: ReportAccount) -> set[int]:
    """The open holes, number by number."""
    return {number for first, last in account.missing for number in range(first, last + 1)}


def test_numbers_in_order_move_the_mark() -> None:
    account = opened()

    entry = enter(account, seen(2))

    assert (entry.status, entry.account.mark, entry.account.stored) == (SequenceStatus.NEW, 2, 2)


def test_a_hole_holds_the_mark_until_it_is_filled() -> None:
    account = enter(opened(), seen(4)).account
    assert (account.mark, account.missing) == (1, ((2, 3),))

    half = enter(account, seen(3))
    whole = enter(half.account, seen(2))

    assert (half.status, half.account.mark, half.account.missing) == (SequenceStatus.BACKFILL, 1, ((2, 2),))
    assert (whole.status, whole.account.mark, whole.account.missing) == (SequenceStatus.BACKFILL, 4, ())


def test_what_the_sender_let_go_is_counted_as_lost_and_frees_the_mark() -> None:
    account = enter(opened(), seen(6)).account

    entry = enter(account, seen(7, oldest=5))

    assert entry.lost == ((2, 4),)
    assert (entry.account.lost, entry.account.missing, entry.account.mark) == (3, ((5, 5),), 4)


def test_the_first_report_of_a_boot_counts_what_came_before_it() -> None:
    stated = open_account(1000, seen(5), counts_from=1).account
    unstated = open_account(1000, seen(5), counts_from=None).account

    assert (stated.first, stated.missing, stated.mark) == (1, ((1, 4),), 0)
    assert (unstated.first, unstated.missing, unstated.mark) == (5, (), 5)


def test_a_report_that_comes_twice_is_a_duplicate_until_its_sender_has_heard_the_mark() -> None:
    account = enter(opened(), seen(2, at_s=1)).account
    later = enter(account, seen(3, at_s=40)).account

    young = enter(account, seen(1, at_s=2))
    unheard = enter(later, seen(3, at_s=41))
    resent = enter(later, seen(1, at_s=41, redelivered=True))
    replayed = enter(later, seen(1, at_s=41))

    assert (young.status, young.account.duplicates) == (SequenceStatus.DUPLICATE, 1)
    assert (unheard.status, resent.status) == (SequenceStatus.DUPLICATE, SequenceStatus.DUPLICATE)
    assert (replayed.status, replayed.account) == (SequenceStatus.REPLAYED, later)


def test_a_hole_given_up_for_lack_of_room_pins_the_mark_for_good() -> None:
    account = opened()
    for number in range(3, 2 * sequence.MAX_OPEN_SPANS + 6, 2):
        account = enter(account, seen(number)).account

    assert len(account.missing) == sequence.MAX_OPEN_SPANS
    assert (account.lost > 0, account.mark) == (True, 1)


FAR = st.one_of(
    st.integers(0, 60),
    st.sampled_from([255, 256, 65_535, 65_536, 2**31 - 1, 2**32 - 1, 2**32, 2**53 - 1]),
    st.integers(0, 2**53 - 1),
)


@given(
    st.lists(st.tuples(FAR, st.floats(0, 100_000), st.one_of(st.none(), FAR)), min_size=1, max_size=60),
    st.sampled_from([None, 0, 1]),
)
def test_no_counter_whatever_it_does_loses_more_than_a_robot_can_have_made(
    arrivals: list[tuple[int, float, int | None]], counts_from: int | None
) -> None:
    """Bounded by the time that has passed: what leaps is told, and is no loss."""
    account: ReportAccount | None = None
    now = 0.0
    for number, (seq, pause, oldest) in enumerate(arrivals, 1):
        now += pause
        sighting = seen(0, oldest=oldest, at_s=now)
        sighting = Sighting(seq, sighting.time, sighting.received_at, oldest)
        boot = int(START.timestamp() * 1_000)
        before = account
        entry = enter(account, sighting) if account else open_account(boot, sighting, counts_from=counts_from)
        account = entry.account
        if entry.status is SequenceStatus.LEAPT:
            assert account == before

        open_now = sum(last - first + 1 for first, last in account.missing)
        assert account.lost + open_now <= number * sequence.LEAP + sequence.FASTEST * now
        assert account.high - account.first + 1 == account.stored + account.lost + open_now


@pytest.mark.parametrize("far", [65_535, 2**31 - 1, 2**32 - 1, 2**53 - 1])
def test_a_number_beyond_all_reach_is_no_loss_and_the_next_one_goes_on(far: int) -> None:
    account = enter(opened(), seen(2)).account

    leapt = enter(account, Sighting(far, START, START, far))
    after = enter(leapt.account, seen(3))

    assert (leapt.status, leapt.account, leapt.lost) == (SequenceStatus.LEAPT, account, ())
    assert (after.status, after.account.high, after.account.lost) == (SequenceStatus.NEW, 3, 0)


def test_a_robot_that_was_away_for_long_may_have_made_many() -> None:
    account = enter(opened(), seen(2)).account

    entry = enter(account, seen(500_000, oldest=500_000, at_s=24 * 3_600))

    assert (entry.status, entry.account.lost) == (SequenceStatus.NEW, 499_997)


def test_a_first_number_that_no_robot_can_have_reached_since_its_start_begins_the_count() -> None:
    boot = int(START.timestamp() * 1_000)

    near = open_account(boot, seen(300, at_s=60), counts_from=1).account
    far = open_account(boot, seen(2**32 - 1, at_s=60), counts_from=1).account

    assert (near.first, near.missing) == (1, ((1, 299),))
    assert (far.first, far.missing, far.stored) == (2**32 - 1, (), 1)


@given(ARRIVALS)
def test_every_number_is_stored_lost_or_missing_and_never_two_of_them(
    arrivals: list[tuple[int, bool, int | None]],
) -> None:
    """Whatever comes in whatever order: the account agrees with a model that keeps sets of numbers."""
    account: ReportAccount | None = None
    stored: set[int] = set()
    lost: set[int] = set()
    for seq, redelivered, oldest in arrivals:
        sighting = seen(seq, oldest=oldest, redelivered=redelivered)
        entry = enter(account, sighting) if account else open_account(1, sighting, counts_from=1)
        account = entry.account
        if entry.status in {SequenceStatus.NEW, SequenceStatus.BACKFILL}:
            assert seq not in stored | lost
            stored.add(seq)
        else:
            assert seq in stored | lost
        lost |= {number for first, last in entry.lost for number in range(first, last + 1)}

        assert account.stored == len(stored)
        assert account.lost == len(lost)
        assert not stored & lost
        assert stored | lost | missing_numbers(account) == set(range(account.first, account.high + 1))
        assert set(range(account.first, account.mark + 1)) <= stored | lost


@given(st.permutations(list(range(1, 30))))
def test_any_order_of_the_same_reports_ends_in_the_same_account(order: list[int]) -> None:
    account: ReportAccount | None = None

    for seq in order:
        account = (enter(account, seen(seq)) if account else open_account(1, seen(seq), counts_from=1)).account

    assert account is not None
    assert (account.first, account.high, account.mark, account.stored, account.missing) == (1, 29, 29, 29, ())


def test_a_refused_number_is_not_awaited_and_the_mark_passes_it() -> None:
    account = enter(turn_away(opened(), 2), seen(3)).account

    assert (account.mark, account.missing, account.refused, account.stored) == (3, (), 1, 2)


def test_a_refused_report_that_comes_mended_is_stored() -> None:
    account = turn_away(turn_away(turn_away(opened(), 2), 3), 4)

    mended = enter(account, seen(3))

    assert (mended.status, mended.account.stored, mended.account.refused) == (SequenceStatus.BACKFILL, 2, 2)
    assert mended.account.turned_away == ((2, 2), (4, 4))
    assert enter(mended.account, seen(3)).status is SequenceStatus.DUPLICATE


def test_a_refused_number_far_ahead_of_the_counter_is_not_believed() -> None:
    assert turn_away(opened(), 2**53 - 1) == opened()


@given(
    st.lists(st.tuples(st.integers(1, 40), st.sampled_from(("good", "refused", "oldest"))), min_size=1, max_size=120)
)
def test_stored_lost_refused_and_missing_add_up_after_every_step(steps: list[tuple[int, str]]) -> None:
    account = opened()
    stored, refused = {1}, set[int]()

    for number, what in steps:
        if what == "refused":
            account = turn_away(account, number)
            refused |= set() if number in stored else {number}
        else:
            entry = enter(account, seen(number, oldest=number if what == "oldest" else None, redelivered=True))
            account = entry.account
            stored |= {number} if entry.status in {SequenceStatus.NEW, SequenceStatus.BACKFILL} else set()
        missing = missing_numbers(account)
        spans = [number for first, last in account.turned_away for number in range(first, last + 1)]
        sent = account.high - account.first + 1
        assert sent == account.stored + account.lost + account.refused + len(missing)
        assert (account.stored, len(spans)) == (len(stored), account.refused)
        assert set(spans) <= refused - stored
        assert not missing & (stored | set(spans))
