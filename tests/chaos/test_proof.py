"""The prover is proven first: with each fault planted by itself, it says which one it is."""

from dataclasses import replace

import pytest

from tests.chaos.proof import Account, Found, Promise, Told, judge

NUMBERS = frozenset(range(1, 11))
KEPT = Told("nanling/walker-1", "fair-mqtt", Promise.KEPT, NUMBERS, mark=10)
COUNTED = Told("nanling/porter-1", "vda5050", Promise.COUNTED, NUMBERS)
HEARD = Told("nanling/base-1", "kobuki", Promise.HEARD, NUMBERS)
WHOLE = Found(tuple(range(1, 11)), (), (Account(boot=1, first=1, high=10, stored=10, lost=0, open=0),))
HOLED = Found((1, 2, 6, 7, 8, 9, 10), ((3, 5),), (Account(boot=1, first=1, high=10, stored=7, lost=3, open=0),))


@pytest.mark.parametrize("told", [KEPT, COUNTED, HEARD])
def test_what_arrived_whole_is_proven(told: Told) -> None:
    assert judge(told, WHOLE) == []


def test_a_gap_that_stands_in_the_ledger_is_proven_where_gaps_are_counted() -> None:
    assert judge(COUNTED, HOLED) == []


def test_an_acknowledgement_before_the_commit_is_seen() -> None:
    assert judge(KEPT, replace(WHOLE, stored=tuple(range(1, 10)), accounts=())) == [
        "nanling/walker-1 (fair-mqtt): 1 reports at or below its mark 10 are not stored: 10",
        "nanling/walker-1 (fair-mqtt): the ledger counts 0 stored reports, the database has 9",
        "nanling/walker-1 (fair-mqtt): 1 reports were sent and are not stored: 10",
    ]


def test_a_sender_that_skips_a_number_is_seen() -> None:
    skipping = replace(COUNTED, sent=NUMBERS - {4})

    assert judge(skipping, HOLED) == [
        "nanling/porter-1 (vda5050): 1 reports stand in a gap and were stored or never sent: 4"
    ]


def test_a_kept_report_that_the_ledger_gave_up_is_seen() -> None:
    assert judge(replace(KEPT, mark=2), HOLED) == [
        "nanling/walker-1 (fair-mqtt): 3 reports were sent and are not stored: 3, 4, 5",
        "nanling/walker-1 (fair-mqtt): its mark stands at 2 of 10",
        "nanling/walker-1 (fair-mqtt): the ledger calls 3 reports lost: 3, 4, 5",
    ]


def test_a_sender_that_is_never_told_its_mark_is_seen() -> None:
    assert judge(replace(KEPT, mark=4), WHOLE) == ["nanling/walker-1 (fair-mqtt): its mark stands at 4 of 10"]


def test_a_lost_report_without_a_gap_is_seen() -> None:
    forgotten = Found((1, 2, 4, 5, 6, 7, 8, 9, 10), (), (Account(1, 1, 10, stored=9, lost=1, open=0),))

    assert judge(COUNTED, forgotten) == [
        "nanling/porter-1 (vda5050): the ledger counts 1 lost reports, its gaps 0",
        "nanling/porter-1 (vda5050): 1 lost reports stand in no gap: 3",
    ]


def test_a_report_under_two_boots_is_a_report_stored_twice() -> None:
    doubled = Found((*WHOLE.stored, 7), (), (*WHOLE.accounts, Account(2, 7, 7, stored=1, lost=0, open=0)))

    assert judge(HEARD, doubled) == ["nanling/base-1 (kobuki): 1 reports are stored twice: 7"]


def test_an_invented_report_is_seen() -> None:
    invented = Found((*WHOLE.stored, 11), (), (Account(1, 1, 11, stored=11, lost=0, open=0),))

    assert judge(HEARD, invented) == ["nanling/base-1 (kobuki): 1 stored reports were never sent: 11"]


def test_books_that_do_not_add_up_are_seen() -> None:
    wrong = Account(1, 1, 11, stored=10, lost=0, open=0)

    assert judge(KEPT, replace(WHOLE, accounts=(wrong,))) == [
        f"nanling/walker-1 (fair-mqtt): the ledger of boot 1 does not add up: {wrong}"
    ]


def test_a_loss_that_the_ledger_does_not_see_between_two_reports_is_seen() -> None:
    found = replace(WHOLE, lives=(((1, 1), (2, 2), (3, 5)), ((1, 8), (4, 11))))

    assert judge(HEARD, found) == ["nanling/base-1 (kobuki): from report 2 to 5 the ledger counts 1, it should be 3"]


def test_where_frames_are_counted_a_lost_report_counts_all_of_its_frames() -> None:
    two_frames = replace(HEARD, frames=2)

    complaints = [judge(two_frames, replace(WHOLE, lives=(((1, 1), (seq, 3)),))) for seq in (4, 3)]

    assert complaints == [
        [],
        ["nanling/base-1 (kobuki): from report 1 to 3 the ledger counts 2, it should be 3"],
    ]


def test_an_answer_that_stands_under_two_questions_is_seen() -> None:
    asked = Told("nanling/tank-1", "modbus", Promise.ASKED, NUMBERS)
    late = Found((1, 2, 4, 4), ((3, 4),), (Account(1, 1, 6, stored=4, lost=2, open=0),), (((1, 1), (2, 2), (5, 4)),))

    assert judge(asked, late) == ["nanling/tank-1 (modbus): 1 reports are stored twice: 4"]
