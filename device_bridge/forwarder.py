"""From the spool to the server: batches over HTTP, back-off while it does not answer, nothing dropped.

An item leaves the spool only after a 2xx. A batch that the server will never take (4xx) is halved until the one bad
item stands alone; that one goes to quarantine with the server's own words, so that it cannot hold up the others.
"""

import http.client
import logging
import ssl
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec

from device_bridge.spool import Queued, Spool
from device_bridge.wire.batch import (
    MAX_RAW_BYTES,
    Batch,
    Delivery,
    Enrolments,
    Rejection,
    decode_enrolments,
    decode_receipt,
    encode_batch,
    encode_report,
)

_log = logging.getLogger(__name__)

PAGE = 500
LEDGER_PERIOD = timedelta(seconds=1)
"""How often the accounts go to the server while reports flow."""
_TIMEOUT_S = 10.0
_PATIENCE_S = (0.1, 0.2, 0.5, 1.0, 2.0)
_FOR_GOOD = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}


class ServerUnavailableError(Exception):
    """The server did not take it now; it will be asked again."""


class ServerRefusedError(Exception):
    """The server will never take this body; the message is its answer."""


class ServerConnection:
    """The bridge's HTTP connection to the server; kept open between calls. Belongs to one thread."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        host, port = parts.hostname or "127.0.0.1", parts.port
        self._connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
        )
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._etag: str | None = None

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        self._connection.close()

    def post(self, batch: bytes) -> None:
        """Hand over an encoded batch. Raises `ServerUnavailableError` or `ServerRefusedError`."""
        status, body, _ = self._call("POST", "/api/v1/telemetry/batches", batch, {})
        if status in _FOR_GOOD:
            raise ServerRefusedError(body[:500].decode("utf-8", "replace"))
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise ServerUnavailableError(f"{status}: {body[:200]!r}")
        decode_receipt(body)

    def enrolments(self) -> Enrolments | None:
        """Who may speak; None when nothing has changed since the last call. Raises `ServerUnavailableError`."""
        known = {"If-None-Match": self._etag} if self._etag else {}
        status, body, headers = self._call("GET", "/api/v1/bridge/enrolments", None, known)
        if status == HTTPStatus.NOT_MODIFIED:
            return None
        if status != HTTPStatus.OK:
            raise ServerUnavailableError(f"{status}: {body[:200]!r}")
        self._etag = headers.get("ETag")
        return decode_enrolments(body)

    def _call(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        try:
            self._connection.request(method, path, body, {**self._headers, **headers})
            response = self._connection.getresponse()
            return response.status, response.read(), response.headers
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise ServerUnavailableError(str(error) or type(error).__name__) from error


class Forwarder:
    """Empties the spool into the server, in a thread of its own."""

    def __init__(self, spool: Spool, server: ServerConnection, name: str, now: Callable[[], datetime]) -> None:
        self._spool = spool
        self._server = server
        self._name = name
        self._now = now
        self._stopping = threading.Event()
        self._work = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forwarder", daemon=True)
        self._ledgers_at = now() - LEDGER_PERIOD
        self.last_success: datetime | None = None

    def start(self) -> None:
        """Begin to forward."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what was not forwarded waits in the spool."""
        self._stopping.set()
        self._work.set()
        self._thread.join(timeout=_TIMEOUT_S + 1)
        self._server.close()

    def wake(self) -> None:
        """Say that the spool has something new."""
        self._work.set()

    def forward_once(self) -> bool:
        """Hand over the oldest page, and the accounts when it is their time; True while there is more.

        Raises `ServerUnavailableError`; then everything is still in the spool.
        """
        page = self._spool.oldest(PAGE)
        if page:
            self._hand_over(page)
        now = self._now()
        if now - self._ledgers_at >= LEDGER_PERIOD:
            self._send_ledgers()
            self._ledgers_at = now
        self.last_success = now
        return len(page) == PAGE

    def _send_ledgers(self) -> None:
        ledgers = self._spool.unsent_ledgers(PAGE)
        if ledgers:
            self._server.post(encode_batch(Batch(self._name, ledgers=ledgers)))
            self._spool.ledgers_sent(ledgers)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._work.clear()
            try:
                more = self.forward_once()
                failures = 0
            except ServerUnavailableError as error:
                if not failures:
                    _log.warning("the server takes nothing (%s); reports wait in the spool", error)
                self._stopping.wait(_PATIENCE_S[min(failures, len(_PATIENCE_S) - 1)])
                failures, more = failures + 1, True
            if not more:
                self._work.wait(LEDGER_PERIOD.total_seconds())

    def _hand_over(self, page: list[Queued]) -> None:
        try:
            self._server.post(_batch(self._name, page))
        except ServerRefusedError as error:
            self._isolate(page, str(error))
            return
        self._spool.forget([queued.id for queued in page])

    def _isolate(self, page: list[Queued], answer: str) -> None:
        if len(page) == 1:
            self._set_aside(page[0], answer)
            return
        middle = len(page) // 2
        self._hand_over(page[:middle])
        self._hand_over(page[middle:])

    def _set_aside(self, queued: Queued, answer: str) -> None:
        item = queued.item
        if not isinstance(item, Delivery):
            _log.error("the server refuses this for good and it is dropped: %r: %s", item, answer)
            self._spool.forget((queued.id,))
            return
        raw = encode_report(item.report)
        rejection = Rejection(
            id=f"{self._name}-refused-{item.report.robot}-{item.report.boot}-{item.report.seq}"[:80],
            at=item.received_at,
            channel="bridge",
            address=item.report.robot,
            code="refused-by-server",
            detail={"en": f"The server refused it: {answer}", "zh": f"服务器拒收：{answer}"},
            raw=raw[:MAX_RAW_BYTES],
            size=len(raw),
            robot=item.report.robot,
        )
        self._spool.replace(queued.id, rejection)


class _RawBatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """A `Batch` whose items are encoded already."""

    bridge: str
    deliveries: tuple[msgspec.Raw, ...] = ()
    rejections: tuple[msgspec.Raw, ...] = ()
    gaps: tuple[msgspec.Raw, ...] = ()


_encode_raw = msgspec.json.Encoder().encode


def _batch(name: str, page: list[Queued]) -> bytes:
    def of(kind: str) -> tuple[msgspec.Raw, ...]:
        return tuple(msgspec.Raw(queued.body) for queued in page if queued.kind == kind)

    return _encode_raw(_RawBatch(name, of("delivery"), of("rejection"), of("gap")))
