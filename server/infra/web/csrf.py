"""Forged requests: every change that a cookie authorises must carry this session's token. Nothing typed is lost.

A bearer token is its own proof, since no browser adds it by itself; such requests need no CSRF token.
"""

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from server.infra.web.session import bearer_token
from server.kernel.errors import FairZoneError

_protection = CSRFProtect()
_NOT_CARRIED = frozenset({"csrf_token", "password"})
CARRIED_PREFIX = "kept."


class StaleFormError(FairZoneError):
    """The form belongs to a session that has ended; it can be sent again with one click."""

    code = "stale-form"
    status = 400


def install(app: Flask) -> None:
    """Prepare `app` for the check; `check` does it, after the guard has asked."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    _protection.init_app(app)


def check() -> None:
    """Before every request that changes something: raises `StaleFormError` when the token is missing or wrong."""
    if bearer_token(request) is not None:
        return
    try:
        _protection.protect()
    except CSRFError as error:
        raise StaleFormError from error


def typed_fields() -> list[tuple[str, str]]:
    """What the reader typed into the refused form, to be offered again; secrets are not repeated.

    Empty for a form that another site sent: one click must not finish a forgery.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED]
