"""Flask behind ASGI with one handoff to a thread and one back for each request, however many pieces either has.

a2wsgi, whose environ is used here, goes to the event loop and back for every piece of a request and of its answer; for
a small answer that took four fifths of the process (`deploy/adr/0008`).
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

from a2wsgi.wsgi import build_environ

from server.infra.live import Receive, Scope, Send

PIECE = 1 << 20
"""Bytes of an answer that one handoff carries, about; few answers are longer. A longer request waits for its turn."""

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ClientGoneError(Exception):
    """Whoever asked hung up before the whole request was there."""


@dataclass
class Answer:
    """What the application says to one request: status and headers from the first call on, and its pieces in turn."""

    context: Context
    """One for the whole answer: each piece may come from another thread."""
    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    _pieces: Iterator[bytes] = field(default_factory=lambda: iter(()))
    _found: Any = None
    """What the application returned, until it is closed."""

    def begin(self, application: Application, environ: dict[str, Any]) -> bytes:
        """Call the application. Returns the first `PIECE` of the answer, which is all of it when it is shorter."""
        return self.context.run(self._begin, application, environ)

    def more(self) -> bytes:
        """The next `PIECE` of the answer; less than one at its end."""
        return self.context.run(self._next)

    def close(self) -> None:
        """Let the application clean up after an answer that nobody reads to its end."""
        self.context.run(self._finish)

    @property
    def is_open(self) -> bool:
        """Whether there is something to close."""
        return self._found is not None

    def _begin(self, application: Application, environ: dict[str, Any]) -> bytes:
        self._found = application(environ, self._start)
        self._pieces = iter(self._found)
        return self._next()

    def _next(self) -> bytes:
        gathered = bytearray()
        for piece in self._pieces:
            gathered += piece
            if len(gathered) >= PIECE:
                return bytes(gathered)
        self._finish()
        return bytes(gathered)

    def _finish(self) -> None:
        found, self._found = self._found, None
        if hasattr(found, "close"):
            found.close()

    def _start(self, status: str, headers: Headers, _exc_info: object = None) -> Callable[[bytes], None]:
        self.status = int(status.partition(" ")[0])
        self.headers = [(name.encode("latin-1").lower(), value.encode("latin-1")) for name, value in headers]
        return _write


def _write(_piece: bytes) -> None:
    raise NotImplementedError("WSGI's write() is older than Flask, which does not use it")


class WsgiDoor:
    """Lets HTTP requests in to a WSGI application that runs on `threads`.

    A request is read by the event loop, so that a slow sender costs no thread; of long ones only so many at once as
    there are threads, and never more than `longest` bytes: what is longer is refused by the application itself.
    """

    def __init__(self, application: Application, *, threads: int, longest: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._turns = asyncio.Semaphore(threads)
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = cast("dict[str, Any]", build_environ(cast("Any", scope), cast("Any", BytesIO())))
        length = _length(environ)
        turn: AbstractAsyncContextManager[Any] = self._turns if length is None or length > PIECE else nullcontext()
        async with turn:
            try:
                await self._read(environ, length, receive)
            except ClientGoneError:
                return
            await self._answer(environ, send)

    def close(self) -> None:
        """Take no more work; what runs may end."""
        self._threads.shutdown(wait=False)

    async def _read(self, environ: dict[str, Any], length: int | None, receive: Receive) -> None:
        """Read the request's body. One of unknown length is read until it is too long to be taken."""
        if length is not None and not 0 < length <= self._longest:
            return
        enough = self._longest + 1 if length is None else length
        body = bytearray()
        more = True
        while more and len(body) < enough:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            body += message.get("body", b"")
            more = message.get("more_body", False)
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))

    async def _answer(self, environ: dict[str, Any], send: Send) -> None:
        run = asyncio.get_running_loop().run_in_executor
        answer = Answer(copy_context())
        try:
            piece = await run(self._threads, answer.begin, self._application, environ)
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            while len(piece) >= PIECE:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await run(self._threads, answer.more)
            await send({"type": "http.response.body", "body": piece, "more_body": False})
        finally:
            if answer.is_open:
                await run(self._threads, answer.close)


def _length(environ: dict[str, Any]) -> int | None:
    """How long the body is said to be, in bytes; None where only its end will tell."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    declared = environ.get("CONTENT_LENGTH", "")
    return int(declared) if declared.isdecimal() else 0
