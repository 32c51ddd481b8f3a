"""Forged requests: every change that a cookie authorises must carry this session's token. Nothing typed is lost.

A bearer token is its own proof, since no browser adds it by itself; such requests need no CSRF token. What another
site sent is refused whatever it carries, and gets no cookie: it must not replace the session of the person there.

A form belongs to the account that opened it: its token names the account, and sent under another one it is refused.
"""

from flask import Flask, Response, current_app, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer

from server.infra.identity import VISITOR
from server.infra.web.context import identity
from server.infra.web.guard import action_of
from server.infra.web.session import bearer_token, is_by_token
from server.kernel.errors import FairZoneError
from server.kernel.ids import new_token
from server.kernel.permissions import BY_TOKEN_ALONE

_protection = CSRFProtect()
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SECRET = frozenset({"pin", "token", "secret"})
CARRIED_PREFIX = "kept."
OPENED_BY = "_opened_by"
"""The field that carries the token of the form as it was first opened, where a page offers to send it again."""
_FIELD = "csrf_token"
_VISITOR = 0
_ANYBODYS = frozenset({"session.open", "language.choose"})
"""Acts that change who is there, or nothing of an account: their forms are anybody's."""


class StaleFormError(FairZoneError):
    """The form belongs to a session that has ended; it can be sent again with one click."""

    code = "stale-form"
    status = 400


class OtherAccountError(FairZoneError):
    """The form was opened under another account than the one that is logged in now; `name` is who that is."""

    code = "other-account"
    status = 409


class ForeignFormError(FairZoneError):
    """The request was sent by a page of another site, or by something that does not say which site it is from."""

    code = "foreign-form"
    status = 403


def install(app: Flask) -> None:
    """Prepare `app` for the check; `check` does it, after the guard has asked."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    _protection.init_app(app)
    app.context_processor(lambda: {_FIELD: form_token})  # behind the one of the protection, in whose place it is
    app.jinja_env.globals[_FIELD] = form_token

    @app.after_request
    def keep_session(response: Response) -> Response:
        if is_foreign():
            session.modified = False  # the page of the refusal made a token; its cookie is not written
        return response


def form_token() -> str:
    """The token for the forms of this page: of this session, and of the account that is logged in."""
    if _FIELD not in session:
        session[_FIELD] = f"{identity().account_id or _VISITOR}.{new_token()}"
    token: str = generate_csrf()
    return token


def refuse_other_account() -> None:
    """Before every request that changes something: refuse a form that another account opened.

    It comes before the permission is asked for, so that the answer is the same whatever the other one may do.

    Raises:
        OtherAccountError: somebody else is logged in now, or somebody is who was not when the form was opened.
    """
    if request.endpoint is None or request.method in _READING or _proves_itself() or is_foreign():
        return
    if action_of(current_app, request.endpoint) in _ANYBODYS | BY_TOKEN_ALONE or identity() == VISITOR:
        return
    here = {None, identity().account_id}
    first, sent = _owner_of(request.form.get(OPENED_BY)), _owner_of(opened_by(sent=True))
    # Who typed as a visitor and then logged in to go on has said so; nobody else's words are taken.
    if first not in here | {_VISITOR} or sent not in here:
        raise OtherAccountError(name=identity().display_name, username=identity().username)


def opened_by(*, sent: bool = False) -> str | None:
    """The token with which the refused form was opened, which goes along when it is offered again; or is `sent` now."""
    now = request.form.get(_FIELD) or request.headers.get("X-CSRFToken")
    return now if sent else request.form.get(OPENED_BY) or now


def _owner_of(token: str | None) -> int | None:
    """The key of the account that opened a form, 0 for a visitor; nothing for a token that does not say."""
    reader = URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token")
    try:
        said = str(reader.loads(token or "")).partition(".")[0]
    except BadData:
        return None
    return int(said) if said.isdecimal() else None


def check() -> None:
    """Before every request that changes something: refuse what is forged.

    Raises:
        ForeignFormError: another site sent it.
        StaleFormError: the token is missing or wrong.
    """
    if request.endpoint is None or request.method in _READING or _proves_itself():
        return  # nothing at this address, or not with this method: the error page says so
    if action_of(current_app, request.endpoint) in BY_TOKEN_ALONE:
        return
    if is_foreign():
        raise ForeignFormError
    try:
        _protection.protect()
    except CSRFError as error:
        raise StaleFormError from error


def _proves_itself() -> bool:
    """Whether a token in the header is the only thing that could authorise this request.

    A header beside a cookie excuses nothing: the cookie would say who is asking, and the header need not even be true.
    """
    if bearer_token(request) is None:
        return False
    return current_app.config["SESSION_COOKIE_NAME"] not in request.cookies or is_by_token()


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
    typed = [(name, value) for name, value in request.form.items(multi=True) if _is_carried(name)]
    token = opened_by()
    return [*typed, (OPENED_BY, token)] if typed and token else typed


def _is_carried(name: str) -> bool:
    """Whether a field may be offered again: no secret is, whatever form it is of."""
    return name not in {_FIELD, OPENED_BY} and "password" not in name and name not in _SECRET
