"""Runs the suite so that a green answer means something: on another day, in another order, and each failure twice."""
