"""Composition root of the bridge process: settings -> transports x protocols -> pipeline -> spool -> forwarder."""

import logging
import os
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import msgspec

from device_bridge.arrival_queue import Acknowledger, AckToken, ArrivalQueue, QueuedArrival
from device_bridge.arrivals import Arrival, DurableMark
from device_bridge.directory import Directory
from device_bridge.forwarder import Forwarder
from device_bridge.glimpses import LatestGlimpses
from device_bridge.health import Health, Parts, limit_of, troubles_of
from device_bridge.machine import FileInUseError, lock, make_private, tell_service
from device_bridge.marks import PendingMarks, frame_of, payload_of, topic_of
from device_bridge.partition import ALL, WorkerShare, instead, topics
from device_bridge.pipeline import Pipeline
from device_bridge.protocols import PORT_PROTOCOLS
from device_bridge.server_connection import ServerConnection, ServerUnavailableError
from device_bridge.settings import BridgeSettings
from device_bridge.spool import Spool
from device_bridge.spool_limit import trouble_of
from device_bridge.tally import DayCounts, DayTally
from device_bridge.transports.broker_log import BrokerLog
from device_bridge.transports.mqtt import MqttTransport
from device_bridge.transports.port_list import wanted_ports
from device_bridge.transports.port_thread import PortThread
from device_bridge.transports.ports import port_for
from device_bridge.vitals import VitalsWriter, read_vitals, vitals_path
from device_bridge.wire.batch import Enrolments

_log = logging.getLogger(__name__)

ENROLMENT_PERIOD_S = 1.0
"""A robot that was enrolled a moment ago is heard by the time somebody has pasted its line."""
_TICK_S = 0.05
_DISK_PATIENCE_S = 1.0
_DROPS_PERIOD_S = 60.0


class SpoolInUseError(Exception):
    """Another bridge works on this spool; the message says which spool and what to do."""


def _now() -> datetime:
    return datetime.now(UTC)


