"""Flask behind ASGI with one handoff to a thread and one back for each request, however many pieces either has.

a2wsgi, whose environ is used here, goes to the event loop and back for every piece of a request and of its answer; for
a small answer that took four fifths of the process (`deploy/adr/0008`).
"""

import asyncio
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager, suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

from a2wsgi.wsgi import build_environ

from server.infra.bodies import (
    SMALL,
    BodyPatience,
    BodySender,
    BodyShare,
    NoRoomError,
    SenderKind,
    TooSlowError,
    gathered,
    shares,
)
from server.infra.live import Receive, Scope, Send
from server.kernel.errors import BusyError, FairZoneError, SlowRequestError

PIECE = 1 << 20
"""Bytes of an answer that one handoff carries, about; few answers are longer."""
SENT_AT_ONCE = 1 << 16
"""Bytes of an answer that are sent whatever its reader does; of a longer one the rest goes at the reader's pace."""
REFUSAL = "fairzone.refusal"
"""Where the environ says that the application has to refuse a request, and how."""
MOST_DIGITS = 18
"""No body has a longer length; Python reads no number of any length."""

Headers = list[tuple[str, str]]
Keeper = Callable[[dict[str, Any]], BodySender]
"""Says whose request this is, before its body is read."""
Sorter = Callable[[dict[str, Any]], str | None]
"""Says in which queue a request waits apart, if it does."""
QUEUE = "fairzone.queue"
BELOW_PAGES = 10
"""How far below the other threads those run that take long by design, on the scale of `nice`."""
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ClientGoneError(Exception):
    """Whoever asked hung up before the whole request was there, or does not read the answer."""


@dataclass(frozen=True)
class WsgiLimits:
    """What the adapter bears: how long it waits, for how many bytes it has room, and how much may wait to be read."""

    patience: BodyPatience = field(default_factory=BodyPatience)
    shares: Callable[[], dict[SenderKind, BodyShare]] = shares
    answers: int = 64 << 20
    """Bytes of long answers that may wait for their readers before the adapter becomes impatient."""


@dataclass
class WsgiAnswer:
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


