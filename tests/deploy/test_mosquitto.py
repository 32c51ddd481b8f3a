"""The hall's broker starts as it is configured: TLS for robots, loopback for the worker, nobody without a name."""

import re
import ssl
import subprocess
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from server.features.enrolment.rules.broker import QUESTIONS, BrokerAccount, broker_commands, read_present
from server.infra.broker import BrokerControl
from server.settings import BrokerAdmin
from tests.support.guarded import plugin
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK, free_port, listening
from tests.support.processes import Children

pytestmark = pytest.mark.slow

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "mosquitto" / "fairzone.conf"
ROBOT = BrokerAccount("nanling.tea-1", "nanling.tea-1", "fz_secret", ("fair/v1/nanling/tea-1/status",), ())


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of the broker's own and its key."""
    crt, key = folder / "zone.crt", folder / "zone.key"
    openssl = str(find_program(["openssl"], package="openssl"))
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(crt)]
    subprocess.run([*made, *names], check=True, capture_output=True, timeout=60)
    return crt, key


def test_the_configuration_of_the_hall_works_as_it_stands(tmp_path: Path, children: Children) -> None:
    crt, key = certificate(tmp_path)
    inside, outside = free_port(), free_port()
    known = tmp_path / "dynamic-security.json"
    control = str(find_program(["mosquitto_ctrl"], package="mosquitto"))
    subprocess.run([control, "dynsec", "init", str(known), "boss", "pw"], check=True, capture_output=True, timeout=60)
    places = {
        r"listener 1883 127\.0\.0\.1": f"listener {inside} {LOOPBACK}",
        r"listener 8883": f"listener {outside} {LOOPBACK}",
        r"/usr/lib/\S+\.so": str(plugin()),
        r"/var/lib/mosquitto/dynamic-security\.json": str(known),
        r"/etc/mosquitto/certs/zone\.crt": str(crt),
        r"/etc/mosquitto/certs/zone\.key": str(key),
    }
    text = CONFIGURATION.read_text(encoding="utf-8")
    for found, instead in places.items():
        text, number = re.subn(found, instead, text)
        assert number, found
    config = tmp_path / "mosquitto.conf"
    config.write_text(f"{text}\nuser root\nlog_dest file {tmp_path / 'log'}\n", encoding="utf-8")
    program = str(find_program(["mosquitto"], package="mosquitto"))
    children.start([program, "-c", str(config)], name="mosquitto", ready=listening(outside), seconds=10)

    worker = BrokerControl(BrokerAdmin(host=LOOPBACK, port=inside, username="boss", password="pw"))
    answers = worker.ask(broker_commands([ROBOT], read_present(worker.ask(QUESTIONS))))
    worker.close()
    robot = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=ROBOT.client_id)
    robot.username_pw_set(ROBOT.username, ROBOT.secret)
    robot.tls_set(ca_certs=str(crt), tls_version=ssl.PROTOCOL_TLS_CLIENT)
    robot.connect(LOOPBACK, outside)
    robot.loop_start()
    sent = robot.publish(ROBOT.publishes[0], "{}", qos=1)
    sent.wait_for_publish(10)
    robot.disconnect()
    robot.loop_stop()

    assert [answer for answer in answers if "error" in answer] == []
    assert sent.is_published()
