"""A stand-in for the server's two doors to the bridge, over real HTTP: it stores batches as the contract says."""

import threading
from collections.abc import Iterator
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import msgspec
import pytest

from device_bridge.wire.batch import (
    Batch,
    Delivery,
    Enrolments,
    Gap,
    Ledger,
    Receipt,
    Rejection,
    RobotFactsheet,
    RobotGlimpse,
    RobotPresence,
    decode_batch,
)
from tests.support.ports import LOOPBACK
from tests.support.robots import ENROLMENTS

TOKEN = "a-token-of-this-test"


class Answer(NamedTuple):
    """One HTTP answer."""

    status: int
    body: bytes
    kind: str = "application/json"


def problem(status: int, code: str, detail: str) -> Answer:
    """A refusal in the server's own words."""
    words = {"type": f"/api/problems#{code}", "status": status, "detail": detail, "code": code}
    return Answer(status, msgspec.json.encode(words), "application/problem+json")


class FairServer:
    """Keeps what it is sent; can be told to refuse or to fail at a robot, to be ill, or to stand behind a proxy."""

    def __init__(self) -> None:
        self.deliveries: dict[tuple[str, int, int], Delivery] = {}
        self.copies = 0
        self.rejections: dict[str, Rejection] = {}
        self.gaps: list[Gap] = []
        self.ledgers: dict[tuple[str, int], Ledger] = {}
        self.beside: list[RobotPresence | RobotGlimpse | RobotFactsheet] = []
        """What robots said beside their reports, in the order in which it came."""
        self.troubles: list[str] = []
        """What the bridge said that keeps it from taking reports, in the order in which it came."""
        self.enrolments: Enrolments = ENROLMENTS
        self.never_takes: str | None = None
        """A robot whose reports, gaps and accounts it refuses for good."""
        self.fails_at: str | None = None
        """A robot whose reports make it fail."""
        self.disk_full = False
        """It fails at everything but an empty batch."""
        self.out_of_order = False
        self.proxy: Answer | None = None
        """What something in between answers to everything in its stead."""
        self.asked = 0
        """How many batches came, whatever became of them."""
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
        self._thread.join(timeout=60)

    def numbers(self, robot: str) -> list[int]:
        """The numbers of a robot's stored reports, in the order in which they came."""
        return [seq for name, _, seq in self.deliveries if name == robot]

    def take(self, body: bytes) -> Answer:
        """Answer a batch."""
        self.asked += 1
        if self.proxy:
            return self.proxy
        if self.out_of_order:
            return Answer(503, b"out of order", "text/plain")
        try:
            batch = decode_batch(body)
        except msgspec.DecodeError as error:
            return problem(422, "invalid", str(error))
        robots = [delivery.report.robot for delivery in batch.deliveries]
        robots += [gap.robot for gap in batch.gaps] + [ledger.robot for ledger in batch.ledgers]
        if self.never_takes in robots:
            return problem(422, "invalid", "not this robot")
        full = self.disk_full and any((robots, batch.rejections))
        if full or any(delivery.report.robot == self.fails_at for delivery in batch.deliveries):
            return problem(500, "internal", "Something went wrong.")
        return Answer(200, msgspec.json.encode(self._store(batch)))

    def listed(self, known: str | None) -> tuple[Answer, str]:
        """Answer the question who may speak: (answer, ETag)."""
        body = msgspec.json.encode(self.enrolments)
        etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
        if self.proxy:
            return self.proxy, etag
        return (Answer(304, b"") if known == etag else Answer(200, body)), etag

    def _store(self, batch: Batch) -> Receipt:
        fresh = 0
        for delivery in batch.deliveries:
            key = (delivery.report.robot, delivery.report.boot, delivery.report.seq)
            fresh += key not in self.deliveries
            self.copies += key in self.deliveries
            self.deliveries[key] = delivery
        self.rejections.update({rejection.id: rejection for rejection in batch.rejections})
        self.gaps.extend(batch.gaps)
        self.troubles += batch.troubles
        self.beside += [*batch.presences, *batch.factsheets, *batch.glimpses]
        self.ledgers.update({(ledger.robot, ledger.boot): ledger for ledger in batch.ledgers})
        return Receipt(fresh, len(batch.deliveries) - fresh, len(batch.rejections))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fair = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                known = self.headers["Authorization"] == f"Bearer {TOKEN}"
                self._answer(fair.take(body) if known else problem(401, "login-required", "who are you"))

            def do_GET(self) -> None:
                answer, etag = fair.listed(self.headers["If-None-Match"])
                self._answer(answer, etag)

            def _answer(self, answer: Answer, etag: str | None = None) -> None:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(answer.body)))
                if etag:
                    self.send_header("ETag", etag)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def fair_server() -> Iterator[FairServer]:
    """A server that takes what the bridge sends."""
    server = FairServer()
    yield server
    server.close()
