"""What was announced, as a test reads it back."""

from sqlmodel import Session, col, select

from server.infra.changes import Change


def changes_after(session: Session, cursor: int, limit: int) -> list[Change]:
    """The changes behind `cursor`, oldest first, `limit` at the most."""
    query = select(Change).where(col(Change.id) > cursor).order_by(col(Change.id)).limit(limit)
    return list(session.exec(query).all())
