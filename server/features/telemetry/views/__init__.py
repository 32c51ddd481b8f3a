"""The pages of the telemetry: robots, quarantine, loss ledger, and the desk's own."""

from server.features.telemetry.views import board, check, hours, sheets
from server.features.telemetry.views.blueprint import pages

__all__ = ["board", "check", "hours", "pages", "sheets"]
