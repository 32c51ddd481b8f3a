"""The guard of every route: a view says its action, and one hook asks the permission table before anything else runs.

    @pages.get("/exhibitors")
    @guarded("exhibitor.view")
    def list_exhibitors() -> str: ...

The mark sits below the route decorator. It is only a mark; the asking happens before the request's body is read, so
that a stranger never learns what a valid one looks like.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.exceptions import BadRequest

from server.infra.identity import VISITOR
from server.infra.web.context import identity
from server.kernel.errors import ForbiddenError, LoginRequiredError, SetupError
from server.kernel.permissions import EVERYBODY, PERMISSIONS

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
_MARK = "fairzone_action"
_ENTRANCE = "fairzone_entrance"


def guarded(action: str, *, entrance: Callable[[], str] | None = None) -> Callable[[View], View]:
    """Mark a view with the action that it is. Raises `KeyError` at once for one that the table does not name.

    A route with credentials of its own brings its `entrance`: asked with the table, it refuses, or says who speaks.
    """
    if action not in PERMISSIONS:
        raise KeyError(f"{action} is not in the permission table")

    def mark(view: View) -> View:
        setattr(view, _MARK, action)
        setattr(view, _ENTRANCE, entrance)
        return view

    return mark


def action_of(app: Flask, endpoint: str) -> str | None:
    """The action that the view behind `endpoint` named, if it did."""
    action: str | None = getattr(app.view_functions[endpoint], _MARK, None)
    return action


def refuse_unguarded(app: Flask) -> None:
    """Raise `SetupError` when a route of `app` names no action: nothing is open by forgetfulness."""
    bare = sorted({rule.rule for rule in app.url_map.iter_rules() if action_of(app, rule.endpoint) is None})
    if bare:
        raise SetupError(f"These routes name no permission: {', '.join(bare)}.", 'Mark their views with @guarded("…").')


def refuse_nul() -> None:
    """Before every request: refuse an address with a NUL character, which PostgreSQL takes in no text."""
    if "\0" in request.path or b"%00" in request.query_string:
        raise BadRequest


def ask() -> None:
    """Before every request: refuse who may not. Raises `LoginRequiredError` or `ForbiddenError`."""
    if request.endpoint is None:  # no such route: the error page says so
        return
    action = action_of(current_app, request.endpoint)
    entrance = getattr(current_app.view_functions[request.endpoint], _ENTRANCE, None)
    if entrance is not None:
        g.speaks_for = entrance()
    if action is not None and PERMISSIONS[action] == EVERYBODY:
        return  # whoever it is: a picture costs no look into the database
    who = identity()
    if action is not None and who.may(action):
        return
    if who == VISITOR:
        raise LoginRequiredError
    log.warning("refused: %s (%s) may not %s, from %s", who.username, who.role, action, request.remote_addr)
    raise ForbiddenError(action=str(action))
