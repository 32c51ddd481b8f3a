"""The desk's page of the exhibitor's robots: how each is enrolled; what was heard of them comes from the telemetry."""

from flask import Blueprint, render_template

from server.features.exhibitors.desk.frame import own_exhibitor
from server.features.exhibitors.queries import desk_robots
from server.infra.web.context import database
from server.infra.web.guard import guarded

pages = Blueprint("desk_robots", __name__)


@pages.get("/desk/robots")
@guarded("desk.view")
def robots() -> str:
    """The exhibitor's robots by code with their enrolment."""
    with database().read() as session:
        rows = desk_robots(session, own_exhibitor())
    return render_template("exhibitors/desk_robots.html", robots=rows)
