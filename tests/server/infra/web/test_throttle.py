"""The throttle: it counts what guesses, forgives what was right, and hangs nothing on an address alone."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest

from server.infra.web.throttle import REQUESTS, UNKNOWN, Attempt, Throttle
from server.kernel.errors import TooManyTriesError
from server.kernel.tries import FREE, LAST_S

WORKERS = 24
HALL = "192.0.2.7"


class WrongError(Exception):
    """The attempt was wrong."""


class Hours:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """What it shows."""
        return self.now


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def throttle(hours: Hours) -> Throttle:
    return Throttle(hours)


def refuse() -> NoReturn:
    raise WrongError


def fail(throttle: Throttle, attempt: Attempt) -> bool:
    """Whether a wrong attempt was looked at at all."""
    try:
        with throttle.verifying(attempt):
            refuse()
    except WrongError:
        return True
    except TooManyTriesError:
        return False


def succeed(throttle: Throttle, attempt: Attempt) -> bool:
    """Whether a right attempt was let in."""
    try:
        with throttle.verifying(attempt):
            return True
    except TooManyTriesError:
        return False


def test_wrong_attempts_in_parallel_do_not_overrun_the_rule(throttle: Throttle) -> None:
    together = threading.Barrier(WORKERS)

    def guess(_number: int) -> bool:
        together.wait(30)
        return fail(throttle, Attempt("organiser", HALL, "a-browser"))

    with ThreadPoolExecutor(WORKERS) as pool:
        looked_at = list(pool.map(guess, range(WORKERS)))

    assert sum(looked_at) == FREE


def test_four_hundred_right_attempts_lock_nobody_out(throttle: Throttle) -> None:
    assert all(succeed(throttle, Attempt("buyer", HALL)) for _ in range(400))
    assert all(succeed(throttle, Attempt(f"buyer-{number}", HALL)) for number in range(400))


def test_a_whole_hall_of_people_who_mistype_behind_one_address_is_let_in(throttle: Throttle) -> None:
    people = [Attempt(f"person-{number}", HALL, f"phone-{number}") for number in range(2000)]

    assert all(fail(throttle, person) for person in people for _ in range(3))
    assert all(succeed(throttle, person) for person in people)


def test_ninety_seven_guesses_of_a_stranger_do_not_lock_the_organiser_out(throttle: Throttle, hours: Hours) -> None:
    for _ in range(97):
        fail(throttle, Attempt("organiser", "198.51.100.9"))

    assert succeed(throttle, Attempt("organiser", HALL, "own-phone", known=True))
    assert succeed(throttle, Attempt("organiser", HALL, "a-borrowed-phone"))
    assert succeed(throttle, Attempt("organiser", HALL))


def test_a_known_device_is_let_in_while_the_whole_world_guesses(throttle: Throttle) -> None:
    for number in range(500):
        fail(throttle, Attempt("organiser", f"198.51.100.{number}", f"new-{number}"))

    assert not succeed(throttle, Attempt("organiser", HALL, "never-seen"))
    assert succeed(throttle, Attempt("organiser", HALL, "own-phone", known=True))


def test_what_strange_devices_guess_at_one_account_is_bounded_however_many_they_are(
    throttle: Throttle, hours: Hours
) -> None:
    looked_at = 0
    for number in range(3600):
        hours.now += 1
        looked_at += fail(throttle, Attempt("organiser", f"a-{number}", f"d-{number}"))

    assert looked_at <= UNKNOWN.most + 3600 * UNKNOWN.each_s


def test_a_device_that_guesses_waits_longer_and_longer_and_never_for_good(throttle: Throttle, hours: Hours) -> None:
    mine, looked_at = Attempt("organiser", HALL, "a-browser"), 0
    for _ in range(600):
        looked_at += fail(throttle, mine)
        hours.now += 1

    hours.now += LAST_S

    assert looked_at < 20
    assert succeed(throttle, mine)


def test_who_is_right_at_last_is_forgiven(throttle: Throttle) -> None:
    mine = Attempt("organiser", HALL, "a-browser", known=True)

    for _ in range(50):
        assert [fail(throttle, mine) for _ in range(FREE - 1)] == [True] * (FREE - 1)
        assert succeed(throttle, mine)
        assert throttle.mistakes(mine) == 0


def test_the_refusal_says_how_long(throttle: Throttle) -> None:
    mine = Attempt("organiser", HALL, "a-browser")
    for _ in range(FREE):
        fail(throttle, mine)

    with pytest.raises(TooManyTriesError) as refusal, throttle.verifying(mine):
        pass

    assert refusal.value.params == {"seconds": 1}


def test_an_account_of_ones_own_buys_no_guesses_at_another(throttle: Throttle) -> None:
    theirs = Attempt("organiser", HALL, "a-browser")
    for _ in range(FREE):
        fail(throttle, theirs)
        succeed(throttle, Attempt("mine", HALL, "a-browser", known=True))

    assert not fail(throttle, theirs)


def test_mails_about_one_account_are_few_and_come_again(throttle: Throttle, hours: Hours) -> None:
    first = [throttle.ask("organiser") for _ in range(6)]
    other = throttle.ask("buyer")
    hours.now += 1 / REQUESTS.each_s

    assert (first, other, throttle.ask("organiser")) == ([True] * 4 + [False] * 2, True, True)
