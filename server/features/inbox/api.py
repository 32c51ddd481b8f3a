"""The API of the inbox: the reader's own notices, and marking them as read."""

from flask import Response
from pydantic import Field

from server.features.inbox.queries import count_notices, list_notices, unread_count
from server.features.inbox.schemas import MAX_NUMBER, InboxOut, ReadIn, ReadOut
from server.features.inbox.service import mark_all_read, mark_read, shown
from server.features.inbox.views import reader
from server.infra.schema import ApiModel
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, now, services
from server.infra.web.guard import guarded
from server.infra.web.language import language
from server.infra.web.paging import PageQuery

api = api_blueprint("inbox", "What the reader was told")


class InboxQuery(PageQuery):
    """Which of the notices: all, or the unread ones."""

    unread: bool = False


class NoticePath(ApiModel):
    """A notice by its number."""

    notice: int = Field(ge=1, le=MAX_NUMBER)


@api.get("/inbox", responses={200: InboxOut})
@guarded("inbox.view")
def read_inbox(query: InboxQuery) -> Response:
    """The reader's notices, the newest first, in the language of the request."""
    who = reader()
    with database().read() as session:
        rows = list_notices(session, who, unread=query.unread, offset=query.offset, limit=query.per_page)
        total, unread = count_notices(session, who, unread=query.unread), unread_count(session, who)
    notices = [shown(services().catalogues, row, language()) for row in rows]
    return answer(InboxOut(unread=unread, total=total, notices=notices))


@api.post("/inbox/<notice>/read", responses={200: ReadOut, 404: Problem})
@guarded("inbox.view")
def read_notice(path: NoticePath) -> Response:
    """Mark one notice as read; a second time it changes nothing."""
    who = reader()
    with database().write() as session:
        before = unread_count(session, who)
        mark_read(session, who, path.notice, now())
        after = unread_count(session, who)
    return answer(ReadOut(marked=before - after, unread=after))


@api.post("/inbox/read", responses={200: ReadOut})
@guarded("inbox.view")
def read_everything(body: ReadIn) -> Response:
    """Mark all notices up to one as read; what came since stays unread."""
    who = reader()
    with database().write() as session:
        marked = mark_all_read(session, who, body.until, now())
        return answer(ReadOut(marked=marked, unread=unread_count(session, who)))
