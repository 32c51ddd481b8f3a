"""Questions to running programs: does a port take connections, does a server answer, is a port free."""

import http.client
import json
import socket
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom
from typing import Any

LOOPBACK = "127.0.0.1"
TIMEOUT_S = 1.0
_LISTENERS = range(20_000, 32_768)
"""Above what is usual and below what Linux gives to outgoing connections (`ip_local_port_range`)."""
Ready = Callable[[float], bool]
"""Asked with the seconds since the start of a program."""


def port_accepts(port: int, host: str = LOOPBACK) -> Ready:
    """Whether somebody takes connections on that port."""
    return lambda _seconds: connects(host, port)


def connects(host: str, port: int) -> bool:
    """Whether somebody takes connections there, within a second."""
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT_S):
            return True
    except OSError:
        return False


def runs_for(wanted: float) -> Ready:
    """Whether a program that nobody can ask has at least not failed at once."""
    return lambda seconds: seconds >= wanted


def writes(path: Path) -> Ready:
    """Whether that file is there."""
    return lambda _seconds: path.exists()


def serves(port: int, host: str = LOOPBACK) -> Ready:
    """Whether the server's own account of its health says that pages can be served."""
    return lambda _seconds: health(port, host).get("database") == "ok"


def beats(port: int, host: str = LOOPBACK) -> Ready:
    """Whether the server has seen a sign of life of the worker since the worker's start."""
    return lambda seconds: is_younger(health(port, host).get("worker_age_s"), seconds)


def health(port: int, host: str = LOOPBACK) -> dict[str, Any]:
    """What `/health` says, an empty dict when it does not answer with 200 within a second."""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/health")
        response = connection.getresponse()
        body = response.read()
        found = json.loads(body) if response.status == http.HTTPStatus.OK else {}
        return found if isinstance(found, dict) else {}
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        connection.close()


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on that port now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A server that has just ended leaves connections behind that do not keep a new one from listening.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A loopback port that nobody uses; another process may still take it first.

    Not the one that the kernel would give: those go to outgoing connections too, and seconds may pass before somebody
    listens on it.
    """
    return next(port for port in SystemRandom().sample(_LISTENERS, len(_LISTENERS)) if is_free(port))


def is_younger(age: object, seconds: float) -> bool:
    """Whether an age is known and at most so many seconds."""
    return isinstance(age, int | float) and age <= seconds


def reachable(host: str) -> str:
    """The address under which a server that listens on `host` can be asked from this machine."""
    return LOOPBACK if host in {"", "0.0.0.0", "::", "localhost"} else host  # noqa: S104  # compared, never bound
