"""The pages of one's own password: change it, ask for a link when it is forgotten, and set a new one by the link."""

import logging
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.accounts import service
from server.features.accounts.schemas import PasswordChangeIn, PasswordResetIn, ResetAskIn
from server.features.accounts.service import resets
from server.infra.idempotency import once
from server.infra.web.acts import note
from server.infra.web.context import database, identity, now, services
from server.infra.web.devices import attempt_of, introduce
from server.infra.web.forms import Form, FormFault, acted, again, parse, repeated, shown
from server.infra.web.guard import guarded
from server.infra.web.preconditions import form_key
from server.kernel.errors import FairZoneError

log = logging.getLogger(__name__)
pages = Blueprint("passwords", __name__, template_folder="../templates")


@pages.get("/account/password")
@guarded("account.password")
def password_form() -> str:
    """The form to change one's own password."""
    return render_template("accounts/password.html", form=shown({}))


@pages.post("/account/password")
@guarded("account.password")
def change_password() -> Response:
    """Change it; this device stays logged in, and no other does."""
    form = parse(PasswordChangeIn, request.form)
    if done := repeated():
        return done
    try:
        if form.data:
            return _changed(form.data)
    except FairZoneError as refusal:
        log.warning("password not changed (%s): %s from %s", refusal.code, identity().username, request.remote_addr)
        _mark(form, refusal)
    return _again("accounts/password.html", form)


def _changed(new: PasswordChangeIn) -> Response:
    who = identity()
    with services().throttle.verifying(attempt_of(who.username)), database().read() as session:
        old = service.checked_password(session, who, new)
    hashed = service.hash_password(new.password)

    def act(session: Session) -> str:
        service.change_password(session, who, old, hashed)
        note("password changed")
        return "/account?saved=1"

    return acted(act)


@pages.get("/reset")
@guarded("account.ask-reset")
def forgotten_form() -> str:
    """The form for whoever has forgotten their password."""
    return render_template(
        "accounts/forgotten.html", form=shown({"name": request.args.get("user", "")[:80]}), sent=False
    )


@pages.post("/reset")
@guarded("account.ask-reset")
def ask_reset() -> Response:
    """Let a link be sent, if there is such an account; the answer is the same in any case."""
    form = parse(ResetAskIn, request.form)
    if form.data is None:
        return again("accounts/forgotten.html", form, sent=False)
    name = form.data.name.strip().lower()
    if services().throttle.ask(name):
        with database().write() as session:
            resets.ask_reset(session, name)
    log.info("password link asked for from %s", request.remote_addr)
    return make_response(render_template("accounts/forgotten.html", form=form, sent=True))


@pages.get("/reset/<secret>")
@guarded("account.reset")
def reset_form(secret: str) -> Response:
    """The form behind a link. Looking at it uses nothing up."""
    introduce()
    with database().read() as session:
        username = resets.reset_behind(session, secret, now()).username
    return _again("accounts/reset.html", shown({}), username=username)


@pages.post("/reset/<secret>")
@guarded("account.reset")
def reset_password(secret: str) -> Response:
    """Set the new password; then the person logs in with it."""
    form, username = parse(PasswordResetIn, request.form), ""
    try:
        with database().read() as session:
            account = resets.reset_behind(session, secret, now())
            username = account.username
        if form.data:
            resets.refuse_weak(account, form.data.password.get_secret_value())
            return _reset(secret, account.id or 0, service.hash_password(form.data.password))
    except resets.ResetOverError:
        if done := repeated():
            return done
        raise
    except resets.WeakPasswordError as refusal:
        _mark(form, refusal)
    return _again("accounts/reset.html", form, username=username)


def _reset(secret: str, account: int, hashed: str) -> Response:
    def act() -> str:
        username = resets.use_reset(session, secret, hashed, now())
        log.info("password reset: %s from %s", username, request.remote_addr)
        return f"/login?user={username}"

    with database().write() as session:
        return redirect(once(session, *form_key(account), act)[0], code=303)


def _mark(form: Form[Any], refusal: FairZoneError) -> None:
    """Put the refusal beside the field that it is about, or above all of them."""
    if refusal.code == resets.WeakPasswordError.code:
        form.errors["password"] = FormFault(f"form-password-{refusal.params['why']}", {})
    else:
        form.refuse(refusal)


def _again(template: str, form: Form[Any], **values: object) -> Response:
    return _kept_by_nobody(again(template, form, **values))


def _kept_by_nobody(page: Response) -> Response:
    page.headers["Cache-Control"] = "no-store"
    return page
