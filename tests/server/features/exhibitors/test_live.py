"""The live pages follow what an exhibitor is called and which robots it has."""

import json
from typing import Any

from sqlmodel import Session, select

from server.features.exhibitors.live import EXHIBITORS
from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.service.announcing import TOPIC, announce_exhibitor
from server.infra.changes import Change
from server.infra.db import Database
from server.infra.livetopic import LiveScope
from tests.support.zone import make_zone


def told(session: Session) -> list[dict[str, Any]]:
    return [json.loads(change.payload) for change in session.exec(select(Change).where(Change.topic == TOPIC))]


def test_a_new_name_and_a_robot_that_is_switched_off_are_told_and_in_every_later_snapshot(database: Database) -> None:
    make_zone(database)
    with database.write() as session:
        who = session.exec(select(Exhibitor).where(Exhibitor.code == "nanling")).one()
        off, *others = session.exec(select(Robot).order_by(Robot.code)).all()
        who.name_en, off.active = "Nanling Robots", False
        announce_exhibitor(session, "nanling")
        kept = [[robot.id, robot.code, robot.kind, robot.name_en, robot.name_zh] for robot in others]

    with database.read() as session:
        (news,) = told(session)
        zone, booth = (EXHIBITORS.snapshot(session, LiveScope(kind, "1")) for kind in ("zone", "booth"))

    assert (news["names"][0], news["robots"]) == ("Nanling Robots", kept)
    assert (zone, booth) == ([news], [])
