"""`fairzone simulate record` and `replay`."""

import asyncio
from pathlib import Path

import click

from device_bridge.simulators.mqtt_link import Broker
from device_bridge.simulators.options import BrokerAddress, Speed
from device_bridge.simulators.recording import RecordingError

_RECORDING = click.Path(dir_okay=False, path_type=Path)


@click.command("record")
@click.argument("path", type=_RECORDING, metavar="FILE.jsonl[.gz]")
@click.option("--broker", type=BrokerAddress(), help="Record the topics of this MQTT broker.")
@click.option("--topic", default="#", show_default=True, help="Which topics.")
@click.option("--serial", "url", help="Record this serial port: a path, COM port or URL.")
@click.option("--baudrate", type=int, default=115_200, show_default=True)
@click.option("--duration", type=click.FloatRange(min=0), help="End after so many seconds. Default: at Ctrl-C.")
def record(  # one parameter an option, as click has it
    *, path: Path, broker: Broker | None, topic: str, url: str | None, baudrate: int, duration: float | None
) -> None:
    """Write down what really goes over a wire, with its timing."""
    from device_bridge.simulators.recorder import Stop, record_mqtt, record_serial

    if (broker is None) == (url is None):
        raise click.UsageError("Give one of --broker and --serial: what is to be recorded.")
    stop = Stop(duration)
    try:
        written = record_mqtt(broker, topic, path, stop) if broker else record_serial(url or "", baudrate, path, stop)
    except OSError as error:
        raise click.ClickException(f"nothing recorded: {error}") from error
    click.echo(f"simulate: {written} recorded in {path}")


@click.command("replay")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.jsonl[.gz]")
@click.option("--broker", type=BrokerAddress(), help="For a recording of topics.")
@click.option("--port", type=click.Path(path_type=Path), help="For a recording of a serial port: where it appears.")
@click.option("--speed", type=Speed(), default="1", show_default=True, help="A factor, or `max`.")
@click.option("--rename", type=(str, str), metavar="OLD NEW", help="Put NEW for OLD in the topics.")
def replay(
    *, path: Path, broker: Broker | None, port: Path | None, speed: float | None, rename: tuple[str, str] | None
) -> None:
    """Let a recording happen again, in its own time or faster.

    The zone shows it as a replay when the robot in whose name it speaks is enrolled with the source `replay`.
    """
    from device_bridge.simulators.recorder import wire_of

    try:
        wire = wire_of(path)
        if (wire == "mqtt" and broker is None) or (wire == "serial" and port is None):
            wanted = "--broker" if wire == "mqtt" else "--port"
            raise click.UsageError(f"This is a recording of {wire}: give {wanted}.")
        said = asyncio.run(_replay(path, broker if wire == "mqtt" else port, speed, rename))
    except (RecordingError, OSError) as error:
        raise click.ClickException(f"{path}: {error}") from error
    click.echo(f"simulate: {said} replayed")


async def _replay(path: Path, where: Broker | Path | None, speed: float | None, rename: tuple[str, str] | None) -> int:
    from device_bridge.simulators.recorder import MqttReplay, SerialReplay
    from device_bridge.simulators.recorder import replay as play_again

    if isinstance(where, Path):
        port = SerialReplay(where)
        said = await play_again(path, port, speed)
        await port.close()
        return said
    if where is None:
        return 0
    target = MqttReplay(where, lambda topic: topic.replace(*rename) if rename else topic)
    said = await play_again(path, target, speed)
    target.close()
    return said
