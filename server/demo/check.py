"""What a viewer sees of the demo zone: follows the live feed as any client does and says what is not live on it yet."""

import http.client
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from server.features.exhibitors.models import Exhibitor
from server.features.telemetry.queries import robot_places
from server.infra import probes

SILENCE_S = 15.0
"""The feed ticks every five seconds: after so long without a byte the connection is given up and made anew."""
REST_S = 0.5


@dataclass(frozen=True)
class Expectation:
    """What the database says should be seen: each robot that may speak with its protocol and its booth."""

    exhibitors: int
    guangdong: int
    protocol_of: Mapping[str, str]
    booth_of: Mapping[str, str]

    @property
    def protocols(self) -> set[str]:
        """Every protocol that some robot speaks."""
        return set(self.protocol_of.values())

    @property
    def booths(self) -> set[str]:
        """Every booth with a robot."""
        return set(self.booth_of.values())


def expectation(session: Session) -> Expectation:
    """What should be live, by the tables."""
    exhibitors = session.exec(select(Exhibitor)).all()
    places = robot_places(session)
    return Expectation(
        exhibitors=len(exhibitors),
        guangdong=sum(exhibitor.is_guangdong for exhibitor in exhibitors),
        protocol_of={key: str(place.protocol) for key, place in places.items()},
        booth_of={key: place.booth for key, place in places.items() if place.booth is not None},
    )


@dataclass(frozen=True)
class Sight:
    """What has been seen on the feed so far: the robots that are live, with the booth that the feed names."""

    booth_of: Mapping[str, str | None]

    def missing(self, expected: Expectation) -> list[str]:
        """What is not live yet, a sentence each; an empty list when every booth and every protocol is."""
        booths = sorted(expected.booths - {booth for booth in self.booth_of.values() if booth})
        silent = sorted(expected.protocols - self.protocols(expected))
        found = [f"{len(booths)} of {len(expected.booths)} booths have no live robot: {', '.join(booths)}"] * bool(
            booths
        )
        return found + [f"no robot that speaks {protocol} is live" for protocol in silent]

    def protocols(self, expected: Expectation) -> set[str]:
        """The protocols of the live robots."""
        return {expected.protocol_of[robot] for robot in self.booth_of if robot in expected.protocol_of}

    def account(self, expected: Expectation, stored: int, seconds: float) -> dict[str, Any]:
        """The figures of the whole, for machines."""
        return {
            "exhibitors": expected.exhibitors,
            "guangdong": expected.guangdong,
            "robots_live": len(self.booth_of),
            "booths_live": len({booth for booth in self.booth_of.values() if booth}),
            "protocols": sorted(self.protocols(expected)),
            "reports_stored": stored,
            "seconds": round(seconds, 1),
        }


class FeedWatch:
    """Follows the feed of the whole zone in a thread of its own, through outages, and keeps who has reported.

    A robot counts from its first report that came in after `since`.
    """

    def __init__(self, port: int, since: datetime) -> None:
        self._port = port
        self._since = since
        self._booth_of: dict[str, str | None] = {}
        self._robots: dict[int, str] = {}
        self._booths: dict[str | None, str] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="feed-watch", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Follow no longer."""
        self._stopping.set()

    def sight(self) -> Sight:
        """What has been seen so far."""
        return Sight(self._booth_of.copy())

    def _follow(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (OSError, http.client.HTTPException, ValueError):
                self._stopping.wait(REST_S)

    def _listen(self) -> None:
        connection = http.client.HTTPConnection(probes.LOOPBACK, self._port, timeout=SILENCE_S)
        try:
            connection.request("GET", "/live?zone=1", headers={"Accept": "text/event-stream"})
            response = connection.getresponse()
            if response.status != http.HTTPStatus.OK:
                raise http.client.HTTPException(f"/live answers {response.status}")
            for event, data in events(response):
                self._note(event, data)
                if self._stopping.is_set():
                    return
        finally:
            connection.close()

    def _note(self, event: str, data: dict[str, Any]) -> None:
        if event not in {"snapshot", "digest"}:
            return
        for facts in data.get("exhibitors", ()):
            robots = {number: f"{facts['exhibitor']}/{code}" for number, code, *_ in facts["robots"]}
            self._robots.update(robots)
        for change in reversed(data.get("booths", ())):
            self._booths[change["exhibitor"]] = change["booth"]
        now = datetime.fromisoformat(data["now"])
        for number, _, age_s, *_ in data.get("robots", ()):
            robot = self._robots.get(number)
            if robot and now - timedelta(seconds=age_s) >= self._since:
                self._booth_of[robot] = self._booths.get(robot.partition("/")[0])


def events(lines: Iterable[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The server-sent events of a stream, as (event, data decoded from JSON)."""
    event, data = "message", ""
    for line in lines:
        name, _, value = line.decode("utf-8").rstrip("\r\n").partition(":")
        if name == "event":
            event = value.strip()
        elif name == "data":
            data += value.strip()
        elif not name and data:
            yield event, json.loads(data)
            event, data = "message", ""
