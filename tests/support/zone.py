"""A small zone in the database: three robots of one exhibitor with a booth, and a bridge that may speak."""

from sqlmodel import select

from device_bridge.wire.batch import Enrolment
from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.rules import RobotKind, SourceClass
from server.features.floorplan.models import Booth, BoothAssignment, Hall
from server.features.floorplan.rules import BoothKind
from server.infra.db import Database, insert_new
from server.kernel.provenance import Provenance
from tests.support.people import EXHIBITOR, make_exhibitor
from tests.support.robots import ENROLMENTS

BOOTH = "D19.2C05"


def make_zone(database: Database, enrolments: tuple[Enrolment, ...] = ENROLMENTS.robots) -> None:
    """One hall, one booth, its exhibitor, and these robots."""
    make_exhibitor(database)
    with database.write() as session:
        exhibitor_id = session.exec(select(Exhibitor.id).where(Exhibitor.code == EXHIBITOR)).one()
        robots = [_robot(enrolment, exhibitor_id) for enrolment in enrolments]
        insert_new(session, Robot, robots, ("protocol", "address"))
        session.add(Hall(code="19.2", name_en="Hall", name_zh="展馆", width_m=84, depth_m=50, provenance=_INVENTED))
        session.flush()
        hall_id = session.exec(select(Hall.id)).one()
        session.add(
            Booth(
                hall_id=hall_id or 0,
                number=BOOTH,
                kind=BoothKind.RAW,
                x=3,
                y=3,
                width_m=6,
                depth_m=6,
                power_kw=5,
                provenance=_INVENTED,
            )
        )
        session.flush()
        booth_id = session.exec(select(Booth.id)).one()
        session.add(BoothAssignment(booth_id=booth_id or 0, exhibitor_id=exhibitor_id or 0, provenance=_INVENTED))


_INVENTED = Provenance.INVENTED


def _robot(enrolment: Enrolment, exhibitor_id: int | None) -> dict[str, object]:
    code = enrolment.robot.partition("/")[2]
    return {
        "exhibitor_id": exhibitor_id,
        "code": code,
        "name_en": code.title(),
        "name_zh": "机器人",
        "kind": RobotKind.DELIVERY,
        "protocol": enrolment.protocol,
        "address": enrolment.address,
        "source": SourceClass(enrolment.source.value),
        "options": enrolment.options,
        "active": True,
        "provenance": _INVENTED,
    }
