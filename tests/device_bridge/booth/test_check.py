"""`fairzone bridge check`: every fault by its name, with its line, and what to do, in both languages."""

import json
import os
import pty
import shutil
import socket
import string
import subprocess
import sys
import threading
import tty
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from click.testing import CliRunner

from device_bridge.booth import check_ports
from device_bridge.booth.check import check_everything
from device_bridge.booth.command import bridge_command
from device_bridge.booth.words import FINDINGS, CheckFinding, language_of, line_of
from device_bridge.spool import Spool
from device_bridge.tally import DayCounts
from device_bridge.vitals import PortVitals, Vitals, vitals_path
from tests.support.fair_server import TOKEN, Answer, FairServer, problem
from tests.support.ports import LOOPBACK
from tests.support.post_office import self_signed
from tests.support.robots import ENROLMENTS, SERIAL


class Desk:
    """A booth engineer's configuration, and what the check makes of it."""

    def __init__(self, folder: Path, server: FairServer, port: str) -> None:
        self.folder = folder
        self.config = folder / "bridge.toml"
        self.server, self.token, self.spool = server.url, TOKEN, f"{folder}/spool.db"
        self.port, self.name, self.more = port, SERIAL.address, ""
        self.now = datetime.now(UTC)

    def write(self) -> None:
        """Put the configuration down."""
        self.config.write_text(
            f'[bridge]\nserver = "{self.server}"\ntoken = "{self.token}"\nspool = "{self.spool}"\n\n'
            f'[[serial]]\nname = "{self.name}"\nurl = "{self.port}"\n{self.more}',
            encoding="utf-8",
        )

    def check(self) -> list[CheckFinding]:
        """Everything that is found."""
        self.write()
        return check_everything(self.config, self.now, {})

    def problems(self) -> list[str]:
        """The codes of what is wrong."""
        return [finding.code for finding in self.check() if finding.is_problem]

    def told(self, text: str) -> list[str]:
        """What the check prints in English for a file of this text."""
        self.config.write_text(text.replace("FOLDER", str(self.folder)), encoding="utf-8")
        found = check_everything(self.config, self.now, {})
        return [line_of(finding, "en").replace(f"{self.folder}/", "") for finding in found]


@pytest.fixture
def port(tmp_path: Path) -> Iterator[str]:
    """A serial port that is there and free."""
    robot, bridge = pty.openpty()
    tty.setraw(bridge)
    name = os.ttyname(bridge)
    # Opened by the check alone: an open end of our own would be another program's.
    os.close(bridge)
    link = tmp_path / "port"
    link.symlink_to(name)
    yield str(link)
    os.close(robot)


@pytest.fixture
def desk(tmp_path: Path, fair_server: FairServer, port: str) -> Desk:
    """A configuration that is right."""
    return Desk(tmp_path, fair_server, port)


def vitals(desk: Desk, *, age: float = 0, broker: Literal["", "connected"] = "") -> Vitals:
    """What a bridge at this desk wrote so many seconds ago."""
    at = desk.now - timedelta(seconds=age)
    ports = (PortVitals(desk.name, desk.port, open=True),)
    return Vitals(
        at=at,
        started_at=at,
        pid=77,
        name="booth",
        server=desk.server,
        ports=ports,
        counts=DayCounts(at.date()),
        broker=broker,
    )


def test_nothing_is_wrong_with_a_booth_that_is_right(desk: Desk) -> None:
    found = [(finding.topic, finding.level, finding.code) for finding in desk.check()]

    assert found == [
        ("configuration", "ok", "settings-ok"),
        ("spool", "ok", "spool-ok"),
        ("server", "ok", "server-ok"),
        ("server", "ok", "clock-ok"),
        ("credential", "ok", "credential-ok"),
        ("port booth-1", "ok", "port-ok"),
    ]


