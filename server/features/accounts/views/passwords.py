"""The pages of one's own password: change it, ask for a link when it is forgotten, and set a new one by the link."""

import logging
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from server.features.accounts import service
from server.features.accounts.schemas import PasswordChangeIn, PasswordResetIn, ResetAskIn
from server.features.accounts.service import resets
from server.infra.web.acts import note
from server.infra.web.context import database, identity, now, services
from server.infra.web.devices import attempt_of, introduce
from server.infra.web.forms import Form, FormFault, parse, shown
from server.infra.web.guard import guarded
from server.kernel.errors import FairZoneError

log = logging.getLogger(__name__)
pages = Blueprint("passwords", __name__, template_folder="../templates")
_UNPROCESSABLE = 422


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
    if form.data is None:
        return _again("accounts/password.html", form)
    who = identity()
    try:
        with services().throttle.verifying(attempt_of(who.username)), database().read() as session:
            old = service.checked_password(session, who, form.data)
        hashed = service.hash_password(form.data.password)
        with database().write() as session:
            service.change_password(session, who, old, hashed)
    except FairZoneError as refusal:
        log.warning("password not changed (%s): %s from %s", refusal.code, who.username, request.remote_addr)
        return _again("accounts/password.html", _marked(form, refusal), refusal)
    note("password changed")
    return redirect("/account?saved=1", code=303)


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
        return _again("accounts/forgotten.html", form, sent=False)
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
    return _kept_by_nobody(render_template("accounts/reset.html", form=shown({}), username=username))


@pages.post("/reset/<secret>")
@guarded("account.reset")
def reset_password(secret: str) -> Response:
    """Set the new password; then the person logs in with it."""
    form = parse(PasswordResetIn, request.form)
    with database().read() as session:
        account = resets.reset_behind(session, secret, now())
        username = account.username
    if form.data is None:
        return _again("accounts/reset.html", form, username=username)
    try:
        resets.refuse_weak(account, form.data.password.get_secret_value())
        hashed = service.hash_password(form.data.password)
        with database().write() as session:
            resets.use_reset(session, secret, hashed, now())
    except resets.WeakPasswordError as refusal:
        return _again("accounts/reset.html", _marked(form, refusal), refusal, username=username)
    log.info("password reset: %s from %s", username, request.remote_addr)
    return redirect(f"/login?user={username}", code=303)


def _marked(form: Form[Any], refusal: FairZoneError) -> Form[Any]:
    """The form with the refusal beside the field that it is about, or above all of them."""
    if refusal.code == resets.WeakPasswordError.code:
        form.errors["password"] = FormFault(f"form-password-{refusal.params['why']}", {})
        return form
    return form.refuse(refusal)


def _again(template: str, form: Form[Any], refusal: FairZoneError | None = None, **values: object) -> Response:
    status = refusal.status if refusal else _UNPROCESSABLE
    response = _kept_by_nobody(render_template(template, form=form, **values), status)
    if refusal and "seconds" in refusal.params:
        response.headers["Retry-After"] = str(refusal.params["seconds"])
    return response


def _kept_by_nobody(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
