"""The use cases of the floor plan: take in a checked plan, and give booths to exhibitors."""

from collections.abc import Sequence

from sqlmodel import Session, select

from server.features.floorplan.models import Booth, BoothAssignment, Hall, PlanFeature
from server.features.floorplan.queries import booth_ids, exhibitor_ids
from server.features.floorplan.schemas import AssignmentIn, PlanIn
from server.infra.rows import insert_new
from server.kernel.errors import ConflictError, NotFoundError


def add_plan(session: Session, plan: PlanIn) -> int:
    """Take in a hall with its booths and what else stands there; return how many booths were new."""
    insert_new(session, Hall, [plan.hall.model_dump()], ("code",))
    hall = session.exec(select(Hall.id).where(Hall.code == plan.hall.code)).one()
    features = ({**new.model_dump(), "hall_id": hall} for new in plan.features)
    insert_new(session, PlanFeature, features, ("hall_id", "code"))
    return insert_new(session, Booth, ({**new.model_dump(), "hall_id": hall} for new in plan.booths), ("number",))


def assign_booths(session: Session, assignments: Sequence[AssignmentIn]) -> None:
    """Give booths to exhibitors.

    Raises `NotFoundError` for an unknown booth or exhibitor, `ConflictError` when one of the booths is taken already:
    then none of them is given.
    """
    booths, exhibitors = booth_ids(session), exhibitor_ids(session)
    rows = [
        {
            "booth_id": _known(booths, new.booth),
            "exhibitor_id": _known(exhibitors, new.exhibitor),
            "provenance": new.provenance,
        }
        for new in assignments
    ]
    with session.begin_nested():
        if insert_new(session, BoothAssignment, rows, ("booth_id",)) < len(rows):
            raise ConflictError(what=", ".join(sorted(new.booth for new in assignments)))


def _known(keys: dict[str, int], name: str) -> int:
    if name not in keys:
        raise NotFoundError(what=name)
    return keys[name]
