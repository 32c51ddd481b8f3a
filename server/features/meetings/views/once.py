"""A form that is sent twice acts once; an old page that is sent again with other words is another request."""

from collections.abc import Callable

from sqlmodel import Session

from server.infra.idempotency import KeyReusedError
from server.infra.web.preconditions import form_once


def acted_once(session: Session, act: Callable[[], str]) -> str:
    """What `act` returns, or returned when the same form came before."""
    try:
        return form_once(session, act)
    except KeyReusedError:  # the reader went back to a page that was sent already, and chose something else there
        return act()
