"""The throttle: counted before it is verified, wide for a hall, and few at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest

from server.infra.web.throttle import BY_ACCOUNT, BY_ADDRESS, BY_PAIR, VERIFIED_AT_A_TIME, Attempt, Throttle
from server.kernel.errors import TooManyTriesError

WORKERS = 24


class WrongError(Exception):
    """The attempt was wrong."""


def refuse() -> NoReturn:
    raise WrongError


def fail(throttle: Throttle, account: str, address: str) -> bool:
    """Whether a wrong attempt was looked at at all."""
    try:
        with throttle.verifying(Attempt(account, address)):
            refuse()
    except WrongError:
        return True
    except TooManyTriesError:
        return False


def test_wrong_attempts_in_parallel_do_not_overrun_the_limit() -> None:
    throttle, together = Throttle(), threading.Barrier(WORKERS)

    def guess(_number: int) -> bool:
        together.wait(30)
        return fail(throttle, "organiser", "192.0.2.7")

    with ThreadPoolExecutor(WORKERS) as pool:
        looked_at = list(pool.map(guess, range(WORKERS)))

    assert sum(looked_at) == BY_PAIR.amount


def test_few_are_verified_at_a_time() -> None:
    throttle, lock, inside, most = Throttle(), threading.Lock(), [0], [0]

    def verify(number: int) -> None:
        with throttle.verifying(Attempt(f"person-{number}", "192.0.2.7")):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            threading.Event().wait(0.01)
            with lock:
                inside[0] -= 1

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(verify, range(WORKERS)))

    assert most[0] <= VERIFIED_AT_A_TIME


def test_a_hall_behind_one_address_may_log_in() -> None:
    throttle = Throttle()

    answers = [fail(throttle, f"person-{number}", "192.0.2.7") for number in range(BY_ADDRESS.amount + 1)]

    assert answers == [True] * BY_ADDRESS.amount + [False]


def test_one_account_cannot_be_guessed_at_from_everywhere() -> None:
    throttle = Throttle()

    answers = [fail(throttle, "organiser", f"192.0.2.{number}") for number in range(BY_ACCOUNT.amount + 1)]

    assert answers == [True] * BY_ACCOUNT.amount + [False]


def test_an_account_of_ones_own_does_not_clear_the_address() -> None:
    throttle = Throttle()
    for number in range(BY_ADDRESS.amount - 1):
        fail(throttle, f"person-{number}", "192.0.2.7")

    with throttle.verifying(Attempt("mine", "192.0.2.7")):
        pass

    with pytest.raises(TooManyTriesError), throttle.verifying(Attempt("organiser", "192.0.2.7")):
        pass
