"""How large the zone is, for whoever has to know whether a position lies in it."""

from typing import Any

from sqlmodel import Session, col, select

from server.features.floorplan.models import Hall


def plan_size(session: Session) -> tuple[float, float] | None:
    """Width and depth of the zone's plan in metres; None while there is none."""
    columns: Any = (Hall.width_m, Hall.depth_m)
    row = session.execute(select(*columns).order_by(col(Hall.id)).limit(1)).first()
    return (row[0], row[1]) if row else None
