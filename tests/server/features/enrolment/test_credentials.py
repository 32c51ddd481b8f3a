"""Tokens: derived, read and compared without a database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.enrolment.rules.credentials import (
    CredentialPurpose,
    Presented,
    Term,
    bridge_token,
    is_same,
    read_token,
    robot_token,
    username_of,
)
from tests.conftest import NOON

KEY = "only-for-tests-0123456789abcdefghij"
codes = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


def test_a_token_is_the_same_each_time_and_another_for_another_key_robot_purpose_or_version() -> None:
    tokens = {
        robot_token(KEY, "nanling.edu-1", CredentialPurpose.FAIR, 1),
        robot_token(KEY, "nanling.edu-1", CredentialPurpose.FAIR, 1),
        robot_token(KEY, "nanling.edu-1", CredentialPurpose.FAIR, 2),
        robot_token(KEY, "nanling.edu-2", CredentialPurpose.FAIR, 1),
        robot_token(KEY, "rehearsal.nanling.edu-1", CredentialPurpose.REHEARSAL, 1),
        robot_token(f"{KEY}!", "nanling.edu-1", CredentialPurpose.FAIR, 1),
        bridge_token(KEY, "nanling.edu-1", 1),
    }

    assert len({token.rpartition(".")[2] for token in tokens}) == len(tokens) == 6
    assert (
        robot_token(KEY, "nanling.edu-1", CredentialPurpose.FAIR, 1)
        == "fz_nanling.edu-1.zhgvo4rq376s6uno35ii2yxgaghcrvt6"
    )


@given(codes, codes, st.sampled_from(CredentialPurpose), st.integers(1, 9))
def test_a_token_says_whose_it_is(exhibitor: str, robot: str, purpose: CredentialPurpose, version: int) -> None:
    name = username_of(exhibitor, robot, purpose)
    token = robot_token(KEY, name, purpose, version)

    assert read_token(token) == Presented(name, is_bridge=False, token=token)


@given(codes, codes)
def test_the_token_of_a_bridge_is_none_of_a_robot(exhibitor: str, name: str) -> None:
    token = bridge_token(KEY, f"{exhibitor}.{name}", 1)

    assert read_token(token) == Presented(f"{exhibitor}.{name}", is_bridge=True, token=token)


def test_a_robot_of_an_exhibitor_called_rehearsal_is_not_taken_for_a_rehearsal() -> None:
    fair = robot_token(KEY, username_of("rehearsal", "edu-1"), CredentialPurpose.FAIR, 1)
    practice = robot_token(
        KEY, username_of("rehearsal", "edu-1", CredentialPurpose.REHEARSAL), CredentialPurpose.REHEARSAL, 1
    )

    assert [read_token(fair), read_token(practice)] == [
        Presented("rehearsal.edu-1", is_bridge=False, token=fair),
        Presented("rehearsal.rehearsal.edu-1", is_bridge=False, token=practice),
    ]


@given(st.text(max_size=80))
def test_any_other_text_is_no_token(text: str) -> None:
    assert read_token(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "fz_nanling.edu-1.short",
        "fz_nanling.edu-1." + "A" * 32,
        "fz_nanling." + "a" * 32,
        "fz_a.b.c.d." + "a" * 32,
        "fzb_rehearsal.nanling.edu-1." + "a" * 32,
        "fz_nanling.edu-1." + "a" * 32 + "\n",
        "fz_" + "a" * 49 + ".b." + "a" * 32,
    ],
)
def test_a_text_that_only_looks_like_a_token_is_none(text: str) -> None:
    assert read_token(text) is None


def test_tokens_are_compared_whole_and_any_text_may_be() -> None:
    token = robot_token(KEY, "nanling.edu-1", CredentialPurpose.FAIR, 1)

    assert [is_same(other, token) for other in (token, token[:-1], f"{token[:-1]}0", "", "凭证")] == [
        True,
        *[False] * 4,
    ]


def test_a_credential_holds_until_its_end_and_not_a_moment_longer() -> None:
    term = Term(NOON, NOON + timedelta(hours=2))
    revoked = Term(NOON, NOON + timedelta(hours=2), NOON + timedelta(hours=1))

    assert [term.holds(NOON + timedelta(hours=after)) for after in (0, 1, 2, 3)] == [True, True, False, False]
    assert not revoked.holds(NOON)
