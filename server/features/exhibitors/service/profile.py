"""Editing what an exhibitor says of itself."""

from typing import Any

from sqlmodel import Session, col, delete, select

from server.features.exhibitors.models import Exhibitor, ExhibitorCategory
from server.features.exhibitors.schemas import ExhibitorEdit
from server.features.exhibitors.service.announcing import announce_exhibitor
from server.features.exhibitors.service.owning import locked_exhibitor, require_categories
from server.infra.audit import differences, record, require_version
from server.infra.db import insert_new
from server.infra.identity import Identity


def edit_exhibitor(session: Session, by: Identity, code: str, data: ExhibitorEdit, version: int) -> int:
    """Let the exhibitor or the organiser say who it is and what it shows; return the version that it has now.

    Saying the same again changes nothing.

    Raises:
        NotFoundError: there is no such exhibitor, or it is somebody else's.
        InvalidError: a category is not in the taxonomy.
        StaleError: somebody changed it since `version`.
    """
    row = locked_exhibitor(session, by, code)
    require_version(session, "exhibitor", code, row.version, version)
    require_categories(session, data.categories)
    changes = differences({**row.model_dump(), "categories": _shown_by(session, row)}, data.model_dump())
    if not changes:
        return row.version
    row.sqlmodel_update(data.model_dump(exclude={"categories"}))
    row.version += 1
    if "categories" in changes:
        _show(session, row, data.categories)
    record(session, by, "exhibitor.edit", code, changes, version=row.version)
    announce_exhibitor(session, code)
    return row.version


def _shown_by(session: Session, row: Exhibitor) -> list[str]:
    query = select(ExhibitorCategory.category).where(ExhibitorCategory.exhibitor_id == row.id)
    return list(session.exec(query.order_by(col(ExhibitorCategory.position))))


def _show(session: Session, row: Exhibitor, categories: list[str]) -> None:
    session.connection().execute(delete(ExhibitorCategory).where(col(ExhibitorCategory.exhibitor_id) == row.id))
    rows: list[dict[str, Any]] = [
        {"exhibitor_id": row.id, "category": code, "position": position, "provenance": row.provenance}
        for position, code in enumerate(categories)
    ]
    insert_new(session, ExhibitorCategory, rows, ("exhibitor_id", "category"))
