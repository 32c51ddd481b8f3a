"""The pages of accounts: log in, log out, choose the language, and one's own account."""

import logging
from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request
from pydantic import ValidationError
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from server.features.accounts import service
from server.features.accounts.rules import HOME_OF_ROLE
from server.features.accounts.schemas import ContactIn, Credentials, SelfOut
from server.infra.audit import fingerprint
from server.infra.idempotency import once
from server.infra.identity import Identity
from server.infra.web.acts import note
from server.infra.web.context import database, identity, services
from server.infra.web.csrf import CARRIED_PREFIX
from server.infra.web.devices import attempt_of, introduce
from server.infra.web.forms import Form, FormFault, acted, once_made, parse, shown, taken
from server.infra.web.guard import guarded
from server.infra.web.language import remember, t_in
from server.infra.web.preconditions import form_key
from server.infra.web.returning import own_path, wanted
from server.infra.web.session import close_session, idle_time, open_session
from server.infra.web.throttle import Attempt
from server.kernel.errors import FairZoneError

log = logging.getLogger(__name__)
pages = Blueprint("accounts", __name__, template_folder="templates")


@pages.get("/login")
@guarded("session.open")
def login_form() -> str:
    """The form to log in; `next` is where the reader wanted to go, `user` a name to fill in (from a QR code)."""
    target, username = wanted(), request.args.get("user", "")[:80]
    introduce()
    return render_template("accounts/login.html", target=target, username=username, kept=_kept())


@pages.post("/login")
@guarded("session.open")
def log_in() -> AnyResponse:
    """Log in and go on to where the reader wanted to go; what they had typed there before is offered again."""
    target = wanted()
    typed = request.form.get("username", "").strip()
    try:
        who = _checked_log_in(attempt_of(typed))
    except FairZoneError as refusal:
        return _form_again(refusal, target, typed)
    open_session(who)
    log.info("log-in: %s from %s", who.username, request.remote_addr)
    if _kept():
        return make_response(render_template("accounts/resume.html", target=target, kept=_kept()))
    return redirect(HOME_OF_ROLE.get(who.role, "/") if target == "/" else target, code=303)


@pages.post("/logout")
@guarded("session.close")
def log_out() -> AnyResponse:
    """Log out here, or with `everywhere` on every device."""
    account_id = identity().account_id
    if request.form.get("everywhere") and account_id is not None:
        with database().write() as session:
            service.log_out_everywhere(session, account_id)
    note("log-out")
    close_session()
    return redirect("/", code=303)


@pages.route("/language", methods=["GET", "POST"])
@guarded("language.choose")
def choose_language() -> AnyResponse:
    """Keep the reader's choice of language and go back to where they were; mails follow it from now on."""
    response: Response = make_response(redirect(own_path(request.values.get("next")), code=303))
    chosen = request.values.get("lang", "")
    if chosen not in services().catalogues.languages:
        return response
    _write_in(chosen)
    return remember(response, chosen)


def _write_in(chosen: str) -> None:
    """Write to the person in this language from now on, unless another site's page led here."""
    who, came_from = identity(), request.headers.get("Sec-Fetch-Site", "same-origin")
    if who.account_id is None or who.locale == chosen or came_from not in {"same-origin", "none"}:
        return
    with database().write() as session:
        service.choose_language(session, who.account_id, chosen)


@pages.get("/account")
@guarded("account.edit-own")
def own_account() -> str:
    """Who the reader is here, and how they are written to."""
    account = _own()
    return _account_page(account, _contact_of(account))


@pages.post("/account")
@guarded("account.edit-own")
def change_contact() -> AnyResponse:
    """Change how the reader is written to; an address in a buyer's profile stays as it is there."""
    account = _own()
    given = {"email": account.email} if account.buyer else {}
    form = parse(ContactIn, request.form, **given)
    if form.data and form.data.locale not in {None, *services().catalogues.languages}:
        form.errors["locale"] = FormFault("form-choose", {})

    def act(session: Session, data: ContactIn) -> str:
        service.change_contact(session, identity(), data, form.version)
        return "/account?saved=1"

    return taken(form, act) or make_response(_account_page(account, form), form.status)


