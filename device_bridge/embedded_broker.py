"""The embedded MQTT broker of the demo and the tests: iotcore's rumqttd, run in this very process on loopback.

It keeps nothing on disk and knows no access rules: a real hall runs mosquitto (deploy/). One port serves one version
of MQTT, so there are two: 3.1.1 for robots, 5 for the bridge. Topics and retained messages are shared between them.
"""

import logging
import signal
from dataclasses import dataclass
from pathlib import Path

import click

from device_bridge.wire.report import MAX_MESSAGE_BYTES

LOOPBACK = "127.0.0.1"
MAX_PAYLOAD_BYTES = 16 * MAX_MESSAGE_BYTES
"""Above what the bridge takes: rumqttd drops the whole connection, so an oversized message must reach the bridge."""

_HEAD = """\
id = 0

[router]
id = 0
max_connections = 4096
max_outgoing_packet_count = 200
max_segment_size = 4194304
max_segment_count = 16
"""
_LISTENER = """
[{section}.1]
name = "{section}"
listen = "{host}:{port}"
next_connection_delay_ms = 1
    [{section}.1.connections]
    connection_timeout_ms = 60000
    max_payload_size = {payload}
    max_inflight_count = 100
    dynamic_filters = true
"""


class PortTakenError(click.ClickException):
    """A port that the broker was given is in use."""


@dataclass(frozen=True, slots=True)
class BrokerPorts:
    """Where the broker listens: MQTT 3.1.1, MQTT 5 and, if not None, MQTT 3.1.1 over WebSockets."""

    v4: int
    v5: int
    ws: int | None = None


def configuration(ports: BrokerPorts) -> str:
    """Return rumqttd's TOML: every listener on loopback alone."""
    listeners = {"v4": ports.v4, "v5": ports.v5} | ({} if ports.ws is None else {"ws": ports.ws})
    return _HEAD + "".join(
        _LISTENER.format(section=section, host=LOOPBACK, port=port, payload=MAX_PAYLOAD_BYTES)
        for section, port in listeners.items()
    )


def serve(ports: BrokerPorts, data_dir: Path) -> None:
    """Serve until a signal ends the process; writes `broker.toml` into `data_dir`.

    Raises:
        PortTakenError: somebody else listens on one of the ports.
    """
    from iotcore import IotCoreBroker

    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "broker.toml"
    path.write_text(configuration(ports), encoding="utf-8")
    # rumqttd writes several records a packet into Python's logging, each taking the interpreter's lock.
    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
    native = IotCoreBroker(config_path=str(path))
    try:
        native.check_ports()
    except OSError as error:
        raise PortTakenError(f"The broker cannot listen: {error}. Give it another --port.") from error
    # The native loop never returns to the interpreter: only the default action of a signal ends it.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_DFL)
    click.echo(f"broker: MQTT 3.1.1 on {LOOPBACK}:{ports.v4}, MQTT 5 on {LOOPBACK}:{ports.v5}")
    native.run_forever()


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="Port for MQTT 3.1.1 (robots).")
@click.option("--v5-port", type=click.IntRange(1, 65535), help="Port for MQTT 5 (the bridge). Default: --port + 1.")
@click.option("--ws-port", type=click.IntRange(1, 65535), help="Port for MQTT 3.1.1 over WebSockets. Default: none.")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), required=True, help="For broker.toml.")
def broker(port: int, v5_port: int | None, ws_port: int | None, data_dir: Path) -> None:
    """Run the embedded MQTT broker on 127.0.0.1, for the demo and for tests."""
    serve(BrokerPorts(port, port + 1 if v5_port is None else v5_port, ws_port), data_dir)
