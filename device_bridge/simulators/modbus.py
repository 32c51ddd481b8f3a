"""A robot that answers Modbus RTU on a serial port, by pymodbus' own server.

Its enrolment carries `REGISTERS` as its options. The bridge asks; the robot only keeps its registers up to date, and
counts its answers in the first two.
"""

import asyncio
import os
import tty
from pathlib import Path
from typing import Any

from device_bridge.simulators.behaviour import SimulatedState
from device_bridge.simulators.player import Player, RobotMoment
from device_bridge.simulators.terminal import Terminal
from device_bridge.wire.report import Activity, EStop

REGISTERS: dict[str, Any] = {
    "registers": [
        {"feeds": "metrics.answers", "address": 0, "type": "u32"},
        {"feeds": "battery", "address": 2, "scale": 0.1},
        {
            "feeds": "activity",
            "address": 3,
            "values": {"0": "idle", "1": "working", "2": "moving", "3": "charging", "4": "paused"},
        },
        {"feeds": "speed", "address": 4, "type": "i16", "scale": 0.001},
        {"feeds": "pose.x", "address": 5, "type": "i32", "scale": 0.001},
        {"feeds": "pose.y", "address": 7, "type": "i32", "scale": 0.001},
        {"feeds": "estop", "address": 9, "values": {"0": "none", "1": "manual"}},
    ],
    "period_s": 1.0,
}
_ACTIVITIES = (Activity.IDLE, Activity.WORKING, Activity.MOVING, Activity.CHARGING, Activity.PAUSED)
_SIZE = 10
_BAUDRATE = 115_200
_PIECE_BYTES = 4_096


class ModbusRobot:
    """One robot on one port. What it has said is counted by its answers: it cannot know what became of them."""

    def __init__(self, player: Player, ports_dir: Path) -> None:
        self._player = player
        self._path = ports_dir / player.spec.address
        self._registers = [0] * _SIZE
        self._answers = 0
        self._mute = False
        self._terminal: Terminal | None = None
        self._master, self._slave = os.openpty()
        for end in (self._master, self._slave):
            tty.setraw(end)

    @property
    def numbers(self) -> range:
        """The numbers of its answers."""
        return range(1, self._answers + 1)

    @property
    def is_up(self) -> bool:
        """Whether the port is there."""
        return self._terminal is not None

    @property
    def idle(self) -> bool:
        """Whether it waits to be asked."""
        return True

    async def run(self) -> None:
        """Answer until cancelled."""
        from pymodbus import FramerType
        from pymodbus.server import ModbusSerialServer
        from pymodbus.simulator import DataType, SimData, SimDevice

        self._plug_in()
        asyncio.get_running_loop().add_reader(self._master, self._forward)
        device = SimDevice(1, [SimData(0, values=[0] * _SIZE, datatype=DataType.REGISTERS)], action=self._answer)
        server = ModbusSerialServer(device, framer=FramerType.RTU, port=os.ttyname(self._slave), baudrate=_BAUDRATE)
        try:
            await server.serve_forever()
        finally:
            await server.shutdown()  # type: ignore[no-untyped-call]  # the library types everything but this

    def tick(self, elapsed: float) -> None:
        """Put the moment into the registers."""
        moment = self._player.live(elapsed)
        self._mute = moment.mute
        self._registers[2:] = _registers(moment.state)
        self._follow_cable(moment)

    def tend(self, elapsed: float) -> None:
        """Keep the port."""
        self._follow_cable(self._player.live(elapsed))

    def close(self) -> None:
        """Take the port away."""
        self._unplug()
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)

    async def _answer(
        self, _function: int, _start: int, _address: int, _count: int, current: list[int], _written: object
    ) -> None:
        """Fill in what is asked for, as pymodbus asks before each answer."""
        self._answers += 1
        self._registers[0], self._registers[1] = divmod(self._answers, 1 << 16)
        current[:] = self._registers

    def _follow_cable(self, moment: RobotMoment) -> None:
        if moment.cut:
            self._unplug()
        else:
            self._plug_in()

    def _forward(self) -> None:
        """Take an answer from the server's end over to the port."""
        answer = os.read(self._master, _PIECE_BYTES)
        if self._terminal is not None and not self._mute:
            self._terminal.write(self._player.wire.carry(answer))

    def _ask(self, question: bytes) -> None:
        os.write(self._master, question)

    def _plug_in(self) -> None:
        if self._terminal is None:
            self._terminal = Terminal(self._path, b"", self._ask)

    def _unplug(self) -> None:
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None


def _registers(state: SimulatedState) -> list[int]:
    """Return the registers from 2 on."""
    charge = 100.0 if state.battery is None else state.battery
    return [
        round(charge * 10),
        _ACTIVITIES.index(state.activity),
        round(state.motion.speed * 1000) % (1 << 16),
        *_words(state.motion.x),
        *_words(state.motion.y),
        int(state.estop is not EStop.NONE),
    ]


def _words(metres: float) -> tuple[int, int]:
    high, low = divmod(round(metres * 1000) % (1 << 32), 1 << 16)
    return high, low
