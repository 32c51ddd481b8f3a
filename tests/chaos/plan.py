"""What dies when, and for how long: a pure function of the seed."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

QUIET_S = 2.0
"""Nothing dies before: the first report of every robot has to arrive, so that its account has a beginning."""
SHORTEST_S, LONGEST_S = 0.4, 4.0
SECONDS_A_DEATH = 7.0
"""At most one death in so many seconds, on average."""


class Victim(StrEnum):
    """What can be killed."""

    BROKER = "broker"
    BRIDGE = "bridge"
    SERVER = "server"
    SESSIONS = "database sessions"
    DATABASE = "database"
    PORTS = "ports"


EMBEDDED = (Victim.BROKER, Victim.BRIDGE, Victim.SERVER, Victim.PORTS)
"""With SQLite there is no database of its own to kill: it dies with the server."""
EVERYTHING = (*EMBEDDED, Victim.SESSIONS, Victim.DATABASE)


@dataclass(frozen=True, slots=True)
class Death:
    """Something is killed `at` seconds after the start and comes back `away` seconds later."""

    at: float
    victim: Victim
    away: float


def plan(seed: int, seconds: float, victims: tuple[Victim, ...]) -> tuple[Death, ...]:
    """Return the deaths of a run in their order: everything dies about equally often, and at least once."""
    chance = Random(f"chaos/{seed}")
    rounds = max(1, int((seconds - QUIET_S) / (SECONDS_A_DEATH * len(victims))))
    order = [victim for _ in range(rounds) for victim in chance.sample(victims, len(victims))]
    period = (seconds - QUIET_S) / len(order)
    longest = max(SHORTEST_S, min(LONGEST_S, period / 2))
    return tuple(
        Death(QUIET_S + period * (number + chance.uniform(0.0, 0.4)), victim, chance.uniform(SHORTEST_S, longest))
        for number, victim in enumerate(order)
    )
