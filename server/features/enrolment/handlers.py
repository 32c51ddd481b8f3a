"""What the worker does for the enrolment: the broker lets in whoever has a credential now, and nobody else."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from server.features.enrolment.rules.broker import QUESTIONS, BrokerAccount, Command, broker_commands, read_present
from server.features.enrolment.service import wanted_accounts
from server.infra.broker import BrokerControl, BrokerUnavailableError
from server.infra.db import Database
from server.infra.feature import OutsideJob
from server.settings import Settings

log = logging.getLogger(__name__)

EVERY_S = 0.5
"""A credential that is taken back is cut off within this time."""
LOOKED_AFTER = timedelta(seconds=30)
"""So often the broker is asked what it has, even when nothing has changed here."""


class Control(Protocol):
    """The broker's control, as far as it is needed here."""

    @property
    def connected(self) -> bool:
        """Whether the connection that answered last is still there."""
        ...

    def ask(self, commands: Sequence[Command]) -> list[dict[str, Any]]:
        """The answers to these commands. Raises `BrokerUnavailableError`."""
        ...


class BrokerSync:
    """Keeps the broker's clients and roles as the credentials are; what the broker does not take is tried again."""

    def __init__(self, control: Control, secret_key: str) -> None:
        self._control = control
        self._secret_key = secret_key
        self._told: tuple[BrokerAccount, ...] | None = None
        self._looked_at: datetime | None = None
        self._complaint = ""

    def tend(self, database: Database, now: datetime) -> int:
        """Tell the broker what has changed since it was told last; returns how many commands that took."""
        with database.read() as session:
            wanted = wanted_accounts(session, now, self._secret_key)
        if wanted == self._told and self._control.connected and not self._has_to_look(now):
            return 0
        try:
            done = self._tell(wanted)
        except BrokerUnavailableError as error:
            self._complain(str(error))
            return 0
        self._looked_at = now
        return done

    def _tell(self, wanted: tuple[BrokerAccount, ...]) -> int:
        present = read_present(self._control.ask(QUESTIONS))
        commands = broker_commands(wanted, present)
        answers = self._control.ask(commands) if commands else []
        refused = [f"{answer['command']}: {answer['error']}" for answer in answers if "error" in answer]
        self._complain("; ".join(refused))
        self._told = None if refused else wanted
        return len(commands)

    def _has_to_look(self, now: datetime) -> bool:
        return self._looked_at is None or not timedelta(0) <= now - self._looked_at < LOOKED_AFTER

    def _complain(self, complaint: str) -> None:
        """Say what is wrong once, not twice a second."""
        if complaint and complaint != self._complaint:
            log.error("the broker is not as the credentials are: %s", complaint)
        self._complaint = complaint


def outside_jobs_of(settings: Settings) -> tuple[OutsideJob, ...]:
    """The job to the broker, where the installation has one that it administers."""
    if settings.broker_admin is None:
        return ()
    doorkeeper = BrokerSync(BrokerControl(settings.broker_admin), settings.secret_key)
    return (OutsideJob(name="broker-accounts", seconds=EVERY_S, run=doorkeeper.tend),)
