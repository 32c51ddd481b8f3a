"""From the spool to the server: batches over HTTP, back-off while it does not answer, nothing dropped.

An item leaves the spool only after a 2xx. One that the server says it will never take, or that it fails at again and
again while it takes others, is found by halving and set aside whole, so that it cannot hold up the others. Whatever
stands between bridge and server may answer anything: only the server's own words count as a refusal.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Generic, TypeVar

import msgspec

from device_bridge.glimpses import LatestGlimpses
from device_bridge.server_connection import TIMEOUT_S, ServerConnection, ServerRefusedError, ServerUnavailableError
from device_bridge.spool import Dead, Queued, Spool
from device_bridge.wire.batch import (
    MAX_RAW_BYTES,
    Batch,
    Delivery,
    Ledger,
    Rejection,
    encode_batch,
    encode_report,
)

_log = logging.getLogger(__name__)

PAGE = 500
GLIMPSE_PERIOD_S = 0.2
TROUBLE_PERIOD_S = 10.0
"""So often the server hears that the bridge takes no reports, while that lasts."""
LEDGER_PERIOD_S = 1.0
"""How often the accounts go to the server while reports flow."""
PATIENCE = 5
"""So often the server may fail at a page while it takes an empty batch, before the page itself is doubted."""
_MAX_PATIENCE = 40
_LOGGED_BYTES = 500
_BACK_OFF_S = (0.1, 0.2, 0.5, 1.0, 2.0)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)

Thing = TypeVar("Thing")


class _Handover(Generic[Thing]):
    """Hands one kind of thing to the server, and sets aside only what it takes in no company."""

    def __init__(
        self,
        post: "_Post",
        encode: Callable[[Sequence[Thing]], bytes],
        done: Callable[[Sequence[Thing]], None],
        set_aside: Callable[[Thing, str], None],
    ) -> None:
        self._post = post
        self._encode = encode
        self._done = done
        self._set_aside = set_aside
        self._failures = 0
        self._patience = PATIENCE

    def hand_over(self, things: Sequence[Thing]) -> None:
        """Get rid of these; raises `ServerUnavailableError` while the server takes none of them."""
        try:
            self._offer(things)
        except ServerUnavailableError:
            self._post.probe()
            self._failures += 1
            if self._failures < self._patience or len(things) == 1:
                raise
            self._search(things)
        self._failures, self._patience = 0, PATIENCE

    def _offer(self, things: Sequence[Thing]) -> None:
        """Post these; where the server refuses them, find and set aside what it refuses."""
        try:
            self._post.post(self._encode(things))
        except ServerRefusedError as error:
            if len(things) > 1:
                for half in _halves(things):
                    self._offer(half)
                return
            # Whoever refuses even nothing has not looked at this thing.
            self._post.probe()
            self._set_aside(things[0], str(error))
        else:
            self._done(things)

    def _search(self, things: Sequence[Thing]) -> None:
        """Find what the server fails at, get the others through, and set it aside.

        A server that takes nothing but empty batches (its disk is full) is ill: then none of these is to blame.
        """
        failing = self._failing(things)
        if len(failing) == len(things):
            self._failures, self._patience = 0, min(2 * self._patience, _MAX_PATIENCE)
            raise ServerUnavailableError("it takes an empty batch and nothing else")
        for thing in failing:
            try:
                self._offer([thing])
            except ServerUnavailableError as error:
                self._post.probe()
                self._set_aside(thing, str(error))

    def _failing(self, things: Sequence[Thing]) -> list[Thing]:
        try:
            self._offer(things)
        except ServerUnavailableError:
            self._post.probe()
            if len(things) == 1:
                return list(things)
            return [thing for half in _halves(things) for thing in self._failing(half)]
        return []


def _halves(things: Sequence[Thing]) -> tuple[Sequence[Thing], Sequence[Thing]]:
    middle = len(things) // 2
    return things[:middle], things[middle:]


class _Post:
    """The server for as long as the forwarder is not stopping; a long search must end with it."""

    def __init__(self, server: ServerConnection, stopping: threading.Event) -> None:
        self._server = server
        self._stopping = stopping

    def post(self, batch: bytes) -> None:
        """As `ServerConnection.post`."""
        self._check()
        self._server.post(batch)

    def probe(self) -> None:
        """As `ServerConnection.probe`."""
        self._check()
        self._server.probe()

    def _check(self) -> None:
        if self._stopping.is_set():
            raise ServerUnavailableError("the bridge ends")


class Forwarder:
    """Empties the spool into the server, in a thread of its own.

    `now` is the time of day for what is set aside; `clock` counts seconds and is never set back.
    """

    def __init__(
        self,
        spool: Spool,
        server: ServerConnection,
        name: str,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._spool = spool
        self._server = server
        self._name = name
        self._now = now
        self._clock = clock
        self._stopping = threading.Event()
        self._work = threading.Event()
        self._thread: threading.Thread | None = None
        self._ledgers_due = clock()
        self.trouble = ""
        """Why the server takes nothing at present; empty while it does."""
        self.glimpses: LatestGlimpses | None = None
        """Where glimpses are taken from, if anybody puts them up."""
        self._glimpses_due = clock()
        self.troubles: Callable[[], tuple[str, ...]] = tuple
        """What keeps the bridge from taking reports, at the moment of the call."""
        self._troubles_due = clock()
        post = _Post(server, self._stopping)
        self._items: _Handover[Queued] = _Handover(post, self._batch, self._forget, self._set_aside)
        self._ledgers: _Handover[Ledger] = _Handover(
            post, self._ledger_batch, spool.ledgers_sent, self._set_ledger_aside
        )

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to forward; again, if the thread has died."""
        self._thread = threading.Thread(target=self._run, name="forwarder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what was not forwarded waits in the spool."""
        self._stopping.set()
        self._work.set()
        if self._thread is not None:
            self._thread.join(timeout=TIMEOUT_S + 1)
        self._server.close()

    def wake(self) -> None:
        """Say that the spool has something new."""
        self._work.set()

    def forward_once(self) -> bool:
        """Hand over the oldest page, and the accounts when it is their time; True while there is more.

        Raises `ServerUnavailableError`; then everything that was not taken is still in the spool.
        """
        self._tell_troubles()
        page = self._spool.offer(PAGE)
        if page:
            self._items.hand_over(page)
        self._show_glimpses()
        if self._clock() >= self._ledgers_due:
            ledgers = self._spool.unsent_ledgers(PAGE)
            if ledgers:
                self._ledgers.hand_over(ledgers)
            self._ledgers_due = self._clock() + LEDGER_PERIOD_S
        return len(page) == PAGE

    def _tell_troubles(self) -> None:
        """Say what keeps the bridge from taking reports, past the spool: it may be the spool that takes nothing."""
        if self._clock() < self._troubles_due:
            return
        troubles = self.troubles()
        if not troubles:
            return
        self._troubles_due = self._clock() + TROUBLE_PERIOD_S
        try:
            self._server.post(encode_batch(Batch(self._name, troubles=troubles)))
        except ServerRefusedError as error:
            _log.warning("the server does not understand what troubles this bridge: %s", error)

    def _show_glimpses(self) -> None:
        """Send the newest glimpses; those that the server does not take are gone, newer ones follow."""
        if self.glimpses is None or self._clock() < self._glimpses_due:
            return
        self._glimpses_due = self._clock() + GLIMPSE_PERIOD_S
        glimpses = self.glimpses.take(PAGE)
        if glimpses:
            try:
                self._server.post(encode_batch(Batch(self._name, glimpses=glimpses)))
            except ServerRefusedError as error:
                _log.warning("the server does not take these glimpses; they are dropped: %s", error)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._work.clear()
            try:
                more = self.forward_once()
                failures, self.trouble = 0, ""
            except Exception as error:  # noqa: BLE001 - a thread's root: whatever it was, reports wait and go later
                self.trouble = str(error) or type(error).__name__
                self._complain(error, failures)
                self._stopping.wait(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])
                failures, more = failures + 1, True
            if not more:
                self._work.wait(LEDGER_PERIOD_S)

    def _complain(self, error: Exception, failures: int) -> None:
        """Say once a row of failures what it is; what nobody foresaw is said with where it happened."""
        if failures:
            return
        if isinstance(error, ServerUnavailableError):
            _log.warning("the server takes nothing (%s); reports wait in the spool", error)
        else:
            _log.error("forwarding failed; reports wait in the spool", exc_info=error)

    def _forget(self, page: Sequence[Queued]) -> None:
        self._spool.forget([queued.id for queued in page])

    def _set_aside(self, queued: Queued, answer: str) -> None:
        _log.error(
            "the server does not take this %s; it is set aside: %r: %s",
            queued.kind,
            queued.body[:_LOGGED_BYTES],
            answer,
        )
        rejection = self._rejection(queued, answer) if queued.kind == "delivery" else None
        self._spool.set_aside(queued.id, Dead(self._now(), queued.kind, queued.body, answer), rejection)

    def _set_ledger_aside(self, ledger: Ledger, answer: str) -> None:
        _log.error("the server does not take this account; it is set aside: %r: %s", ledger, answer)
        self._spool.set_ledger_aside(ledger, self._now(), answer)

    def _rejection(self, queued: Queued, answer: str) -> Rejection:
        """The refused delivery as the quarantine shows it."""
        delivery = _readable(queued)
        raw = encode_report(delivery.report) if delivery else queued.body
        robot = delivery.report.robot if delivery else None
        digest = blake2b(self._name.encode() + b"\0" + queued.body, digest_size=16).hexdigest()
        return Rejection(
            id=f"refused-{digest}",
            at=delivery.received_at if delivery else self._now(),
            channel="bridge",
            address=robot or "spool",
            code="refused-by-server",
            detail={"en": f"The server refused it: {answer}", "zh": f"服务器拒收：{answer}"},
            raw=raw[:MAX_RAW_BYTES],
            size=len(raw),
            robot=robot,
        )

    def _batch(self, page: Sequence[Queued]) -> bytes:
        def of(kind: str) -> tuple[msgspec.Raw, ...]:
            return tuple(msgspec.Raw(queued.body) for queued in page if queued.kind == kind)

        return _encode_raw(
            _RawBatch(
                self._name, of("delivery"), of("rejection"), of("gap"), of("presence"), of("factsheet"), of("alarm")
            )
        )

    def _ledger_batch(self, ledgers: Sequence[Ledger]) -> bytes:
        return encode_batch(Batch(self._name, ledgers=tuple(ledgers)))


def _readable(queued: Queued) -> Delivery | None:
    """The delivery that the body says; None where it says none, which may be why it was refused."""
    try:
        item = queued.item
    except _UNREADABLE:
        return None
    return item if isinstance(item, Delivery) else None


class _RawBatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """A `Batch` whose items are encoded already."""

    bridge: str
    deliveries: tuple[msgspec.Raw, ...] = ()
    rejections: tuple[msgspec.Raw, ...] = ()
    gaps: tuple[msgspec.Raw, ...] = ()
    presences: tuple[msgspec.Raw, ...] = ()
    factsheets: tuple[msgspec.Raw, ...] = ()
    alarms: tuple[msgspec.Raw, ...] = ()


_encode_raw = msgspec.json.Encoder().encode
