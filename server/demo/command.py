"""`fairzone demo`: everything on one machine under one supervisor."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import click

from server.commands.terminal import FAILED, refusals_told, say
from server.demo.check import Expectation, FeedWatch, Sight, expectation
from server.demo.fair import DEMO_LOGINS
from server.demo.proof import MeetingProof
from server.demo.zone import DEMO_FOLDER, DEMO_PASSWORD, WEB_PORT, Zone, any_ports, prepare, programs, usual_ports
from server.features.telemetry.queries import reports_stored
from server.infra.claims import alone_in
from server.infra.db import Database
from server.infra.supervisor import Supervisor
from server.kernel.clock import SystemClock

CHECK_S = 40.0
"""So long `--check` waits for the zone to be live; ending it takes a second or two more."""
ALL_ROBOTS_S = 3.0
"""Once every booth is live, so long the check waits for the robots that are still missing."""


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), help=f"Web port. Default: {WEB_PORT}, or a free one.")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), default=DEMO_FOLDER, show_default=True)
@click.option("--check", is_flag=True, help="Start it all in a temporary folder, see whether it lives, and end it.")
def demo(port: int | None, data_dir: Path, *, check: bool) -> None:
    """Run the whole demo zone on this machine: broker, bridge, server, robots.

    Exit codes: 0 ended in order (or: the check saw everything live), 1 something did not come up, 2 refused.
    """
    started = time.monotonic()
    with refusals_told():
        if check:
            with tempfile.TemporaryDirectory(prefix="fairzone-check-") as folder, any_ports() as ports:
                code = run_check(Zone(Path(folder), ports), started)
            sys.exit(code)
        with alone_in(data_dir.resolve()), usual_ports(port, say) as ports:
            run_zone(Zone(data_dir.resolve(), ports))


def run_zone(zone: Zone) -> None:
    """Run the demo until a signal comes; print where it is as soon as it is really there."""
    watch, supervisor, expected = start_zone(zone)
    told = False

    def finished() -> bool:
        nonlocal told
        if not told and supervisor.all_ready and not watch.sight().missing(expected):
            told = True
            watch.stop()
            click.echo(welcome(zone, watch.sight(), expected))
        return False

    supervisor.run(finished)
    say("the zone has ended; nothing of it is left running")


def run_check(zone: Zone, started: float) -> int:
    """Run the zone until every booth is live and a meeting is booked, or the time is over; the exit code."""
    watch, supervisor, expected = start_zone(zone)
    proof = MeetingProof(zone.ports.web, DEMO_PASSWORD)
    complete_at: float | None = None

    def finished() -> bool:
        nonlocal complete_at
        now, sight = time.monotonic(), watch.sight()
        if supervisor.all_ready and proof.ident is None:
            proof.start()
        if complete_at is None and not sight.missing(expected):
            complete_at = now
        everyone = len(sight.booth_of) == len(expected.protocol_of)
        waited = complete_at is not None and (everyone or now - complete_at > ALL_ROBOTS_S)
        return (waited and proof.ident is not None and not proof.is_alive()) or now - started > CHECK_S

    supervisor.run(finished)
    watch.stop()
    missing = watch.sight().missing(expected) + missing_meeting(proof)
    for sentence in missing:
        click.echo(f"fairzone demo --check: {sentence}", err=True)
    if missing:
        return FAILED
    account = watch.sight().account(expected, count_reports(zone), time.monotonic() - started)
    click.echo(json.dumps({**account, "meeting": proof.state}))
    return 0


def missing_meeting(proof: MeetingProof) -> list[str]:
    """Why the meeting was not booked and accepted, a sentence; an empty list when it was."""
    if proof.state == "accepted":
        return []
    return [proof.failure or f"the meeting was not accepted in time, it is: {proof.state}"]


def start_zone(zone: Zone) -> tuple[FeedWatch, Supervisor, Expectation]:
    """Prepare the zone; give its supervisor, ready to run, and a watch on its feed that has begun."""
    now = SystemClock().now()
    secrets = prepare(zone, now, say)
    database = Database(zone.database_url)
    with database.read() as session:
        expected = expectation(session)
    database.close()
    supervisor = Supervisor(programs(zone, secrets, os.environ), say)
    supervisor.stop_on_signals()
    watch = FeedWatch(zone.ports.web, now)
    watch.start()
    return watch, supervisor, expected


def count_reports(zone: Zone) -> int:
    """How many reports the zone's database holds."""
    database = Database(zone.database_url)
    with database.read() as session:
        stored = reports_stored(session)
    database.close()
    return stored


def welcome(zone: Zone, sight: Sight, expected: Expectation) -> str:
    """What a person needs now, in English and Chinese: the address, the log-ins, how to end it."""
    booth = next(iter(sorted(expected.booths)))
    logins = "\n".join(f"    {login.username:<18}{DEMO_PASSWORD:<24}{login.display_name}" for login in DEMO_LOGINS)
    return f"""
  FairZone is live · 展区已上线：{expected.exhibitors} exhibitors 家参展商, {len(sight.booth_of)} robots 台机器人

    Zone overview 展区总览    {zone.url}/
    A booth's screen 展位屏   {zone.url}/screen/{booth}

    MQTT for robots 机器人接入 {zone.ports.mqtt} (3.1.1), {zone.ports.mqtt5} (5)

    Log-in 登录    {zone.url}/login
    user name 用户名  password 密码           who 身份
{logins}

  Everything here is invented and simulated; it listens on this machine alone. Ctrl-C ends it.
  以上数据均为虚构和模拟，仅在本机可访问。按 Ctrl-C 结束。
"""
