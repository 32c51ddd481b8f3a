"""A robot of the fair profile over HTTPS: posts lists of reports with its token, and forgets what the answer marks."""

import asyncio
import http.client
import ssl
from random import Random
from urllib.parse import urlsplit

import msgspec

from device_bridge.simulators.fair_robot import FairRobot, HeardMark, now
from device_bridge.simulators.player import Player, with_oldest
from device_bridge.simulators.sender_spool import SenderPatience

PATH = "/api/v1/robots/reports"
AT_ONCE = 100
"""Reports in one request."""
PERIOD_S = 0.25
"""Between two requests: the zone takes ten a second of a robot."""
_TIMEOUT_S = 10.0
_TAKEN = 200
_BACKOFF_S = (0.25, 0.5, 1.0, 2.0, 4.0)


class _Answer(msgspec.Struct, frozen=True):
    """What a sender reads of the answer."""

    mark: HeardMark | None


_decode_answer = msgspec.json.Decoder(_Answer).decode


class FairHttpsRobot(FairRobot):
    """One robot, one connection, one spool."""

    def __init__(
        self, player: Player, server: str, token: str, seed: int, patience: SenderPatience | None = None
    ) -> None:
        super().__init__(player, patience)
        self._server = urlsplit(server)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._random = Random(f"{seed}/{player.spec.robot}/https")
        self._connection: http.client.HTTPConnection | None = None
        self._failures = 0
        self._cut = False
        self._posting = False

    @property
    def is_up(self) -> bool:
        """Whether its last request was answered; at first it hopes so."""
        return not self._failures and not self._cut

    @property
    def idle(self) -> bool:
        """Whether every report has gone out and was answered."""
        return not self._spool.unsent and not self._posting

    async def run(self) -> None:
        """Post what there is until cancelled."""
        self._spool.link_up(now())
        while True:
            wait = _BACKOFF_S[min(self._failures, len(_BACKOFF_S)) - 1] if self._failures else PERIOD_S
            await asyncio.sleep(wait * self._random.uniform(0.8, 1.2))
            due = [] if self._cut else self._spool.due(now(), AT_ONCE)
            if due:
                bodies = [with_oldest(outgoing.body, outgoing.oldest) for outgoing in due]
                await self._hand_over(self._player.wire.carry(b"[" + b",".join(bodies) + b"]"))

    def close(self) -> None:
        """Leave."""
        if self._connection is not None:
            self._connection.close()

    def _be_cut(self, *, cut: bool) -> None:
        self._cut = cut

    def _send(self) -> None:
        """Nothing to do: `run` posts what there is."""

    async def _hand_over(self, body: bytes) -> None:
        spool, self._posting = self._spool, True
        try:
            mark = await asyncio.to_thread(self._post, body)
        except (OSError, http.client.HTTPException, msgspec.DecodeError):
            self._failures += 1
            spool.link_down()
            spool.link_up(now())
        else:
            self._failures = 0
            spool.accept_mark(mark.boot, mark.seq, now())
        finally:
            self._posting = False

    def _post(self, body: bytes) -> HeardMark:
        """Return the mark in the answer. Raises `OSError` and its kin when there was none."""
        connection = self._connection = self._connection or self._connect()
        try:
            connection.request("POST", PATH, body, self._headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        mark = _decode_answer(answer).mark if response.status == _TAKEN else None
        if mark is None:
            raise ConnectionError(f"{response.status}: {answer[:200]!r}")
        return mark

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._server.hostname or "", self._server.port
        if self._server.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=context)
        return http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
