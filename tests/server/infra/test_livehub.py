"""The fan-out of the live feed: bounded mailboxes, and one encoding for everybody who sees the same."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session

from server.infra.identity import VISITOR, Audience, Identity
from server.infra.livehub import MAILBOX_LIMIT, ChangeRow, Hub, Mailbox, Parcel, frame
from server.infra.livetopic import LiveScope, LiveTopic, Payload
from server.kernel.permissions import Role

ROBOT = LiveScope("robot", "nanling/walker-7")
ZONE = LiveScope("zone", "1")
NOON = datetime(2026, 4, 16, 4, tzinfo=UTC)
PUBLIC = Audience()


def topic(redact: Callable[[Payload, Audience], Payload]) -> LiveTopic:
    def nothing(_session: Session, _scope: LiveScope) -> list[Payload]:
        return []

    return LiveTopic(name="robot", plural="robots", snapshot=nothing, redact=redact, matches=lambda *_: True)


def rows(*numbers: int) -> list[ChangeRow]:
    return [ChangeRow(number, "robot", "nanling/walker-7", f'{{"n":{number}}}') for number in numbers]


def test_an_event_is_written_as_the_standard_says() -> None:
    assert frame("robot", b'{"n":1}', 7) == b'id: 7\nevent: robot\ndata: {"n":1}\n\n'


def test_a_listener_who_falls_behind_is_dropped_and_the_others_are_not() -> None:
    async def follow() -> tuple[bool, bool]:
        hub = Hub([topic(lambda payload, _: payload)])
        slow, quick = hub.join(ROBOT, PUBLIC, None), hub.join(ROBOT, PUBLIC, None)
        for number in range(MAILBOX_LIMIT + 1):
            hub.publish(rows(number))
            await quick.mailbox.take()
        return slow.mailbox.closed.is_set(), quick.mailbox.closed.is_set()

    assert asyncio.run(follow()) == (True, False)


def test_a_closed_mailbox_gives_nothing_more() -> None:
    async def take() -> list[Parcel]:
        mailbox = Mailbox()
        mailbox.put(Parcel.of([(1, b"x")]))
        mailbox.close()
        return await mailbox.take()

    assert asyncio.run(take()) == []


def test_a_change_is_redacted_once_an_audience_however_many_listen() -> None:
    seen: list[Audience] = []

    def redact(payload: Payload, audience: Audience) -> Payload:
        seen.append(audience)
        return payload

    async def publish() -> None:
        hub = Hub([topic(redact)])
        for number in range(50):
            hub.join(ROBOT, PUBLIC, None)
            hub.join(LiveScope("booth", f"D19.2C{number}"), PUBLIC, None)
        hub.join(ROBOT, Audience(sees_all=True), 1)
        hub.publish(rows(1))

    asyncio.run(publish())

    assert sorted(seen, key=str) == sorted([PUBLIC, Audience(sees_all=True)], key=str)


def test_a_change_that_cannot_be_shown_is_passed_over_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    def redact(payload: Payload, _audience: Audience) -> Payload:
        return {"n": 10 // payload["n"]}

    async def publish() -> tuple[list[bytes], bytes]:
        hub = Hub([topic(redact)])
        listeners = [hub.join(LiveScope("booth", str(number)), PUBLIC, None) for number in range(2)]
        hub.publish([*rows(0, 2), ChangeRow(3, "robot", "x", '{"n":NaN}'), *rows(5)])
        taken = [b"".join(parcel.data for parcel in await one.mailbox.take()) for one in listeners]
        return taken, hub.frames_for(listeners[0].group, rows(0, 5), NOON)

    published, resumed = asyncio.run(publish())

    assert published == [frame("robot", b'{"n":5}', 2) + frame("robot", b'{"n":2}', 5)] * 2
    assert resumed == frame("robot", b'{"n":2}', 5)
    assert [record.getMessage() for record in caplog.records] == [
        f"change {number} of topic robot cannot be shown" for number in (0, 3, 0)
    ]


def digests(parcels: list[Parcel]) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for one in parcels for line in one.data.splitlines() if line.startswith(b"data: ")]


def test_a_digest_has_of_each_thing_what_it_is_now_as_a_short_row() -> None:
    def row(payload: Payload, audience: Audience, now: datetime) -> list[Any]:
        return [payload["n"], audience.sees_all, now.hour]

    async def follow() -> tuple[list[Parcel], list[Parcel]]:
        hub = Hub([replace(topic(lambda payload, _: payload), row=row)])
        public, organiser = hub.join(ZONE, PUBLIC, None), hub.join(ZONE, Audience(sees_all=True), 1)
        hub.publish(rows(1, 2))
        hub.publish([ChangeRow(3, "robot", "nanling/tea-1", '{"n":3}')])
        hub.digest(NOON)
        hub.digest(NOON)
        return await public.mailbox.take(), await organiser.mailbox.take()

    public, organiser = asyncio.run(follow())

    now = "2026-04-16T04:00:00.000+00:00"
    assert digests(public) == [{"now": now, "robots": [[2, False, 4], [3, False, 4]]}]
    assert digests(organiser) == [{"now": now, "robots": [[2, True, 4], [3, True, 4]]}]
    assert [number for parcel in public for number, _ in parcel.frames] == [3]


def test_a_digest_that_somebody_has_in_a_snapshot_already_is_not_sent_to_them() -> None:
    async def follow() -> bytes:
        hub = Hub([topic(lambda payload, _: payload)])
        listener = hub.join(ZONE, PUBLIC, None)
        hub.publish(rows(1, 2))
        hub.digest(NOON)
        return b"".join(parcel.after(2) for parcel in await listener.mailbox.take())

    assert asyncio.run(follow()) == b""


def test_nobody_gets_what_waited_for_a_digest_while_nobody_listened() -> None:
    async def follow() -> list[dict[str, Any]]:
        hub = Hub([topic(lambda payload, _: payload)])
        hub.publish(rows(1))
        hub.forget()
        listener = hub.join(ZONE, PUBLIC, None)
        hub.publish([ChangeRow(3, "robot", "nanling/tea-1", '{"n":3}')])
        hub.digest(NOON)
        return digests(await listener.mailbox.take())

    assert [digest["robots"] for digest in asyncio.run(follow())] == [[{"n": 3}]]


def test_a_parcel_gives_only_what_the_listener_has_not_seen() -> None:
    parcel = Parcel.of([(1, b"a"), (2, b"b"), (None, b"tick"), (3, b"c")])

    assert (parcel.after(0), parcel.after(2), parcel.after(9)) == (b"abtickc", b"tickc", b"tick")


def test_the_last_listener_of_a_group_takes_it_along() -> None:
    async def leave() -> int:
        hub = Hub([topic(lambda payload, _: payload)])
        hub.leave(hub.join(ROBOT, PUBLIC, None))
        return len(hub._groups)

    assert asyncio.run(leave()) == 0


def test_changes_of_a_topic_that_nobody_knows_are_passed_over() -> None:
    async def publish() -> bool:
        hub = Hub([])
        listener = hub.join(ROBOT, PUBLIC, None)
        hub.publish(rows(1))
        return listener.mailbox._something.is_set()

    assert asyncio.run(publish()) is False


def test_faults_are_for_the_organiser_and_the_robots_own_exhibitor() -> None:
    people = {
        "visitor": VISITOR,
        "official": Identity(role=Role.OFFICIAL),
        "organiser": Identity(role=Role.ORGANISER),
        "own": Identity(role=Role.EXHIBITOR_STAFF, exhibitor="nanling"),
        "other": Identity(role=Role.EXHIBITOR_ADMIN, exhibitor="tianhe"),
        "nobody's": Identity(role=Role.EXHIBITOR_STAFF),
    }

    sees = {name for name, who in people.items() if Audience.of(who).sees("nanling")}

    assert sees == {"organiser", "own"}
