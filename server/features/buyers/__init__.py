"""Buyers: who comes to buy, from where, and what they look for."""

from server.infra.feature import Feature

FEATURE = Feature(name="buyers")