class Queue:
    """Where slow requests wait apart: so many run at a time, below the pages, and so many may be there at all."""

    def __init__(self, threads: int, most: int) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="request-apart", initializer=_give_way)
        self.most = most
        self.inside = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the queue while the block runs. Raises `NoRoomError` when there is none."""
        if self.inside >= self.most:
            raise NoRoomError
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1


def _give_way() -> None:
    """Let every other thread go first: what takes long by design must not take it from the pages."""
    with suppress(OSError, AttributeError):  # only Linux has priorities of single threads
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BELOW_PAGES)


class WsgiAdapter:
    """Lets HTTP requests in to a WSGI application that runs on `threads`; machines' requests on threads of their own.

    A request is read by the event loop, so that a slow sender costs no thread. Before a body that is longer than
    `SMALL` is read, `keeper` says whose it is and how long it may be: what is longer, and what its sender may not send
    at all, is left unread for the application to refuse. A body that does not come in time is refused, and so is one
    for which nobody makes room. What `sorter` sends to one of the `queues` waits there, and costs no thread of others.
    """

    def __init__(
        self,
        application: Application,
        *,
        threads: int,
        keeper: Keeper,
        limits: WsgiLimits | None = None,
        queues: Mapping[str, Queue] | None = None,
        sorter: Sorter = lambda _environ: None,
        machine_paths: tuple[str, ...] = (),
    ) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._machines = ThreadPoolExecutor(max(2, threads // 4), thread_name_prefix="request-machine")
        self._keeper = keeper
        self._limits = limits or WsgiLimits()
        self._shares = self._limits.shares()
        self._queues = queues or {}
        self._sorter = sorter
        self._machine_paths = machine_paths
        self._answering = 0
        """Bytes of long answers that wait for their readers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = cast("dict[str, Any]", build_environ(cast("Any", scope), cast("Any", BytesIO())))
        with suppress(ClientGoneError):
            async with AsyncExitStack() as held:
                try:
                    await self._read(environ, receive, held)
                    self._queue(environ, held)
                except NoRoomError:
                    _refuse(environ, BusyError())
                except TooSlowError:
                    _refuse(environ, SlowRequestError())
                await self._answer(environ, send)

    def close(self) -> None:
        """Take no more work; what runs may end."""
        self._threads.shutdown(wait=False)
        self._machines.shutdown(wait=False)
        for queue in self._queues.values():
            queue.threads.shutdown(wait=False)

    async def _read(self, environ: dict[str, Any], receive: Receive, held: AsyncExitStack) -> None:
        """Read the request's body, if it may come; what it takes is held until it was answered."""
        length = _length(environ)
        if length == 0:
            return
        size = length if length is not None and length <= SMALL else await self._room(environ, length, held)
        if size:
            body = await gathered(lambda: _piece(receive), size, self._limits.patience)
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))

    async def _room(self, environ: dict[str, Any], length: int | None, held: AsyncExitStack) -> int:
        """Make room for a long body; how many bytes of it to read, 0 where it is to be refused unread."""
        sender = await asyncio.get_running_loop().run_in_executor(self._pool(environ), self._keeper, environ)
        if not sender.longest or (length is not None and length > sender.longest):
            return 0
        # One of unknown length is read until it is too long to be taken.
        size = sender.longest + 1 if length is None else length
        share = self._shares[sender.kind]
        await held.enter_async_context(share.held(sender.name, size, self._limits.patience.turn))
        return size

    def _queue(self, environ: dict[str, Any], held: AsyncExitStack) -> None:
        """Let a slow request wait apart. Raises `NoRoomError`."""
        name = self._sorter(environ)
        if name is not None:
            queue = self._queues[name]
            held.enter_context(queue.place())
            environ[QUEUE] = queue.threads

    def _pool(self, environ: dict[str, Any]) -> ThreadPoolExecutor:
        apart: ThreadPoolExecutor | None = environ.get(QUEUE)
        if apart is not None:
            return apart
        return self._machines if environ["PATH_INFO"].startswith(self._machine_paths) else self._threads

    async def _answer(self, environ: dict[str, Any], send: Send) -> None:
        run, pool = asyncio.get_running_loop().run_in_executor, self._pool(environ)
        answer = WsgiAnswer(copy_context())
        try:
            piece = await run(pool, answer.begin, self._application, environ)
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            while len(piece) >= PIECE:
                await self._send_slowly(piece, send)
                piece = await run(pool, answer.more)
            if len(piece) > SENT_AT_ONCE:
                await self._send_slowly(piece, send)
                piece = b""
            await send({"type": "http.response.body", "body": piece, "more_body": False})
        finally:
            if answer.is_open:
                await run(pool, answer.close)

    async def _send_slowly(self, piece: bytes, send: Send) -> None:
        """Send a long piece at its reader's pace; whoever does not read holds it for a while and no longer.

        Raises `ClientGoneError` then.
        """
        self._answering += len(piece)
        try:
            for start in range(0, len(piece), SENT_AT_ONCE):
                patience = self._limits.patience.answer
                async with asyncio.timeout(patience if self._answering <= self._limits.answers else patience / 10):
                    part = piece[start : start + SENT_AT_ONCE]
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        except TimeoutError as error:
            raise ClientGoneError from error
        finally:
            self._answering -= len(piece)


async def _piece(receive: Receive) -> tuple[bytes, bool]:
    """The next piece of a body, and whether more follow. Raises `ClientGoneError`."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGoneError
    return message.get("body", b""), message.get("more_body", False)


def _refuse(environ: dict[str, Any], refusal: FairZoneError) -> None:
    """Let the application say no, in its own words, without the body that did not come."""
    environ.update({REFUSAL: refusal, "wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"})
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _length(environ: dict[str, Any]) -> int | None:
    """How long the body is said to be, in bytes; None where only its end will tell."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    declared = environ.get("CONTENT_LENGTH", "")
    return int(declared) if declared.isdecimal() and len(declared) <= MOST_DIGITS else 0
