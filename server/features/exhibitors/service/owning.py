"""Whose an exhibitor is: its own administrators edit it, and the organiser; for everybody else it is not there."""

from collections.abc import Sequence
from typing import TypeVar

from sqlmodel import Session, select

from server.features.exhibitors.models import Exhibitor
from server.features.exhibitors.queries import categories_by_code, find_owner
from server.infra.identity import Identity
from server.kernel.errors import ForbiddenError, InvalidError, NotFoundError

Row = TypeVar("Row")


def locked_exhibitor(session: Session, by: Identity, code: str) -> Exhibitor:
    """The exhibitor, to be edited by `by`, locked against other edits and bookings until the unit of work ends.

    The lock is the first of every unit of work that takes several: a booking locks in the same order.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
        ForbiddenError: it is the reader's, who may look but not edit.
    """
    _require_right(by, code)
    query = select(Exhibitor).where(Exhibitor.code == code).with_for_update(key_share=True)
    return only(session.exec(query.execution_options(populate_existing=True)).all(), code)


def exhibitor_of(session: Session, code: str) -> Exhibitor:
    """The exhibitor of that code. Raises `NotFoundError` when there is none."""
    found = find_owner(session, code)
    if found is None:
        raise NotFoundError(what=code)
    return found


def require_categories(session: Session, codes: list[str]) -> None:
    """Raises `InvalidError`, which names them, for codes that the taxonomy does not have."""
    known = categories_by_code(session)
    if unknown := [code for code in codes if code not in known]:
        raise InvalidError(detail=", ".join(unknown))


def only(rows: Sequence[Row], name: str) -> Row:
    """The only one of `rows`. Raises `NotFoundError` when there is none."""
    if not rows:
        raise NotFoundError(what=name)
    return rows[0]


def _require_right(by: Identity, code: str) -> None:
    if by.may("exhibitor.edit"):
        return
    if by.exhibitor != code:
        raise NotFoundError(what=code)
    if not by.may("exhibitor.edit-own"):
        raise ForbiddenError(action="exhibitor.edit-own")
