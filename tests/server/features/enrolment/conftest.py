"""Nanling's administrator at the demo fair, and the fair's application."""

from tests.server.features.exhibitors.conftest import at_fair, lead

__all__ = ["at_fair", "lead"]
