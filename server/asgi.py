"""Composition root of the web process: Flask (through its adapter) and the live feed on ONE port, under granian.

granian runs embedded in this process's event loop, because its own supervisor waits for open streams at shutdown and
leaves an orphan when it is killed: here a signal ends the streams first, then the server.
"""

import asyncio
import logging
import signal
from collections.abc import Iterable
from contextlib import ExitStack

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from server.app import create_app
from server.features import load_features
from server.infra.claims import claim, taken
from server.infra.db import Database
from server.infra.feature import Feature
from server.infra.live import PATH, LiveFeed, Receive, Scope, Send
from server.infra.livetopic import LiveTopic
from server.infra.news import NEWS
from server.infra.web.admission import keeper
from server.infra.web.apart import queues, sorter
from server.infra.web.context import features
from server.infra.wsgi import WsgiAdapter
from server.kernel.clock import Clock
from server.settings import Settings

log = logging.getLogger(__name__)

CONNECTIONS = 4096
"""granian takes 1,024 connections unless told, and every screen holds one."""
HEADERS = HTTP1Settings(header_read_timeout=15_000, max_buffer_size=64 * 1024)
"""A connection has 15 s for the head of its next request, and 64 KiB."""
STREAMS_END_S = 1.0


class Site:
    """The ASGI application of the whole site: the live feed at `/live`, Flask everywhere else."""

    def __init__(self, app: Flask, feed: LiveFeed, threads: int) -> None:
        paths = tuple(path for feature in features(app) for path in feature.machine_paths)
        self._flask = WsgiAdapter(
            app, threads=threads, keeper=keeper(app), queues=queues(), sorter=sorter(app), machine_paths=paths
        )
        self._feed = feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            feeds = scope["path"] == PATH
            await (self._feed if feeds else self._flask)(scope, receive, send)

    def close(self) -> None:
        """Take no more work; what runs may end."""
        self._flask.close()


async def serve(app: Flask, feed: LiveFeed, settings: Settings, stopping: asyncio.Event) -> None:
    """Serve until `stopping` is set; then end the streams, let running requests finish, and return.

    Raises what ended the server or the live feed before that: a site whose screens stand still must not go on.
    """
    site = Site(app, feed, settings.threads)
    server = _server(site, settings)
    polling = asyncio.create_task(feed.run())
    serving = asyncio.create_task(server.serve())
    told = asyncio.create_task(stopping.wait())
    log.info("serving on http://%s:%d", settings.host, settings.port)
    await asyncio.wait({told, serving, polling}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    feed.stop()
    await _streams_ended(feed)
    server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
    await asyncio.wait({serving, polling})
    site.close()
    await asyncio.gather(serving, polling)


def _server(site: Site, settings: Settings) -> Server:
    return Server(
        site,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HEADERS,
        websockets=False,
        log_enabled=False,
    )


async def _streams_ended(feed: LiveFeed) -> None:
    """Wait until every stream has said its end, but not for ever."""
    for _ in range(int(STREAMS_END_S / 0.02)):
        if not feed.listeners:
            return
        await asyncio.sleep(0.02)


async def _until_signalled(settings: Settings, database: Database, clock: Clock) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    features = load_features()
    app = create_app(settings, database, clock, features)
    await serve(app, LiveFeed(app, live_topics(features)), settings, stopping)


def live_topics(features: Iterable[Feature]) -> list[LiveTopic]:
    """Every topic that the features bring to the live feed."""
    return [NEWS, *(topic for feature in features for topic in feature.live_topics)]


def run(settings: Settings, database: Database, clock: Clock) -> None:
    """Run the web process until SIGTERM or SIGINT.

    Raises:
        SetupError: the port is taken, perhaps by another web process: granian would share it with that.
    """
    with ExitStack() as held:
        held.callback(database.close)
        if not claim(settings.port, "web", held, settings.host):
            raise taken(settings.port, settings.host)
        asyncio.run(_until_signalled(settings, database, clock))
