"""Your robot on the FairZone screen: keeps every report until the zone has stored it. Needs `pip install paho-mqtt`.

Run: python fair_mqtt_sender.py HOST PORT EXHIBITOR/ROBOT   (and put your robot's own values into `status`)
The robot's secret, where the broker asks for one, comes from the environment: FAIRZONE_ROBOT_SECRET.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

HOST, PORT, NAME = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SILENCE_SECONDS = 10
BOOT = time.time_ns() // 1_000_000
# What the zone has stored, and since when it has said so.
zone = {"mark": 0, "moved": time.monotonic(), "ready": 0.0, "sent": 0}
said = [""]


def status() -> dict[str, object]:
    """Say how the robot is: these are the values to replace with your own."""
    return {"mode": "automatic", "activity": "working", "battery": 87.5, "pose": {"x": 1.0, "y": 2.0, "theta": 0.0}}


def tell(words: str) -> None:
    """Say what is wrong once, and again when it is something else; and when all is well again."""
    if words != said[0]:
        said[0] = words
        sys.stderr.write(f"{words}\n")


def on_connect(client: Client, _userdata: object, _flags: object, reason: object, _properties: object) -> None:
    """Ask for the zone's mark and give it two seconds to come; then everything above it goes out again."""
    if reason.is_failure:  # type: ignore[attr-defined]  # a wrong secret or client id: no second try changes it
        refused.append(str(reason))
        return
    zone.update(ready=time.monotonic() + 2, sent=0)
    client.subscribe(f"fair/v1/{NAME}/ack", qos=1)


def on_message(_client: Client, _userdata: object, message: object) -> None:
    """Take the mark: every report up to it is stored."""
    ack = json.loads(message.payload)  # type: ignore[attr-defined]  # paho's own message
    if ack["boot"] == BOOT and ack["seq"] > zone["mark"]:
        zone.update(mark=ack["seq"], moved=time.monotonic())
        tell("The zone stores what this robot sends.")
    zone["ready"] = 0.0


refused: list[str] = []
client = Client(CallbackAPIVersion.VERSION2, client_id=NAME.replace("/", "."))
client.on_connect, client.on_message = on_connect, on_message
if secret := os.environ.get("FAIRZONE_ROBOT_SECRET"):
    client.username_pw_set(NAME.replace("/", "."), secret)
client.connect_async(HOST, PORT)
client.loop_start()
exhibitor, robot = NAME.split("/")
held: dict[int, dict[str, object]] = {}
seq = 0
while not refused:
    seq += 1
    now = datetime.now(UTC).isoformat()
    held[seq] = {"v": 1, "exhibitor": exhibitor, "robot": robot, "boot": BOOT, "seq": seq, "time": now, **status()}
    held = {number: report for number, report in held.items() if number > max(zone["mark"], seq - 10_000)}
    if time.monotonic() - zone["moved"] > SILENCE_SECONDS:  # the zone is silent: send again what it has not confirmed
        zone.update(sent=zone["mark"], moved=time.monotonic())
        tell("The zone confirms nothing." if client.is_connected() else f"No answer from {HOST}:{PORT}.")
    if client.is_connected() and time.monotonic() >= zone["ready"]:
        for number in [number for number in held if number > zone["sent"]]:
            client.publish(f"fair/v1/{NAME}/status", json.dumps(held[number] | {"oldest": min(held)}), qos=1)
            zone["sent"] = number
    time.sleep(1)
sys.exit(f"The broker refuses this robot: {refused[0]}. User name and client id are {NAME.replace('/', '.')}.")
