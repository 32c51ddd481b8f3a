"""The whole site under real granian on a free loopback port, in a thread of the test."""

import asyncio
import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask

from server.asgi import serve
from server.infra.live import LiveFeed
from server.infra.livetopic import LiveTopic
from server.infra.news import NEWS
from server.infra.web.context import services
from tests.support.ports import free_port
from tests.support.processes import wait_until


@dataclass(frozen=True)
class Event:
    """One server-sent event as it came over the wire."""

    name: str
    data: Any
    id: int | None


class Stream:
    """An open stream of the live feed, read event by event. Reads give up after `seconds`.

    `last_event_id=` and `cookie=` are headers.
    """

    def __init__(self, port: int, query: str, *, seconds: float = 30, **headers: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", f"/live?{query}", headers=names)
        self.response = self._connection.getresponse()

    def next(self, *names: str) -> Event:
        """The next event of one of these names (of any, when none is given), passing over others."""
        while True:
            event = self._read()
            if not names or event.name in names:
                return event

    def next_of_change(self) -> Event:
        """The next event that is no tick."""
        while (event := self._read()).name == "tick":
            pass
        return event

    def ended(self) -> bool:
        """Read to the end; whether it came as the end of a well-formed answer."""
        try:
            while self.response.readline():
                pass
        except (http.client.IncompleteRead, ConnectionError):
            return False
        return True

    def close(self) -> None:
        """Leave."""
        self._connection.close()
        self.response.close()

    def _read(self) -> Event:
        fields: dict[str, str] = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                raise EOFError("the stream has ended")
            if line != "\n":
                name, _, value = line.rstrip("\n").partition(": ")
                fields[name] = value
            elif "data" in fields:
                return Event(fields["event"], json.loads(fields["data"]), int(fields["id"]) if "id" in fields else None)


class RunningSite:
    """A site that serves."""

    def __init__(self, app: Flask, topics: list[LiveTopic]) -> None:
        self.port = free_port()
        self._settings = replace(services(app).settings, port=self.port)
        self._app = app
        self._topics = topics
        self._streams: list[Stream] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self.feed = LiveFeed(self._app, [NEWS, *self._topics])
        self._ready.set()
        await serve(self._app, self.feed, self._settings, self._stopping)

    def start(self) -> None:
        """Serve, and return when it answers."""
        self._thread.start()
        self._ready.wait(30)
        wait_until(self._answers, seconds=30, what="the site to answer")

    def stop(self) -> None:
        """End as SIGTERM would; a second time changes nothing."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(30)
        if self._thread.is_alive():
            raise TimeoutError("the site did not stop")

    def listen(self, query: str, *, seconds: float = 30, **headers: str) -> Stream:
        """An open stream, closed with the site."""
        stream = Stream(self.port, query, seconds=seconds, **headers)
        self._streams.append(stream)
        return stream

    def close_streams(self) -> None:
        """Close what was opened; a stream may outlive its site."""
        for stream in self._streams:
            stream.close()

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """One plain request; (status, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.request("GET", "/health")[0] == 200
        return False


@contextlib.contextmanager
def running_site(app: Flask, topics: list[LiveTopic]) -> Iterator[RunningSite]:
    """A site that serves while the block runs."""
    site = RunningSite(app, topics)
    site.start()
    try:
        yield site
    finally:
        site.stop()
        site.close_streams()
