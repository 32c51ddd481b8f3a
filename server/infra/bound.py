"""Binds a process's life to its parent's, then becomes the command. A script: `bound.py PARENT_PID COMMAND…`.

The kernel kills what is bound as soon as the thread that started it is gone, so not even kill -9 of a supervisor leaves
its children behind. It is a script of its own, on the standard library alone, because the binding has to be made by the
child itself: between fork and exec of a Python parent nothing safe can run.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
ORPHANED = 3
"""Exit code of a child whose parent was gone before the binding was made."""


def bind_to(parent: int) -> None:
    """Let this process be killed when its parent dies; end at once when that has happened already.

    Raises:
        OSError: the kernel refuses.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # The parent may have died before the call, in which case no signal will ever come.
    if os.getppid() != parent:
        sys.exit(ORPHANED)


def become(words: list[str]) -> None:
    """Bind to the parent that the first word names and become the command that the others are. Does not return."""
    bind_to(int(words[0]))
    os.execvp(words[1], words[1:])  # noqa: S606  # no shell is wanted: the words are the command


if __name__ == "__main__":
    become(sys.argv[1:])
