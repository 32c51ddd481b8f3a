"""A missing part fails a test with the command that installs it; it never skips."""

import pytest

from tests.support.parts import MissingPartError, find_program


def test_a_missing_program_names_the_command_that_installs_it() -> None:
    with pytest.raises(MissingPartError, match="apt-get install no-such-package"):
        find_program(["no-such-program"], package="no-such-package")


def test_the_first_of_several_names_is_found() -> None:
    assert find_program(["no-such-program", "sh"], package="dash").name == "sh"
