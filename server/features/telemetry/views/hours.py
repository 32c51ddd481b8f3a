"""One robot's loss ledger: a day by the hour, with what was lost and what is still awaited."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request

from server.features.telemetry.queries.hours import HourRow
from server.features.telemetry.rules.hours import asked_day
from server.features.telemetry.service import robot_day
from server.features.telemetry.views.blueprint import pages
from server.infra.identity import Audience
from server.infra.web.context import database, identity, now
from server.infra.web.guard import guarded

FIGURES = ("sent", "received", "stored", "duplicates", "rejected", "turned_away", "lost", "gaps", "awaited")


@dataclass(frozen=True)
class DayTotal:
    """The figures of several hours together."""

    hours: tuple[HourRow, ...]

    def of(self, figure: str) -> int:
        """One figure over all of them."""
        return sum(getattr(row, figure) for row in self.hours)


@pages.get("/ledger/<code>/<robot>")
@guarded("ledger.view")
def robot_ledger(code: str, robot: str) -> str:
    """A day of one robot by the hour; an exhibitor's people see their own robots alone."""
    day = asked_day(request.args.get("day", ""), now())
    with database().read() as session:
        found = robot_day(session, Audience.of(identity()), (code, robot), day)
    return render_template(
        "telemetry/robot_ledger.html",
        robot=found.robot,
        day=found,
        total=DayTotal(found.hours),
        figures=FIGURES,
        days=_around(day, asked_day("", now())),
    )


def _around(day: date, today: date) -> dict[str, date]:
    """The days that the page leads to: the one before, the one behind it unless that is to come, and today."""
    near = {"before": day - timedelta(days=1)}
    return near if day >= today else {**near, "after": day + timedelta(days=1), "today": today}
