"""Who is asking: the log-in in the signed session cookie, or the bearer token in the header.

The cookie holds the secret of a session that the database knows by its digest: who deletes the row has logged that
device out, whatever copies of the cookie there are. A session ends some hours after its person last did something, and
some days after the log-in in any case. Screens and programs carry a token.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlmodel import Session

from server.infra.db import Database
from server.infra.feature import BearerSource, IdentitySource
from server.infra.identity import VISITOR, Identity
from server.infra.web.context import services
from server.infra.web.devices import remember
from server.kernel.ids import token_digest
from server.settings import Settings

COOKIE = "fairzone_session"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""Its name where the site is reached by HTTPS alone: no other host and no page without TLS can set it."""
RENEW_S = 60 * 10
"""A cookie of this age is written anew: not with every answer, since one that is late would undo a log-out."""
SECRET = "_user_id"  # noqa: S105 - its name
"""Under which Flask-Login keeps in the cookie what `LoggedIn.get_id` says."""
_RENEWED = "renewed"
_IDENTITIES = "fairzone_identities"
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""The more particular word first: many browsers name others as well."""


class LoggedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """An identity as Flask-Login carries it; its id is the secret of the session."""

    def __init__(self, identity: Identity, secret: str = "", *, by_token: bool = False) -> None:
        self.identity = identity
        self.by_token = by_token
        self._secret = secret

    def get_id(self) -> str:
        """What the cookie holds."""
        return self._secret


def install(app: Flask, settings: Settings, identities: IdentitySource, bearers: Sequence[BearerSource] = ()) -> None:
    """Let `app` recognise accounts by cookie and by bearer token, through `identities`; other tokens by `bearers`."""
    secure = settings.secure_cookies
    app.extensions[_IDENTITIES] = identities
    app.config.update(
        SESSION_COOKIE_NAME=SECURE_COOKIE if secure else COOKIE,
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_REFRESH_EACH_REQUEST=False,  # `_renew` does, and leaves pictures alone
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_idle_hours),
    )
    login = LoginManager()
    # Not init_app, which looks for a "remember me" cookie behind every answer: a picture would depend on the session.
    app.login_manager = login  # type: ignore[attr-defined]  # where Flask-Login looks for it
    login.session_protection = None  # a phone changes its address between two halls
    login.user_loader(lambda stored: _by_cookie(services().database, identities, stored))
    app.after_request(_keep)
    login.request_loader(lambda request: _by_token(services().database, identities, bearers, request))


def open_session(identity: Identity) -> None:
    """Log `identity` in. Nothing of an earlier visitor's session is inherited, and one that was open here ends."""
    _end_here()
    session.clear()
    kept, device, address = services(), device_of(request.user_agent.string), request.remote_addr or ""
    lifetime = timedelta(hours=kept.settings.session_hours)
    with kept.database.write() as writing:
        account_id = identity.account_id or 0
        secret = _identities().open(writing, account_id, device=device, address=address, lifetime=lifetime)
    remember(identity.username)
    _renew(int(kept.clock.now().timestamp()))
    login_user(LoggedIn(identity, secret))
    g.identity = identity


def close_session() -> None:
    """Log out here: the session ends on the server, whoever else may hold its cookie."""
    _end_here()
    logout_user()
    session.clear()
    g.identity = VISITOR


def idle_time() -> timedelta:
    """So long a session lasts after its person last did something."""
    return timedelta(hours=services().settings.session_idle_hours)


def device_of(user_agent: str) -> str:
    """What a browser calls itself, in a few words: `Firefox, Windows`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part) or "".join(filter(str.isprintable, user_agent))[:40]


def _end_here() -> None:
    """End the session whose cookie came with this request, if there is one."""
    who, kept = current_user, services()
    if not who.is_authenticated or who.identity.session_id is None:
        return
    with kept.database.write() as writing:
        _identities().end(writing, who.identity.account_id, who.identity.session_id)


def _identities() -> IdentitySource:
    found: IdentitySource = current_app.extensions[_IDENTITIES]
    return found


def is_by_token() -> bool:
    """Whether a token says who is asking, and no cookie does."""
    return bool(current_user.is_authenticated and current_user.by_token)


def bearer_token(request: Request) -> str | None:
    """The token of an `Authorization: Bearer …` header, if there is one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def _by_cookie(database: Database, identities: IdentitySource, stored: Any) -> LoggedIn | None:
    now = services().clock.now()
    with database.read() as reading:
        found = identities.by_session(reading, str(stored), now, idle_time())
    if found is None:
        return None
    if _renew(int(now.timestamp())):
        g.renewed = found.session_id
    return LoggedIn(found, str(stored))


def _keep(response: Response) -> Response:
    """After the answer is made: write down that this session's person is still there. Once in ten minutes."""
    number = g.pop("renewed", None)
    if number is not None:
        with services().database.write() as writing:
            _identities().keep(writing, number)
    return response


def _renew(second: int) -> bool:
    """Let the session last longer, from this request on; whether that was needed."""
    renewed = session.get(_RENEWED)
    if isinstance(renewed, int) and 0 <= second - renewed < RENEW_S:
        return False
    session.permanent = True
    session[_RENEWED] = second
    return True


def _by_token(
    database: Database, identities: IdentitySource, bearers: Sequence[BearerSource], request: Request
) -> LoggedIn | None:
    token = bearer_token(request)
    if token is None:
        return None
    with database.read() as reading:
        found = identities.by_token(reading, token_digest(token)) or _by_bearer(reading, bearers, token)
    return LoggedIn(found, by_token=True) if found else None


def _by_bearer(reading: Session, bearers: Sequence[BearerSource], token: str) -> Identity | None:
    kept = services()
    now, secret_key = kept.clock.now(), kept.settings.secret_key
    return next((found for ask in bearers if (found := ask(reading, token, now, secret_key))), None)