def test_every_fault_of_the_file_is_named_with_its_line_and_what_to_do(desk: Desk) -> None:
    told = desk.told(
        '[bridge]\nserver = "fairzone.example"\ntokn = "x"\nspool = "s.db"\nspool_limit_mb = 0\nwhen_full = "stop"\n'
        '[[serial]]\nname = "booth-1"\nurl = "/dev/ttyUSB0"\nbaudrate = "fast"\n'
        '[[serial]]\nname = "booth-1"\nprotocol = "morse"\n[mqqt]\nhost = "x"\n'
    )

    lines = [line for line in told if line.startswith("PROBLEM")]
    assert [line.splitlines()[0].removeprefix("PROBLEM  configuration: ").partition(":")[0] for line in lines] == [
        "bridge.toml, line 14",
        "bridge.toml, line 3",
        "bridge.toml, line 5",
        "bridge.toml, line 6",
        "bridge.toml, line 10",
        "bridge.toml, line 11",
        "bridge.toml, line 2",
        "bridge.toml, line 13",
        "bridge.toml, line 12",
    ]
    assert "nobody knows `mqqt`.\n         -> Did you mean `mqtt`?" in lines[0]
    assert "nobody knows `tokn`.\n         -> Did you mean `token`?" in lines[1]
    assert "`spool_limit_mb` does not fit: Expected `int` >= 1" in lines[2]
    assert "`url` is missing." in lines[5]
    assert '`server` is "fairzone.example", which is no address.' in lines[6]
    assert 'no protocol is called "morse".' in lines[7]
    assert 'two ports are called "booth-1".' in lines[8]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[bridge]\nserver = "x\n', "bridge.toml, line 2: "),
        ("", "bridge.toml: `[bridge]` is missing."),
        ('[bridge]\nserver = "http://x"\nspool = "s.db"\n', "names neither a serial port nor a broker"),
        ("bridge = 3\n", "`bridge` does not fit: write [bridge] on a line of its own."),
        ('[serial]\nname = "x"\nurl = "y"\n', "`serial` does not fit: its header is written [[serial]]."),
        ('[[mqtt]]\nhost = "x"\n', "`mqtt` does not fit: its header is written [mqtt]."),
    ],
)
def test_a_file_that_cannot_be_used_says_where(desk: Desk, text: str, told: str) -> None:
    assert told in "\n".join(desk.told(text))


def test_a_file_that_is_not_there_or_in_an_old_encoding_is_named(desk: Desk) -> None:
    assert [finding.code for finding in check_everything(desk.config, desk.now, {})] == ["settings-missing"]

    desk.config.write_bytes('[bridge]\nname = "机器人展区"\n'.encode("gb18030"))

    assert [finding.code for finding in check_everything(desk.config, desk.now, {})] == ["settings-unreadable"]


def test_a_file_of_a_windows_editor_begins_with_a_mark_and_is_understood(desk: Desk) -> None:
    desk.write()
    desk.config.write_bytes(b"\xef\xbb\xbf" + desk.config.read_bytes().replace(b"\n", b"\r\n"))

    assert not any(finding.is_problem for finding in check_everything(desk.config, desk.now, {}))


def test_a_missing_token_hides_nothing_else(desk: Desk) -> None:
    desk.token, desk.port = "", "/dev/no-such-port"

    assert desk.problems() == ["credential-empty", "port-missing"]


def test_the_token_may_come_from_the_environment(desk: Desk) -> None:
    desk.token = ""
    desk.write()

    found = check_everything(desk.config, desk.now, {"FAIRZONE_BRIDGE_TOKEN": TOKEN})

    assert not any(finding.is_problem for finding in found)


def test_a_token_that_the_server_does_not_know_or_that_is_no_bridges(desk: Desk, fair_server: FairServer) -> None:
    fair_server.proxy = problem(401, "login-required", "who are you")
    unknown = desk.problems()
    fair_server.proxy = problem(403, "forbidden", "not you")

    assert (unknown, desk.problems()) == (["credential-unknown"], ["credential-forbidden"])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(200, b"<html>Log in to the network</html>", "text/html"), "server-other"),
        (Answer(404, b"nothing here", "text/plain"), "server-other"),
        (Answer(401, b"<html>proxy</html>", "text/html"), "server-other"),
        (problem(503, "unavailable", "later"), "server-ill"),
    ],
)
def test_what_answers_in_the_servers_stead_is_told_from_it(
    desk: Desk, fair_server: FairServer, answer: Answer, code: str
) -> None:
    fair_server.proxy = answer

    assert desk.problems() == [code]


def test_a_server_that_nobody_reaches_is_told_by_its_cause(desk: Desk) -> None:
    codes = {}
    with socket.socket() as closed, socket.create_server((LOOPBACK, 0)) as mute:
        closed.bind((LOOPBACK, 0))
        mute_port = mute.getsockname()[1]
        talk = threading.Thread(target=greet, args=(mute, b"SSH-2.0-robot\r\n\r\n"))
        talk.start()
        places = {
            "refused": f"http://{LOOPBACK}:{closed.getsockname()[1]}",
            "no https": desk.server.replace("http:", "https:"),
            "no such name": "http://no-such-server.invalid",
            "a name that is none": f"http://{'x' * 70}.example",
            "another program": f"http://{LOOPBACK}:{mute_port}",
        }
        for cause, desk.server in places.items():
            codes[cause] = desk.problems()
        talk.join()

    assert codes == {
        "refused": ["server-refused"],
        "no https": ["server-no-tls"],
        "no such name": ["server-name"],
        "a name that is none": ["server-name"],
        "another program": ["server-other"],
    }


