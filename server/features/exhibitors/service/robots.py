"""Enrolling a robot, one at a time: what it is called and how it speaks."""

from sqlmodel import Session, select

from server.features.exhibitors.models import Robot
from server.features.exhibitors.rules import SourceClass, code_from, robot_key, usual_address
from server.features.exhibitors.schemas import RobotEdit
from server.features.exhibitors.service.owning import locked_exhibitor
from server.infra.audit import differences, record
from server.infra.identity import Identity
from server.infra.rows import insert_new
from server.kernel.errors import ConflictError


class AddressTakenError(ConflictError):
    """Another robot is heard there in the same protocol."""

    code = "address-taken"


class RobotCodeTakenError(ConflictError):
    """The exhibitor has a robot of that code."""

    code = "robot-code-taken"


def enrol_robot(session: Session, by: Identity, exhibitor: str, data: RobotEdit, code: str = "") -> str:
    """Enrol a robot and return its code, which is made of its English name unless one is given.

    Raises:
        NotFoundError: there is no such exhibitor, or it is somebody else's.
        ForbiddenError: the reader may not decide for the exhibitor.
        RobotCodeTakenError: there is a robot of the code that was given.
        AddressTakenError: another robot is heard there.
    """
    owner = locked_exhibitor(session, by, exhibitor)
    taken = set(session.exec(select(Robot.code).where(Robot.exhibitor_id == owner.id)))
    if code in taken:
        raise RobotCodeTakenError(code=code)
    row = {
        **data.model_dump(exclude={"address"}),
        "exhibitor_id": owner.id or 0,
        "product_id": None,
        "code": code or code_from(data.name_en, taken, "robot"),
        "source": SourceClass.LIVE,
        "active": True,
        "provenance": owner.provenance,
    }
    row["address"] = data.address or usual_address(data.protocol, exhibitor, row["code"])
    if not insert_new(session, Robot, [row], ("protocol", "address")):
        raise AddressTakenError(address=str(row["address"]))
    key = robot_key(exhibitor, row["code"])
    changes = differences({}, {name: row[name] for name in ("name_en", "name_zh", "kind", "protocol", "address")})
    record(session, by, "robot.enrol", "robot", key, changes)
    return str(row["code"])
