"""Forged requests: every change that a cookie authorises must carry this session's token. Nothing typed is lost.

A bearer token is its own proof, since no browser adds it by itself; such requests need no CSRF token. What another
site sent is refused whatever it carries, and gets no cookie: it must not replace the session of the person there.
"""

from flask import Flask, Response, current_app, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect

from server.infra.web.guard import action_of
from server.infra.web.session import bearer_token
from server.kernel.errors import FairZoneError
from server.kernel.permissions import BY_TOKEN_ALONE

_protection = CSRFProtect()
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_NOT_CARRIED = frozenset({"csrf_token", "password"})
CARRIED_PREFIX = "kept."


class StaleFormError(FairZoneError):
    """The form belongs to a session that has ended; it can be sent again with one click."""

    code = "stale-form"
    status = 400


class ForeignFormError(FairZoneError):
    """The request was sent by a page of another site, or by something that does not say which site it is from."""

    code = "foreign-form"
    status = 403


def install(app: Flask) -> None:
    """Prepare `app` for the check; `check` does it, after the guard has asked."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    _protection.init_app(app)

    @app.after_request
    def keep_session(response: Response) -> Response:
        if is_foreign():
            session.modified = False  # the page of the refusal made a token; its cookie is not written
        return response


def check() -> None:
    """Before every request that changes something: refuse what is forged.

    Raises:
        ForeignFormError: another site sent it.
        StaleFormError: the token is missing or wrong.
    """
    if request.endpoint is None or bearer_token(request) is not None:
        return  # nothing at this address, or not with this method: the error page says so
    if action_of(current_app, request.endpoint) in BY_TOKEN_ALONE:
        return
    if is_foreign():
        raise ForeignFormError
    try:
        _protection.protect()
    except CSRFError as error:
        raise StaleFormError from error


def is_foreign() -> bool:
    """Whether this request would change something and does not say that a page of this very site sent it.

    Browsers say so in `Sec-Fetch-Site`, where the connection is safe, and in `Origin`.
    """
    if request.method in _READING:
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site != "same-origin"
    # The host alone: behind a proxy that ends TLS, the scheme that is seen here is another one.
    sender = request.headers.get("Origin", "").partition("://")[2]
    return not sender or sender.lower() != request.host.lower()


def typed_fields() -> list[tuple[str, str]]:
    """What the reader typed into the refused form, to be offered again; secrets are not repeated.

    Empty for a form that another site sent: one click must not finish a forgery.
    """
    if request.method != "POST" or is_foreign():
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED]
