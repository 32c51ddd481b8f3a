"""The lines with which a booth's engineer lets a robot or a bridge speak: to be pasted as they are; pure."""

import json
import re
from dataclasses import dataclass, field

_URL = re.compile(r"mqtts?://\[?(?P<host>[0-9a-f:]+(?=\])|[^/:\]]+)\]?(?::(?P<port>\d+))?")
_STATUS = """{{"v":1,"exhibitor":"{exhibitor}","robot":"{robot}","boot":'$(date +%s)000',"seq":1,\
"time":"'$(date -u +%FT%TZ)'","activity":"idle"}}"""
_PYTHON = """\
import json, os, time                  # pip install paho-mqtt
from datetime import datetime, timezone
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

NAME, SECRET = "{username}", "{secret}"
boot, seq = int(time.time() * 1000), 0
robot = Client(CallbackAPIVersion.VERSION2, client_id=NAME)
robot.username_pw_set(NAME, SECRET)
robot.on_connect = lambda c, u, f, reason, p: reason.is_failure and os._exit(print("refused:", reason) or 1)
{tls}robot.connect("{host}", {port})
robot.loop_start()
while True:
    seq += 1
    report = {{"v": 1, "exhibitor": "{exhibitor}", "robot": "{robot}", "boot": boot, "seq": seq,
              "time": datetime.now(timezone.utc).isoformat(),
              "activity": "working", "battery": 87.5}}   # your robot's own values
    robot.publish("{topic}", json.dumps(report), qos=1).wait_for_publish()
    time.sleep(1)
"""
_PYTHON_HTTPS = """\
import json, time
from datetime import datetime, timezone
from urllib import error, request

boot, seq, said = int(time.time() * 1000), 0, ""
headers = {{"Authorization": "Bearer {secret}", "Content-Type": "application/json"}}
while True:
    seq += 1
    report = {{"v": 1, "exhibitor": "{exhibitor}", "robot": "{robot}", "boot": boot, "seq": seq,
              "time": datetime.now(timezone.utc).isoformat(),
              "activity": "working", "battery": 87.5}}   # your robot's own values
    ask = request.Request("{server}/api/v1/robots/reports", json.dumps(report).encode(), headers)
    try:
        answer = json.load(request.urlopen(ask, timeout=10))
    except error.HTTPError as refused:
        raise SystemExit(refused.read().decode())
    if said != answer.get("untaken"):   # a field that was not taken: said once
        print(json.dumps(answer, ensure_ascii=False))
    said = answer.get("untaken")
    time.sleep(1)
"""


@dataclass(frozen=True)
class Way:
    """How a robot gets in: the broker's and the server's addresses as robots reach them, its name and its secret."""

    broker: str
    server: str
    username: str
    secret: str = field(repr=False)

    @property
    def host(self) -> str:
        """The broker's name."""
        found = _URL.match(self.broker)
        return found["host"] if found else ""

    @property
    def port(self) -> int:
        """The broker's port."""
        found = _URL.match(self.broker)
        return int(found["port"]) if found and found["port"] else 8883 if self.tls else 1883

    @property
    def tls(self) -> bool:
        """Whether the broker is spoken to over TLS."""
        return self.broker.startswith("mqtts:")


@dataclass(frozen=True)
class Snippet:
    """Something to paste: what it is for (`mosquitto`, `python`, `curl`, `toml`), and the text."""

    name: str
    text: str


def robot_snippets(way: Way, protocol: str, robot: str, topics: tuple[str, ...]) -> list[Snippet]:
    """What a robot of this protocol pastes; `robot` is its key, `topics` where it publishes."""
    exhibitor, _, code = robot.partition("/")
    status = _STATUS.format(exhibitor=exhibitor, robot=code)
    python = _PYTHON_HTTPS.format(secret=way.secret, exhibitor=exhibitor, robot=code, server=way.server)
    if protocol == "fair-https":
        return [Snippet("curl", _curl(way, status)), Snippet("python", python)]
    https = [Snippet("curl", _curl(way, status)), Snippet("python-https", python)]
    if protocol == "vda5050":
        return [Snippet("mosquitto", f"{_mosquitto(way)} -t {topics[0]} -f state.json")]
    tls = 'robot.tls_set(ca_certs="ca.crt")   # the zone\'s own; leave it empty for a public one\n' if way.tls else ""
    python = _PYTHON.format(
        username=way.username,
        secret=way.secret,
        host=way.host,
        port=way.port,
        tls=tls,
        exhibitor=exhibitor,
        robot=code,
        topic=topics[0],
    )
    return [
        Snippet("mosquitto", f"{_mosquitto(way)} -t {topics[0]} -m '{status}'"),
        Snippet("python", python),
        *https,
    ]


def bridge_snippets(server: str, secret: str, name: str) -> list[Snippet]:
    """The settings of a booth's bridge, which has the robots' ports."""
    text = f"""\
[bridge]
server = {json.dumps(server)}
token = {json.dumps(secret)}
name = {json.dumps(name)}
spool = "spool.db"

[[serial]]
name = "port-1"      # the robot's address
url = "usb:0403:6001"  # or /dev/serial/by-id/..., COM3
protocol = "fair-serial"
"""
    return [Snippet("toml", text)]


def qr_text(way: Way, robot: str, topics: tuple[str, ...]) -> str:
    """Everything that a robot has to know, as one line of JSON for its camera or its maker's app."""
    told = {"robot": robot, "username": way.username, "client_id": way.username, "password": way.secret}
    where = {"broker": way.broker, "topic": topics[0]} if topics else {}
    return json.dumps({"v": 1, **told, **where, "https": way.server}, separators=(",", ":"))


def _mosquitto(way: Way) -> str:
    tls = " --cafile ca.crt" if way.tls else ""
    return f"mosquitto_pub -h {way.host} -p {way.port}{tls} -i {way.username} -u {way.username} -P {way.secret} -q 1"


def _curl(way: Way, status: str) -> str:
    return (
        f"curl -sS {way.server}/api/v1/robots/reports -H 'Authorization: Bearer {way.secret}'"
        f" -H 'Content-Type: application/json' -d '{status}'"
    )
