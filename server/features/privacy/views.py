"""The pages of privacy: what would end with one's own account, erasing it, and one's own data as a file."""

import logging

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.features.privacy import service
from server.features.privacy.schemas import ErasedOut, ErasureIn
from server.infra.web.context import database, identity, now, services
from server.infra.web.devices import attempt_of
from server.infra.web.forms import Form, parse, shown
from server.infra.web.guard import guarded
from server.infra.web.language import language
from server.infra.web.session import close_session, idle_time
from server.kernel.errors import FairZoneError

log = logging.getLogger(__name__)
pages = Blueprint("privacy", __name__, template_folder="templates")


@pages.get("/account/data")
@guarded("account.data")
def data() -> Response:
    """Everything that is kept about the reader, as a file."""
    with database().read() as session:
        found = service.own_data(session, identity(), services().catalogues, language(), idle_time())
    response = current_app.response_class(found.model_dump_json(indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="fairzone-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/account/erase")
@guarded("account.erase")
def erase_form() -> str:
    """What would end with the reader's account, and the form to erase it."""
    return _page(shown({}))


@pages.post("/account/erase")
@guarded("account.erase")
def erase() -> AnyResponse:
    """Erase the reader's account for good."""
    form = parse(ErasureIn, request.form)
    try:
        if form.data:
            erased(form.data, request.remote_addr or "")
            close_session()
            return redirect("/account/erased", code=303)
    except FairZoneError as refusal:
        form.refuse(refusal)
    return make_response(_page(form), form.status)


@pages.get("/account/erased")
@guarded("session.close")
def gone() -> str:
    """That an account was erased, and what happens yet."""
    return render_template("privacy/erased.html")


@pages.get("/accounts/<username>/off")
@guarded("account.edit")
def switch_off_form(username: str) -> str:
    """What ends when the organiser switches this account off, and the button to do so."""
    with database().read() as session:
        ending = service.hanging_on(session, username)
    return render_template("privacy/off.html", ending=ending)


def erased(given: ErasureIn, address: str) -> ErasedOut:
    """Erase whoever asks, who has given this password, from this address."""
    who = identity()
    try:
        with services().throttle.verifying(attempt_of(who.username)), database().read() as session:
            service.preview(session, who)
            service.require_password(session, who, given)
    except FairZoneError as refusal:
        log.warning("account not erased (%s): %s from %s", refusal.code, who.username, address)
        raise
    with database().write() as session:
        ended = service.erase(session, who, now())
    log.info("account %s erased by its person", who.account_id)
    return ended


def _page(form: Form[ErasureIn]) -> str:
    try:
        with database().read() as session:
            ending = service.preview(session, identity())
    except FairZoneError as refusal:
        return render_template("privacy/erase.html", form=form, ending=None, refusal=refusal)
    return render_template("privacy/erase.html", form=form, ending=ending, refusal=None)
