"""Everything between a robot's port and the zone's server, looked at in the order in which it matters.

Nothing here changes anything but for a file of a moment beside the spool, and nothing disturbs a bridge that runs: what
the bridge holds itself is read from its status.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from device_bridge.booth.check_broker import check_broker
from device_bridge.booth.check_ports import check_ports
from device_bridge.booth.check_server import check_server
from device_bridge.booth.check_spool import check_spool
from device_bridge.booth.faults import faults, read_tables
from device_bridge.booth.words import CheckFinding
from device_bridge.settings import BridgeSettings, path_of, with_secrets
from device_bridge.vitals import is_running, read_vitals


def check_everything(config: Path, now: datetime, environment: Mapping[str, str] = os.environ) -> list[CheckFinding]:
    """All findings of the configuration at `config`. With one that cannot be used there is nothing more to look at."""
    return list(_findings(config, now, environment))


def _findings(config: Path, now: datetime, environment: Mapping[str, str]) -> Iterator[CheckFinding]:
    found = read_tables(config)
    if isinstance(found, CheckFinding):
        yield found
        return
    text, tables = found
    whole = with_secrets(tables, environment)
    told = whole.get("bridge")
    if isinstance(told, dict):
        # Its own topic, with its own advice: without a token there is nothing wrong with the file as such.
        whole["bridge"] = {"token": "", **told}
    wrong = list(faults(config, text, whole))
    if wrong:
        yield from wrong
        return
    try:
        settings = msgspec.convert(whole, BridgeSettings, dec_hook=path_of)
    except msgspec.ValidationError as error:
        facts = {"place": config, "key": "?", "why": error}
        yield CheckFinding("configuration", "problem", "settings-wrong", facts)
        return
    yield CheckFinding("configuration", "ok", "settings-ok", {"path": config})
    vitals = read_vitals(settings.bridge.spool)
    running = vitals if vitals is not None and is_running(vitals, now) else None
    yield from check_spool(settings.bridge, running)
    server = check_server(settings.bridge, now)
    yield from server.findings
    yield from check_ports(settings, running, server.enrolments)
    if settings.mqtt is not None:
        yield from check_broker(settings.mqtt, running)
