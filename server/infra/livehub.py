"""The fan-out of the live feed: who listens to what, and the parcels on their way to each. One event loop, no I/O.

Listeners who asked for the same scope and may see the same things form a group, so that a change is matched, redacted
and encoded once for all of them, however many they are. Who asked for the whole zone gets a digest once a second: of
everything that changed what it is now.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from server.infra.identity import Audience
from server.infra.livetopic import SESSION_TOPIC, LiveScope, LiveTopic, Payload

log = logging.getLogger(__name__)

MAILBOX_LIMIT = 64
"""Parcels that may wait for one listener: more than six seconds of changes. Whoever is slower has to come back."""

encode_json = msgspec.json.Encoder().encode
_decode_json = msgspec.json.Decoder().decode


@dataclass(frozen=True)
class ChangeRow:
    """One change as it stands in the feed; `payload` is JSON."""

    id: int
    topic: str
    key: str
    payload: str


def frame(event: str, data: bytes, cursor: int | None = None) -> bytes:
    """One server-sent event (HTML Living Standard, 9.2.6); `cursor` becomes its id. `data` is JSON on one line."""
    head = b"" if cursor is None else b"id: %d\n" % cursor
    return head + b"event: " + event.encode() + b"\ndata: " + data + b"\n\n"


@dataclass(frozen=True)
class Parcel:
    """Frames that travel together, each with the id of its change; None for a frame that everybody gets."""

    frames: tuple[tuple[int | None, bytes], ...]
    data: bytes

    @classmethod
    def of(cls, frames: Iterable[tuple[int | None, bytes]]) -> "Parcel":
        """A parcel of `frames`, in their order."""
        kept = tuple(frames)
        return cls(kept, b"".join(text for _, text in kept))

    def after(self, cursor: int) -> bytes:
        """What a listener who knows everything up to `cursor` has not seen of this parcel."""
        if all(number is None or number > cursor for number, _ in self.frames):
            return self.data
        return b"".join(text for number, text in self.frames if number is None or number > cursor)


class Mailbox:
    """The bounded queue in front of one listener. A full one closes: the listener resumes where it was."""

    def __init__(self, limit: int = MAILBOX_LIMIT) -> None:
        self._limit = limit
        self._parcels: deque[Parcel] = deque()
        self._something = asyncio.Event()
        self.closed = asyncio.Event()

    def put(self, parcel: Parcel) -> None:
        """Add a parcel, or close when the listener has fallen too far behind."""
        if len(self._parcels) >= self._limit:
            self.close()
            return
        self._parcels.append(parcel)
        self._something.set()

    def close(self) -> None:
        """End the stream of this listener."""
        self.closed.set()
        self._something.set()

    async def take(self) -> list[Parcel]:
        """Wait for parcels and take them all; an empty list says that the mailbox is closed."""
        await self._something.wait()
        if self.closed.is_set():
            return []
        taken = list(self._parcels)
        self._parcels.clear()
        self._something.clear()
        return taken


@dataclass(eq=False)
class Listener:
    """One open stream."""

    group: "Group"
    account_id: int | None
    session_id: int | None = None
    until: datetime | None = None
    """When the session or token ends in which the stream was opened."""
    mailbox: Mailbox = field(default_factory=Mailbox)


@dataclass(eq=False)
class Group:
    """The listeners for whom every change looks the same."""

    scope: LiveScope
    audience: Audience
    listeners: set[Listener] = field(default_factory=set)
    snapshots_begun: int = 0
    latest_snapshot: tuple[int, int, bytes] | None = None
    """(number of the reading, cursor, frame): shared by all who joined before the reading began."""
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def digested_at(self, now: datetime) -> datetime | None:
        """The moment for which a digest is made; None where every change is handed on as it is."""
        return now if self.scope.digested else None


class Hub:
    """All listeners of this process. Called from the event loop alone, but for `frames_for`, which changes nothing."""

    def __init__(self, topics: Iterable[LiveTopic]) -> None:
        self.topics: Mapping[str, LiveTopic] = {topic.name: topic for topic in topics}
        self._groups: dict[tuple[LiveScope, Audience], Group] = {}
        self._undigested: list[_Change] = []

    def __len__(self) -> int:
        return sum(len(group.listeners) for group in self._groups.values())

    def join(
        self,
        scope: LiveScope,
        audience: Audience,
        account_id: int | None,
        session_id: int | None = None,
        until: datetime | None = None,
    ) -> Listener:
        """A new listener, who from now on gets every change in scope, until the session ends in which it asked."""
        group = self._groups.setdefault((scope, audience), Group(scope, audience))
        listener = Listener(group, account_id, session_id, until)
        group.listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a listener, and its group when it was the last."""
        group = listener.group
        group.listeners.discard(listener)
        if not group.listeners:
            self._groups.pop((group.scope, group.audience), None)

    def publish(self, rows: Iterable[ChangeRow]) -> None:
        """Hand changes, oldest first, to everybody in scope. One that cannot be shown is logged and passed over."""
        changes = [_Change(self.topics[row.topic], row) for row in rows if self._is_live(row)]
        self._undigested = _newest([*self._undigested, *changes])
        for group in self._groups.values():
            frames = [] if group.scope.digested else list(self._frames(group, changes))
            if frames:
                self._deliver(group, Parcel.of(frames))

    def digest(self, now: datetime) -> None:
        """Hand everybody who follows the zone what has changed in it since the last time."""
        changes, self._undigested = self._undigested, []
        for group in self._groups.values():
            frames = self._digest(group, changes, now) if group.scope.digested else []
            if frames:
                self._deliver(group, Parcel.of(frames))

    def forget(self) -> None:
        """Drop what waits for the next digest: whoever joins now has a snapshot that is newer."""
        self._undigested = []

    def broadcast(self, text: bytes) -> None:
        """Hand one frame to every listener."""
        parcel = Parcel.of([(None, text)])
        for group in self._groups.values():
            self._deliver(group, parcel)

    def close_all(self) -> None:
        """End every stream."""
        for group in self._groups.values():
            for listener in group.listeners:
                listener.mailbox.close()

    def frames_for(self, group: Group, rows: Iterable[ChangeRow], now: datetime) -> bytes:
        """The part of `rows` that `group` may see, as frames: for a listener who resumes."""
        changes = [_Change(self.topics[row.topic], row) for row in rows if row.topic in self.topics]
        frames = self._digest(group, _newest(changes), now) if group.scope.digested else self._frames(group, changes)
        return b"".join(text for _, text in frames)

    def snapshot_data(self, group: Group, states: Mapping[str, list[Payload]], now: datetime) -> bytes:
        """A snapshot as JSON: the states of every topic under its plural, and the time of the server."""
        body: dict[str, Any] = {"now": now.isoformat(timespec="milliseconds")}
        for topic in self.topics.values():
            told = (topic.told(state, group.audience, group.digested_at(now)) for state in states[topic.name])
            body[topic.plural] = [state for state in told if state is not None]
        return encode_json(body)

    def _digest(self, group: Group, changes: list["_Change"], now: datetime) -> list[tuple[int, bytes]]:
        """One frame of the shape of a snapshot with what `group` may see of `changes`; none when that is nothing."""
        body: dict[str, Any] = {}
        for change in changes:
            told = change.told_to(group, now)
            if told is not None:
                body.setdefault(change.topic.plural, []).append(told)
        if not body:
            return []
        cursor = max(change.id for change in changes)
        return [(cursor, frame("digest", encode_json({"now": now.isoformat(timespec="milliseconds"), **body}), cursor))]

    def _frames(self, group: Group, changes: Iterable["_Change"]) -> Iterator[tuple[int, bytes]]:
        """(id, frame) of every change that `group` may see."""
        for change in changes:
            text = change.frame_for(group)
            if text is not None:
                yield change.id, text

    def _is_live(self, row: ChangeRow) -> bool:
        if row.topic == SESSION_TOPIC:
            self._end_sessions(row.key)
        return row.topic in self.topics

    def _end_sessions(self, key: str) -> None:
        """End the streams of an account (`7`), of one of its sessions (`7/31`), or of its token (`7/`)."""
        account_id, one_alone, session_id = key.partition("/")
        for group in self._groups.values():
            for listener in group.listeners:
                same = not one_alone or str(listener.session_id or "") == session_id
                if str(listener.account_id) == account_id and same:
                    listener.mailbox.close()

    def end_expired(self, now: datetime) -> None:
        """End the streams of the sessions and tokens whose time is over."""
        for group in self._groups.values():
            for listener in group.listeners:
                if listener.until is not None and listener.until <= now:
                    listener.mailbox.close()

    def _deliver(self, group: Group, parcel: Parcel) -> None:
        for listener in group.listeners:
            listener.mailbox.put(parcel)


