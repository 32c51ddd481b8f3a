"""Clients that we did not write feed a booth screen: mosquitto_pub, an SDK's VDA 5050 vehicle, a line into a pty.

Everything between them and the panel is real: broker, bridge, server, live feed, Chromium.
"""

import asyncio
import os
import pty
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from vda5050 import VehicleClient, VehicleConfig
from vda5050.model.state import BatteryState

from device_bridge.wire.batch import Enrolment
from tests.support.chromium import Pages
from tests.support.hall import Hall, in_background
from tests.support.ports import LOOPBACK
from tests.support.processes import wait_until
from tests.support.robots import FAIR, FAIR_TOPIC, SERIAL, VDA, fair_status, serial_line
from tests.support.zone import BOOTH

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[int]:
    """The robot's end of a serial cable whose other end is the enrolled port."""
    robot_end, port = pty.openpty()
    tty.setraw(port)
    (tmp_path / SERIAL.address).symlink_to(os.ttyname(port))
    yield robot_end
    os.close(robot_end)
    os.close(port)


def screen_of(hall: Hall, pages: Pages, robot: Enrolment) -> Page:
    """The booth's panel, with server and bridge running and this one robot enrolled."""
    hall.enrol(robot)
    hall.start_web()
    bridge = hall.start_bridge()
    if robot is SERIAL:
        wait_until(lambda: f"{SERIAL.address} is open" in bridge.output(), seconds=30, what="the port to be open")
    return pages.open(f"{hall.url}/screen/{BOOTH}", width=1920, height=1080)


def test_a_line_of_mosquitto_pub_reaches_the_screen(hall: Hall, pages: Pages) -> None:
    page = screen_of(hall, pages, FAIR)

    hall.broker.publish(FAIR_TOPIC, fair_status(1, battery=61, task={"en": "Tray to table 4", "zh": "送餐至4号桌"}))

    expect(page.locator("[data-f=battery]")).to_have_text("61", timeout=60_000)
    expect(page.locator("[data-f=now-en]")).to_contain_text("Tray to table 4")
    expect(page.locator("[data-f=now-zh]")).to_contain_text("送餐至4号桌")


def test_a_line_echoed_into_a_pty_reaches_the_screen(hall: Hall, pages: Pages, wire: int) -> None:
    page = screen_of(hall, pages, SERIAL)

    os.write(wire, serial_line(1, battery=47) + b"\n")

    expect(page.locator("[data-f=battery]")).to_have_text("47", timeout=60_000)


def test_the_vehicle_of_a_vda5050_sdk_reaches_the_screen(hall: Hall, pages: Pages) -> None:
    page = screen_of(hall, pages, VDA)
    manufacturer, _, serial = VDA.address.partition("/")
    config = VehicleConfig(
        manufacturer=manufacturer, serial_number=serial, broker_url=f"mqtt://{LOOPBACK}:{hall.broker.port}"
    )

    async def drive() -> None:
        async with VehicleClient(config) as vehicle:
            vehicle.publisher.set_battery(BatteryState(battery_charge=33.0, charging=True))
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and not seen:
                await vehicle.publish_state()
                await asyncio.sleep(0.5)

    seen: list[bool] = []
    vehicle = in_background(lambda: asyncio.run(drive()))
    expect(page.locator("[data-f=battery]")).to_have_text("33", timeout=60_000)
    expect(page.locator("[data-f=now-en]")).to_contain_text("Charging")
    seen.append(True)
    vehicle.join(60)
