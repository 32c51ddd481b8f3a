"""The live feed: `GET /live?zone=1` (or `booth=…`, `robot=…`, `timetable=1`) as server-sent events, a native ASGI app.

It lives beside Flask on the same port, since a thread a viewer would cost twice the latency and five times the CPU.
One poller a process reads the change feed, and only while somebody listens. A fresh listener gets a `snapshot`, then
every change with its id (of the zone a digest a second, in the shape of the snapshot); with `Last-Event-ID` (or
`?last=`) it gets what it missed, from whichever process answers.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar
from urllib.parse import parse_qs

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.test import EnvironBuilder

from server.infra import livereader
from server.infra.identity import Audience, Identity
from server.infra.livehub import ChangeRow, Group, Hub, Listener, encode_json, frame
from server.infra.livetopic import LiveScope, LiveTopic
from server.infra.news import names_of
from server.infra.web.context import identity, services
from server.infra.web.errors import refuse
from server.infra.web.headers import HEADERS as SECURITY
from server.infra.web.headers import hsts
from server.infra.web.language import rfc3339
from server.kernel.errors import BusyError, FairZoneError, ForbiddenError, InvalidError, LoginRequiredError
from server.kernel.permissions import Role

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Result = TypeVar("Result")

PATH = "/live"
ACTION = "live.view"
POLL_S = 0.1
DIGEST_S = 1.0
TICK_S = 5.0
PAUSE_AFTER_ERROR_S = 1.0
SCOPES = ("zone", "booth", "robot", "timetable", "own")
MOST_STREAMS, MOST_STREAMS_OF_VISITORS = 3_200, 2_400
"""Of the 4,096 connections of a web process; behind one address there may be a whole hall, so nothing counts by it."""
MAX_SCOPE_CHARS = 120
MAX_CURSOR_DIGITS = 18
"""Every such number fits the database's 64 bits."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    *((name.lower().encode(), value.encode()) for name, value in SECURITY.items()),
]


@dataclass(frozen=True)
class Wish:
    """What a listener asked for: the scope, and the last change that it has seen, if it was here before."""

    scope: LiveScope
    last: int | None


