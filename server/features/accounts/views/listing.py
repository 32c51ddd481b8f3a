"""The organiser's page of accounts: find one, switch it off or on, change its role, hand over a link, take a token."""

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.accounts.rules import CHANGES_OF_ROLE
from server.features.accounts.service import managing
from server.features.accounts.service.resets import BY_HAND, hand_over_reset
from server.infra.audit import fingerprint
from server.infra.idempotency import once
from server.infra.web.acts import note
from server.infra.web.address import site_url
from server.infra.web.context import database, identity, now
from server.infra.web.forms import acted, once_made, pressed
from server.infra.web.guard import guarded
from server.infra.web.paging import Page, asked_page
from server.infra.web.preconditions import form_key
from server.infra.web.qr import inline_qr
from server.kernel.permissions import Role

pages = Blueprint("account_list", __name__, template_folder="../templates")
PER_PAGE = 50


@pages.get("/accounts")
@guarded("account.list")
def accounts() -> str:
    """Accounts by name, a page at a time, by words, by role and by whether they are switched off."""
    number = asked_page(request.args)
    asked = {name: request.args.get(name, "").strip()[:80] for name in ("q", "role", "state")}
    wanted = managing.AccountFilter(text=asked["q"], role=_role(asked["role"]), state=asked["state"])
    with database().read() as session:
        found, total = managing.find_accounts(session, wanted, (number - 1) * PER_PAGE, PER_PAGE)
    return render_template(
        "accounts/accounts.html",
        page=Page(found, total, number, PER_PAGE),
        wanted=asked,
        roles=[role for role in Role if role is not Role.VISITOR],
        changes=CHANGES_OF_ROLE,
        role_seen=lambda account: fingerprint({"role": account.role}),
    )


@pages.post("/accounts/<username>/<change>")
@guarded("account.edit")
def change_account(username: str, change: str) -> Response:
    """Do one of the things that the organiser may do with an account."""
    act = _CHANGES.get(change)
    if act is None:
        return _handed_over(username) if change == "link" else redirect("/accounts", code=303)

    def do(session: Session) -> str:
        act(session, username)
        note(f"account {username} {change}")
        return f"/accounts?q={username}"

    return acted(do)


def _handed_over(username: str) -> Response:
    """The page with the link: shown once, to be printed or photographed. A second tap shows the same one."""
    secret = once_made()

    def act() -> str:
        hand_over_reset(session, identity(), username, now(), secret)
        note(f"account {username} password link handed over")
        return ""

    with database().write() as session:
        once(session, *form_key(), act)
    link = f"{site_url()}/reset/{secret}"
    hours = int(BY_HAND.total_seconds() // 3600)
    page = render_template(
        "accounts/handed.html", username=username, link=link, qr=inline_qr(link, username), hours=hours
    )
    response: Response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _role(name: str) -> Role | None:
    return Role(name) if name in set(Role) else None


_CHANGES: dict[str, Callable[[Session, str], None]] = {
    "off": lambda session, username: managing.switch_off(session, identity(), username),
    "on": lambda session, username: managing.switch_on(session, identity(), username),
    "role": lambda session, username: managing.change_role(
        session, identity(), username, _role(request.form.get("role", "")), pressed().version
    ),
    "token": lambda session, username: managing.take_back_token(session, identity(), username),
    "sessions": lambda session, username: managing.log_out(session, identity(), username),
}
