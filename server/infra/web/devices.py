"""Which device is asking: a signed cookie with a number of its own, and on which accounts it has logged in before.

It opens nothing. It lets the throttle tell a person's own telephone from whoever guesses at their account, and one
browser in a hall from all the others behind the same address.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadData, URLSafeSerializer

from server.infra.web.context import services
from server.infra.web.throttle import Attempt
from server.kernel.ids import new_uid, token_digest

COOKIE = "fairzone_device"
SECURE_COOKIE = f"__Host-{COOKIE}"
LIFETIME_S = 60 * 60 * 24 * 180
MOST_ACCOUNTS = 8
"""So many accounts are remembered on one device, the last ones."""
_TAG_CHARS = 16


@dataclass(frozen=True)
class Device:
    """One browser: its number, and tags of the accounts that were opened on it. Both empty without the cookie."""

    number: str = ""
    accounts: tuple[str, ...] = ()

    def knows(self, username: str) -> bool:
        """Whether somebody has logged in here under this name."""
        return _tag(username) in self.accounts


def install(app: Flask) -> None:
    """Let answers carry the cookie when it is new or has changed."""
    app.after_request(_give)


def device() -> Device:
    """The device that is asking, as its cookie says."""
    if "device" not in g:
        g.device = device_behind(current_app, request.cookies)
    found: Device = g.device
    return found


def device_behind(app: Flask, cookies: Mapping[str, str]) -> Device:
    """The device whose browser sent these cookies."""
    try:
        number, accounts = _signer(app).loads(cookies.get(_name(app), ""))
        return Device(str(number), tuple(str(one) for one in accounts))
    except (BadData, TypeError, ValueError):
        return Device()


def introduce() -> None:
    """Give this device a number when it has none: done where somebody is about to log in."""
    if not device().number:
        g.device = g.device_changed = Device(new_uid())


def remember(username: str) -> None:
    """Write down that somebody has logged in here under this name."""
    introduce()
    before, tag = device(), _tag(username)
    others = [one for one in before.accounts if one != tag]
    g.device = g.device_changed = Device(before.number, (*others, tag)[-MOST_ACCOUNTS:])


def attempt_of(account: str) -> Attempt:
    """The attempt that this request makes at an account."""
    name = account.strip().lower()
    here = device()
    return Attempt(name, request.remote_addr or "", here.number, here.knows(name))


def _give(response: Response) -> Response:
    changed: Device | None = g.pop("device_changed", None)
    if changed is not None:
        response.set_cookie(
            _name(current_app),
            _signer(current_app).dumps([changed.number, list(changed.accounts)]),
            max_age=LIFETIME_S,
            path="/",
            secure=services().settings.secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return response


def _name(app: Flask) -> str:
    return SECURE_COOKIE if services(app).settings.secure_cookies else COOKIE


def _signer(app: Flask) -> URLSafeSerializer:
    return URLSafeSerializer(str(app.secret_key), salt="fairzone-device")


def _tag(username: str) -> str:
    return token_digest(f"device:{username.strip().lower()}")[:_TAG_CHARS]
