"""Kinds of options that several commands of `fairzone simulate` take."""

import click

from device_bridge.simulators.mqtt_link import Broker

MAX_PORT = 65_535


class BrokerAddress(click.ParamType[Broker]):
    """`HOST:PORT`."""

    name = "host:port"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Broker:
        """Return the address, or tell what it should look like."""
        host, _, port = str(value).rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) <= MAX_PORT:
            self.fail(f"{value!r} is not HOST:PORT", param, ctx)
        return Broker(host, int(port))


class Speed(click.ParamType[float | None]):
    """A factor, or `max`."""

    name = "factor|max"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | None:
        """Return the factor, None for `max`."""
        if value == "max":
            return None
        try:
            factor = float(str(value))
        except ValueError:
            factor = 0.0
        if not 0.01 <= factor <= 10_000:  # noqa: PLR2004 - said in the sentence below
            self.fail(f"{value!r} is neither `max` nor a number from 0.01 to 10000", param, ctx)
        return factor
