"""What of the memory the bodies of requests may take, and for how long: each kind of sender has a share of its own.

Nobody can take another kind's share: visitors not that of people who have logged in, one exhibitor's machines not that
of the others', and none of them that of the zone's own bridge. Nothing is counted by address: a hall is one address.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

SMALL = 16 * 1024
"""A body up to this needs no turn: that of 4,096 connections at once is 64 MiB."""
_MIB = 1024 * 1024


class SenderKind(StrEnum):
    """Whose request it is."""

    VISITOR = "visitor"
    PERSON = "person"
    BOOTH = "booth"
    """A robot, or the bridge of a booth."""
    ZONE = "zone"
    """The zone's own bridge."""


@dataclass(frozen=True)
class BodySender:
    """Who sends a body, and how long it may be; 0 where none of it needs to be read."""

    kind: SenderKind
    name: str
    longest: int


@dataclass(frozen=True)
class BodyPatience:
    """How long a body may take, in seconds."""

    idle: float = 10.0
    """Without a single byte."""
    whole: float = 30.0
    """In all, for a short one."""
    bytes_a_second: int = 20_000
    """At so much at least a longer one has to come."""
    turn: float = 20.0
    """So long it waits for room."""
    answer: float = 30.0
    """So long the reader of a long answer takes for 64 KiB of it; less while many such answers wait."""

    def of(self, size: int) -> float:
        """How long a body of that size may take in all."""
        return self.whole + size / self.bytes_a_second


class NoRoomError(Exception):
    """The share of this kind of sender is taken, and nobody made room in time."""


class BodyShare:
    """Room for the bodies of one kind of sender, `size` bytes in all, and for `each` at once of one sender."""

    def __init__(self, size: int, each: int) -> None:
        self.size = size
        self._free = size
        self._each = each
        self._held: Counter[str] = Counter()
        self._changed = asyncio.Condition()

    @property
    def free(self) -> int:
        """How many bytes there is room for now."""
        return self._free

    @asynccontextmanager
    async def held(self, name: str, size: int, patience: float) -> AsyncIterator[None]:
        """Room for a body of `size` bytes of the sender of that name, while the block runs.

        Raises `NoRoomError` when there is none for too long.
        """
        try:
            async with asyncio.timeout(patience), self._changed:
                await self._changed.wait_for(lambda: size <= self._free and self._held[name] < self._each)
                self._free -= size
                self._held[name] += 1
        except TimeoutError as error:
            raise NoRoomError from error
        try:
            yield
        finally:
            await self._give_back(name, size)

    async def _give_back(self, name: str, size: int) -> None:
        self._free += size
        self._held[name] -= 1
        if not self._held[name]:
            del self._held[name]
        async with self._changed:
            self._changed.notify_all()


def shares() -> dict[SenderKind, BodyShare]:
    """The shares of one web process: 192 MiB in all."""
    return {
        SenderKind.VISITOR: BodyShare(16 * _MIB, each=16 * _MIB),
        SenderKind.PERSON: BodyShare(32 * _MIB, each=4),
        SenderKind.BOOTH: BodyShare(96 * _MIB, each=4),
        SenderKind.ZONE: BodyShare(48 * _MIB, each=8),
    }


class TooSlowError(Exception):
    """A body did not come in its time."""


async def gathered(receive: Callable[[], Awaitable[tuple[bytes, bool]]], size: int, patience: BodyPatience) -> bytes:
    """At most `size` bytes of a body that comes in pieces; `receive` gives one and whether more follow.

    Raises `TooSlowError` for one that stops, or that comes too slowly.
    """
    body, more = bytearray(), True
    try:
        async with asyncio.timeout(patience.of(size)):
            while more and len(body) < size:
                async with asyncio.timeout(patience.idle):
                    piece, more = await receive()
                body += piece
    except TimeoutError as error:
        raise TooSlowError from error
    return bytes(body)
