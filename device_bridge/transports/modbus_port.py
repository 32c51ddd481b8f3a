"""A robot that is asked for its Modbus registers: over a serial line (RTU), RTU through a TCP socket, or Modbus TCP.

By the port's URL: `tcp://host:502` is Modbus TCP, `socket://host:port` is RTU through a socket (a serial server), and
everything else is a serial port. Polls are due at fixed moments and numbered by them, so that each one that is missed,
for whatever reason, is a gap: no answer, a wrong check sum, an unplugged cable, a robot that is switched off.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from pymodbus import FramerType, ModbusException
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ConnectionException
from pymodbus.pdu import ModbusPDU

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.protocols import POLLED_PROTOCOLS, Decoded, OptionsError, StreamOptions
from device_bridge.protocols.modbus import Block, ModbusMap, Table, exception, raw
from device_bridge.settings import SerialSettings
from device_bridge.transports.line_quality import PortTrouble
from device_bridge.transports.port_thread import PortThread
from device_bridge.transports.serial_address import MODBUS_TCP_PORT, require_same, resolve

_MISSED_UNTIL_AWAY = 3
"""So many polls without an answer, and the robot counts as away."""


class ReadRegisters(Protocol):
    """How one table is read: (address, count, device) -> answer."""

    def __call__(self, address: int, *, count: int, device_id: int) -> ModbusPDU:
        """Read so many registers or bits. Raises `ModbusException`."""


class ModbusTransport(PortThread):
    """Asks one robot at fixed moments; what it answers goes into the queue."""

    def __init__(
        self,
        settings: SerialSettings,
        queue: ArrivalQueue,
        now: Callable[[], datetime],
        address: Callable[[str], str] = resolve,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(settings, queue, now)
        self._address = address
        self._monotonic = monotonic
        self._asked: ModbusMap | None = None
        self._began_at: float | None = None
        self._poll = 0
        self._missed = 0
        # A timeout a second would fill the log: what is wrong with a port is told once, and counted.
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

    def send_line(self, line: bytes) -> None:
        """Nothing is ever written to a robot that is asked."""

    def _session(self) -> None:
        asked = self._asked = self._asked or self._questions()
        client = self._client(asked)
        try:
            if not client.connect():
                self._probe()
                raise ConnectionException(f"{self._settings.url} cannot be opened")
            self._ask_until_it_fails(client, asked)
        finally:
            client.close()  # type: ignore[no-untyped-call]  # the library types everything but this

    def _questions(self) -> ModbusMap:
        protocol = POLLED_PROTOCOLS[self._settings.protocol]
        return protocol.questions(StreamOptions(self._settings.robot, self._settings.options))

    def _probe(self) -> None:
        """Open the port ourselves where the library only says that it could not. Raises why."""
        if "://" not in self._settings.url:
            import serial

            serial.serial_for_url(self._address(self._settings.url), exclusive=True).close()

    def _client(self, asked: ModbusMap) -> ModbusSerialClient | ModbusTcpClient:
        url, options = self._settings.url, asked.options
        parts = urlsplit(url)
        if parts.scheme == "rfc2217":
            raise OptionsError(_NOT_BY_RFC2217)
        if parts.scheme in {"tcp", "socket"}:
            framer = FramerType.SOCKET if parts.scheme == "tcp" else FramerType.RTU
            port = parts.port or MODBUS_TCP_PORT
            return ModbusTcpClient(parts.hostname or "", port=port, framer=framer, timeout=options.timeout_s, retries=0)
        return ModbusSerialClient(
            self._address(url),
            baudrate=self._settings.baudrate,
            parity=options.parity,
            stopbits=options.stopbits,
            timeout=options.timeout_s,
            retries=0,
        )

    def _ask_until_it_fails(self, client: ModbusSerialClient | ModbusTcpClient, asked: ModbusMap) -> None:
        while self._wait_for_next(asked.options.period_s):
            if isinstance(client, ModbusSerialClient) and client.socket is not None:
                require_same(client.comm_params.host, client.socket)
            try:
                self._ask(client, asked)
            except ConnectionException:
                self._miss()
                raise
            except ModbusException as error:
                self._miss()
                self._tell(error)
                # A late answer would be taken for the next one's.
                if isinstance(client, ModbusTcpClient):
                    raise
                # An RTU answer has no number: one that is late comes now, and is thrown away before the next question.
                self._stopping.wait(asked.options.timeout_s)

    def _wait_for_next(self, period_s: float) -> bool:
        """Wait until the next poll is due; those that were due meanwhile are missed. False when told to stop."""
        if self._began_at is None:
            self._began_at = self._monotonic()
        elapsed = (self._monotonic() - self._began_at) / period_s
        self._poll = max(self._poll + 1, int(elapsed) + 1)
        due_in = (self._poll - 1 - elapsed) * period_s
        return not self._stopping.wait(max(0.0, due_in))

    def _ask(self, client: ModbusSerialClient | ModbusTcpClient, asked: ModbusMap) -> None:
        """One poll. Registers that the robot refuses to read cost their own fields.

        Raises `ModbusException` when there is no answer.
        """
        answers: dict[tuple[Table, int], int] = {}
        refused: dict[Block, int] = {}
        for block in asked.blocks:
            answer = _reader(client, block)(block.address, count=block.length, device_id=asked.options.device_id)
            if answer.isError():
                refused[block] = getattr(answer, "exception_code", 0)
                continue
            values = answer.registers if block.table in {"holding", "input"} else answer.bits
            for offset, value in enumerate(values[: block.length]):
                answers[block.table, block.address + offset] = int(value)
        if not answers:
            self._answered(b"", exception(*next(iter(refused.items()))))
            return
        self._answered(raw(asked.blocks, answers), asked.hear(self._poll, answers, refused))

    def _answered(self, said: bytes, heard: Decoded) -> None:
        received_at = self._now()
        self._missed = 0
        self._note_health()
        self.quality.heard(len(said))
        self._deliver(said, heard, received_at)

    def _miss(self) -> None:
        self._missed += 1
        self.quality.frame(understood=False)
        self.quality.last_error = PortTrouble(
            f"{self._missed} polls in a row without an answer", f"连续 {self._missed} 次轮询无应答"
        )
        if self._missed >= _MISSED_UNTIL_AWAY:
            self._connected.clear()


_NOT_BY_RFC2217 = {
    "en": "Modbus cannot be asked through rfc2217://; let the serial server offer raw TCP and write socket://",
    "zh": "Modbus 不能通过 rfc2217:// 轮询；请让串口服务器提供原始 TCP，并写成 socket://",
}


def _reader(client: ModbusSerialClient | ModbusTcpClient, block: Block) -> ReadRegisters:
    readers: dict[Table, ReadRegisters] = {
        "holding": client.read_holding_registers,
        "input": client.read_input_registers,
        "coil": client.read_coils,
        "discrete": client.read_discrete_inputs,
    }
    return readers[block.table]
