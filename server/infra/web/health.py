"""Whether the service is well: the database, the worker's heartbeat and what the features add. For machines."""

from collections.abc import Sequence

from flask import Blueprint, Response, jsonify

from server.infra.feature import HealthProbe
from server.infra.heartbeat import last_heartbeat
from server.infra.web.context import database, now, services
from server.infra.web.guard import guarded

WORKER_LATE_S = 60


def health_blueprint(probes: Sequence[HealthProbe]) -> Blueprint:
    """`/health`: 200 while pages can be served, 503 when the database does not answer."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health")
    @guarded("health.view")
    def health() -> Response:
        response = jsonify(_report(probes))
        response.status_code = 200 if response.get_json()["database"] == "ok" else 503
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _report(probes: Sequence[HealthProbe]) -> dict[str, float | int | str | None]:
    build = {"build": services().build}
    if not database().answers():
        return {"status": "down", "database": "no answer", **build}
    moment = now()
    with database().read() as session:
        beat = last_heartbeat(session)
        figures = {name: value for probe in probes for name, value in probe(session, moment).items()}
    age = (moment - beat).total_seconds() if beat else None
    late = age is None or age > WORKER_LATE_S
    return {"status": "worker late" if late else "ok", "database": "ok", "worker_age_s": age, **build, **figures}
