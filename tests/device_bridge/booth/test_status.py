"""The status line: what it says of a bridge that works, of one in trouble, and of one that does not run."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from device_bridge.booth.command import bridge_command
from device_bridge.booth.status import status_line
from device_bridge.tally import DayCounts, DayTally
from device_bridge.vitals import LoggedTrouble, PortVitals, Vitals, VitalsWriter, read_vitals, vitals_path
from tests.support.processes import wait_until
from tests.support.robots import START, at

WELL = Vitals(
    at=START,
    started_at=START,
    pid=1,
    name="booth",
    server="https://fairzone.example",
    ports=(PortVitals("booth-1", "/dev/ttyUSB0", open=True, quality={"frames": 900, "malformed": 0}),),
    enrolled=3,
    heard=1,
    counts=DayCounts(START.date(), stored=12_345, refused=2),
    waiting=7,
)


def changed(**changes: object) -> Vitals:
    """The vitals of a bridge that works, but for these."""
    return msgspec.structs.replace(WELL, **changes)


def test_a_bridge_that_works_says_so_in_one_line() -> None:
    assert status_line(WELL, at(1), "en") == (
        "OK · ports open 1/1 · robots heard 1/3 · stored today 12,345 · waiting 7 · refused 2"
    )
    assert status_line(WELL, at(1), "zh") == ("正常 · 端口 1/1 · 收到机器人 1/3 · 今日已存 12,345 · 待发送 7 · 拒收 2")


def test_a_port_that_is_missing_says_what_is_wrong_with_it() -> None:
    trouble = {"en": "COM3 is in use", "zh": "COM3 被占用"}
    away = changed(ports=(PortVitals("booth-1", "COM3", open=False, trouble=trouble),))

    english, chinese = status_line(away, at(1), "en"), status_line(away, at(1), "zh")

    assert "MISSING booth-1 (COM3 is in use)" in english
    assert "缺少 booth-1 (COM3 被占用)" in chinese


def test_everything_that_needs_attention_stands_in_the_line() -> None:
    noisy = PortVitals("booth-2", "COM3", open=True, quality={"frames": 9, "malformed": 4, "reconnects": 2})
    ill = changed(
        ports=(PortVitals("booth-1", "/dev/ttyUSB0", open=False), noisy),
        broker="away",
        server_trouble="Connection refused",
        counts=DayCounts(START.date(), dropped=40),
        spool_bytes=500 * 2**20,
        limit_bytes=500 * 2**20,
        when_full="drop-oldest",
        full=True,
        trouble=LoggedTrouble(START, "the server takes nothing"),
    )

    english, chinese = status_line(ill, at(1), "en"), status_line(ill, at(1), "zh")

    assert english.startswith(
        "ATTENTION · ports open 1/2, MISSING booth-1 (booth-2 malformed 4 reconnects 2) · BROKER AWAY"
    )
    assert "waiting 7 (SERVER AWAY: Connection refused) · refused 0 · SPOOL FULL 500/500 MB, drop-oldest" in english
    assert "40 lost for lack of room · last trouble " in english
    assert chinese.startswith("注意 · 端口 1/2，缺少 booth-1 (booth-2 malformed 4 reconnects 2) · 消息服务器断开")
    assert "缓存已满 500/500 MB，drop-oldest · 因空间不足丢失 40" in chinese
    assert "\n" not in english + chinese


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bridge_that_does_not_run_is_told_from_one_that_was_stopped(language: str) -> None:
    words = {"en": ("ended unasked", "stopped in order"), "zh": ("异常终止", "正常停止")}[language]

    died = status_line(WELL, at(60), language)  # type: ignore[arg-type]
    stopped = status_line(changed(ended=True), at(1), language)  # type: ignore[arg-type]

    assert (words[0] in died, words[1] in stopped) == (True, True)
    assert str(START.astimezone().year) in died


def test_the_command_tells_a_dead_bridge_by_its_exit_code(tmp_path: Path) -> None:
    config = tmp_path / "bridge.toml"
    config.write_text(f'[bridge]\nserver = "http://x"\ntoken = "t"\nspool = "{tmp_path}/spool.db"\n', encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(bridge_command, ["status", "--config", str(config), *words])
        return result.exit_code, result.output.strip()

    never = run("--lang", "en")
    vitals_path(tmp_path / "spool.db").write_bytes(msgspec.json.encode(WELL))
    dead = run("--json")
    config.write_text("[bridge]\n", encoding="utf-8")

    assert never == (1, "NOT RUNNING · no bridge has worked with this configuration yet")
    assert (dead[0], '"running": false' in dead[1], '"waiting": 7' in dead[1]) == (1, True, True)
    assert run()[0] == 2


def test_several_workers_have_a_line_each(tmp_path: Path) -> None:
    config = tmp_path / "bridge.toml"
    config.write_text(f'[bridge]\nserver = "http://x"\ntoken = "t"\nspool = "{tmp_path}/spool.db"\n', encoding="utf-8")
    for worker in range(2):
        vitals_path(tmp_path / f"spool-{worker}.db").write_bytes(msgspec.json.encode(changed(waiting=worker)))

    result = CliRunner().invoke(bridge_command, ["status", "--config", str(config), "--lang", "en"])

    assert re.findall(r"(\d) reports wait", result.output) == ["0", "1"]
    assert result.exit_code == 1


def test_a_file_of_another_kind_counts_as_none(tmp_path: Path) -> None:
    vitals_path(tmp_path / "spool.db").write_bytes(b'{"at": "no time')

    assert read_vitals(tmp_path / "spool.db") is None


def test_the_status_goes_on_after_a_look_that_failed_and_ends_with_a_last_word(tmp_path: Path) -> None:
    looks = iter((0, 1, 1, 1))

    def look() -> Vitals:
        return changed(waiting=WELL.waiting // next(looks))

    writer = VitalsWriter(tmp_path / "spool.db.status.json", look)
    writer.start()
    wait_until(lambda: read_vitals(tmp_path / "spool.db") == WELL, seconds=30, what="the first status")
    writer.stop()

    assert read_vitals(tmp_path / "spool.db") == changed(ended=True)


def test_a_robot_counts_as_heard_for_half_a_minute() -> None:
    tally = DayTally(DayCounts(START.date()))
    tally.hear({"nanling/arm-1"}, START)

    heard = [tally.heard(START + timedelta(seconds=seconds)) for seconds in (0, 30, 31)]

    assert heard == [1, 1, 0]


def test_a_disk_without_room_is_no_ok() -> None:
    english, chinese = (status_line(changed(disk_full=True), at(1), language) for language in ("en", "zh"))

    assert english.startswith("ATTENTION")
    assert "DISK FULL, nothing new is taken" in english
    assert chinese.startswith("注意")
    assert "磁盘已满" in chinese


def test_what_a_broker_refuses_stands_in_the_line_and_needs_attention_where_nobody_is_heard() -> None:
    beside = changed(broker="connected", broker_narrowed=("fair/#", "uagv/#"))
    deaf = changed(broker="connected", broker_unheard=("fair/v1/nanling/walker-7/status",))

    lines = [status_line(vitals, at(1), language) for vitals in (beside, deaf) for language in ("en", "zh")]

    assert [line.split(" · ")[0] for line in lines] == ["OK", "正常", "ATTENTION", "注意"]
    assert [line.split(" · ")[2] for line in lines] == [
        "broker connected; refuses fair/#, uagv/#: topics beside the right ones leave no trace",
        "消息服务器已连接；拒绝订阅 fair/#, uagv/#：发到其他主题的消息不留记录",
        "broker connected; REFUSES fair/v1/nanling/walker-7/status: robots there are not heard",
        "消息服务器已连接；拒绝订阅 fair/v1/nanling/walker-7/status：收不到相应机器人",
    ]
