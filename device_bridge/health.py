"""What the bridge sees of itself: its parts looked at from outside, for the status that is written every second."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from device_bridge.forwarder import Forwarder
from device_bridge.settings import BridgeSettings
from device_bridge.spool import HEADROOM_BYTES, Spool
from device_bridge.spool_limit import SpoolLimit
from device_bridge.tally import DayTally, today
from device_bridge.transports.mqtt import MqttTransport
from device_bridge.vitals import PortVitals, TroubleKeeper, Vitals
from device_bridge.wire.batch import BridgeTrouble

BYTES_A_MB = 2**20
_NEARLY = 0.98
"""Of its limit, from which on a spool counts as full."""


class Port(Protocol):
    """What is looked at of a serial port."""

    @property
    def name(self) -> str:
        """The port's name, which is its robot's address."""

    @property
    def connected(self) -> bool:
        """Whether the port is open and could be read."""


@dataclass
class Parts:
    """The parts of a bridge that are looked at; the bridge keeps this up to date."""

    ports: Mapping[str, Port]
    """The serial ports by name."""
    forwarder: Forwarder
    broker: MqttTransport | None = None
    enrolled: int = 0
    """How many robots the server has named."""
    trouble: BridgeTrouble | None = None
    """Why the spool took nothing when it was last asked to."""

    @property
    def refusing(self) -> bool:
        """Whether the spool takes nothing at its limit."""
        return self.trouble is BridgeTrouble.SPOOL_FULL


class Health:
    """Looks at the parts of one bridge. `look` belongs to one thread."""

    def __init__(self, settings: BridgeSettings, parts: Parts, tally: DayTally, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._parts = parts
        self._tally = tally
        self._now = now
        self._started_at = now()
        self._spool: Spool | None = None
        self.keeper = TroubleKeeper(now)

    def look(self) -> Vitals:
        """How everything is now."""
        now, told = self._now(), self._settings.bridge
        spool = self._spool = self._spool or Spool(told.spool)
        used, limit = spool.used_bytes(), limit_of(self._settings)
        return Vitals(
            at=now,
            started_at=self._started_at,
            pid=os.getpid(),
            name=told.name,
            server=told.server,
            server_trouble=self._parts.forwarder.trouble,
            broker=self._broker(),
            broker_narrowed=self._parts.broker.narrowed if self._parts.broker else (),
            broker_unheard=self._parts.broker.unheard if self._parts.broker else (),
            ports=self._ports(),
            enrolled=self._parts.enrolled,
            heard=self._tally.heard(now),
            counts=today(self._tally.counts, now),
            waiting=spool.depth_at_a_glance(),
            spool_bytes=used,
            limit_bytes=limit.most_bytes,
            when_full=limit.when_full,
            full=self._parts.refusing or (limit.most_bytes is not None and used > _NEARLY * limit.most_bytes),
            disk_full=BridgeTrouble.DISK_FULL in troubles_of(self._parts, told.spool),
            spool_fails=self._parts.trouble is BridgeTrouble.SPOOL_FAILS,
            trouble=self.keeper.last,
        )

    def close(self) -> None:
        """Close its look into the spool."""
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def _broker(self) -> Literal["", "connected", "away"]:
        broker = self._parts.broker
        if broker is None:
            return "away" if self._settings.mqtt is not None else ""
        return "connected" if broker.connected else "away"

    def _ports(self) -> tuple[PortVitals, ...]:
        urls = {port.name: port.url for port in self._settings.serial}
        return tuple(
            PortVitals(port.name, urls.get(port.name, port.name), port.connected, quality_of(port), trouble_of(port))
            for port in dict(self._parts.ports).values()
        )


def troubles_of(parts: Parts, spool: Path) -> tuple[BridgeTrouble, ...]:
    """What keeps the bridge from taking reports now; a full disk also before the next report comes."""
    full = shutil.disk_usage(spool.parent).free < HEADROOM_BYTES
    found = {BridgeTrouble.DISK_FULL} if full else set()
    return tuple(sorted(found | ({parts.trouble} if parts.trouble else set())))


def limit_of(settings: BridgeSettings) -> SpoolLimit:
    """The spool's limit as its settings tell it."""
    megabytes = settings.bridge.spool_limit_mb
    return SpoolLimit(megabytes * BYTES_A_MB if megabytes else None, settings.bridge.when_full)


def trouble_of(port: Port) -> dict[str, str]:
    """What went wrong last with a port, by language; empty for one that is well, or that does not tell."""
    trouble = getattr(getattr(port, "quality", None), "last_error", None)
    return {} if trouble is None else dict(trouble._asdict())


def quality_of(port: Port) -> dict[str, float]:
    """The figures of a port's line, by name; empty for a port that has none."""
    figures = getattr(port, "quality", None)
    return {} if figures is None else dict(figures.figures())
