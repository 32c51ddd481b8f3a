"""The states of a robot that people are shown: the one list, from which pages, scripts and styles take theirs."""

STATES = ("fault", "working", "live", "waiting", "charging", "stopped", "refused", "silent", "none")
"""The most telling first: a booth is what its most telling robot is. A digest names each by its place in the list."""
UNHEARD = frozenset({"refused", "silent", "none"})
"""Those of a robot that does not speak."""
HEARD = frozenset(STATES) - UNHEARD
OWN = frozenset({"fault", "refused"})
"""Those that only a robot's own people are told."""
PUBLIC = tuple(state for state in STATES if state not in OWN)
