"""Enrolling a robot and changing it, one at a time: what it is called and how it speaks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot, RobotMaker
from server.features.exhibitors.queries import hanging_on
from server.features.exhibitors.rules import (
    NAMED_BY_KEY,
    VDA5050,
    Booking,
    SourceClass,
    code_from,
    foreign_code,
    maker_of,
    parts_of,
    robot_key,
    usual_address,
)
from server.features.exhibitors.schemas import BookingOut, RobotChange, RobotEdit
from server.features.exhibitors.service.announcing import announce_exhibitor
from server.features.exhibitors.service.owning import locked_exhibitor, only
from server.features.exhibitors.service.speaking import require_options
from server.features.reservations.rules import Resource, ResourceKind
from server.infra.audit import differences, record, require_version
from server.infra.db import clock_of, quotas_of
from server.infra.identity import Identity
from server.infra.rows import insert_new
from server.kernel.errors import ConflictError
from server.kernel.permissions import Role
from server.kernel.quotas import Quota, require_room


class AddressTakenError(ConflictError):
    """Another robot is heard there in the same protocol."""

    code = "address-taken"


class MakerTakenError(ConflictError):
    """Robots under this maker's name are heard as another exhibitor's; `name` is the maker's or the port's."""

    code = "maker-taken"


class RobotBookedError(ConflictError):
    """Meetings or demos need this robot; `bookings` are they, by time."""

    code = "robot-booked"

    def __init__(self, bookings: Sequence[Booking]) -> None:
        self.bookings = bookings
        super().__init__(number=len(bookings))

    def members(self) -> dict[str, Any]:
        """The meetings and demos, with what leads to each."""
        return {"bookings": [BookingOut.of(one).model_dump(mode="json") for one in self.bookings]}


class RobotCodeTakenError(ConflictError):
    """The exhibitor has a robot of that code."""

    code = "robot-code-taken"


def enrol_robot(session: Session, by: Identity, exhibitor: str, data: RobotEdit, code: str = "") -> str:
    """Enrol a robot and return its code, which is made of its English name unless one is given.

    Raises:
        QuotaError: the exhibitor has as many as one may have.
        NotFoundError: there is no such exhibitor, or it is somebody else's.
        ForbiddenError: the reader may not decide for the exhibitor.
        RobotCodeTakenError: there is a robot of the code that was given.
        AddressTakenError: another robot is heard there.
        MakerTakenError: the name in it is another exhibitor's.
        OptionsRefusedError: the protocol cannot work with the options.
    """
    owner = locked_exhibitor(session, by, exhibitor)
    require_options(data.protocol, data.options)
    taken = set(session.exec(select(Robot.code).where(Robot.exhibitor_id == owner.id)))
    require_room(quotas_of(session), Quota.ROBOTS, len(taken))
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
        "version": 1,
    }
    row["address"] = data.address or usual_address(data.protocol, exhibitor, row["code"])
    _claim(session, by, owner, data.protocol, str(row["address"]))
    if not insert_new(session, Robot, [row], ("protocol", "address")):
        raise AddressTakenError(address=str(row["address"]))
    key = robot_key(exhibitor, row["code"])
    record(session, by, "robot.enrol", key, differences({}, _told(row)), version=1)
    announce_exhibitor(session, exhibitor)
    return str(row["code"])


def edit_robot(session: Session, by: Identity, key: str, data: RobotChange, version: int) -> int:
    """Change the robot with this `key` (`<exhibitor>/<robot>`) and return the version that it has now.

    Its protocol stays: a robot that speaks another one is enrolled anew. Saying the same again changes nothing.

    Raises:
        NotFoundError: there is no such robot, or it is somebody else's.
        ForbiddenError: the reader may not decide for the exhibitor.
        StaleError: somebody changed it since `version`.
        AddressTakenError: another robot is heard there.
        MakerTakenError: the name in it is another exhibitor's.
        OptionsRefusedError: the protocol cannot work with the options.
        RobotBookedError: it shall not speak any more, and meetings or demos need it that are not to be cancelled.
    """
    row = _locked_robot(session, by, key, version)
    require_options(row.protocol, data.options)
    before, wanted = row.model_dump(), data.model_dump(exclude={"protocol", "release"})
    wanted["address"] = data.address or usual_address(row.protocol, *key.split("/")) or row.address
    changes = differences(_told(before), _told({**before, **wanted}))
    if not differences(before, wanted):
        return row.version
    if wanted["address"] != row.address:
        _claim(session, by, locked_exhibitor(session, by, parts_of(key)[0]), row.protocol, wanted["address"])

    if row.active and not data.active and not data.release:
        _require_unneeded(session, row)
    try:
        with session.begin_nested():
            row.sqlmodel_update({**wanted, "version": row.version + 1})
    except IntegrityError as error:
        raise AddressTakenError(address=str(wanted["address"])) from error
    record(session, by, "robot.edit", key, changes, version=row.version)
    announce_exhibitor(session, parts_of(key)[0])
    return row.version


def _claim(session: Session, by: Identity, owner: Exhibitor, protocol: str, address: str) -> None:
    """Let the name in an address be the exhibitor's own; the organiser may give robots of one maker to two of them.

    Whoever came first keeps the name: by its row on both databases, and by the robots that are enrolled already.
    """
    if protocol in NAMED_BY_KEY or by.role is Role.ORGANISER:
        return
    codes = set(session.exec(select(Exhibitor.code).where(Exhibitor.id != owner.id)))
    if foreign_code(protocol, address, owner.code, codes):
        raise MakerTakenError(name=address)
    if protocol != VDA5050:
        return
    name = maker_of(address)
    insert_new(session, RobotMaker, [{"name": name, "exhibitor_id": owner.id}], ("name",))
    holder = session.exec(select(RobotMaker.exhibitor_id).where(RobotMaker.name == name)).one()
    beside = col(Robot.exhibitor_id) != owner.id
    used = select(Robot.address).where(Robot.protocol == VDA5050, beside)
    if holder != owner.id or name in {maker_of(other) for other in session.exec(used)}:
        raise MakerTakenError(name=address.partition("/")[0])


def _require_unneeded(session: Session, row: Robot) -> None:
    """Raise `RobotBookedError` when something would end with a robot."""
    what = Resource(ResourceKind.ROBOT, row.id or 0)
    if booked := hanging_on(session, what, clock_of(session).now()):
        raise RobotBookedError(booked)


def _locked_robot(session: Session, by: Identity, key: str, version: int) -> Robot:
    exhibitor, code = parts_of(key)
    owner = locked_exhibitor(session, by, exhibitor)
    query = select(Robot).where(Robot.exhibitor_id == owner.id, Robot.code == code).with_for_update()
    row = only(session.exec(query.execution_options(populate_existing=True)).all(), key)
    require_version(session, "robot", key, row.version, version)
    return row


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a robot: of its options the names alone, since one may be a key."""
    named = ("name_en", "name_zh", "kind", "protocol", "address", "active")
    return {**{name: row[name] for name in named}, "options": sorted(row["options"])}