class _Change:
    """One change on its way out: decoded once, redacted and encoded once an audience."""

    def __init__(self, topic: LiveTopic, row: ChangeRow) -> None:
        self.id = row.id
        self.topic = topic
        self.key = row.key
        self._row = row
        self._payload: Payload | None = None
        self._frames: dict[Audience, bytes | None] = {}
        self._broken = False

    def frame_for(self, group: Group) -> bytes | None:
        """The change as `group` may see it, as one event; None when it is not for it or cannot be shown."""
        frame_of: bytes | None = self._shown(group, lambda payload: self._frame(payload, group.audience))
        return frame_of

    def told_to(self, group: Group, now: datetime) -> Any:
        """What a digest for `group` has of the change; None when it is not for it or cannot be shown."""
        return self._shown(group, lambda payload: self.topic.told(payload, group.audience, now))

    def _shown(self, group: Group, work: Callable[[Payload], Any]) -> Any:
        if self._broken:
            return None
        try:
            if self._payload is None:
                self._payload = _decode_json(self._row.payload)
            return work(self._payload) if self.topic.matches(self._payload, group.scope) else None
        except Exception:
            # Whatever a topic raises on one payload must not end the news of everybody else.
            log.exception("change %d of topic %s cannot be shown", self.id, self.topic.name)
            self._broken = True
            return None

    def _frame(self, payload: Payload, audience: Audience) -> bytes | None:
        if audience not in self._frames:
            told = self.topic.redact(payload, audience)
            self._frames[audience] = None if told is None else frame(self.topic.name, encode_json(told), self.id)
        return self._frames[audience]


def _newest(changes: Iterable[_Change]) -> list[_Change]:
    """Of each thing its newest change, in the order of the changes."""
    newest: dict[tuple[str, str], _Change] = {}
    for change in changes:
        newest.pop((change.topic.name, change.key), None)
        newest[change.topic.name, change.key] = change
    return list(newest.values())
