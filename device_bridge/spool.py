"""The durable queue between robots and server: what is committed here survives kill -9 and a power cut.

One SQLite file (WAL, synchronous=FULL). The pipeline writes on one connection, the forwarder reads and deletes on
another; each connection belongs to one thread.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from device_bridge.accounts import LastOnline, ledger_of
from device_bridge.freshness import RobotClock
from device_bridge.machine import make_private
from device_bridge.refusal_meter import COLLAPSED
from device_bridge.sequence import ReportAccount
from device_bridge.spool_limit import (
    DiskFullError,
    Dropped,
    SpoolLimit,
    append_gap,
    keep,
    note_offered,
    offered,
    used_bytes,
)
from device_bridge.wire.batch import (
    Alarm,
    Delivery,
    Enrolments,
    Gap,
    Item,
    Ledger,
    Rejection,
    RobotFactsheet,
    RobotPresence,
    decode_enrolments,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outgoing (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body BLOB NOT NULL, name TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS outgoing_name ON outgoing (name) WHERE name IS NOT NULL;
CREATE TABLE IF NOT EXISTS account (
    robot TEXT NOT NULL, boot INTEGER NOT NULL, revision INTEGER NOT NULL, forwarded INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL, PRIMARY KEY (robot, boot));
CREATE TABLE IF NOT EXISTS presence (robot TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS clock (robot TEXT PRIMARY KEY, off REAL NOT NULL);
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS dead (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL,
    answer TEXT NOT NULL);
"""
HEADROOM_BYTES = 32 * 2**20
"""So much of the disk is left free: deleting what was forwarded needs room as well."""
_SHORT_QUEUE = 5_000
_NOTICEABLE_S = 1.0
_encode = msgspec.json.Encoder().encode
_decode_account = msgspec.json.Decoder(ReportAccount).decode
_decode_online = msgspec.json.Decoder(LastOnline).decode
_decoders: dict[str, Callable[[bytes], Item]] = {
    "delivery": msgspec.json.Decoder(Delivery).decode,
    "rejection": msgspec.json.Decoder(Rejection).decode,
    "gap": msgspec.json.Decoder(Gap).decode,
    "presence": msgspec.json.Decoder(RobotPresence).decode,
    "factsheet": msgspec.json.Decoder(RobotFactsheet).decode,
    "alarm": msgspec.json.Decoder(Alarm).decode,
}

_KINDS: dict[type, str] = {
    Delivery: "delivery",
    Rejection: "rejection",
    Gap: "gap",
    RobotPresence: "presence",
    RobotFactsheet: "factsheet",
    Alarm: "alarm",
}


class Queued(msgspec.Struct, frozen=True):
    """One item of the queue as it stands on disk: its body is what goes out, so nobody decodes it on the way."""

    id: int
    kind: str
    """`delivery`, `rejection`, `gap`, `presence`, `factsheet` or `alarm`."""
    body: bytes

    @property
    def item(self) -> Item:
        """What the body says."""
        return _decoders[self.kind](self.body)


class Dead(msgspec.Struct, frozen=True):
    """Something that the server does not take, kept whole for whoever looks into it."""

    at: datetime
    kind: str
    """The kind of the item, or `ledger`."""
    body: bytes
    answer: str
    """The server's own words."""


