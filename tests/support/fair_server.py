"""A stand-in for the server's two doors to the bridge, over real HTTP: it stores batches as the contract says."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from device_bridge.wire.batch import Batch, Delivery, Enrolments, Gap, Ledger, Receipt, Rejection, decode_batch
from tests.support.ports import LOOPBACK
from tests.support.robots import ENROLMENTS

TOKEN = "a-token-of-this-test"


class FairServer:
    """Keeps what it is sent; can be told to refuse a robot for good, or to be out of order."""

    def __init__(self) -> None:
        self.deliveries: dict[tuple[str, int, int], Delivery] = {}
        self.copies = 0
        self.rejections: dict[str, Rejection] = {}
        self.gaps: list[Gap] = []
        self.ledgers: dict[tuple[str, int], Ledger] = {}
        self.enrolments: Enrolments = ENROLMENTS
        self.never_takes: str | None = None
        self.out_of_order = False
        self._server = ThreadingHTTPServer((LOOPBACK, 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def numbers(self, robot: str) -> list[int]:
        """The numbers of a robot's stored reports, in the order in which they came."""
        return [seq for name, _, seq in self.deliveries if name == robot]

    def take(self, body: bytes) -> tuple[int, bytes]:
        """Answer a batch: (status, body)."""
        if self.out_of_order:
            return 503, b"out of order"
        batch = decode_batch(body)
        if any(delivery.report.robot == self.never_takes for delivery in batch.deliveries):
            return 422, b"not this robot"
        return 200, msgspec.json.encode(self._store(batch))

    def _store(self, batch: Batch) -> Receipt:
        fresh = 0
        for delivery in batch.deliveries:
            key = (delivery.report.robot, delivery.report.boot, delivery.report.seq)
            fresh += key not in self.deliveries
            self.copies += key in self.deliveries
            self.deliveries[key] = delivery
        self.rejections.update({rejection.id: rejection for rejection in batch.rejections})
        self.gaps.extend(batch.gaps)
        self.ledgers.update({(ledger.robot, ledger.boot): ledger for ledger in batch.ledgers})
        return Receipt(fresh, len(batch.deliveries) - fresh, len(batch.rejections))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fair = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self._answer(*(fair.take(body) if self._known() else (401, b"who are you")))

            def do_GET(self) -> None:
                self._answer(200, msgspec.json.encode(fair.enrolments))

            def _known(self) -> bool:
                return self.headers["Authorization"] == f"Bearer {TOKEN}"

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def fair_server() -> Iterator[FairServer]:
    """A server that takes what the bridge sends."""
    server = FairServer()
    yield server
    server.close()
