"""How much a request may bring: asked before its body is read by the adapter, and once more where it is taken apart."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.exceptions import UnsupportedMediaType

from server.infra.bodies import BodySender, SenderKind
from server.infra.web import guard
from server.infra.web.context import identity, is_api
from server.infra.wsgi import REFUSAL, Keeper
from server.kernel.errors import FairZoneError, LoginRequiredError, OverlongError
from server.kernel.permissions import Role

_KIB = 1024
LONGEST: Mapping[str, int] = {"telemetry.submit": 16 * _KIB * _KIB, "report.submit": 4 * _KIB * _KIB}
"""Bytes of a body by the action that it is for."""
LONGEST_OF_OTHERS = _KIB * _KIB
LONGEST_OF_VISITORS = 64 * _KIB
LONGEST_QUERY = 8 * _KIB
MOST_FIELDS = 1000
"""In one form or one address; our largest form has about 200."""
FORM = "application/x-www-form-urlencoded"


def keeper(app: Flask) -> Keeper:
    """The one who says, for the adapter, whose a request is and how long its body may be."""

    def ask(environ: dict[str, Any]) -> BodySender:
        with app.request_context(environ):
            return _sender()

    return ask


def install(app: Flask) -> None:
    """Refuse what the adapter could not read, and what is more than anybody needs, before anything looks into it."""
    app.config.update(MAX_FORM_PARTS=MOST_FIELDS, MAX_FORM_MEMORY_SIZE=LONGEST_OF_OTHERS)
    app.before_request(refuse_overlong)


def refuse_overlong() -> None:
    """Before every request: refuse what is too long or has too many parts.

    Raises:
        OverlongError: the address or the form has more parts or characters than any of ours.
        UnsupportedMediaType: the body is packed; nothing here unpacks one.
    """
    refusal = request.environ.get(REFUSAL)
    if isinstance(refusal, FairZoneError):
        raise refusal
    query = request.query_string
    if len(query) > LONGEST_QUERY or query.count(b"&") >= MOST_FIELDS:
        request.query_string = b""  # the page of the refusal must not carry it on
        raise OverlongError
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType
    _bound_body()


def _bound_body() -> None:
    endpoint = request.endpoint
    action = guard.action_of(current_app, endpoint) if endpoint else None
    request.max_content_length = LONGEST.get(str(action), LONGEST_OF_OTHERS)
    if request.mimetype == FORM and request.get_data(cache=True).count(b"&") >= MOST_FIELDS:
        raise OverlongError


def _sender() -> BodySender:
    """Whose this request is. A visitor's form is read although it is refused: nothing typed is lost."""
    try:
        guard.ask()
    except LoginRequiredError:
        return BodySender(SenderKind.VISITOR, "", 0 if is_api() else LONGEST_OF_VISITORS)
    except FairZoneError:
        return BodySender(SenderKind.VISITOR, "", 0)
    if request.endpoint is None:
        return BodySender(SenderKind.VISITOR, "", 0)
    longest = LONGEST.get(str(guard.action_of(current_app, request.endpoint)), LONGEST_OF_OTHERS)
    if "speaks_for" in g:
        return BodySender(SenderKind.BOOTH, g.speaks_for, longest)
    who = identity()
    if who.role is Role.VISITOR:
        return BodySender(SenderKind.VISITOR, "", LONGEST_OF_VISITORS)
    if who.role is not Role.BRIDGE:
        return BodySender(SenderKind.PERSON, str(who.account_id), longest)
    return (
        BodySender(SenderKind.BOOTH, who.exhibitor, longest)
        if who.exhibitor
        else BodySender(SenderKind.ZONE, "", longest)
    )