def test_a_certificate_that_is_not_trusted_says_why(desk: Desk) -> None:
    with TlsServer(desk.folder) as url:
        desk.server = url
        wrong = [finding for finding in desk.check() if finding.is_problem]

    assert [(finding.code, finding.facts["why"]) for finding in wrong] == [
        ("server-certificate", "self-signed certificate")
    ]


def greet(door: socket.socket, words: bytes) -> None:
    """Answer whatever comes first with these words, and wait for the end."""
    wire, _ = door.accept()
    with wire:
        wire.recv(4_096)
        wire.sendall(words)
        wire.recv(4_096)


class TlsServer:
    """Takes one TLS connection, with a certificate that nobody has signed."""

    def __init__(self, folder: Path) -> None:
        self._context, _ = self_signed(folder)
        self._door = socket.create_server((LOOPBACK, 0))
        self._thread = threading.Thread(target=self._take, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"https://{LOOPBACK}:{self._door.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._thread.join(timeout=60)
        self._door.close()

    def _take(self) -> None:
        plain, _ = self._door.accept()
        try:
            self._context.wrap_socket(plain, server_side=True).close()
        except OSError:
            plain.close()


@pytest.mark.parametrize(("away", "word"), [(90, "ahead of"), (-3_600, "behind")])
def test_a_clock_that_is_wrong_is_told_by_how_much(desk: Desk, away: int, word: str) -> None:
    desk.now += timedelta(seconds=away)

    wrong = [finding for finding in desk.check() if finding.is_problem]

    assert [finding.code for finding in wrong] == ["clock-skew"]
    assert wrong[0].facts["direction"] == word
    assert abs(wrong[0].facts["seconds"] - abs(away)) <= 3


def test_a_port_that_is_not_there_names_those_that_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.port = "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A1B2-if00"
    there = ["/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A1B2C3-if00-port0", "/dev/ttyS0"]
    monkeypatch.setattr(check_ports, "seen_ports", lambda: there)

    (missing,) = [finding for finding in desk.check() if finding.is_problem]

    assert missing.code == "port-missing"
    assert missing.words("en")[0].endswith(f"This machine has: {', '.join(there)}.")
    assert f'Did you mean "{there[0]}"?' in missing.words("en")[1]
    assert f"是否应为“{there[0]}”？" in missing.words("zh")[1]


def test_a_usb_address_that_fits_no_adapter_says_so(desk: Desk) -> None:
    desk.port = "usb:FFFF:FFFE:NOBODY"

    (finding,) = [finding for finding in desk.check() if finding.is_problem]

    assert (finding.code, "is not plugged in" in finding.words("en")[0]) == ("port-address", True)


def test_a_port_in_another_programs_hands_names_the_program(desk: Desk) -> None:
    code = f"import os,time; os.open({desk.port!r}, os.O_RDWR | os.O_NOCTTY); print('open', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        wrong = [finding for finding in desk.check() if finding.is_problem]
        other.kill()

    assert [finding.code for finding in wrong] == ["port-in-use"]
    assert f"({other.pid})" in wrong[0].words("en")[0]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(13, "Permission denied"), "port-permission"),
        (OSError("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)"), "port-permission"),
        (
            OSError("could not open port 'COM9': FileNotFoundError(2, 'The system cannot find', None, 2)"),
            "port-missing",
        ),
        (OSError(11, "Could not exclusively lock port"), "port-in-use"),
        (OSError(16, "Device or resource busy"), "port-in-use"),
        (OSError(5, "Input/output error"), "port-failed"),
        (ValueError("invalid URL, protocol 'sockt' not known"), "port-failed"),
    ],
)
def test_each_refusal_of_a_port_has_its_own_advice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr("serial.serial_for_url", refuse)

    (finding,) = [finding for finding in desk.check() if finding.is_problem]

    assert (finding.code, bool(finding.words("en")[1]), bool(finding.words("zh")[1])) == (code, True, True)


