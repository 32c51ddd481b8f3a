"""The limit of the library: paho with MQTT 5, QoS 1, automatic acknowledgement and a callback that only counts.

`python -m tests.bench.empty_callback PORT EVERY` writes the monotonic time whenever so many more messages have come.
"""

import sys
import time

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

TOPICS = (("fair/v1/+/+/status", 1), ("uagv/v2/+/+/state", 1))


def main(port: int, every: int) -> None:
    """Count until the process is ended."""
    count = 0

    def on_message(_client: Client, _data: object, _message: MQTTMessage) -> None:
        nonlocal count
        count += 1
        if count % every == 0:
            print(f"{count} {time.monotonic()}", flush=True)

    client = Client(CallbackAPIVersion.VERSION2, client_id="bench-empty", protocol=MQTTProtocolVersion.MQTTv5)
    client.on_subscribe = lambda *_: print("listening", flush=True)
    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.subscribe(list(TOPICS))
    client.loop_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
