"""Looks for bytes that a decoder of robots' messages does not bear."""
