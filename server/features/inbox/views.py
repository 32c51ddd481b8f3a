"""`/inbox`: what a person was told, with unread marks; and how many are unread, for the navigation."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.inbox.queries import count_notices, list_notices, unread_count
from server.features.inbox.schemas import MAX_NUMBER
from server.features.inbox.service import mark_all_read, mark_read, shown
from server.infra.web.context import database, identity, now, services
from server.infra.web.forms import acted
from server.infra.web.guard import guarded
from server.infra.web.language import language
from server.infra.web.paging import Page, asked_page
from server.kernel.errors import LoginRequiredError

pages = Blueprint("inbox", __name__, template_folder="templates")

PER_PAGE = 20


@pages.get("/inbox")
@guarded("inbox.view")
def inbox() -> str:
    """The reader's notices, the newest first: all, or the unread ones."""
    who, number, unread = reader(), asked_page(request.args), request.args.get("show") == "unread"
    with database().read() as session:
        rows = list_notices(session, who, unread=unread, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
        total = count_notices(session, who, unread=unread)
        newest = list_notices(session, who, limit=1)
    page = Page([shown(services().catalogues, row, language()) for row in rows], total, number, PER_PAGE)
    return render_template("inbox/inbox.html", page=page, only_unread=unread, until=newest[0].id if newest else 0)


@pages.post("/inbox/<int:notice>/open")
@guarded("inbox.view")
def open_notice(notice: int) -> Response:
    """Mark a notice as read and go where it leads."""
    return acted(lambda session: mark_read(session, reader(), notice, now()) or "/inbox")


@pages.post("/inbox/<int:notice>/read")
@guarded("inbox.view")
def read_one(notice: int) -> Response:
    """Mark a notice as read and stay."""

    def act(session: Session) -> str:
        mark_read(session, reader(), notice, now())
        return _back()

    return acted(act)


@pages.post("/inbox/read")
@guarded("inbox.view")
def read_all() -> Response:
    """Mark everything that the page has shown as read: what came since stays unread."""
    until = request.form.get("until", "")

    def act(session: Session) -> str:
        if until.isdecimal() and len(until) < len(str(MAX_NUMBER)):
            mark_all_read(session, reader(), int(until), now())
        return _back()

    return acted(act)


@pages.app_context_processor
def _for_the_navigation() -> dict[str, Any]:
    return {"unread_notices": _unread}


def reader() -> int:
    """The account whose inbox is asked for. Raises `LoginRequiredError` where there is none."""
    account_id = identity().account_id
    if account_id is None:
        raise LoginRequiredError
    return account_id


def _unread() -> int:
    """How many notices the reader of this page has not read."""
    account_id = identity().account_id
    if account_id is None:
        return 0
    try:
        with database().read() as session:
            return unread_count(session, account_id)
    except SQLAlchemyError:  # a page that tells of a database in trouble must not need it
        return 0


def _back() -> str:
    return "/inbox?show=unread" if request.form.get("show") == "unread" else "/inbox"