@pages.post("/account/sessions/<int:device>/end")
@guarded("account.edit-own")
def end_session(device: int) -> AnyResponse:
    """Log one of the reader's devices out; this one as well."""
    if device == identity().session_id:
        close_session()
        return redirect("/", code=303)
    return _acted(lambda session: service.end_own_session(session, identity(), device), "session ended", "#sessions")


@pages.post("/account/sessions/end")
@guarded("account.edit-own")
def end_other_sessions() -> AnyResponse:
    """Log every device out but this one."""
    return _acted(lambda session: service.end_other_sessions(session, identity()), "other sessions ended", "#sessions")


@pages.post("/account/token")
@guarded("account.edit-own")
def make_token() -> AnyResponse:
    """Make a token for the reader's own programs, and show it this once; a second tap shows the same one."""
    token = once_made()

    def act() -> str:
        service.make_own_token(session, identity(), token)
        note("token made")
        return ""

    with database().write() as session:
        once(session, *form_key(), act)
    account = _own()
    response: AnyResponse = make_response(_account_page(account, _contact_of(account), token=token))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/account/token/end")
@guarded("account.edit-own")
def take_token() -> AnyResponse:
    """Take the reader's token back."""
    return _acted(lambda session: service.take_own_token(session, identity()), "token taken back", "#token")


def _acted(act: Callable[[Session], None], what: str, part: str) -> AnyResponse:
    """Do it, write down `what` was done, and go back to that part of the page."""

    def do(session: Session) -> str:
        act(session)
        note(what)
        return f"/account?saved=1{part}"

    return acted(do)


def _own() -> SelfOut:
    with database().read() as session:
        return service.own_account(session, identity())


def _contact_of(account: SelfOut) -> Form[ContactIn]:
    said = {"email": account.email, "locale": account.locale}
    return shown(said, fingerprint(said))


def _account_page(account: SelfOut, form: Form[ContactIn], token: str = "") -> str:
    with database().read() as session:
        sessions = service.own_sessions(session, identity(), idle_time())
    return render_template(
        "accounts/account.html",
        account=account,
        form=form,
        locales=[(tag, t_in(tag, "language-name")) for tag in services().catalogues.languages],
        saved=bool(request.args.get("saved")) and not form.errors,
        sessions=sessions,
        token=token,
    )


def _checked_log_in(attempt: Attempt) -> Identity:
    typed = {"username": attempt.account, "password": request.form.get("password", "")}
    try:
        credentials = Credentials.model_validate(typed)
    except ValidationError as error:  # no guess: nothing was typed, or nothing that anybody's password could be
        raise service.WrongPasswordError from error
    throttle = services().throttle
    try:
        with throttle.verifying(attempt), database().read() as session:
            return service.log_in(session, credentials)
    except FairZoneError as refusal:
        _note_refusal(attempt, refusal, throttle.mistakes(attempt))
        raise


def _note_refusal(attempt: Attempt, refusal: FairZoneError, mistakes: int) -> None:
    """Write down that somebody was not let in; in the audit log each time that the mistakes in a row have doubled."""
    refused_now = refusal.code == service.WrongPasswordError.code
    with database().read() as session:
        known = service.is_known(session, attempt.account)
    # Of a name that nobody has, nothing is said: people type their password into the wrong field.
    name = attempt.account if known else "an unknown name"
    log.warning("log-in refused (%s): %s from %s, %d in a row", refusal.code, name, attempt.address, mistakes)
    if known and refused_now and mistakes & (mistakes - 1) == 0:
        with database().write() as session:
            service.note_refusal(session, attempt.account, attempt.address, mistakes)


def _form_again(refusal: FairZoneError, target: str, username: str) -> AnyResponse:
    page = render_template("accounts/login.html", target=target, username=username, kept=_kept(), refusal=refusal)
    response = make_response(page, refusal.status)
    if "seconds" in refusal.params:
        response.headers["Retry-After"] = str(refusal.params["seconds"])
    return response


def _kept() -> list[tuple[str, str]]:
    """What the reader had typed into another form before they had to log in."""
    fields = request.form.items(multi=True)
    return [(name.removeprefix(CARRIED_PREFIX), value) for name, value in fields if name.startswith(CARRIED_PREFIX)]
