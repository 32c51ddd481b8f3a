"""Which transport a port has: one that listens, or one that asks."""

import socket
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import serial

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.protocols import POLLED_PROTOCOLS, STREAM_PROTOCOLS, StreamOptions
from device_bridge.settings import SerialSettings
from device_bridge.transports.port_thread import PortThread
from device_bridge.transports.serial_address import MODBUS_TCP_PORT, resolve
from device_bridge.transports.serial_port import SerialTransport

_PATIENCE_S = 3.0


def port_for(settings: SerialSettings, queue: ArrivalQueue, now: Callable[[], datetime]) -> PortThread:
    """The transport of this port, not yet started."""
    if settings.protocol in POLLED_PROTOCOLS:
        # Half a second to load, for those alone who ask.
        from device_bridge.transports.modbus_port import ModbusTransport

        return ModbusTransport(settings, queue, now)
    return SerialTransport(settings, queue, now)


def try_port(settings: SerialSettings) -> None:
    """Open the port for a moment as its transport would, after a look at its options.

    Raises `OptionsError`, `AddressError`, `OSError` or `ValueError`; `explain` says what they mean.
    """
    options = StreamOptions(settings.robot, settings.options)
    if settings.protocol in POLLED_PROTOCOLS:
        POLLED_PROTOCOLS[settings.protocol].questions(options)
    elif settings.protocol in STREAM_PROTOCOLS:
        STREAM_PROTOCOLS[settings.protocol].decoder(options)
    parts = urlsplit(settings.url)
    if parts.scheme == "tcp":
        socket.create_connection((parts.hostname or "", parts.port or MODBUS_TCP_PORT), _PATIENCE_S).close()
    else:
        serial.serial_for_url(resolve(settings.url), baudrate=settings.baudrate, exclusive=True).close()
