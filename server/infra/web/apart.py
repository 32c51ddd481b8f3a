"""Which requests the adapter lets wait apart from the pages: those that hash a password, which is slow by design."""

from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_cookie

from server.infra.web.devices import device_behind
from server.infra.web.guard import action_of
from server.infra.wsgi import Queue, Sorter
from server.kernel.permissions import BY_PASSWORD

STRANGERS, KNOWN = "strangers", "known"
THREADS, MOST_WAITING = 2, 60
"""Hashes at a time, each with 64 MiB and most of a core, and requests that wait for one: some five seconds' worth."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def queues() -> dict[str, Queue]:
    """The places to wait. Devices on which somebody has logged in before have one that strangers cannot fill."""
    return {STRANGERS: Queue(THREADS, MOST_WAITING), KNOWN: Queue(1, MOST_WAITING)}


def sorter(app: Flask) -> Sorter:
    """The one who says, for the adapter, where a request waits; nowhere for most. It looks into no database."""
    routes = app.url_map.bind("")

    def ask(environ: dict[str, Any]) -> str | None:
        if environ["REQUEST_METHOD"] in _READING:
            return None
        try:
            endpoint, _ = routes.match(environ["PATH_INFO"], environ["REQUEST_METHOD"])
        except HTTPException:
            return None
        if action_of(app, endpoint) not in BY_PASSWORD:
            return None
        return KNOWN if device_behind(app, parse_cookie(environ)).accounts else STRANGERS

    return ask