class Bridge:
    """All parts of one bridge. `run` returns after `stop`, with everything acknowledged on disk.

    Raises `SpoolInUseError` while another bridge has the spool.
    """

    def __init__(self, settings: BridgeSettings) -> None:
        self._settings = settings
        self._share = WorkerShare(settings.mqtt.worker, settings.mqtt.workers) if settings.mqtt else ALL
        self._stopping = threading.Event()
        self._queue = ArrivalQueue()
        self._lock = _lock(settings.bridge.spool)
        make_private(settings.bridge.spool)
        self._spool = Spool(settings.bridge.spool, limit_of(settings))
        self._server = ServerConnection(settings.bridge.server, settings.bridge.token)
        sender = ServerConnection(settings.bridge.server, settings.bridge.token)
        self._forwarder = Forwarder(
            Spool(settings.bridge.spool, limit_of(settings)), sender, settings.bridge.name, _now, time.monotonic
        )
        self._mqtt: MqttTransport | None = None
        self._denied: BrokerLog | None = None
        self._ports: dict[str, PortThread] = {}
        self._board = PendingMarks(self._send_mark)
        self._enrolling: threading.Thread | None = None
        self._tally = DayTally(_last_counts(settings.bridge.spool))
        self._told_drops = (self._tally.counts.dropped, float("-inf"))
        self._parts = Parts(self._ports, self._forwarder)
        self._forwarder.troubles = partial(troubles_of, self._parts, settings.bridge.spool)
        self._health = Health(settings, self._parts, self._tally, _now)
        self._vitals = VitalsWriter(vitals_path(settings.bridge.spool), self._health.look)

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    def run(self) -> None:
        """Wait for the enrolments, open the transports, and settle what arrives."""
        logging.getLogger("device_bridge").addHandler(self._health.keeper)
        self._vitals.start()
        tell_service("READY=1")
        try:
            directory = self._first_directory()
            if directory is not None:
                self._work(directory)
        finally:
            self._close()

    def _work(self, directory: Directory) -> None:
        pipeline = Pipeline(self._spool, directory, lambda: f"{self._settings.bridge.name}-{uuid4().hex}")
        pipeline.tally = self._tally
        pipeline.glimpses = self._forwarder.glimpses = LatestGlimpses()
        self._parts.enrolled = len(directory.enrolments.robots)
        self._board.post(pipeline.marks())
        self._forwarder.start()
        self._open(directory)
        self._start_enrolling(pipeline)
        self._settle_until_stopped(pipeline)

    def _first_directory(self) -> Directory | None:
        """The robots of the fair: from the server, or as last known. Without either, nobody could be identified."""
        while not self._stopping.is_set():
            try:
                found = self._server.enrolments(self._spool.save_enrolments)
            except (ServerUnavailableError, sqlite3.Error) as error:
                _log.warning("no list of robots from the server (%s)", error)
                found = self._last_enrolments()
            if found is not None:
                return Directory(found, self._share)
            self._stopping.wait(_DISK_PATIENCE_S / 2)
        return None

    def _last_enrolments(self) -> Enrolments | None:
        """The list as last saved; None before the first, and when it cannot be read."""
        try:
            return self._spool.enrolments()
        except (msgspec.DecodeError, sqlite3.Error) as error:
            _log.error("the saved list of robots cannot be read (%s)", error)
            return None

    def _start_enrolling(self, pipeline: Pipeline) -> None:
        self._enrolling = threading.Thread(
            target=self._follow_enrolments, args=(pipeline,), daemon=True, name="enrolments"
        )
        self._enrolling.start()

    def _follow_enrolments(self, pipeline: Pipeline) -> None:
        while not self._stopping.wait(ENROLMENT_PERIOD_S):
            try:
                self._server.enrolments(partial(self._enrol, pipeline))
            except ServerUnavailableError:
                continue
            except Exception:  # noqa: BLE001 - a thread's root: the list stays as it was and is asked for again
                _log.exception("the new list of robots cannot be used; trying again")

    def _enrol(self, pipeline: Pipeline, found: Enrolments) -> None:
        """Work with a new list of robots, then keep it for a start without the server."""
        pipeline.directory = Directory(found, self._share)
        self._parts.enrolled = len(found.robots)
        if self._mqtt is not None:
            self._mqtt.listen(topics(self._share, found.robots), instead(self._share, found.robots))
        self._open_ports(pipeline.directory)
        with closing(Spool(self._settings.bridge.spool)) as own:
            own.save_enrolments(found)

    def _open(self, directory: Directory) -> None:
        if self._settings.mqtt is not None:
            robots = directory.enrolments.robots
            own, fallbacks = topics(self._share, robots), instead(self._share, robots)
            self._mqtt = MqttTransport(self._settings.mqtt, own, self._queue, _now, fallbacks)
            self._mqtt.start()
            self._parts.broker = self._mqtt
            if self._settings.mqtt.log_file is not None:
                self._denied = BrokerLog(self._settings.mqtt.log_file, self._queue, _now)
                self._denied.start()
        self._open_ports(directory)

    def _open_ports(self, directory: Directory) -> None:
        wanted = list(wanted_ports(self._settings, directory.enrolments))
        for name in self._ports.keys() - {port.name for port in wanted}:
            # Its robot has another address now, or may not speak any more.
            _log.info("serial port %s is no robot's any more", name)
            self._ports.pop(name).stop()
        for port in wanted:
            open_already = self._ports.get(port.name)
            if open_already is not None and open_already.settings != port:
                open_already.stop()
            elif open_already is not None:
                continue
            self._ports[port.name] = port_for(port, self._queue, _now)
            self._ports[port.name].start()

    def _settle_until_stopped(self, pipeline: Pipeline) -> None:
        while not self._stopping.is_set():
            self._revive(pipeline)
            self._repeat_marks()
            entries = self._queue.take(_TICK_S)
            if entries and not self._settle(pipeline, entries):
                return
            self._board.flush(time.monotonic())
            if self._mqtt is not None:
                self._mqtt.send_waiting()

    def _settle(self, pipeline: Pipeline, entries: list[QueuedArrival]) -> bool:
        """Bring entries to disk, however often it takes, then acknowledge them; False when told to stop before."""
        marks = self._settled(pipeline, entries)
        while marks is None:
            if self._stopping.wait(_DISK_PATIENCE_S):
                return False
            entries = self._passed_over(pipeline, entries)
            marks = self._settled(pipeline, entries)
        _acknowledge(entries)
        self._board.post(marks)
        self._forwarder.wake()
        return True

    def _settled(self, pipeline: Pipeline, entries: list[QueuedArrival]) -> tuple[DurableMark, ...] | None:
        try:
            marks = pipeline.settle([entry.arrival for entry in entries])
        except sqlite3.OperationalError as error:
            self._parts.trouble = trouble_of(error)
            self._forwarder.wake()
            _log.error("the spool takes nothing (%s); nothing is acknowledged until it does", error)
            return None
        self._parts.trouble = None
        self._tell_drops()
        return marks

    def _tell_drops(self) -> None:
        """Say at most once a minute that the oldest reports give way."""
        dropped, moment = self._tally.counts.dropped, time.monotonic()
        if dropped > self._told_drops[0] and moment - self._told_drops[1] > _DROPS_PERIOD_S:
            _log.warning("the spool is at its limit: the oldest reports give way, %d today; each is counted", dropped)
            self._told_drops = (dropped, moment)

    def _passed_over(self, pipeline: Pipeline, entries: list[QueuedArrival]) -> list[QueuedArrival]:
        """While the spool is at its limit: let go what no acknowledgement can hold back, and keep the rest waiting.

        A serial robot with marks keeps what it was not told, and sends it again; one without is counted as lost.
        """
        if not self._parts.refusing:
            return entries
        waiting = [*entries, *self._queue.take_unacknowledged()]
        serial = [one.arrival for one in waiting if one.origin is None and isinstance(one.arrival, Arrival)]
        lost = [arrival for arrival in serial if not PORT_PROTOCOLS[arrival.protocol].marks]
        try:
            if lost:
                pipeline.let_go(lost)
        except sqlite3.OperationalError as error:
            _log.error("what is lost cannot be counted (%s); trying again", error)
            return waiting
        return [entry for entry in waiting if entry.origin is not None]

    def _revive(self, pipeline: Pipeline) -> None:
        """Start anew what has died; none of these threads ends before the bridge does."""
        if self._mqtt is not None and not self._mqtt.alive:
            _log.error("the MQTT network thread has died; starting it again")
            self._mqtt.start()
        for port in self._ports.copy().values():
            if not port.alive:
                _log.error("the thread of the serial port %s has died; starting it again", port.name)
                port.start()
        if self._denied is not None and not self._denied.alive:
            _log.error("the thread that follows the broker's log has died; starting it again")
            self._denied.start()
        if not self._forwarder.alive:
            _log.error("the forwarder has died; starting it again")
            self._forwarder.start()
        follows = self._enrolling is not None and self._enrolling.is_alive()
        if not follows and not self._stopping.is_set():
            _log.error("the thread that follows the enrolments has died; starting it again")
            self._start_enrolling(pipeline)

    def _repeat_marks(self) -> None:
        """Tell every robot its mark again after its wire was away: a broker or a robot may have forgotten it."""
        if self._mqtt is not None and self._mqtt.opened.is_set():
            self._mqtt.opened.clear()
            self._board.repeat(lambda mark: mark.protocol not in PORT_PROTOCOLS)
        for port in self._ports.copy().values():
            if port.opened.is_set():
                port.opened.clear()
                self._board.repeat(partial(_belongs_to, port.name))

    def _send_mark(self, mark: DurableMark) -> None:
        if mark.protocol in PORT_PROTOCOLS:
            if (frame := frame_of(mark)) and (port := self._ports.get(mark.address)):
                port.send_line(frame)
        elif self._mqtt is not None:
            self._mqtt.publish_retained(topic_of(mark), payload_of(mark))

    def _close(self) -> None:
        # First of all: whoever waits for room in the queue could not end.
        self._stopping.set()
        tell_service("STOPPING=1")
        self._queue.close()
        if self._denied is not None:
            self._denied.stop()
        if self._mqtt is not None:
            self._mqtt.stop()
        for port in self._ports.copy().values():
            port.stop()
        self._forwarder.stop()
        self._server.close()
        self._vitals.stop()
        self._health.close()
        self._spool.close()
        logging.getLogger("device_bridge").removeHandler(self._health.keeper)
        os.close(self._lock)


def _lock(spool: Path) -> int:
    """Take the spool for this process."""
    spool.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return lock(lock_path(spool))
    except FileInUseError as error:
        raise SpoolInUseError(
            f"another bridge works on {spool}. Stop it, or give this one a spool of its own."
        ) from error


def lock_path(spool: Path) -> Path:
    """The file whose lock says that a bridge works on this spool."""
    return spool.with_name(f"{spool.name}.lock")


def _last_counts(spool: Path) -> DayCounts:
    """The day's figures as an earlier run of this bridge left them."""
    known = read_vitals(spool)
    return known.counts if known else DayCounts(_now().astimezone().date())


def _belongs_to(port: str, mark: DurableMark) -> bool:
    return mark.protocol in PORT_PROTOCOLS and mark.address == port


def _acknowledge(entries: list[QueuedArrival]) -> None:
    receipts: dict[Acknowledger, list[AckToken]] = {}
    for entry in entries:
        if entry.receipt is not None and entry.origin is not None:
            receipts.setdefault(entry.origin, []).append(entry.receipt)
    for origin, own in receipts.items():
        origin.acknowledge(own)
