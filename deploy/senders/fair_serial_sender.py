"""Your robot on the FairZone screen, over a serial line; keeps every report until the zone has it. Needs pyserial.

Run: python fair_serial_sender.py PORT EXHIBITOR/ROBOT [SECONDS]   (and put your robot's own values into `status`)
"""

import json
import sys
import time
from datetime import UTC, datetime
from zlib import crc32

import serial

PORT, NAME, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1.0  # noqa: PLR2004 - argv
BOOT = time.time_ns() // 1_000_000
SILENCE_SECONDS = 3


def status() -> dict[str, object]:
    """Say how the robot is: these are the values to replace with your own."""
    return {"mode": "automatic", "activity": "working", "battery": 87.5, "pose": {"x": 1.0, "y": 2.0, "theta": 0.0}}


def tell(words: str) -> None:
    """Say what is wrong once, and again when it is something else; and when all is well again."""
    if words != said[0]:
        said[0] = words
        sys.stderr.write(f"{words}\n")


said = [""]
exhibitor, robot = NAME.split("/")
held: dict[int, dict[str, object]] = {}  # what the zone has not yet stored, by number
line, heard, seq, sent, moved = None, b"", 0, 0, time.monotonic()
while True:
    seq += 1
    now = datetime.now(UTC).isoformat()
    held[seq] = {"v": 1, "exhibitor": exhibitor, "robot": robot, "boot": BOOT, "seq": seq, "time": now, **status()}
    held = {number: report for number, report in held.items() if number > seq - 10_000}
    try:
        line = line or serial.Serial(PORT, 115_200, timeout=0, write_timeout=1)
        if time.monotonic() - moved > SILENCE_SECONDS:  # the zone is silent: send again what it has not confirmed
            sent, moved = 0, time.monotonic()
            tell("The zone confirms nothing: is the bridge running, and the robot enrolled at this port?")
        for number in [number for number in held if number > sent]:
            body = json.dumps(held[number] | {"oldest": min(held)}).encode()
            line.write(b"%s*%08X\n" % (body, crc32(body)))
            sent = number
        *lines, heard = (heard + line.read(4_096)).split(b"\n")
        for mark in [json.loads(ack)["ack"] for ack in lines if ack.startswith(b'{"ack"') and ack.endswith(b"}}")]:
            if mark["boot"] == BOOT and mark["seq"] >= min(held, default=seq + 1):
                held = {number: report for number, report in held.items() if number > mark["seq"]}
                moved = time.monotonic()
                tell("The zone stores what this robot sends.")
    except (OSError, ValueError) as trouble:  # unplugged, or noise: open again, send what the zone may not have
        tell(str(trouble) if isinstance(trouble, OSError) else "Noise came over the line.")
        line, heard, sent = None, b"", 0
    time.sleep(SECONDS)
