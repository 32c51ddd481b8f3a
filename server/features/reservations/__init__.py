"""Reservations: one guard for everything that nobody may have twice at a time, people and robots alike."""

from server.infra.feature import Feature

FEATURE = Feature(name="reservations")
