"""Run in a copy of the product that knows one protocol more, `roller`: enrol its robot, hear it, and say what is shown.

Prints JSON: the names of the protocols, and the robot's present state.
"""

import json
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from struct import pack

from device_bridge.arrivals import Arrival
from device_bridge.directory import Directory
from device_bridge.pipeline import Pipeline
from device_bridge.protocols import STREAM_PROTOCOLS, StreamOptions
from device_bridge.spool import Spool
from device_bridge.wire.batch import Batch, Delivery
from server.features.exhibitors.rules import RobotKind
from server.features.exhibitors.schemas import PROTOCOLS, RobotEdit
from server.features.exhibitors.service import enrol_robot
from server.features.telemetry.queries import present_states
from server.features.telemetry.service import enrolments, store_batch
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.infra.migrate import upgrade
from tests.support.clock import FixedClock
from tests.support.people import EXHIBITOR, make_exhibitor

NOON = datetime(2026, 4, 16, 4, tzinfo=UTC)


def frame(number: int, battery: int) -> bytes:
    """One frame of the worked example."""
    body = pack("<IBh", number, battery, 250)
    return b"\x7e" + body + bytes((sum(body) % 256,))


def main(folder: Path) -> None:
    """The way of a report from the port to the screens."""
    database = Database(f"sqlite:///{folder / 'fair.db'}", FixedClock(NOON))
    upgrade(database)
    make_exhibitor(database)
    robot = RobotEdit(name_en="Roller", name_zh="滚轮", kind=RobotKind.DELIVERY, protocol="roller")
    with database.write() as session:
        enrol_robot(session, SYSTEM, EXHIBITOR, robot)
        known = enrolments(session, NOON, None)
    ids = count(1)
    spool = Spool(folder / "spool.db")
    pipeline = Pipeline(spool, Directory(known), lambda: f"r{next(ids)}")
    heard = STREAM_PROTOCOLS["roller"].decoder(StreamOptions()).feed(frame(1, 64) + frame(2, 63))
    port = f"{EXHIBITOR}-roller"
    pipeline.settle([Arrival("serial", port, raw, NOON, protocol="roller", heard=what) for raw, what in heard])
    deliveries = tuple(one.item for one in spool.oldest(10) if isinstance(one.item, Delivery))
    with database.write() as session:
        store_batch(session, Batch("test", deliveries=deliveries), NOON)
    with database.read() as session:
        (state,) = present_states(session)
    shown = {name: state[name] for name in ("robot", "battery", "speed", "source")}
    sys.stdout.write(json.dumps({"protocols": PROTOCOLS, "state": shown}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
