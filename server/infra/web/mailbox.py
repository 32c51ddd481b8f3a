"""`/mail`: what was written to people, sent or kept, for the organiser to read."""

from flask import Blueprint, render_template, request

from server.infra.feature import NavEntry
from server.infra.mail import MailState, count_mails, mails
from server.infra.web.context import database, settings
from server.infra.web.guard import guarded
from server.infra.web.paging import Page, asked_page

mailbox = Blueprint("mailbox", __name__)
PLACE = NavEntry("/mail", "nav-mail", 160, "mail.view", keys="g p")

PER_PAGE = 20


@mailbox.get("/mail")
@guarded("mail.view")
def mail() -> str:
    """The mails, the newest first, all or those in one state; each can be opened with its calendar."""
    number, state = asked_page(request.args), _asked_state()
    with database().read() as session:
        counts = count_mails(session)
        items = mails(session, offset=(number - 1) * PER_PAGE, limit=PER_PAGE, state=state)
    total = counts[state] if state else sum(counts.values())
    return render_template(
        "web/mail.html",
        page=Page(items, total, number, PER_PAGE),
        counts=counts,
        everything=sum(counts.values()),
        wanted=state,
        sends=settings().mail_server is not None,
    )


def _asked_state() -> MailState | None:
    """The state that the address asks for; None for none or nonsense."""
    asked = request.args.get("state", "")
    return MailState(asked) if asked in set(MailState) else None
