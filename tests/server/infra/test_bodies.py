"""The room for bodies: each kind of sender has a share, and nobody in it takes more than a few places at once."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from server.infra.bodies import BodyShare, NoRoomError, shares


def test_one_sender_has_only_so_many_places_and_leaves_the_others_theirs() -> None:
    async def run() -> tuple[int, int]:
        share = BodyShare(100, each=2)
        async with AsyncExitStack() as held:
            for name in ("greedy", "greedy", "other"):
                await held.enter_async_context(share.held(name, 10, 5))
            with pytest.raises(NoRoomError):
                await held.enter_async_context(share.held("greedy", 10, 0))
            free = share.free
        return free, share.free

    assert asyncio.run(run()) == (70, 100)


def test_who_waits_gets_the_room_that_another_leaves() -> None:
    async def run() -> list[str]:
        share, order = BodyShare(100, each=9), []
        leaving = asyncio.Event()

        async def first() -> None:
            async with share.held("a", 90, 5):
                order.append("first")
                await leaving.wait()

        async def second() -> None:
            leaving.set()
            async with share.held("b", 20, 60):
                order.append("second")

        await asyncio.gather(first(), second())
        return order

    assert asyncio.run(run()) == ["first", "second"]


def test_all_shares_together_fit_a_small_machine() -> None:
    assert sum(share.size for share in shares().values()) == 192 << 20
