"""Named refusals."""

from server.kernel.errors import NotFoundError, SetupError


def test_a_refusal_tells_its_code_and_what_it_is_about() -> None:
    assert str(NotFoundError(what="D19.2C05")) == "not-found (what=D19.2C05)"


def test_a_refusal_about_nothing_in_particular_tells_its_code() -> None:
    assert str(NotFoundError()) == "not-found"


def test_a_setup_refusal_says_what_is_wrong_and_what_to_do() -> None:
    assert str(SetupError("There is no key.", "Make one.")) == "There is no key. Make one."