class LiveFeed:
    """The ASGI application of the feed. `run` must run beside it; `stop` ends it and every stream."""

    def __init__(self, app: Flask, topics: Iterable[LiveTopic]) -> None:
        kept = services(app)
        self._app = app
        self._database = kept.database
        self._clock = kept.clock
        self._build = kept.build
        self._hub = Hub(topics)
        self._cursor: int | None = None
        self._digested_at = 0.0
        self._waking = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._served = count()
        self._headers = [*HEADERS, *((name.lower().encode(), value.encode()) for name, value in hsts(kept.settings))]
        # The poller has a thread of its own: a thousand screens that return at once must not hold up the news.
        self._poll_thread = ThreadPoolExecutor(1, "live-poll")
        self._join_threads = ThreadPoolExecutor(4, "live-join")

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._hub)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: a stream that ends when the listener leaves, falls behind, or the server stops."""
        try:
            if scope["method"] != "GET":
                raise InvalidError(detail="GET")
            wish = read_wish(scope)
            who = await self._in_thread(self._join_threads, lambda: self._identify(scope))
            wish = _of_reader(wish, who)
            self._admit(who)
        except FairZoneError as refusal:
            await self._refuse(scope, send, refusal)
            return
        listener = self._hub.join(wish.scope, Audience.of(who), who.account_id, who.session_id, who.until)
        try:
            await self._stream(listener, wish, receive, send)
        finally:
            self._hub.leave(listener)

    async def run(self) -> None:
        """Poll the change feed while somebody listens, and tick; until `stop`. Returning earlier is a fault."""
        ticking = asyncio.create_task(self._tick())
        while not self._stopping.is_set():
            pause = await self._poll()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
        ticking.cancel()

    def stop(self) -> None:
        """End every stream and the poller; the screens come back to whoever serves next."""
        self._stopping.set()
        self._hub.close_all()
        self._poll_thread.shutdown(wait=False, cancel_futures=True)
        self._join_threads.shutdown(wait=False, cancel_futures=True)

    async def _poll(self) -> float:
        """Pass on what is new and return how long to pause, in seconds."""
        if not self._hub:
            self._cursor = None  # nobody listens: the next listener sets the mark anew
            self._hub.forget()
        if self._cursor is None:
            return POLL_S
        cursor = self._cursor
        try:
            rows = await self._in_thread(self._poll_thread, lambda: livereader.rows_after(self._database, cursor))
            self._publish(rows)
            self._digest()
        except SQLAlchemyError as error:
            log.warning("the change feed cannot be read: %s", type(error).__name__)
            return PAUSE_AFTER_ERROR_S
        except Exception:
            # The ticks would go on and every screen would trust its last picture: the poller must outlive any fault.
            log.exception("the change feed cannot be passed on")
            return PAUSE_AFTER_ERROR_S
        return 0.0 if len(rows) == livereader.POLL_LIMIT else POLL_S

    def _publish(self, rows: list[ChangeRow]) -> None:
        if rows:
            self._cursor = rows[-1].id
            self._hub.publish(rows)

    def _digest(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._digested_at >= DIGEST_S:
            self._digested_at = now
            self._hub.digest(self._clock.now())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._hub.end_expired(self._clock.now())
            self._hub.broadcast(self._tick_frame())

    def _tick_frame(self) -> bytes:
        return frame("tick", encode_json({"now": rfc3339(self._clock.now()), "build": self._build}))

    async def _stream(self, listener: Listener, wish: Wish, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        tasks = {
            asyncio.create_task(self._feed(listener, wish, send)),
            asyncio.create_task(_gone(receive)),
            asyncio.create_task(listener.mailbox.closed.wait()),
        }
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        _log_faults(done)
        # A listener that has gone, or that reads too slowly, may refuse even the end.
        with contextlib.suppress(Exception):
            await asyncio.wait_for(send({"type": "http.response.body", "body": b"", "more_body": False}), 1)

    async def _feed(self, listener: Listener, wish: Wish, send: Send) -> None:
        """Send the beginning, then everything that comes after it, each change once."""
        await self._wake()
        cursor, start = await self._beginning(listener.group, wish)
        await send(_body(self._retry_hint() + start + self._tick_frame()))
        while parcels := await listener.mailbox.take():
            text = b"".join(parcel.after(cursor) for parcel in parcels)
            if text:
                await send(_body(text))

    async def _wake(self) -> None:
        """Set the poller's mark before the first snapshot is read, so that nothing falls between the two."""
        async with self._waking:
            if self._cursor is None:
                self._cursor = await self._in_thread(self._join_threads, lambda: livereader.newest(self._database))

    async def _beginning(self, group: Group, wish: Wish) -> tuple[int, bytes]:
        """Where the listener starts, and what it gets first: what it missed, or a snapshot."""
        last = wish.last
        if last is not None:
            missed = await self._in_thread(self._join_threads, lambda: self._missed(group, last))
            if missed is not None:
                return missed
        return await self._snapshot(group)

    def _missed(self, group: Group, last: int) -> tuple[int, bytes] | None:
        """The cursor and the frames since `last`; in a thread, since a whole hall of screens may come back at once."""
        missed = livereader.missed_since(self._database, last)
        return None if missed is None else (missed.cursor, self._hub.frames_for(group, missed.rows, self._clock.now()))

    async def _snapshot(self, group: Group) -> tuple[int, bytes]:
        """A snapshot that was read after this call began; whoever waits for the same one shares it."""
        ticket = group.snapshots_begun
        async with group.reading:
            if group.latest_snapshot is None or group.latest_snapshot[0] <= ticket:
                group.snapshots_begun += 1
                number = group.snapshots_begun
                cursor, data = await self._in_thread(self._join_threads, lambda: self._read_snapshot(group))
                group.latest_snapshot = (number, cursor, frame("snapshot", data, cursor))
            _, cursor, text = group.latest_snapshot
        return cursor, text

    def _read_snapshot(self, group: Group) -> tuple[int, bytes]:
        with self._app.app_context():
            cursor, states = livereader.states(self._database, self._hub.topics.values(), group.scope)
            return cursor, self._hub.snapshot_data(group, states, self._clock.now())

    def _retry_hint(self) -> bytes:
        """How long to wait before coming back, in ms: spread, so that a restart is not met by everybody at once."""
        return b"retry: %d\n\n" % (1000 + next(self._served) * 37 % 1000)

    def _admit(self, who: Identity) -> None:
        """Raise `BusyError` where there are as many streams as there may be: pages need connections, too.

        Visitors cannot take them all: a screen or person with an account of their own finds one.
        """
        if len(self._hub) >= (MOST_STREAMS_OF_VISITORS if who.account_id is None else MOST_STREAMS):
            raise BusyError

    def _identify(self, scope: Scope) -> Identity:
        """Who is listening, by cookie or token, exactly as for a page. Raises what the guard of a page would."""
        with self._app.request_context(_environ(scope)):
            who = identity()
        if not who.may(ACTION):
            raise LoginRequiredError if who.role is Role.VISITOR else ForbiddenError(action=ACTION)
        return who

    async def _refuse(self, scope: Scope, send: Send, refusal: FairZoneError) -> None:
        with self._app.request_context(_environ(scope)):
            response = self._app.process_response(refuse(refusal))
            headers = [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
            body = response.get_data()
        await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _in_thread(self, threads: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(threads, work)


def read_wish(scope: Scope) -> Wish:
    """What a request asks for. Raises `InvalidError` unless it names exactly one scope."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    named = [LiveScope(kind, query[kind][-1]) for kind in SCOPES if kind in query]
    # PostgreSQL takes no NUL character in a text, so that nothing can have such a name.
    if len(named) != 1 or len(named[0].value) > MAX_SCOPE_CHARS or "\0" in named[0].value:
        raise InvalidError(detail="zone=1 | booth=… | robot=… | timetable=1 | own=1")
    header = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    last = header or query.get("last", [""])[-1]
    return Wish(named[0], int(last) if last.isdecimal() and len(last) <= MAX_CURSOR_DIGITS else None)


def _of_reader(wish: Wish, who: Identity) -> Wish:
    """What is `own` is the reader's, whatever the address says. Raises `LoginRequiredError` for who is nobody."""
    if wish.scope.kind != "own":
        return wish
    if who.account_id is None:
        raise LoginRequiredError
    return replace(wish, scope=LiveScope("own", names_of(who)))


async def _gone(receive: Receive) -> None:
    """Wait until the listener has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _body(text: bytes) -> Message:
    return {"type": "http.response.body", "body": text, "more_body": True}


def _environ(scope: Scope) -> dict[str, Any]:
    """The request as Flask reads it: path, query and headers are all that identity and language need."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    query = scope["query_string"].decode("latin-1")
    return EnvironBuilder(path=PATH, query_string=query, headers=headers).get_environ()


def _log_faults(done: Iterable["asyncio.Task[Any]"]) -> None:
    """A stream that ended by a fault: a listener that left is none, a database that did not answer is."""
    for task in done:
        error = task.exception()
        if error is not None and not isinstance(error, ConnectionError | RuntimeError):
            log.error("a live stream failed", exc_info=error)
