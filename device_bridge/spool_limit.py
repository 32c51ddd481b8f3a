"""How large the spool may grow, and what gives when it is full: new reports are not taken, or the oldest are let go.

Letting go is counted: each dropped report is written off in its robot's account and stands in a gap of the loss
ledger, in the same transaction. What was ever offered to the server is never dropped, since the server may have
stored it while its answer was lost; so a report is either stored or counted as lost, and never both.
"""

import sqlite3
from typing import Literal, NamedTuple

import msgspec

from device_bridge.wire.batch import BridgeTrouble, Gap

WhenFull = Literal["refuse-new", "drop-oldest"]
_CHUNK = 256
"""So many rows are looked at in one step when the oldest are let go."""
_OLDEST = "SELECT id, kind, body FROM outgoing WHERE id > ? AND kind IN ('delivery', 'rejection') ORDER BY id LIMIT ?"
"""What may be let go: what is counted elsewhere when it goes. Gaps and accounts are the counting itself."""


class SpoolFullError(sqlite3.OperationalError):
    """The spool has reached its limit, and its policy is to take nothing new."""


class DiskFullError(sqlite3.OperationalError):
    """So little room is left on the disk of the spool that it takes nothing new."""


_NO_ROOM = ("disk is full", "no space left", "quota exceeded")
"""How the database and the system say so."""


def trouble_of(error: sqlite3.Error) -> BridgeTrouble:
    """What an error of the spool keeps the bridge from."""
    if isinstance(error, SpoolFullError):
        return BridgeTrouble.SPOOL_FULL
    no_room = isinstance(error, DiskFullError) or any(words in str(error).lower() for words in _NO_ROOM)
    return BridgeTrouble.DISK_FULL if no_room else BridgeTrouble.SPOOL_FAILS


class SpoolLimit(NamedTuple):
    """The most bytes that the spool's pages may hold, and what gives then. The log beside it (WAL) comes on top."""

    most_bytes: int | None = None
    when_full: WhenFull = "refuse-new"

    @property
    def drops(self) -> bool:
        """Whether old reports make room for new ones."""
        return self.most_bytes is not None and self.when_full == "drop-oldest"


class Dropped(NamedTuple):
    """A report that was let go."""

    robot: str
    boot: int
    seq: int


class _Name(msgspec.Struct):
    robot: str
    boot: int
    seq: int


class _Named(msgspec.Struct):
    """So much of a delivery as names it."""

    report: _Name


_decode_name = msgspec.json.Decoder(_Named).decode
_decode_gap = msgspec.json.Decoder(Gap).decode
_encode = msgspec.json.Encoder().encode


def used_bytes(db: sqlite3.Connection) -> int:
    """What the pages in use hold, those of an open transaction included."""
    (pages,), (free,), (size,) = (
        db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def keep(db: sqlite3.Connection, limit: SpoolLimit) -> list[Dropped]:
    """Bring the spool back under its limit; what was dropped for it. Call inside the transaction that made it grow.

    Raises `SpoolFullError` where nothing may be dropped, or nothing is left to drop.
    """
    if limit.most_bytes is None or used_bytes(db) <= limit.most_bytes:
        return []
    if not limit.drops:
        raise SpoolFullError(f"the spool has reached its limit of {limit.most_bytes // 2**20} MB")
    gone: list[Dropped] = []
    after = offered(db)
    while used_bytes(db) > limit.most_bytes:
        rows = db.execute(_OLDEST, (after, _CHUNK)).fetchall()
        if not rows:
            raise SpoolFullError(f"the limit of {limit.most_bytes // 2**20} MB leaves no room for reports at all")
        db.executemany("DELETE FROM outgoing WHERE id = ?", [(number,) for number, _, _ in rows])
        gone += [_dropped(body) for _, kind, body in rows if kind == "delivery"]
        after = rows[-1][0]
    return gone


def _dropped(body: bytes) -> Dropped:
    name = _decode_name(body).report
    return Dropped(name.robot, name.boot, name.seq)


def offered(db: sqlite3.Connection) -> int:
    """The last row that the server may have seen."""
    row = db.execute("SELECT body FROM note WHERE name = 'offered'").fetchone()
    return int(row[0]) if row else 0


def note_offered(db: sqlite3.Connection, number: int) -> None:
    """Remember that the server may see everything up to this row. Call inside a transaction, before it is sent."""
    db.execute(
        "INSERT INTO note VALUES ('offered', ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
        (str(number).encode(),),
    )


def append_gap(db: sqlite3.Connection, gap: Gap) -> None:
    """Put a gap into the queue, as one with the gap that it continues unless the server may have seen that one.

    So a server that is away for days costs one row a robot, and not one a dropped report. Call inside a transaction.
    """
    name = f"gap {gap.boot} {gap.robot}"
    row = db.execute("SELECT id, body FROM outgoing WHERE name = ?", (name,)).fetchone()
    if row is not None:
        before = _decode_gap(row[1])
        if row[0] > offered(db) and before.last + 1 == gap.first:
            gap = msgspec.structs.replace(gap, first=before.first)
        else:
            db.execute("UPDATE outgoing SET name = NULL WHERE id = ?", (row[0],))
    db.execute("INSERT OR REPLACE INTO outgoing (kind, body, name) VALUES ('gap', ?, ?)", (_encode(gap), name))
