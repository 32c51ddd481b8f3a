"""Who is told what of a meeting: the table is complete, and every sentence that it needs is there in every language."""

from collections.abc import Mapping

import pytest

from server.features.meetings.notices import (
    NOTICES,
    OCCASIONS,
    Hint,
    How,
    NoticeWays,
    Reader,
    Silence,
    Voice,
    kinds,
    occasion_of,
)
from server.features.meetings.rules import TRANSITIONS, Act, Side, State
from server.infra.i18n import Catalogues

CATALOGUES = Catalogues(strict=True)


def test_every_act_and_every_other_occasion_has_a_row_for_every_reader() -> None:
    assert set(NOTICES) == set(OCCASIONS) == {*Act, *Hint}
    assert {occasion: set(row) for occasion, row in NOTICES.items()} == {one: set(Reader) for one in OCCASIONS}


@pytest.mark.parametrize("language", CATALOGUES.languages)
def test_every_sentence_that_the_table_needs_is_there(language: str) -> None:
    missing = [key for kind in kinds() for key in (kind, f"{kind}.subject") if not CATALOGUES.has(language, key)]

    assert missing == []


def test_whatever_one_side_does_the_other_is_told() -> None:
    """But for a time that is only held, which is the buyer's alone."""
    hears = {Side.BUYER: (Reader.STAFF, Reader.ADMIN, Reader.DESK), Side.EXHIBITOR: (Reader.BUYER,)}
    untold = [
        (occasion_of(act, state or State.HELD).value, side.value)
        for (state, act), transition in TRANSITIONS.items()
        for side in transition.by & set(hears)
        for reader in hears[side]
        if not isinstance(row_of(act, state)[reader].by(Voice(side.value), reader), How)
    ]

    assert set(untold) == {("hold", "buyer"), ("let_go", "buyer")}


def row_of(act: Act, state: State | None) -> Mapping[Reader, NoticeWays]:
    """The row of an act on a meeting in that state; what begins one begins a hold."""
    return NOTICES[occasion_of(act, state or State.HELD)]


def test_whatever_the_house_does_the_buyer_is_told() -> None:
    """But for a meeting that is over, where both were."""
    untold = {
        occasion.value
        for occasion, row in NOTICES.items()
        if not isinstance(row[Reader.BUYER].by(Voice.SYSTEM, Reader.BUYER), How)
    }

    assert untold == {"hold", "let_go", "finish"}


def test_what_only_the_buyer_may_see_is_told_to_nobody_else() -> None:
    private = {Act.HOLD, Hint.LET_GO, Hint.HOLD_LAPSED}
    others = [reader for reader in Reader if reader is not Reader.BUYER]

    assert {row[reader] for occasion, row in NOTICES.items() if occasion in private for reader in others} == {
        NoticeWays(Silence.PRIVATE, Silence.PRIVATE)
    }


def test_an_act_on_a_held_time_is_another_occasion_than_on_a_request() -> None:
    held = {act: occasion_of(act, State.HELD) for state, act in TRANSITIONS if state is State.HELD}
    assert held == {
        Act.REQUEST: Act.REQUEST,
        Act.WITHDRAW: Hint.LET_GO,
        Act.EXPIRE: Hint.HOLD_LAPSED,
    }
    assert occasion_of(Act.EXPIRE, State.REQUESTED) is Act.EXPIRE
