"""What a robot says of itself: a page for its own people and the organiser."""

from flask import render_template

from server.features.telemetry.service.sheets import own_words
from server.features.telemetry.views.blueprint import pages
from server.infra.identity import Audience
from server.infra.web.context import database, identity
from server.infra.web.guard import guarded


@pages.get("/robots/<code>/<robot>/factsheet")
@guarded("ledger.view")
def factsheet(code: str, robot: str) -> str:
    """One robot's factsheet and connection; an exhibitor's people see their own robots alone."""
    with database().read() as session:
        words = own_words(session, Audience.of(identity()), (code, robot))
    return render_template("telemetry/factsheet.html", words=words)
