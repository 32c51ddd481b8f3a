"""The use cases of the floor plan: take in a checked plan, give booths to exhibitors, and take them back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from server.features.exhibitors.service.owning import exhibitor_of
from server.features.floorplan.models import Booth, BoothAssignment, Hall, MeetingTable, PlanFeature
from server.features.floorplan.queries import assignment_keys, booth_ids, booth_uses, find_occupant
from server.features.floorplan.rules import TABLES
from server.features.floorplan.schemas import AssignmentIn, BoothUse, PlanIn
from server.features.inbox.service import Fact, NameFact, NoticeContent, PhraseFact, tell_team
from server.infra.audit import record, require_version
from server.infra.changes import announce
from server.infra.db import clock_of
from server.infra.identity import Identity
from server.infra.rows import insert_new, key_of
from server.kernel.errors import ConflictError, FairZoneError, NotFoundError

TOPIC = "booth"


class BoothTakenError(FairZoneError):
    """The booth has an exhibitor already; `exhibitor` is its code, the names are `name_en` and `name_zh`."""

    code = "booth-taken"
    status = 409

    def __init__(self, booth: str, exhibitor: str, name_en: str, name_zh: str) -> None:
        super().__init__(booth=booth, exhibitor=exhibitor, name_en=name_en, name_zh=name_zh)

    def members(self) -> Mapping[str, Any]:
        """Who has it."""
        return {"exhibitor": self.params["exhibitor"]}


class BoothInUseError(FairZoneError):
    """Demos or meetings are reserved at the booth or its tables: whoever took it back would leave them nowhere."""

    code = "booth-in-use"
    status = 409

    def __init__(self, booth: str, uses: Sequence[BoothUse]) -> None:
        self.uses = uses
        super().__init__(booth=booth, count=len(uses))

    def members(self) -> Mapping[str, Any]:
        """What is reserved there, by time."""
        return {"uses": [use.model_dump(mode="json") for use in self.uses]}


def add_plan(session: Session, plan: PlanIn) -> int:
    """Take in a hall with its booths, their tables and what else stands there; return how many booths were new."""
    insert_new(session, Hall, [plan.hall.model_dump()], ("code",))
    hall = session.exec(select(Hall.id).where(Hall.code == plan.hall.code)).one()
    features = ({**new.model_dump(), "hall_id": hall} for new in plan.features)
    insert_new(session, PlanFeature, features, ("hall_id", "code"))
    booths = ({**new.model_dump(), "hall_id": hall, "version": 1} for new in plan.booths)
    added = insert_new(session, Booth, booths, ("number",))
    _add_tables(session, plan)
    return added


def assign_booths(session: Session, assignments: Sequence[AssignmentIn]) -> None:
    """Give booths to exhibitors.

    Raises `NotFoundError` for an unknown booth or exhibitor, `ConflictError` when one of the booths is taken already:
    then none of them is given.
    """
    booths, exhibitors = assignment_keys(session)
    rows = [
        {
            "booth_id": key_of(booths, new.booth),
            "exhibitor_id": key_of(exhibitors, new.exhibitor),
            "provenance": new.provenance,
        }
        for new in assignments
    ]
    with session.begin_nested():
        if insert_new(session, BoothAssignment, rows, ("booth_id",)) < len(rows):
            raise ConflictError(what=", ".join(sorted(new.booth for new in assignments)))


def assign_booth(session: Session, by: Identity, number: str, exhibitor: str, *, version: int) -> None:
    """Give one booth to an exhibitor, by number and code. Whoever has it already keeps it, and nothing changes.

    Raises:
        NotFoundError: there is no such booth or exhibitor.
        BoothTakenError: somebody else has it, perhaps since a moment ago.
        StaleError: the booth changed after `version`.
    """
    booth = _locked(session, number)
    occupant, new = find_occupant(session, number), exhibitor_of(session, exhibitor)
    if occupant and occupant.code == new.code:
        return
    if occupant:
        raise BoothTakenError(number, occupant.code, occupant.name_en, occupant.name_zh)
    require_version(session, "booth", number, booth.version, version)
    row = {"booth_id": booth.id, "exhibitor_id": new.id, "provenance": new.provenance}
    insert_new(session, BoothAssignment, [row], ("booth_id",))
    _changed(session, by, "booth.assign", booth, (None, new.code))


def vacate_booth(session: Session, by: Identity, number: str, *, version: int, now: datetime) -> None:
    """Take a booth back from its exhibitor; a vacant one stays as it is.

    Bookings lock the assignment to share it, so that this waits for them and then sees what they reserved.

    Raises:
        NotFoundError: there is no such booth.
        StaleError: the booth changed after `version`.
        BoothInUseError: demos or meetings are reserved there from `now` on.
    """
    booth = _locked(session, number)
    occupant = find_occupant(session, number)
    if occupant is None:
        return
    require_version(session, "booth", number, booth.version, version)
    assignment = col(BoothAssignment.booth_id) == booth.id
    session.exec(select(BoothAssignment.booth_id).where(assignment).with_for_update()).all()
    if uses := booth_uses(session, number, now):
        raise BoothInUseError(number, uses)
    session.connection().execute(delete(BoothAssignment).where(assignment))
    _changed(session, by, "booth.vacate", booth, (occupant.code, None))


def _add_tables(session: Session, plan: PlanIn) -> None:
    keys = booth_ids(session)
    tables = (
        {"booth_id": keys[new.number], "number": number}
        for new in plan.booths
        for number in range(1, TABLES[new.kind] + 1)
    )
    insert_new(session, MeetingTable, tables, ("booth_id", "number"))


def _locked(session: Session, number: str) -> Booth:
    """The booth, locked against whoever else would change it; rows that only refer to it may be written meanwhile.

    A stronger lock would wait for a booking, whose meeting refers to the booth, while the booking waits for us.
    """
    query = select(Booth).where(Booth.number == number).with_for_update(key_share=True)
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFoundError(what=number)
    return found


def _changed(
    session: Session, by: Identity, action: str, booth: Booth, exhibitor: tuple[str | None, str | None]
) -> None:
    booth.version += 1
    session.add(booth)
    record(session, by, action, booth.number, {"exhibitor": exhibitor}, version=booth.version)
    _tell(session, by, action, booth, exhibitor[0] or exhibitor[1] or "")
    announce(session, TOPIC, booth.number, {"booth": booth.number, "exhibitor": exhibitor[1], "version": booth.version})


def _tell(session: Session, by: Identity, action: str, booth: Booth, exhibitor: str) -> None:
    """Tell the log-ins of an exhibitor that a booth is theirs now, or no longer is."""
    owner = exhibitor_of(session, exhibitor)
    message = NoticeContent(
        name=f"booth:{booth.number}:{booth.version}",
        kind=f"told-{action.replace('.', '-')}",
        facts={"who": _who(by), "booth": booth.number, "exhibitor": NameFact(en=owner.name_en, zh=owner.name_zh)},
        about=f"booth:{booth.number}",
        link=f"/exhibitors/{exhibitor}",
        at=clock_of(session).now(),
    )
    tell_team(session, by, owner.id or 0, message)


def _who(by: Identity) -> Fact:
    return PhraseFact(key="told-who-organiser") if by.exhibitor is None else (by.display_name or by.username)
