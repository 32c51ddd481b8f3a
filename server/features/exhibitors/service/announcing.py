"""Telling the live pages what an exhibitor is called and which robots it has, whenever one of the two has changed."""

from collections import defaultdict
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.infra.changes import announce

TOPIC = "exhibitor"
"""The topic of the change feed under which an exhibitor's new facts are announced, keyed by its code."""


def announce_exhibitor(session: Session, code: str) -> None:
    """Tell whoever looks at the zone or at a booth."""
    session.flush()
    for facts in exhibitors_for_pages(session, code):
        announce(session, TOPIC, code, facts)


def exhibitors_for_pages(session: Session, code: str = "") -> list[dict[str, Any]]:
    """What the live pages know of every exhibitor, or of one: names and cities in English and Chinese, and its robots.

    A robot is `[number, code, kind, English name, Chinese name]`; those that are switched off are left out.
    """
    wanted = col(Exhibitor.code) == code if code else col(Exhibitor.id).is_not(None)
    columns: Any = (Robot.exhibitor_id, Robot.id, Robot.code, Robot.kind, Robot.name_en, Robot.name_zh)
    query: Any = select(*columns).join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
    robots: dict[int, list[list[Any]]] = defaultdict(list)
    for owner, *robot in session.execute(query.where(wanted, col(Robot.active).is_(True)).order_by(Robot.code)):
        robots[owner].append(robot)
    return [
        {
            "exhibitor": row.code,
            "names": [row.name_en, row.name_zh],
            "cities": [row.city, row.city_zh],
            "guangdong": row.is_guangdong,
            "robots": robots[row.id or 0],
        }
        for row in session.exec(select(Exhibitor).where(wanted).order_by(Exhibitor.code))
    ]
