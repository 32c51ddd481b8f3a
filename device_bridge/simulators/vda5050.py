"""A vehicle of VDA 5050, version 2.1 or 3.0: `state` at QoS 0 and a retained `connection` with its last will.

Header ids count per topic from 0 at each boot. The vehicle keeps nothing: what goes out while the link is down is gone,
as the standard's QoS 0 has it.
"""

from random import Random

from device_bridge.simulators.mqtt_link import Broker, MqttLink, Will
from device_bridge.simulators.player import Player, RobotMoment
from device_bridge.simulators.vda5050_messages import (
    connection_message,
    factsheet_message,
    state_message,
    version_of,
    visualization_message,
)


class Vda5050Robot:
    """One vehicle with its own connection."""

    def __init__(self, player: Player, broker: Broker, seed: int, *, alias: str = "") -> None:
        robot = player.spec.robot
        self._player = player
        self._version = version_of(player.spec)
        self._now = player.at(0.0)
        self._states = 0
        self._connections = 0
        self._link = MqttLink(broker, robot.replace("/", ".") + alias, self, Random(f"{seed}/{robot}/link"))

    async def run(self) -> None:
        """Keep the connection until cancelled."""
        await self._link.run()

    @property
    def numbers(self) -> range:
        """The header ids of this boot's states; those made while the link was down went nowhere."""
        return range(self._states)

    @property
    def is_up(self) -> bool:
        """Whether the broker has the connection."""
        return self._link.is_up

    @property
    def idle(self) -> bool:
        """Whether the connection stands and has taken everything."""
        return self._link.is_idle

    def tick(self, elapsed: float) -> None:
        """Say how things are, whether anybody hears it or not."""
        moment = self._live(elapsed)
        if moment.mute:
            return
        if self._link.is_up:
            body = self._player.wire.carry(state_message(self._player.spec, moment, self._states))
            self._link.publish(self._topic("state"), body, qos=0)
            self._show(moment)
        self._states += 1

    def tend(self, elapsed: float) -> None:
        """Keep the link; nothing is ever sent again."""
        self._live(elapsed)

    def _live(self, elapsed: float) -> RobotMoment:
        moment = self._player.live(elapsed)
        if moment.boot != self._now.boot:
            self._states = self._connections = 0
        self._now = moment
        if moment.cut:
            self._link.cut()
        else:
            self._link.mend()
        return moment

    def close(self) -> None:
        """Say that the vehicle leaves, and leave."""
        if self._link.is_up:
            self._say("OFFLINE")
        self._link.close()

    def will(self) -> Will | None:
        """Return the word of a broken connection that the broker says for us; older than the ONLINE it follows."""
        return Will(self._topic("connection"), self._connection(self._version.broken))

    def connected(self) -> None:
        """Come online, retained; a robot of version 3.0 also says what it is."""
        self._say("ONLINE")
        if self._version.newer:
            sheet = factsheet_message(self._player.spec, self._now.at, 0)
            self._link.publish(self._topic("factsheet"), sheet, qos=0, retain=True)

    def disconnected(self) -> None:
        """Nothing to do: nothing is kept."""

    def received(self, topic: str, payload: bytes) -> None:
        """Nothing to do: the zone never speaks to a vehicle."""

    def published(self) -> None:
        """Nothing to do: connection messages are few."""

    def _show(self, moment: RobotMoment) -> None:
        """Say where it is once more, as between two states; nobody counts these."""
        if self._version.newer:
            shown = visualization_message(self._player.spec, moment, self._states, self._states)
            self._link.publish(self._topic("visualization"), shown, qos=0)

    def _say(self, state: str) -> None:
        self._link.publish(self._topic("connection"), self._connection(state), qos=1, retain=True)

    def _connection(self, state: str) -> bytes:
        message = connection_message(self._player.spec, self._now.at, self._connections, state)
        self._connections += 1
        return message

    def _topic(self, kind: str) -> str:
        return self._version.topic.format(robot=self._player.spec.address, kind=kind)
