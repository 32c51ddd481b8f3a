"""Your robot on the FairZone screen, over HTTPS; keeps every report until the zone has it. Needs nothing but Python.

Run: python fair_https_sender.py https://ZONE EXHIBITOR/ROBOT [SECONDS]   (and put your robot's values into `status`)
The robot's secret comes from the environment: FAIRZONE_ROBOT_SECRET.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ZONE, NAME, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1.0  # noqa: PLR2004 - argv
BOOT = time.time_ns() // 1_000_000
HEADERS = {"Authorization": f"Bearer {os.environ['FAIRZONE_ROBOT_SECRET']}", "Content-Type": "application/json"}


def status() -> dict[str, object]:
    """Say how the robot is: these are the values to replace with your own."""
    return {"mode": "automatic", "activity": "working", "battery": 87.5, "pose": {"x": 1.0, "y": 2.0, "theta": 0.0}}


FOR_GOOD = (401, 403)  # a refusal that no second try changes: the secret or the robot is wrong
NONE_TAKEN = 422
LONGEST_PAUSE = 10.0
said = [""]


def tell(words: str, more: str = "") -> None:
    """Say what is wrong once, and again when it is something else; and when all is well again."""
    if words != said[0]:
        said[0] = words
        sys.stderr.write(f"{words}{more}\n")


def told(found: dict[str, Any]) -> str:
    """What the zone did not take of the reports, in its own sentences, or that it stores them."""
    wrong = sorted({one["detail"]["en"] for name in ("refused", "untaken") for one in found.get(name, [])})
    return " ".join(wrong) or "The zone stores what this robot sends."


def sent(request: Request) -> dict[str, Any]:
    """Send the reports; the zone's answer, also when it took none of them."""
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - the address that was given
            return json.load(answer)  # type: ignore[no-any-return]
    except HTTPError as refusal:
        if refusal.code != NONE_TAKEN:
            raise
        return json.load(refusal)  # type: ignore[no-any-return]


pause = SECONDS
exhibitor, robot = NAME.split("/")
held: dict[int, dict[str, object]] = {}  # what the zone has not yet stored, by number
seq = 0
while True:
    seq += 1
    now = datetime.now(UTC).isoformat()
    held[seq] = {"v": 1, "exhibitor": exhibitor, "robot": robot, "boot": BOOT, "seq": seq, "time": now, **status()}
    held = {number: report for number, report in held.items() if number > seq - 10_000}
    due = [report | {"oldest": min(held)} for _, report in sorted(held.items())[:500]]
    request = Request(f"{ZONE}/api/v1/robots/reports", json.dumps(due).encode(), HEADERS)  # noqa: S310 - the zone's own
    try:
        found, pause = sent(request), SECONDS
        tell(told(found))
        mark = found.get("mark")
        if mark and mark["boot"] == BOOT:
            held = {number: report for number, report in held.items() if number > mark["seq"]}
    except HTTPError as refusal:  # the zone says what is wrong, in Chinese and English
        tell(str(refusal), f": {refusal.read().decode()}")
        if refusal.code in FOR_GOOD:
            sys.exit(1)
        pause = min(pause * 2, LONGEST_PAUSE)
    except (OSError, ValueError) as trouble:  # the zone is away: everything is kept and goes out again
        tell(str(trouble))
        pause = min(pause * 2, LONGEST_PAUSE)
    time.sleep(pause)
