"""Composition root of the bridge process: settings -> transports x protocols -> pipeline -> spool -> forwarder."""

import logging
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import click
import msgspec

from device_bridge.forwarder import Forwarder
from device_bridge.inbox import Acknowledger, Entry, Inbox, Receipt
from device_bridge.marks import MarkBoard, line_of, payload_of, topic_of
from device_bridge.pipeline import Arrival, Directory, Mark, Pipeline
from device_bridge.protocols import MESSAGE_PROTOCOLS, STREAM_PROTOCOLS
from device_bridge.server_connection import ServerConnection, ServerUnavailableError
from device_bridge.settings import SerialSettings, Settings, SettingsError, load_settings
from device_bridge.spool import Spool
from device_bridge.transports.mqtt import MqttTransport
from device_bridge.transports.serial_port import SerialTransport
from device_bridge.wire.batch import Enrolment, Enrolments

_log = logging.getLogger(__name__)

ENROLMENT_PERIOD_S = 5.0
_TICK_S = 0.05
_DISK_PATIENCE_S = 1.0
_SPOOL_FILE_MODE = 0o600


class SpoolInUseError(Exception):
    """Another bridge works on this spool; the message says which spool and what to do."""


def _now() -> datetime:
    return datetime.now(UTC)


class Bridge:
    """All parts of one bridge. `run` returns after `stop`, with everything acknowledged on disk.

    Raises `SpoolInUseError` while another bridge has the spool.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._inbox = Inbox()
        self._lock = _lock(settings.bridge.spool)
        _make_private(settings.bridge.spool)
        self._spool = Spool(settings.bridge.spool)
        self._server = ServerConnection(settings.bridge.server, settings.bridge.token)
        sender = ServerConnection(settings.bridge.server, settings.bridge.token)
        self._forwarder = Forwarder(Spool(settings.bridge.spool), sender, settings.bridge.name, _now, time.monotonic)
        self._mqtt: MqttTransport | None = None
        self._ports: dict[str, SerialTransport] = {}
        self._board = MarkBoard(self._send_mark)
        self._enrolling: threading.Thread | None = None

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    def run(self) -> None:
        """Wait for the enrolments, open the transports, and settle what arrives."""
        try:
            directory = self._first_directory()
            if directory is not None:
                self._work(directory)
        finally:
            self._close()

    def _work(self, directory: Directory) -> None:
        pipeline = Pipeline(self._spool, directory, lambda: f"{self._settings.bridge.name}-{uuid4().hex}")
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
                return Directory(found)
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
        pipeline.directory = Directory(found)
        self._open_ports(pipeline.directory)
        with closing(Spool(self._settings.bridge.spool)) as own:
            own.save_enrolments(found)

    def _open(self, directory: Directory) -> None:
        if self._settings.mqtt is not None:
            topics = tuple(topic for protocol in MESSAGE_PROTOCOLS.values() for topic in protocol.subscriptions)
            self._mqtt = MqttTransport(self._settings.mqtt, topics, self._inbox, _now)
            self._mqtt.start()
        self._open_ports(directory)

    def _open_ports(self, directory: Directory) -> None:
        for port in (*self._settings.serial, *self._enrolled_ports(directory)):
            if port.name not in self._ports:
                self._ports[port.name] = SerialTransport(port, self._inbox, _now)
                self._ports[port.name].start()

    def _enrolled_ports(self, directory: Directory) -> list[SerialSettings]:
        folder = self._settings.bridge.ports_dir
        if folder is None:
            return []
        robots = [robot for robot in directory.enrolments.robots if robot.protocol in STREAM_PROTOCOLS]
        outside = [robot.address for robot in robots if not _is_inside(robot.address)]
        if outside:
            _log.error("no ports: these enrolled addresses lead out of %s: %s", folder, outside)
        return [_port(folder, robot) for robot in robots if robot.address not in outside]

    def _settle_until_stopped(self, pipeline: Pipeline) -> None:
        while not self._stopping.is_set():
            self._revive(pipeline)
            self._repeat_marks()
            entries = self._inbox.take(_TICK_S)
            if entries and not self._settle(pipeline, entries):
                return
            self._board.flush(time.monotonic())

    def _settle(self, pipeline: Pipeline, entries: list[Entry]) -> bool:
        """Bring entries to disk, however often it takes, then acknowledge them; False when told to stop before."""
        arrivals = [entry.arrival for entry in entries]
        marks = self._settled(pipeline, arrivals)
        while marks is None:
            if self._stopping.wait(_DISK_PATIENCE_S):
                return False
            marks = self._settled(pipeline, arrivals)
        _acknowledge(entries)
        self._board.post(marks)
        self._forwarder.wake()
        return True

    def _settled(self, pipeline: Pipeline, arrivals: list[Arrival]) -> tuple[Mark, ...] | None:
        try:
            return pipeline.settle(arrivals)
        except sqlite3.OperationalError as error:
            _log.error("the spool takes nothing (%s); nothing is acknowledged until it does", error)
            return None

    def _revive(self, pipeline: Pipeline) -> None:
        """Start anew what has died; none of these threads ends before the bridge does."""
        if self._mqtt is not None and not self._mqtt.alive:
            _log.error("the MQTT network thread has died; starting it again")
            self._mqtt.start()
        for port in self._ports.copy().values():
            if not port.alive:
                _log.error("the thread of the serial port %s has died; starting it again", port.name)
                port.start()
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
            self._board.repeat(lambda mark: mark.protocol not in STREAM_PROTOCOLS)
        for port in self._ports.copy().values():
            if port.opened.is_set():
                port.opened.clear()
                self._board.repeat(partial(_belongs_to, port.name))

    def _send_mark(self, mark: Mark) -> None:
        if mark.protocol in STREAM_PROTOCOLS:
            if STREAM_PROTOCOLS[mark.protocol].marks and (port := self._ports.get(mark.address)):
                port.send_line(line_of(mark))
        elif self._mqtt is not None:
            self._mqtt.publish_retained(topic_of(mark), payload_of(mark))

    def _close(self) -> None:
        # First of all: whoever waits for room in the inbox could not end.
        self._stopping.set()
        self._inbox.close()
        if self._mqtt is not None:
            self._mqtt.stop()
        for port in self._ports.copy().values():
            port.stop()
        self._forwarder.stop()
        self._server.close()
        self._spool.close()
        os.close(self._lock)


def _lock(spool: Path) -> int:
    """Take the spool for this process; the lock goes when the process does, however it ends."""
    spool.parent.mkdir(parents=True, exist_ok=True)
    held = os.open(spool.with_name(f"{spool.name}.lock"), os.O_CREAT | os.O_RDWR, _SPOOL_FILE_MODE)
    try:
        _lock_at_once(held)
    except OSError as error:
        os.close(held)
        raise SpoolInUseError(
            f"another bridge works on {spool}. Stop it, or give this one a spool of its own."
        ) from error
    return held


if sys.platform == "win32":
    import msvcrt

    def _lock_at_once(held: int) -> None:
        """Lock the first byte, or raise `OSError`."""
        msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock_at_once(held: int) -> None:
        """Lock the file, or raise `OSError`."""
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _make_private(spool: Path) -> None:
    """Make the file before SQLite does, for nobody else to read: the files beside it take over its mode."""
    os.close(os.open(spool, os.O_CREAT | os.O_RDWR, _SPOOL_FILE_MODE))
    spool.chmod(_SPOOL_FILE_MODE)


def _port(folder: Path, robot: Enrolment) -> SerialSettings:
    """The port of an enrolled robot that stands in the folder of ports."""
    return SerialSettings(
        robot.address, str(folder / robot.address), robot.protocol, robot=robot.robot, options=robot.options
    )


def _is_inside(address: str) -> bool:
    """Whether this names something in a folder. A link in there may lead out: that is what by-id is made of."""
    path = Path(address)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\0" not in address


def _belongs_to(port: str, mark: Mark) -> bool:
    return mark.protocol in STREAM_PROTOCOLS and mark.address == port


def _acknowledge(entries: list[Entry]) -> None:
    receipts: dict[Acknowledger, list[Receipt]] = {}
    for entry in entries:
        if entry.receipt is not None and entry.origin is not None:
            receipts.setdefault(entry.origin, []).append(entry.receipt)
    for origin, own in receipts.items():
        origin.acknowledge(own)


def _stop_on_signals(stop: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signum, _frame: stop())


@click.command("bridge")
@click.option("--config", type=click.Path(path_type=Path), default=Path("bridge.toml"), show_default=True)
def bridge_command(config: Path) -> None:
    """Take telemetry from robots to the server.

    \b
    The configuration, an example:
      [bridge]
      server = "https://fairzone.example"
      spool = "/var/lib/fairzone/spool.db"
      ports_dir = "/dev/serial/by-id"
      [mqtt]
      host = "127.0.0.1"
      port = 1883
      [[serial]]
      name = "booth-d19-2c05-1"
      url = "/dev/serial/by-id/usb-FTDI_FT232R-if00-port0"

    The server's token comes from FAIRZONE_BRIDGE_TOKEN or as `token` under [bridge].
    """  # noqa: D301 - click's own mark for a paragraph that is not to be wrapped
    logging.basicConfig(level=logging.INFO, format="%(asctime)s bridge %(levelname)s %(message)s")
    try:
        bridge = Bridge(load_settings(config))
    except (SettingsError, SpoolInUseError) as error:
        click.echo(f"fairzone bridge: {error}", err=True)
        sys.exit(2)
    _stop_on_signals(bridge.stop)
    bridge.run()
