"""The features, low to high: a feature may use those before it and never those behind it."""

from importlib import import_module
from importlib.util import find_spec

from server.infra.feature import Feature

FEATURE_NAMES = (
    "accounts",
    "inbox",
    "reservations",
    "exhibitors",
    "buyers",
    "floorplan",
    "timetable",
    "enrolment",
    "telemetry",
    "matchmaking",
    "meetings",
    "privacy",
    "screens",
    "insight",
)


def load_features() -> tuple[Feature, ...]:
    """The manifests of all features, in their order."""
    modules = [import_module(f"server.features.{name}") for name in FEATURE_NAMES]
    return tuple(module.FEATURE for module in modules)


def import_models() -> None:
    """Make every table known to the metadata, as migrations and tests need it."""
    for name in FEATURE_NAMES:
        if find_spec(f"server.features.{name}.models"):
            import_module(f"server.features.{name}.models")
    for name in ("changes", "outbox", "heartbeat", "audit", "idempotency", "mail"):
        import_module(f"server.infra.{name}")
