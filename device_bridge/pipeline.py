"""Decode, identify, count, spool: what happens to every message between its arrival and its acknowledgement.

`settle` returns only after everything in the batch is on disk, as a delivery, as a refusal or as a counted duplicate;
only then may the caller acknowledge. It opens nothing itself and may raise only what the spool raises (a full disk),
in which case nothing of the batch has happened and the same batch may be settled again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence

from device_bridge.accounts import Draft, ReportAccounts, account_name, present_of
from device_bridge.alarms import Watched
from device_bridge.arrivals import Arrival, BrokerNotice, DurableMark
from device_bridge.directory import Directory
from device_bridge.glimpses import LatestGlimpses
from device_bridge.ingest import Ingest, Ingested, mark_of
from device_bridge.losses import without_reports, write_off
from device_bridge.protocols import COUNTS_FROM, Malformed
from device_bridge.refusal_meter import RefusalCounts
from device_bridge.refusals import refuse
from device_bridge.spool import Spool
from device_bridge.tally import DayTally
from device_bridge.topic_advice import is_for_others
from device_bridge.wire.batch import Delivery, Item, Rejection, RobotGlimpse
from device_bridge.wire.topics import REHEARSAL

_log = logging.getLogger(__name__)


class Pipeline:
    """Belongs to one thread, as its spool does."""

    def __init__(self, spool: Spool, directory: Directory, new_id: Callable[[], str]) -> None:
        self._spool = spool
        self._accounts = ReportAccounts(spool.accounts(), spool.presences())
        self._new_id = new_id
        self._refused = RefusalCounts(new_id())
        self._watched = {robot: Watched(clock=clock) for robot, clock in spool.clocks().items()}
        self.directory = directory
        self.tally: DayTally | None = None
        """Where the day's figures are kept, if anybody wants them."""
        self.glimpses: LatestGlimpses | None = None
        """Where glimpses are put up, if anybody takes them."""

    def settle(self, arrivals: Sequence[Arrival | BrokerNotice]) -> tuple[DurableMark, ...]:
        """Bring a batch to disk; give the marks that its senders may now be told."""
        draft = Draft(self._accounts)
        refused = self._refused.draft()
        found, marks = self._ingested(draft, arrivals)
        heard = {robot for robot, _ in draft.changed}
        with self._spool.transaction():
            self._spool.append(refused.metered(found))
            dropped = self._spool.keep_limit()
            if dropped:
                self._spool.append_losses(write_off(draft, dropped, arrivals[-1].received_at))
            self._save(draft)
        self._accounts.adopt(draft)
        self._refused = refused
        self._count(arrivals, heard, found, dropped=len(dropped))
        return marks

    def let_go(self, arrivals: Sequence[Arrival]) -> None:
        """Record arrivals that a full spool does not take as lost: no report and no refusal of them is kept."""
        draft = Draft(self._accounts)
        found, _ = self._ingested(draft, arrivals)
        heard = {robot for robot, _ in draft.changed}
        gaps, dropped = without_reports(found)
        with self._spool.transaction():
            self._spool.append_losses([*gaps, *write_off(draft, dropped, arrivals[-1].received_at)])
            self._save(draft)
        self._accounts.adopt(draft)
        self._count(arrivals, heard, [item for item in found if not isinstance(item, Delivery)], dropped=len(dropped))

    def marks(self) -> tuple[DurableMark, ...]:
        """The mark of every robot's present boot, as it stands on disk."""
        counted = [robot for robot in self.directory.enrolments.robots if COUNTS_FROM.get(robot.protocol)]
        present = (
            (robot, present_of(self._accounts.boots(account_name(robot.robot, rehearsal=robot.rehearsal))))
            for robot in counted
        )
        return tuple(mark_of(robot, account) for robot, account in present if account)

    def _ingested(
        self, draft: Draft, arrivals: Iterable[Arrival | BrokerNotice]
    ) -> tuple[list[Item], tuple[DurableMark, ...]]:
        """What is to be kept of these arrivals, and the marks; glimpses are put up at once."""
        ingest = Ingest(draft, self._watched, self._new_id)
        items: list[Item] = []
        marks: dict[tuple[str, bool, int], DurableMark] = {}
        for arrival in arrivals:
            found, mark = self._take(ingest, arrival)
            for item in found:
                if not isinstance(item, RobotGlimpse):
                    items.append(item)
                elif self.glimpses is not None:
                    self.glimpses.put(item)
            if mark is not None:
                marks[mark.robot, mark.rehearsal, mark.boot] = mark
        return items, tuple(marks.values())

    def _take(self, ingest: Ingest, arrival: Arrival | BrokerNotice) -> Ingested:
        try:
            if isinstance(arrival, BrokerNotice):
                return ingest.take_notice(arrival, self.directory.behind(arrival.sender))
            return self._identified(ingest, arrival)
        except Exception:  # noqa: BLE001 - one message must not stop a hall; it is kept, and the log tells
            _log.exception("a message could not be taken")
            if isinstance(arrival, BrokerNotice):
                return Ingested()
            return Ingested((ingest.refuse(arrival, refuse("not-understood"), None),))

    def _identified(self, ingest: Ingest, arrival: Arrival) -> Ingested:
        mqtt = arrival.channel == "mqtt"
        if mqtt and is_for_others(arrival.address):
            return Ingested()
        protocol, address, heard = self.directory.hear(arrival)
        if mqtt and not self.directory.share.takes(address):
            # A session remembers what it once listened to; another worker has its own copy of this.
            return Ingested()
        robot = self.directory.find(protocol, address, rehearsal=mqtt and arrival.address.startswith(REHEARSAL))
        if robot is not None:
            return ingest.take(arrival, heard, robot)
        if isinstance(heard, Malformed):
            meant = self.directory.like(protocol, address) if mqtt else None
            return Ingested((ingest.refuse(arrival, heard, meant),))
        unknown = refuse("not-enrolled", address=address[:200], protocol=protocol)
        return Ingested((ingest.refuse(arrival, unknown, None),))

    def _save(self, draft: Draft) -> None:
        self._spool.save_accounts(draft.changed_accounts())
        self._spool.drop_accounts(draft.dropped)
        self._spool.save_presences(draft.presences.items())
        robots = {robot for robot, _ in draft.changed if robot in self._watched}
        self._spool.save_clocks({robot: self._watched[robot].clock for robot in robots})

    def _count(
        self, arrivals: Sequence[Arrival | BrokerNotice], heard: set[str], found: list[Item], *, dropped: int
    ) -> None:
        if self.tally is None or not arrivals:
            return
        now = arrivals[-1].received_at
        refused = sum(isinstance(item, Rejection) and not item.field for item in found)
        stored = sum(isinstance(item, Delivery) for item in found)
        self.tally.add(now, stored=stored, refused=refused, dropped=dropped)
        self.tally.hear(heard, now)
