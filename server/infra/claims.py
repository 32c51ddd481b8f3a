"""What a FairZone on this machine has taken for itself: ports before it listens there, and its data folder.

To look whether a port is free is not enough. Seconds go by between the look and the moment at which a started program
listens, and granian shares its port (SO_REUSEPORT): a second server of the same user would listen there too and get
every other request. A claim is a name among the kernel's abstract sockets: it has the scope of the ports themselves
(the network namespace), needs no file, and ends with the process, however that ends.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from server.infra import probes
from server.kernel.errors import SetupError


def claim(port: int, purpose: str, held: ExitStack, host: str = probes.LOOPBACK) -> bool:
    """Take the port for as long as `held` is open; False when somebody listens there or has claimed it.

    Two purposes do not disturb each other: a supervisor holds the port of the web process that it is going to start.
    """
    if not probes.is_free(port, host):
        return False
    name = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        name.bind(f"\0fairzone {purpose} {port}")
    except OSError:
        name.close()
        return False
    held.enter_context(name)
    return True


def taken(port: int, host: str) -> SetupError:
    """The refusal for a server that cannot have its port."""
    return SetupError(
        f"Nothing can listen on {host} port {port}: it is taken, or not this machine's address.",
        "End what uses it (`ss -ltnp` names it), or set FAIRZONE_PORT and FAIRZONE_HOST.",
    )


@contextmanager
def alone_in(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this process; the kernel lets it go however the process ends.

    Raises:
        SetupError: another zone runs in it.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / "lock").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise SetupError(
                f"A zone already runs in {data_dir} (process {held.read().strip() or 'unknown'}).",
                "End it first, or give this one another folder with --data-dir.",
            ) from error
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
