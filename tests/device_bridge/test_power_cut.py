"""What a power cut leaves of the spool: at any point of its log, the commits before it and nothing of the one after.

A cut is simulated on copies: the log (WAL) ends at any byte, its last sector may hold anything, and pages of a
checkpoint under way are written or not. What this shows is that the file's form survives. What it cannot show is that
the disk keeps its word: with synchronous=FULL the log is flushed before a commit returns, and a disk that says it has
written and has not loses what it said, whatever program asked.
"""

import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from device_bridge.directory import Directory
from device_bridge.pipeline import Pipeline
from device_bridge.spool import Spool
from device_bridge.wire.batch import Delivery
from tests.device_bridge.test_spool_limit import serial
from tests.support.robots import BOOT, ENROLMENTS, SERIAL

BATCHES = (1, 7, 3, 20, 1, 12, 30, 2, 9, 15)
CUTS = 60
SECTOR = 512
PAGE = 4_096


class Written:
    """A spool as it grew: after each commit the length of its log and the mark that the robot was told."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "spool.db"
        self.steps: list[tuple[int, int]] = [(0, 0)]
        with closing(Spool(self.path)) as spool:
            self.settings = [
                spool._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
            ]
            spool._db.execute("PRAGMA wal_autocheckpoint=0")
            spool._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pipeline = Pipeline(spool, Directory(ENROLMENTS), lambda: "r1")
            first = 1
            for size in BATCHES:
                (mark,) = pipeline.settle([serial(number) for number in range(first, first + size)])
                first += size
                self.steps.append((self.log.stat().st_size, mark.seq))
            self.before = self._copy(folder / "before")
            spool._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
            self.after = self._copy(folder / "after")

    @property
    def log(self) -> Path:
        """The log beside the spool."""
        return self.path.with_name("spool.db-wal")

    def _copy(self, folder: Path) -> Path:
        folder.mkdir()
        for name in ("spool.db", "spool.db-wal"):
            shutil.copy(self.path.with_name(name), folder / name)
        return folder / "spool.db"

    def marked(self, cut: int) -> int:
        """The last mark that the robot was told before the log had grown beyond `cut`."""
        return max(mark for length, mark in self.steps if length <= cut)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A spool with some commits in its log."""
    return Written(tmp_path)


def found(folder: Path) -> tuple[list[int], list[int]]:
    """(numbers of the reports, marks of the account) that a bridge finds when it starts on this spool."""
    with closing(Spool(folder / "spool.db")) as spool:
        assert spool._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        items = [queued.item for queued in spool.oldest(10_000)]
        numbers = [item.report.seq for item in items if isinstance(item, Delivery)]
        return numbers, [
            account.mark for robot, account in spool.accounts() if (robot, account.boot) == (SERIAL.robot, BOOT)
        ]


def test_a_commit_returns_only_after_the_log_was_flushed(written: Written) -> None:
    assert written.settings == ["wal", 2]


def test_a_log_that_ends_anywhere_holds_every_marked_report_and_no_half_commit(
    written: Written, tmp_path: Path
) -> None:
    draw = random.Random(4)
    whole = (written.before.with_name("spool.db-wal")).read_bytes()
    marks = [mark for _, mark in written.steps]
    cuts = [draw.randrange(len(whole) + 1) for _ in range(CUTS)] + [length for length, _ in written.steps]

    for number, cut in enumerate(cuts):
        folder = tmp_path / f"cut-{number}"
        folder.mkdir()
        shutil.copy(written.before, folder / "spool.db")
        rubbish = draw.randbytes(draw.choice((0, SECTOR, 3 * SECTOR)))
        (folder / "spool.db-wal").write_bytes(whole[:cut] + rubbish)
        numbers, told = found(folder)

        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) in marks
        assert len(numbers) >= written.marked(cut)
        assert told == ([len(numbers)] if numbers else [])


def test_a_checkpoint_that_was_cut_off_loses_nothing(written: Written, tmp_path: Path) -> None:
    draw = random.Random(5)
    old, new = written.before.read_bytes(), written.after.read_bytes()

    for number in range(20):
        folder = tmp_path / f"checkpoint-{number}"
        folder.mkdir()
        pages = range(0, len(new), PAGE)
        mixed = b"".join(draw.choice((old[at : at + PAGE], new[at : at + PAGE])) or bytes(PAGE) for at in pages)
        (folder / "spool.db").write_bytes(mixed)
        shutil.copy(written.after.with_name("spool.db-wal"), folder / "spool.db-wal")
        numbers, told = found(folder)

        assert (numbers, told) == (list(range(1, sum(BATCHES) + 1)), [sum(BATCHES)])
