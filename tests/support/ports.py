"""Free ports on loopback, and waiting until somebody listens on one."""

import socket
from collections.abc import Callable

import psutil

from server.infra.probes import free_port

__all__ = ["LOOPBACK", "accepts", "free_port", "is_listened_on", "listening"]

LOOPBACK = "127.0.0.1"


def accepts(port: int) -> bool:
    """Whether somebody takes connections on that loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((LOOPBACK, port)) == 0


def listening(port: int) -> Callable[[], bool]:
    """A question to wait on: does somebody listen on that port yet?"""
    return lambda: accepts(port)


def is_listened_on(port: int) -> Callable[[], bool]:
    """The same question for a server that must not see a connection yet: the kernel's table is asked."""
    return lambda: any(
        one.status == psutil.CONN_LISTEN and one.laddr[1:] == (port,) for one in psutil.net_connections("tcp")
    )
