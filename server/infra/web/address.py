"""Under which address people find this installation: what the installation says, never what a request says of itself.

A request's `Host` is whatever its sender wrote. It decides no link, no QR code and no redirect; where the installation
names its address, a request for another one is refused.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from flask import Flask, request

from server.infra.web.context import services, settings
from server.kernel.errors import FairZoneError
from server.settings import Settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised, not bound
_OUTSIDE = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737): no packet goes there."""


class UnknownHostError(FairZoneError):
    """The request is for a host that this installation is not."""

    code = "unknown-host"
    status = 421


def install(app: Flask) -> None:
    """Let `app` refuse requests for hosts that it is not. To be called before anything else looks at a request."""
    app.before_request(_refuse_unknown_host)


def site_url() -> str:
    """The address that goes into links and QR codes, without a slash at its end."""
    return url_of(settings())


def site_host() -> str:
    """The host of that address."""
    return urlsplit(site_url()).hostname or "127.0.0.1"


def url_of(chosen: Settings) -> str:
    """The same for an installation with these settings: the public address, or the one where it listens."""
    if chosen.public_url:
        return chosen.public_url
    host = _own_address() if chosen.host in WILDCARDS else chosen.host
    return f"http://{f'[{host}]' if ':' in host else host}:{chosen.port}"


def is_known(host: str, chosen: Settings) -> bool:
    """Whether a request for this host (with or without a port) is meant for this installation.

    Its own machine asks by loopback; who listens on every address is found by each of them.
    """
    if not chosen.public_url:
        return True
    try:
        name = (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return False
    public = urlsplit(chosen.public_url).hostname
    return name in {public, chosen.host.lower(), *LOOPBACK} or (chosen.host in WILDCARDS and _is_address(name))


def _refuse_unknown_host() -> None:
    chosen = services().settings
    if not is_known(request.host, chosen):
        raise UnknownHostError(address=chosen.public_url)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_address() -> str:
    """This machine's address in the network that leads out, asked of the routing table."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(_OUTSIDE)
        except OSError:
            return "127.0.0.1"
        return str(asked.getsockname()[0])
