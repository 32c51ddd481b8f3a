"""Flask's door: what goes in and comes out whole, and what it does with those who send too much or hang up."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from server.infra.bodies import BodyPatience, BodySender, BodyShare, SenderKind, shares
from server.infra.live import Message, Scope
from server.infra.wsgi import PIECE, REFUSAL, SENT_AT_ONCE, WsgiAdapter, WsgiLimits
from server.kernel.errors import BusyError, SlowRequestError

LONGEST = 3 * PIECE
PATIENT = BodyPatience(idle=600, whole=600, turn=600, answer=600)
HASTY = BodyPatience(idle=0.01, whole=0.01, turn=0.01, answer=0.01)
HUNG_UP: Message = {"type": "http.disconnect"}


def scope(method: str = "POST", **headers: str) -> Scope:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": "/echo",
        "query_string": b"a=1",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", "80"),
        "client": ("127.0.0.1", "5000"),
        "headers": named,
    }


def parts(*bodies: bytes) -> list[Message]:
    last = len(bodies) - 1
    return [{"type": "http.request", "body": body, "more_body": number < last} for number, body in enumerate(bodies)]


class Echo:
    """A WSGI application that says what it was sent, in pieces, and remembers what was done to it."""

    def __init__(self, status: str = "200 OK", pieces: Iterable[bytes] | None = None) -> None:
        self.environs: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.closed = 0
        self.threads: set[str] = set()
        self._status = status
        self._pieces = pieces

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> "Echo":
        """Answer with what came."""
        self.environs.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        self.threads.add(threading.current_thread().name)
        start_response(self._status, [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces if self._pieces is not None else [self.bodies[-1]]

    def close(self) -> None:
        """Count how often it was closed."""
        self.closed += 1


def one(_environ: dict[str, Any]) -> BodySender:
    """Somebody who may send as much as anybody."""
    return BodySender(SenderKind.PERSON, "one", LONGEST)


def door_to(application: Any, patience: BodyPatience = PATIENT, **limits: Any) -> WsgiAdapter:
    """A door for that somebody."""
    return WsgiAdapter(application, threads=2, keeper=one, limits=WsgiLimits(patience, **limits))


def ask(application: Any, asked: Scope, messages: Iterable[Message] = ()) -> list[Message]:
    """What the door answers to one request that comes in those messages; reading on behind them fails the test."""

    async def run() -> list[Message]:
        waiting, sent = iter(messages), []
        door = door_to(application)

        async def receive() -> Message:
            return next(waiting)

        async def send(message: Message) -> None:
            sent.append(message)

        try:
            await door(asked, receive, send)
        finally:
            door.close()
        return sent

    return asyncio.run(run())


def body_of(answer: list[Message]) -> bytes:
    assert [message.get("more_body") for message in answer[1:]] == [True] * (len(answer) - 2) + [False]
    return b"".join(message["body"] for message in answer[1:])


def test_a_request_in_pieces_arrives_whole_and_is_answered_in_one() -> None:
    echo = Echo("201 Created")

    answer = ask(echo, scope(content_length="6", x_robot="r1"), parts(b"ab", b"cd", b"ef"))

    assert answer[0]["status"] == 201
    assert answer[0]["headers"] == [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    assert (len(answer), body_of(answer), echo.closed) == (2, b"abcdef", 1)
    environ = echo.environs[0]
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"]) == ("POST", "/echo", "a=1")
    assert (environ["HTTP_X_ROBOT"], environ["REMOTE_ADDR"]) == ("r1", "127.0.0.1")
    assert all(name.startswith("request") for name in echo.threads), "the event loop goes on meanwhile"


def test_a_request_without_a_body_waits_for_none() -> None:
    echo = Echo(pieces=())

    answer = ask(echo, scope("GET"))

    assert (body_of(answer), echo.bodies, echo.closed) == (b"", [b""], 1)


def test_a_request_whose_length_only_its_end_tells_arrives_whole() -> None:
    echo = Echo()

    answer = ask(echo, scope(transfer_encoding="chunked"), parts(b"a" * PIECE, b"b" * PIECE, b""))

    assert body_of(answer) == b"a" * PIECE + b"b" * PIECE
    assert echo.environs[0]["CONTENT_LENGTH"] == str(2 * PIECE)


def test_a_request_that_says_it_is_too_long_is_not_read() -> None:
    echo = Echo("413 Too long")

    answer = ask(echo, scope(content_length=str(LONGEST + 1)))

    assert (answer[0]["status"], echo.bodies) == (413, [b""])
    assert echo.environs[0]["CONTENT_LENGTH"] == str(LONGEST + 1), "so that the application refuses it"


def test_a_request_that_turns_out_too_long_is_cut_where_the_application_refuses_it() -> None:
    echo = Echo()

    ask(echo, scope(transfer_encoding="chunked"), parts(*[b"a" * PIECE] * 5)[:4])

    assert echo.environs[0]["CONTENT_LENGTH"] == str(LONGEST + PIECE)
    assert int(echo.environs[0]["CONTENT_LENGTH"]) > LONGEST


@pytest.mark.parametrize("came", [[HUNG_UP], [*parts(b"ab", b"")[:1], HUNG_UP]])
def test_whoever_hangs_up_before_the_end_of_the_request_reaches_nobody(came: list[Message]) -> None:
    echo = Echo()

    answer = ask(echo, scope(content_length="6"), came)

    assert (answer, echo.environs) == ([], [])


def test_a_long_answer_comes_in_pieces_of_a_bounded_size() -> None:
    echo = Echo(pieces=(b"x" * 1000 for _ in range(3000)))

    answer = ask(echo, scope("GET"))

    assert body_of(answer) == b"x" * 3_000_000
    assert max(len(message["body"]) for message in answer[1:]) == SENT_AT_ONCE
    assert echo.closed == 1


def test_an_answer_whose_reader_goes_away_is_closed_all_the_same() -> None:
    echo = Echo(pieces=[b"x" * PIECE] * 9)

    async def run() -> None:
        door = door_to(echo)

        async def receive() -> Message:
            return HUNG_UP

        async def send(message: Message) -> None:
            if message["type"] == "http.response.body":
                raise ConnectionResetError

        try:
            await door(scope("GET"), receive, send)
        finally:
            door.close()

    with pytest.raises(ConnectionResetError):
        asyncio.run(run())

    assert echo.closed == 1


def test_long_requests_wait_for_their_turn_and_short_ones_pass_them() -> None:
    """At most so many long bodies are in memory at once as there is room for, however many send one."""
    reading, most, order = 0, 0, []

    async def run() -> None:
        door = door_to(Echo(), shares=lambda: {**shares(), SenderKind.PERSON: BodyShare(4 * PIECE, each=9)})
        released = asyncio.Event()
        two = asyncio.Event()

        async def slow() -> Message:
            nonlocal reading, most
            reading += 1
            most = max(most, reading)
            if reading == 2:
                two.set()
            await released.wait()
            reading -= 1
            return {"type": "http.request", "body": b"a" * (2 * PIECE), "more_body": False}

        async def send(_message: Message) -> None:
            return

        async def ask_for(asked: Scope, receive: Any, name: str) -> None:
            await door(asked, receive, send)
            order.append(name)

        async def short() -> Message:
            return parts(b"ab")[0]

        long = [asyncio.create_task(ask_for(scope(content_length=str(2 * PIECE)), slow, "long")) for _ in range(6)]
        await two.wait()
        await ask_for(scope(content_length="2"), short, "short")
        released.set()
        await asyncio.gather(*long)
        door.close()

    asyncio.run(run())

    assert (most, order) == (2, ["short", *["long"] * 6])


def refused(asked: Scope, **limits: Any) -> Any:
    """Why the application is told to refuse a request whose body never comes."""
    echo = Echo("408 Request Timeout")

    async def run() -> None:
        door = door_to(echo, HASTY, **limits)

        async def never() -> Message:
            await asyncio.Event().wait()
            raise AssertionError

        async def send(_message: Message) -> None:
            return

        await door(asked, never, send)
        door.close()

    asyncio.run(run())
    assert echo.bodies == [b""]
    return echo.environs[0][REFUSAL]


@pytest.mark.parametrize("length", ["5", str(2 * PIECE)])
def test_a_body_that_never_comes_is_refused_after_a_while(length: str) -> None:
    assert isinstance(refused(scope(content_length=length)), SlowRequestError)
    assert isinstance(refused(scope(transfer_encoding="chunked")), SlowRequestError)


def test_a_long_body_for_which_nobody_makes_room_is_refused_as_busy() -> None:
    taken = {**shares(), SenderKind.PERSON: BodyShare(PIECE, each=9)}

    assert isinstance(refused(scope(content_length=str(2 * PIECE)), shares=lambda: taken), BusyError)


def test_a_body_that_may_not_come_at_all_is_not_read() -> None:
    echo = Echo("403 Forbidden")

    async def run() -> None:
        door = WsgiAdapter(echo, threads=2, keeper=lambda _environ: BodySender(SenderKind.VISITOR, "", 0))

        async def never() -> Message:
            raise AssertionError("it is read")

        async def send(_message: Message) -> None:
            return

        await door(scope(content_length=str(2 * PIECE)), never, send)
        await door(scope(transfer_encoding="chunked"), never, send)
        door.close()

    asyncio.run(run())

    assert echo.bodies == [b"", b""]


def test_who_does_not_read_a_long_answer_holds_it_for_a_while_and_no_longer() -> None:
    echo = Echo(pieces=[b"x" * PIECE] * 9)

    async def run() -> None:
        door = door_to(echo, HASTY)

        async def receive() -> Message:
            return HUNG_UP

        async def send(message: Message) -> None:
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        await door(scope("GET"), receive, send)
        door.close()

    asyncio.run(run())

    assert echo.closed == 1


def test_what_the_application_throws_reaches_the_server() -> None:
    def broken(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(broken, scope("GET"))
