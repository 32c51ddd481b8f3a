"""A robot that answers Modbus, by pymodbus' own server: `python -m tests.support.modbus_peer KIND PLACE`.

KIND is `serial` (PLACE is a path), `tcp` or `rtu-over-tcp` (PLACE is a port of this machine). Registers 0 to 9 hold 780
to 789, and nothing else is there.
"""

import sys

from pymodbus import FramerType
from pymodbus.server import StartSerialServer, StartTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

ROBOT = SimDevice(1, [SimData(0, values=list(range(780, 790)), datatype=DataType.REGISTERS)])


def serve(kind: str, place: str) -> None:
    """Answer until killed."""
    if kind == "serial":
        StartSerialServer(ROBOT, port=place, framer=FramerType.RTU, baudrate=115_200)
    else:
        framer = FramerType.SOCKET if kind == "tcp" else FramerType.RTU
        StartTcpServer(ROBOT, address=("127.0.0.1", int(place)), framer=framer)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
