"""What the log of an older database calls an act is renamed by the way, and again on the way back."""

from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlmodel import col

from server.infra.audit import AuditEntry
from server.infra.db import Database
from server.infra.migrate import downgrade, upgrade

OLD = [("account", "session-end"), ("buyer", "add-need"), ("demo", "planned"), ("booth", "booth.assign")]
NEW = ["account.session.end", "buyer.need.add", "demo.plan", "booth.assign"]
ROW = {"at": datetime(2026, 4, 16, tzinfo=UTC), "who": "Nina", "role": "organiser", "key": "a", "changes": "{}"}


def actions(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(col(AuditEntry.action)).order_by(col(AuditEntry.id))))


def test_the_actions_of_an_older_log_get_the_grammar_of_today(database: Database) -> None:
    downgrade(database, "0100")
    with database.write() as session:
        for thing, action in OLD:
            session.connection().execute(insert(AuditEntry).values(**ROW, thing=thing, action=action))

    upgrade(database)
    now = actions(database)
    downgrade(database, "0100")

    assert (now, actions(database)) == (NEW, [action for _, action in OLD])
