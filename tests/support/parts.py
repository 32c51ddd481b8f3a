"""Finding the real parts that tests drive; a missing one fails the test and names the command that installs it."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/bin")


class MissingPartError(Exception):
    """A real part that the test drives is not there; the message is the command that brings it."""

    def __init__(self, part: str, command: str, by: str = "make test") -> None:
        super().__init__(f"{part} is not installed; install it with: {command} (`{by}` does so by itself)")


def find_program(names: Sequence[str], *, package: str, folders: Iterable[Path] = (), by: str = "make test") -> Path:
    """The first of `names` in PATH, in the system's folders or in `folders`; `by` installs `package` by itself.

    Raises:
        MissingPartError: none of them is there.
    """
    path = os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM_FOLDERS, *map(str, folders)])
    for name in names:
        found = shutil.which(name, path=path)
        if found:
            return Path(found)
    raise MissingPartError(names[0], f"apt-get install {package}", by)
