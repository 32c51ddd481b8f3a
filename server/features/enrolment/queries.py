"""Reads of the credentials, and of when the fair closes."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from server.features.enrolment.models import BridgeCredential, RobotCredential
from server.features.enrolment.schemas import BridgeCredentialOut, RobotCredentialOut, RobotFacts
from server.features.exhibitors.models import Exhibitor, Robot
from server.features.timetable.models import FairDay


def close_of_fair(session: Session) -> datetime | None:
    """When the last day of the fair closes; nothing while no day is known."""
    return session.exec(select(func.max(FairDay.closes_at))).one()


def list_credentials(session: Session, exhibitor: str = "", username: str = "") -> list[RobotCredentialOut]:
    """The credentials of robots by name: of all, of one exhibitor, or the one of that name; in one query."""
    query: Any = (
        select(RobotCredential, Robot, Exhibitor.code)
        .join(Robot, col(Robot.id) == RobotCredential.robot_id)
        .join(Exhibitor, col(Exhibitor.id) == Robot.exhibitor_id)
        .order_by(RobotCredential.username)
    )
    query = query.where(Exhibitor.code == exhibitor) if exhibitor else query
    query = query.where(RobotCredential.username == username) if username else query
    return [_robot(*row) for row in session.execute(query)]


def list_bridges(session: Session, exhibitor: str = "", username: str = "") -> list[BridgeCredentialOut]:
    """The credentials of booths' bridges by name: of all, of one exhibitor, or the one of that name; in one query."""
    query: Any = (
        select(BridgeCredential, Exhibitor.code)
        .join(Exhibitor, col(Exhibitor.id) == BridgeCredential.exhibitor_id)
        .order_by(BridgeCredential.username)
    )
    query = query.where(Exhibitor.code == exhibitor) if exhibitor else query
    query = query.where(BridgeCredential.username == username) if username else query
    return [BridgeCredentialOut(**row.model_dump(), exhibitor=code) for row, code in session.execute(query)]


def robot_facts(session: Session, exhibitor: str, code: str) -> RobotFacts | None:
    """What the page of a robot's credentials says of it; nothing when the exhibitor has no such robot."""
    query: Any = select(Robot).join(Exhibitor, col(Exhibitor.id) == Robot.exhibitor_id)
    found = session.execute(query.where(Exhibitor.code == exhibitor, Robot.code == code)).scalar()
    if found is None:
        return None
    about = found.model_dump(include={"name_en", "name_zh", "protocol", "address", "active", "code"})
    return RobotFacts(**about, robot=f"{exhibitor}/{code}")


def find_robot(session: Session, exhibitor: str, code: str) -> int | None:
    """The row of a robot by the codes of exhibitor and robot."""
    query = select(Robot.id).join(Exhibitor, col(Exhibitor.id) == Robot.exhibitor_id)
    return session.exec(query.where(Exhibitor.code == exhibitor, Robot.code == code)).first()


def _robot(credential: RobotCredential, robot: Robot, exhibitor: str) -> RobotCredentialOut:
    about = robot.model_dump(include={"name_en", "name_zh", "protocol", "address", "active"})
    return RobotCredentialOut(
        **credential.model_dump(), **about, robot=f"{exhibitor}/{robot.code}", exhibitor=exhibitor
    )