def test_a_windows_port_that_is_denied_is_in_anothers_hands(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.port = "COM3"

    def refuse(*_args: object, **_more: object) -> None:
        raise OSError("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)")

    monkeypatch.setattr("serial.serial_for_url", refuse)

    assert desk.problems() == ["port-in-use"]


def test_a_port_for_which_nobody_is_enrolled_names_who_is(desk: Desk) -> None:
    desk.name = "booth-7"

    (finding,) = [finding for finding in desk.check() if finding.is_problem]

    assert finding.code == "port-nobody"
    assert finding.words("en")[0].endswith("Enrolled are: booth-1.")
    assert ENROLMENTS.robots[2].address == "booth-1"


def test_a_spool_that_cannot_be_is_told_by_its_cause(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.spool = f"{desk.folder}/no/such/folder/spool.db"
    no_folder = desk.problems()
    desk.spool = f"{desk.folder}/notes.txt"
    Path(desk.spool).write_text("not a database, but as long as one wants to be\n" * 100, encoding="utf-8")
    no_spool = desk.problems()
    desk.spool = f"{desk.folder}/spool.db"
    usage = shutil.disk_usage(desk.folder)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage._replace(free=2**20))

    assert (no_folder, no_spool, desk.problems()) == (["spool-no-folder"], ["spool-unreadable"], ["spool-disk"])


def test_a_running_bridge_is_left_alone_and_its_own_word_is_taken(desk: Desk) -> None:
    Spool(Path(desk.spool)).close()
    desk.port = "/dev/a-port-that-the-bridge-holds"
    desk.more = '[mqtt]\nhost = "no-such-broker.invalid"\n'
    place = vitals_path(Path(desk.spool))
    place.write_bytes(msgspec.json.encode(vitals(desk, broker="connected")))
    running = [finding.code for finding in desk.check()]
    place.write_bytes(msgspec.json.encode(vitals(desk, age=60)))

    narrow = msgspec.structs.replace(vitals(desk, broker="connected"), broker_narrowed=("fair/#",))
    place.write_bytes(msgspec.json.encode(msgspec.structs.replace(narrow, broker_unheard=("uagv/v2/A/1/state",))))

    assert [running[1], *running[-2:]] == ["spool-running", "port-running", "broker-running"]
    assert [finding.code for finding in desk.check()][-2:] == ["broker-unheard", "broker-narrow"]
    place.write_bytes(msgspec.json.encode(vitals(desk, age=60)))
    assert desk.problems() == ["port-missing", "broker-refused"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [(b"\x20\x03\x00\x00\x00", "broker-ok"), (b"\x20\x03\x00\x87\x00", "broker-credential")],
)
def test_a_broker_that_refuses_the_bridge_is_told_from_one_that_is_not_there(
    desk: Desk, answer: bytes, code: str
) -> None:
    with socket.create_server((LOOPBACK, 0)) as door:
        talk = threading.Thread(target=greet, args=(door, answer))
        talk.start()
        desk.more = f'[mqtt]\nhost = "{LOOPBACK}"\nport = {door.getsockname()[1]}\n'
        found = desk.check()[-1]
        talk.join()

    assert found.code == code


def test_the_command_ends_with_1_when_something_is_wrong_and_speaks_both_languages(desk: Desk) -> None:
    desk.port = "/dev/no-such-port"
    desk.write()

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(bridge_command, ["check", "--config", str(desk.config), *words])
        return result.exit_code, result.output

    english, chinese, machine = run("--lang", "en"), run("--lang", "zh"), run("--json")
    desk.port = str(desk.folder / "port")
    desk.write()

    assert (english[0], chinese[0], machine[0]) == (1, 1, 1)
    assert "PROBLEM  port booth-1: /dev/no-such-port is not there." in english[1]
    assert "问题  端口 booth-1: 找不到 /dev/no-such-port。" in chinese[1]
    last = json.loads(machine[1])[-1]
    assert (last["topic"], last["level"], last["code"], sorted(last["zh"])) == (
        "port booth-1",
        "problem",
        "port-missing",
        ["do", "found"],
    )
    assert run()[0] == 0


def test_the_language_is_the_machines_own_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    languages = []
    for name in ("zh_CN.UTF-8", "en_GB.UTF-8"):
        monkeypatch.setenv("LANG", name)
        languages.append(language_of(None))

    assert (languages, language_of("zh")) == (["zh", "en"], "zh")


def test_every_finding_fills_the_same_gaps_in_both_languages_and_problems_have_advice() -> None:
    def gaps(text: str) -> set[str]:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        return {name.removesuffix("_zh") for name in names}

    uneven = [
        code for code, row in FINDINGS.items() if gaps(row.en) | gaps(row.do_en) != gaps(row.zh) | gaps(row.do_zh)
    ]
    fine = {code for code in FINDINGS if code.endswith(("-ok", "-running", "-of-file"))}

    assert uneven == []
    assert {code for code, row in FINDINGS.items() if not (row.do_en and row.do_zh)} == fine