class Spool:
    """One connection to the queue. Open one a thread."""

    def __init__(self, path: Path, limit: SpoolLimit = SpoolLimit()) -> None:  # noqa: B008 - an immutable value
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private(path)
        self._limit = limit
        self._folder = path.parent
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30.0, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self._clocks: dict[str, float] = {}

    def close(self) -> None:
        """Close the connection; what was committed stays."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: on leaving, everything inside is on disk."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # A full disk has ended the transaction already; another error of it would hide the cause.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def append(self, items: Iterable[Item]) -> None:
        """Put items at the end of the queue. Call inside a transaction.

        A refusal that stands for many takes the place of its smaller self, under a new id, so that one robot that is
        wrong all day fills no disk; and of presences and factsheets only each robot's newest waits. Raises
        `sqlite3.OperationalError` while too little room is left.
        """
        if shutil.disk_usage(self._folder).free < HEADROOM_BYTES:
            raise DiskFullError(f"less than {HEADROOM_BYTES // 2**20} MB are left on the disk of the spool")
        rows = [(_KINDS[type(item)], _encode(item), _collapsed(item)) for item in items]
        self._db.executemany("INSERT OR REPLACE INTO outgoing (kind, body, name) VALUES (?, ?, ?)", rows)

    def keep_limit(self) -> list[Dropped]:
        """Let go what the limit does not allow, by its policy. Call inside the transaction, after `append`.

        Raises `SpoolFullError`.
        """
        return keep(self._db, self._limit)

    def append_losses(self, gaps: Iterable[Gap]) -> None:
        """Put the spans of reports that were let go into the queue. Call inside a transaction."""
        for gap in gaps:
            append_gap(self._db, gap)

    def used_bytes(self) -> int:
        """So much the spool holds, as its limit counts."""
        return used_bytes(self._db)

    def offer(self, limit: int) -> list[Queued]:
        """As `oldest`, for the server to see: from here on these are not dropped, since it may have stored them."""
        page = self.oldest(limit)
        if page and self._limit.drops and page[-1].id > offered(self._db):
            with self.transaction():
                page = self.oldest(limit)
                if page:
                    note_offered(self._db, page[-1].id)
        return page

    def oldest(self, limit: int) -> list[Queued]:
        """The first `limit` items of the queue, in order of arrival."""
        rows = self._db.execute("SELECT id, kind, body FROM outgoing ORDER BY id LIMIT ?", (limit,)).fetchall()
        return [Queued(*row) for row in rows]

    def forget(self, ids: Sequence[int]) -> None:
        """Remove items that the server has stored."""
        with self.transaction():
            self._db.executemany("DELETE FROM outgoing WHERE id = ?", [(number,) for number in ids])

    def set_aside(self, number: int, dead: Dead, instead: Item | None) -> None:
        """Move an item that the server does not take to the dead ones; another one may take its place in the queue.

        One that has left the queue meanwhile, or changed, is let be.
        """
        with self.transaction():
            present = self._db.execute(
                "SELECT 1 FROM outgoing WHERE id = ? AND body = ?", (number, dead.body)
            ).fetchone()
            if present is None:
                return
            self._bury(dead)
            if instead is None:
                self._db.execute("DELETE FROM outgoing WHERE id = ?", (number,))
                return
            row = (_KINDS[type(instead)], _encode(instead), number)
            self._db.execute("UPDATE outgoing SET kind = ?, body = ? WHERE id = ?", row)

    def set_ledger_aside(self, ledger: Ledger, at: datetime, answer: str) -> None:
        """Move a revision of an account that the server does not take to the dead ones; the next one is tried again."""
        with self.transaction():
            marked = self._db.execute(
                "UPDATE account SET forwarded = ? WHERE robot = ? AND boot = ? AND forwarded < ?",
                (ledger.revision, ledger.robot, ledger.boot, ledger.revision),
            )
            if marked.rowcount:
                self._bury(Dead(at, "ledger", _encode(ledger), answer))

    def dead(self) -> list[Dead]:
        """Everything that the server did not take, the oldest first."""
        rows = self._db.execute("SELECT at, kind, body, answer FROM dead ORDER BY id").fetchall()
        return [Dead(datetime.fromisoformat(at), kind, body, answer) for at, kind, body, answer in rows]

    def _bury(self, dead: Dead) -> None:
        row = (dead.at.isoformat(), dead.kind, dead.body, dead.answer)
        self._db.execute("INSERT INTO dead (at, kind, body, answer) VALUES (?, ?, ?, ?)", row)

    def depth(self) -> int:
        """How many items wait for the server."""
        (count,) = self._db.execute("SELECT count(*) FROM outgoing").fetchone()
        return int(count)

    def depth_at_a_glance(self) -> int:
        """The same without reading a long queue: exact for a short one, a little high where rows were replaced."""
        seen = offered(self._db)
        row = self._db.execute("SELECT min(id), max(id) FROM outgoing WHERE id > ?", (seen,)).fetchone()
        if row[0] is None or row[1] - row[0] < _SHORT_QUEUE:
            return self.depth()
        (first,) = self._db.execute("SELECT count(*) FROM outgoing WHERE id <= ?", (seen,)).fetchone()
        return int(first + row[1] - row[0] + 1)

    def save_accounts(self, accounts: Iterable[tuple[str, ReportAccount]]) -> None:
        """Keep the accounts of robots. Call inside a transaction."""
        self._db.executemany(
            "INSERT INTO account (robot, boot, revision, body) VALUES (?, ?, ?, ?) ON CONFLICT (robot, boot)"
            " DO UPDATE SET revision = excluded.revision, body = excluded.body",
            [(robot, account.boot, account.revision, _encode(account)) for robot, account in accounts],
        )

    def accounts(self) -> list[tuple[str, ReportAccount]]:
        """All accounts, the oldest boot of each robot first."""
        rows = self._db.execute("SELECT robot, body FROM account ORDER BY robot, boot").fetchall()
        return [(robot, _decode_account(body)) for robot, body in rows]

    def drop_accounts(self, boots: Iterable[tuple[str, int]]) -> None:
        """Forget the accounts of boots that are long over. Call inside a transaction."""
        self._db.executemany("DELETE FROM account WHERE robot = ? AND boot = ?", list(boots))

    def unsent_ledgers(self, limit: int) -> tuple[Ledger, ...]:
        """The accounts that have changed since the server last took them."""
        rows = self._db.execute(
            "SELECT robot, body FROM account WHERE revision > forwarded AND robot NOT LIKE 'rehearsal:%'"
            " ORDER BY robot, boot LIMIT ?",
            (limit,),
        ).fetchall()
        return tuple(ledger_of(robot, _decode_account(body)) for robot, body in rows)

    def ledgers_sent(self, ledgers: Iterable[Ledger]) -> None:
        """Remember which revision of each account the server has."""
        with self.transaction():
            self._db.executemany(
                "UPDATE account SET forwarded = ? WHERE robot = ? AND boot = ?",
                [(ledger.revision, ledger.robot, ledger.boot) for ledger in ledgers],
            )

    def save_presences(self, presences: Iterable[tuple[str, LastOnline]]) -> None:
        """Keep when robots last said that they came online. Call inside a transaction."""
        self._db.executemany(
            "INSERT INTO presence VALUES (?, ?) ON CONFLICT (robot) DO UPDATE SET body = excluded.body",
            [(robot, _encode(online)) for robot, online in presences],
        )

    def presences(self) -> dict[str, LastOnline]:
        """When each robot last came online."""
        rows = self._db.execute("SELECT robot, body FROM presence").fetchall()
        return {robot: _decode_online(body) for robot, body in rows}

    def save_clocks(self, clocks: Mapping[str, RobotClock]) -> None:
        """Keep by how much robots' clocks are off, where it has changed noticeably. Call inside a transaction."""
        changed = {
            robot: clock.off
            for robot, clock in clocks.items()
            if clock.off is not None and abs(clock.off - self._clocks.get(robot, 1e99)) >= _NOTICEABLE_S
        }
        self._db.executemany("INSERT OR REPLACE INTO clock VALUES (?, ?)", list(changed.items()))
        self._clocks.update(changed)

    def clocks(self) -> dict[str, RobotClock]:
        """What is known of each robot's clock."""
        self._clocks = dict(self._db.execute("SELECT robot, off FROM clock").fetchall())
        return {robot: RobotClock(off=off) for robot, off in self._clocks.items()}

    def save_enrolments(self, enrolments: Enrolments) -> None:
        """Keep the list of robots for a start without the server."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO note VALUES ('enrolments', ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
                (_encode(enrolments),),
            )

    def enrolments(self) -> Enrolments | None:
        """The list of robots as last saved, None before the first."""
        row = self._db.execute("SELECT body FROM note WHERE name = 'enrolments'").fetchone()
        return decode_enrolments(row[0]) if row else None


def _collapsed(item: Item) -> str | None:
    """The name under which an item takes the place of one that says less; None where each stands for itself."""
    if isinstance(item, RobotPresence | RobotFactsheet):
        return f"{_KINDS[type(item)]} {item.robot}"
    return item.id if isinstance(item, Rejection) and item.id.startswith(COLLAPSED) else None
