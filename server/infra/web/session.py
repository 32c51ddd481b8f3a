"""Who is asking: the log-in in the signed session cookie, or the bearer token in the header.

The cookie holds the account's id and its session epoch; raising the epoch logs the account out everywhere. A session
ends 12 hours after its person last did something. Screens and programs carry a token, which does not expire.
"""

from collections.abc import Sequence
from typing import Any

from flask import Flask, Request, g, session
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlmodel import Session

from server.infra.db import Database
from server.infra.feature import BearerSource, IdentitySource
from server.infra.identity import VISITOR, Identity
from server.infra.web.context import services
from server.kernel.ids import token_digest

LIFETIME_S = 60 * 60 * 12
"""So long a log-in lasts after the last request."""
RENEW_S = 60 * 10
"""A cookie of this age is written anew: not with every answer, since one that is late would undo a log-out."""
_RENEWED = "renewed"


class LoggedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """An identity as Flask-Login carries it; its id says when the log-in was."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    def get_id(self) -> str:
        """What the cookie holds: account and session epoch."""
        return f"{self.identity.account_id}:{self.identity.epoch}"


def install(app: Flask, identities: IdentitySource, bearers: Sequence[BearerSource] = ()) -> None:
    """Let `app` recognise accounts by cookie and by bearer token, through `identities`; other tokens by `bearers`."""
    secure = services(app).settings.secure_cookies
    app.config.update(
        SESSION_COOKIE_NAME="fairzone_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_REFRESH_EACH_REQUEST=False,  # `_renew` does, and leaves pictures alone
        PERMANENT_SESSION_LIFETIME=LIFETIME_S,
    )
    login = LoginManager()
    # Not init_app, which looks for a "remember me" cookie behind every answer: a picture would depend on the session.
    app.login_manager = login  # type: ignore[attr-defined]  # where Flask-Login looks for it
    login.session_protection = None  # a phone changes its address between two halls
    database = services(app).database
    login.user_loader(lambda stored: _by_cookie(database, identities, stored))
    login.request_loader(lambda request: _by_token(database, identities, bearers, request))


def open_session(identity: Identity) -> None:
    """Log `identity` in. Nothing of an earlier visitor's session is inherited."""
    session.clear()
    _renew(int(services().clock.now().timestamp()))
    login_user(LoggedIn(identity))
    g.identity = identity


def close_session() -> None:
    """Log out here."""
    logout_user()
    session.clear()
    g.identity = VISITOR


def bearer_token(request: Request) -> str | None:
    """The token of an `Authorization: Bearer …` header, if there is one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def _by_cookie(database: Database, identities: IdentitySource, stored: Any) -> LoggedIn | None:
    account_id, _, epoch = str(stored).partition(":")
    if not (account_id.isdecimal() and epoch.isdecimal()):
        return None
    with database.read() as reading:
        found = identities.by_session(reading, int(account_id), int(epoch))
    if found is None:
        return None
    _renew(int(services().clock.now().timestamp()))
    return LoggedIn(found)


def _renew(second: int) -> None:
    """Let the session last for another 12 hours from this request on."""
    renewed = session.get(_RENEWED)
    if not isinstance(renewed, int) or not 0 <= second - renewed < RENEW_S:
        session.permanent = True
        session[_RENEWED] = second


def _by_token(
    database: Database, identities: IdentitySource, bearers: Sequence[BearerSource], request: Request
) -> LoggedIn | None:
    token = bearer_token(request)
    if token is None:
        return None
    with database.read() as reading:
        found = identities.by_token(reading, token_digest(token)) or _by_bearer(reading, bearers, token)
    return LoggedIn(found) if found else None


def _by_bearer(reading: Session, bearers: Sequence[BearerSource], token: str) -> Identity | None:
    kept = services()
    now, secret_key = kept.clock.now(), kept.settings.secret_key
    return next((found for ask in bearers if (found := ask(reading, token, now, secret_key))), None)
