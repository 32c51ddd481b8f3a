"""A robot of the fair profile over MQTT, with the spool that the profile asks of its senders."""

import asyncio
from random import Random

import msgspec

from device_bridge.simulators.fair_robot import FairRobot, HeardMark, now
from device_bridge.simulators.mqtt_link import Broker, MqttLink, Will
from device_bridge.simulators.player import Player, with_oldest
from device_bridge.simulators.sender_spool import SenderPatience
from device_bridge.wire.topics import FAIR_ACK, FAIR_STATUS

MAX_IN_FLIGHT = 20
"""Messages without the broker's acknowledgement; the rest waits in the spool."""


decode_mark = msgspec.json.Decoder(HeardMark).decode


class FairMqttRobot(FairRobot):
    """One robot, one connection, one spool."""

    def __init__(
        self, player: Player, broker: Broker, seed: int, patience: SenderPatience | None = None, *, alias: str = ""
    ) -> None:
        robot = player.spec.robot
        super().__init__(player, patience)
        self._in_flight = 0
        self._wake: asyncio.TimerHandle | None = None
        self._status, self._ack = FAIR_STATUS.format(robot=robot), FAIR_ACK.format(robot=robot)
        # A slash is legal in a client id, yet rumqttd refuses it; codes hold no dot, so this stays unambiguous.
        self._link = MqttLink(broker, robot.replace("/", ".") + alias, self, Random(f"{seed}/{robot}/link"))

    async def run(self) -> None:
        """Keep the connection until cancelled."""
        await self._link.run()

    @property
    def is_up(self) -> bool:
        """Whether the broker has the connection."""
        return self._link.is_up

    @property
    def idle(self) -> bool:
        """Whether every report has gone out and the broker has it: a socket closed earlier may take some with it."""
        return not self._spool.unsent and not self._in_flight

    @property
    def _may_send(self) -> bool:
        return self._link.is_up

    def _be_cut(self, *, cut: bool) -> None:
        if cut:
            self._link.cut()
        else:
            self._link.mend()

    def close(self) -> None:
        """Leave in order."""
        self._link.close()

    def will(self) -> Will | None:
        """The profile has no last will: the age of the last report tells."""
        return None

    def connected(self) -> None:
        """Ask for the mark; nothing leaves before it."""
        self._in_flight = 0
        self._spool.link_up(now())
        self._link.subscribe(self._ack)
        self._send()

    def disconnected(self) -> None:
        """Hold everything from now on."""
        self._in_flight = 0
        self._spool.link_down()

    def received(self, topic: str, payload: bytes) -> None:  # noqa: ARG002 - there is one topic
        """Take a durable mark; what is none is ignored."""
        try:
            mark = decode_mark(payload)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        self._accept(mark)
        self._send()

    def published(self) -> None:
        """Use the room that the broker's acknowledgement has made."""
        self._in_flight -= 1
        if self._spool.unsent:
            self._send()

    def _send(self) -> None:
        for outgoing in self._spool.due(now(), MAX_IN_FLIGHT - self._in_flight):
            self._in_flight += 1
            body = self._player.wire.carry(with_oldest(outgoing.body, outgoing.oldest))
            self._link.publish(self._status, body, qos=1)
        self._plan_to_wake()

    def _plan_to_wake(self) -> None:
        """Wake when the spool's own patience ends; a timer that is early only looks again."""
        if self._wake is not None or (at := self._spool.wake_at()) is None:
            return
        self._wake = asyncio.get_running_loop().call_at(at, self._woken)

    def _woken(self) -> None:
        self._wake = None
        if self._link.is_up:
            self._send()
