"""The accounts as the bridge keeps them, the gaps that were lost for good, and what both add to the hours."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from device_bridge.wire.batch import Gap, Ledger
from server.features.telemetry.models import LossCursor, LossGap, LossHour, LossLedger
from server.features.telemetry.queries.hours import gaps_known, ledgers_known, reaches
from server.features.telemetry.rules import Places
from server.features.telemetry.rules.hours import HourTally, Reach
from server.infra.db import accumulate, insert_new, upsert
from server.infra.sums import capped

MOST_GAPS = 20_000
"""So many gaps of one robot are kept one by one; what is lost beyond them is counted in its hours alone."""
Boot = tuple[int, int]
"""(robot's row, boot)."""


def keep_gaps(session: Session, gaps: Iterable[Gap], places: Places, tally: HourTally) -> None:
    """Note the spans that were lost; one that is known already counts once."""
    found = {(places[gap.robot].id, gap.boot, gap.first): gap for gap in gaps if gap.robot in places}
    known = gaps_known(session, {robot_id for robot_id, _, _ in found})
    new = {key: gap for key, gap in found.items() if key not in known}
    for (robot_id, _, _), gap in new.items():
        tally.add(robot_id, gap.noticed_at, "lost", gap.last - gap.first + 1)
        tally.add(robot_id, gap.noticed_at, "gaps")
    of_robot = Counter(robot_id for robot_id, _, _ in known)
    rows = [
        {"robot_id": robot_id, "boot": boot, "first": first, "last": gap.last, "noticed_at": gap.noticed_at}
        for (robot_id, boot, first), gap in new.items()
        if of_robot[robot_id] < MOST_GAPS
    ]
    insert_new(session, LossGap, rows, ("robot_id", "boot", "first"))


def keep_ledgers(session: Session, ledgers: Iterable[Ledger], places: Places, now: datetime, tally: HourTally) -> None:
    """Keep the newest revision of each account; what it counts more of resent reports than the last goes to `now`."""
    newest: dict[Boot, Ledger] = {}
    for ledger in ledgers:
        if ledger.robot in places:
            boot = (places[ledger.robot].id, ledger.boot)
            newest[boot] = max(newest.get(boot, ledger), ledger, key=lambda one: one.revision)
    known = ledgers_known(session, newest)
    fresh = {boot: one for boot, one in newest.items() if boot not in known or one.revision > known[boot].revision}
    for boot, ledger in fresh.items():
        before = known[boot].duplicates if boot in known else 0
        tally.add(boot[0], now, "duplicates", max(0, ledger.duplicates - before))
        # One that was mended since is stored, so this may fall.
        tally.add(boot[0], now, "turned_away", ledger.refused - (known[boot].refused if boot in known else 0))
    rows = [_ledger_row(boot, ledger, now) for boot, ledger in fresh.items()]
    upsert(
        session,
        LossLedger,
        rows,
        ("robot_id", "boot"),
        newer=lambda table, incoming: incoming.revision > table.c.revision,
    )


def _ledger_row(boot: Boot, ledger: Ledger, now: datetime) -> dict[str, Any]:
    return {
        "robot_id": boot[0],
        "boot": ledger.boot,
        "revision": ledger.revision,
        "first": ledger.first,
        "high": ledger.high,
        "mark": ledger.mark,
        "stored": ledger.stored,
        "duplicates": ledger.duplicates,
        "lost": ledger.lost,
        "missing": [list(span) for span in ledger.missing],
        "open": capped(sum(last - first + 1 for first, last in ledger.missing)),
        "refused": ledger.refused,
        "updated_at": now,
    }


def count_sent(
    session: Session,
    stored: Mapping[Boot, list[tuple[int, datetime]]],
    sure: Mapping[Boot, Reach],
    now: datetime,
    tally: HourTally,
) -> None:
    """Count how far each counter came, by the reports that were new and by where the accounts begin.

    `stored` has the (number, receipt) of new reports by boot, `sure` how far each account that came in surely goes:
    from its beginning to the last number that was refused.
    """
    known = reaches(session, {*stored, *sure})
    accounts = ledgers_known(session, {boot for boot in stored if boot not in known and boot not in sure})
    begins = {boot: one.first for found in (accounts, sure) for boot, one in found.items()}
    moved: dict[Boot, Reach] = {}
    for boot in {*stored, *sure}:
        reach = tally.count_forward(boot[0], known.get(boot), stored.get(boot, ()))
        if reach is not None and begins.get(boot, reach.first) < reach.first:
            reach = tally.count_back(boot[0], reach, begins[boot], now)
        if reach is not None and boot in sure and sure[boot].high > reach.high:
            reach = tally.count_on(boot[0], reach, sure[boot].high, now)
        if reach is not None and reach != known.get(boot):
            moved[boot] = reach
    rows = [
        {"robot_id": robot_id, "boot": boot, "first": reach.first, "high": reach.high, "updated_at": now}
        for (robot_id, boot), reach in moved.items()
        if (robot_id, boot) in known
    ]
    new = [
        {"robot_id": boot[0], "boot": boot[1], "first": reach.first, "high": reach.high, "updated_at": now}
        | {"opened_at": now}
        for boot, reach in moved.items()
        if boot not in known
    ]
    upsert(session, LossCursor, rows, ("robot_id", "boot"))
    upsert(session, LossCursor, new, ("robot_id", "boot"))


def keep_hours(session: Session, tally: HourTally) -> None:
    """Add what a batch has brought to the hours."""
    rows = [
        {"robot_id": robot_id, "hour": hour, **{name: capped(figure) for name, figure in figures.items()}}
        for (robot_id, hour), figures in tally.hours.items()
    ]
    accumulate(session, LossHour, rows, ("robot_id", "hour"))
