"""VDA 5050 in its three versions: one report whatever the names are, and refusals that say which name is wrong."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.protocols import Decoded, Factsheet, Glimpse, Malformed, Presence, Reading
from device_bridge.protocols.vda5050 import decode_v2, decode_v3
from device_bridge.protocols.vda5050.header import Translation
from device_bridge.protocols.vda5050.phrases import hinted, texts_of
from device_bridge.wire.report import Activity, EStop, Fault, FaultLevel, Mode, Pose, PresenceState, Report
from tests.device_bridge.protocols.samples import FIXTURES

AT = datetime(2026, 4, 16, 6, 32, 0, 120_000, tzinfo=UTC)


def said(texts: Iterable[tuple[str, str]]) -> list[Translation]:
    """Texts as a message says them."""
    return [Translation(key, value) for key, value in texts]


def capture(name: str, major: int = 3, /, **changes: Any) -> Decoded:
    """What our decoder makes of a valid capture, with these fields changed."""
    folder, decode = {2: ("vda5050", decode_v2), 3: ("vda5050-v3", decode_v3)}[major]
    body = json.loads((FIXTURES / folder / "valid" / f"{name}.json").read_bytes())
    return decode(name.partition(".")[0], json.dumps({**body, **changes}).encode())


def report(name: str, major: int = 3, /, **changes: Any) -> Report:
    """The report of a capture of a state."""
    heard = capture(name, major, **changes)
    assert isinstance(heard, Reading), heard
    return heard.report


def untaken(name: str, major: int = 3, /, **changes: Any) -> tuple[Report, dict[str, str]]:
    """The report of a capture with these changes, and the sentence about the one field that it cost."""
    heard = capture(name, major, **changes)
    assert isinstance(heard, Reading), heard
    (field,) = heard.untaken
    return heard.report, field.detail


def refusal(name: str, major: int = 3, /, **changes: Any) -> Malformed:
    """The refusal of a capture that was valid before these changes."""
    heard = capture(name, major, **changes)
    assert isinstance(heard, Malformed), heard
    return heard


def test_the_same_state_in_version_2_and_3_is_the_same_report() -> None:
    old, new = report("state.full", 2), report("state.full")

    assert msgspec.structs.replace(old, errors=()) == msgspec.structs.replace(new, errors=())
    assert new.pose == Pose(12.4, 30.1, 1.57)
    assert (new.battery, new.activity, new.task, new.speed) == (78.5, "working", "Tray to table 4", 0.6)


def test_version_2_0_is_read_like_2_1() -> None:
    assert msgspec.structs.replace(report("state.two-zero", 2), mode=report("state.full", 2).mode) == report(
        "state.full", 2
    )


@pytest.mark.parametrize(
    ("new", "old", "seen"),
    [
        ("powerSupply", "batteryState", {"battery": None, "activity": Activity.UNKNOWN}),
        ("safetyState", None, {"estop": EStop.MANUAL}),
        ("mobileRobotPosition", None, {"pose": None}),
    ],
)
def test_a_state_without_the_new_names_says_which_is_missing(new: str, old: str | None, seen: dict[str, Any]) -> None:
    body = json.loads((FIXTURES / "vda5050-v3" / "valid" / "state.full.json").read_bytes())
    renamed = {(old or f"{new}Old") if key == new else key: value for key, value in body.items()}

    heard = decode_v3("state", json.dumps(renamed).encode())

    assert isinstance(heard, Reading)
    assert heard.report == msgspec.structs.replace(report("state.full"), **seen)
    for detail in (field.detail for field in heard.untaken):
        assert f"`{new}` is missing" in detail["en"]
        assert f"缺少字段 `{new}`" in detail["zh"]
    assert len(heard.untaken) == (new != "mobileRobotPosition")


@pytest.mark.parametrize(
    ("version", "word", "mode"),
    [
        *((2, word.upper(), word.lower()) for word in ("automatic", "semiautomatic", "manual", "service")),
        *((3, word.upper(), word.lower()) for word in ("automatic", "semiautomatic", "manual", "service")),
        (2, "TEACHIN", "teach_in"),
        (3, "TEACH_IN", "teach_in"),
        (3, "STARTUP", "service"),
        (3, "INTERVENED", "manual"),
    ],
)
def test_every_operating_mode_is_known(version: int, word: str, mode: str) -> None:
    assert report("state.full", version, operatingMode=word).mode == mode


@pytest.mark.parametrize(("version", "word"), [(2, "TEACH_IN"), (3, "TEACHIN"), (2, "STARTUP"), (2, "teachin")])
def test_a_mode_of_the_other_version_is_unknown_and_told_with_the_ones_expected(version: int, word: str) -> None:
    read, detail = untaken("state.full", version, operatingMode=word)

    assert read == msgspec.structs.replace(report("state.full", version), mode=Mode.UNKNOWN)
    assert f'Field `operatingMode` is `"{word}"`' in detail["en"]
    assert "`SEMIAUTOMATIC`" in detail["zh"]


@pytest.mark.parametrize(
    ("version", "stop", "expected"),
    [
        *((2, {"eStop": word}, shown) for word, shown in (("AUTOACK", "auto"), ("MANUAL", "manual"))),
        *((2, {"eStop": word}, shown) for word, shown in (("REMOTE", "remote"), ("NONE", "none"))),
        *((3, {"activeEmergencyStop": word}, word.lower()) for word in ("MANUAL", "REMOTE", "NONE")),
    ],
)
def test_every_emergency_stop_is_known(version: int, stop: dict[str, str], expected: str) -> None:
    assert report("state.full", version, safetyState={**stop, "fieldViolation": False}).estop == expected


NO_WORDS: list[Any] = ["STOPPED", "none", "", None, False, 0, ["NONE"], {"NONE": 1}]


@pytest.mark.parametrize(
    ("version", "stop"),
    [
        *((2, {"eStop": word}) for word in NO_WORDS),
        *((3, {"activeEmergencyStop": word}) for word in [*NO_WORDS, "AUTOACK"]),
        *((version, stop) for version in (2, 3) for stop in [*NO_WORDS, {}, []]),
        (2, {"activeEmergencyStop": "NONE"}),
        (3, {"eStop": "NONE"}),
    ],
)
def test_an_emergency_stop_in_a_word_that_nobody_knows_is_a_stop(version: int, stop: Any) -> None:
    read, detail = untaken("state.full", version, safetyState=stop)

    assert read == msgspec.structs.replace(report("state.full", version), estop=EStop.MANUAL)
    assert detail["en"].endswith(" It counts as stopped.")
    assert detail["zh"].endswith("按急停处理。")


@pytest.mark.parametrize("version", [2, 3])
def test_of_many_errors_the_gravest_are_shown(version: int) -> None:
    many = [{"errorType": str(number), "errorLevel": "WARNING"} for number in range(20)]

    errors = report("state.full", version, errors=[*many, {"errorType": "arm", "errorLevel": "FATAL"}]).errors

    assert (errors[0], len(errors)) == (Fault(FaultLevel.FATAL, "arm", {}), 16)


@pytest.mark.parametrize("level", ["WARNING", "URGENT", "CRITICAL", "FATAL"])
def test_the_error_levels_of_version_3_are_kept(level: str) -> None:
    (fault,) = report("state.full", errors=[{"errorType": "motor", "errorLevel": level}]).errors

    assert fault == Fault(FaultLevel(level.lower()), "motor", {})


@pytest.mark.parametrize("level", ["URGENT", "CRITICAL"])
def test_version_2_knows_two_error_levels(level: str) -> None:
    read, detail = untaken("state.full", 2, errors=[{"errorType": "motor", "errorLevel": level}])

    assert read.errors == (Fault(FaultLevel.FATAL, "motor", {}),)
    assert f'Field `errors[0].errorLevel` is `"{level}"`; expected one of `FATAL`, `WARNING`' in detail["en"]


def test_an_error_speaks_the_languages_of_its_translations_with_its_hint() -> None:
    (fault,) = report("state.full").errors

    assert fault == Fault(
        FaultLevel.URGENT,
        "lowTray",
        {
            "zh": "下层托盘已满 (请清空)",
            "en": "The lower tray is full (Empty it)",
            "de": "Das untere Tablett ist voll",
        },
    )


def test_a_hint_of_version_2_stands_behind_the_text() -> None:
    (fault,) = report("state.hint", 2).errors

    assert fault == Fault(FaultLevel.FATAL, "lowTray", {"en": "The lower tray is full (Empty it)"})


def test_of_many_languages_the_zones_own_are_kept_and_nonsense_is_left_out() -> None:
    many = [(f"x{letter}", letter) for letter in "abcdefghij"]

    texts = texts_of("plain", said([*many, ("zh_CN", "中"), ("EN-gb", "British"), ("", "no"), ("nonsense!", "no")]))

    assert (len(texts), texts["zh"], texts["en"]) == (8, "中", "British")
    assert texts_of("", said([("zh-Hant", "繁"), ("zh-Hans", "简")])) == {"zh-hant": "繁", "zh": "简"}


@given(
    texts=st.dictionaries(st.text(max_size=14), st.text(max_size=300), max_size=12),
    hints=st.dictionaries(st.text(max_size=14), st.text(max_size=300), max_size=12),
    plain=st.text(max_size=300),
)
def test_whatever_a_maker_writes_into_its_translations_fits_the_report(
    texts: dict[str, str], hints: dict[str, str], plain: str
) -> None:
    found = hinted(texts_of(plain, said(texts.items())), texts_of(plain, said(hints.items())))

    assert msgspec.convert(msgspec.to_builtins(Fault(FaultLevel.FATAL, "x", found)), Fault).text == found


@pytest.mark.parametrize(
    ("version", "word", "state"),
    [
        *((version, word, word.lower()) for version in (2, 3) for word in ("ONLINE", "OFFLINE")),
        (2, "CONNECTIONBROKEN", "broken"),
        (3, "CONNECTION_BROKEN", "broken"),
        (3, "HIBERNATING", "hibernating"),
    ],
)
def test_a_connection_says_who_is_there(version: int, word: str, state: str) -> None:
    heard = capture("connection.online", version, connectionState=word)

    assert heard == Presence("NANLING/W7-0001", PresenceState(state), AT)


@pytest.mark.parametrize(("version", "word"), [(2, "CONNECTION_BROKEN"), (2, "HIBERNATING"), (3, "CONNECTIONBROKEN")])
def test_a_connection_in_the_other_versions_words_is_refused(version: int, word: str) -> None:
    assert (
        f'`connectionState` is `"{word}"`' in refusal("connection.online", version, connectionState=word).detail["en"]
    )


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("visualization.full", 2, Glimpse("NANLING/W7-0001", AT, Pose(12.4, 30.1, 1.57), 0.6)),
        ("visualization.full", 3, Glimpse("NANLING/W7-0001", AT, Pose(12.4, 30.1, 1.57), 0.5)),
        ("visualization.as-tagged", 3, Glimpse("NANLING/W7-0001", AT, Pose(12.4, 30.1, 1.57), None)),
        ("visualization.no-header", 2, Glimpse("", None, Pose(12.4, 30.1, 1.57), None)),
        ("visualization.lost", 2, Glimpse("NANLING/W7-0001", AT, None, 0.0)),
    ],
)
def test_a_visualization_is_a_glimpse(name: str, version: int, expected: Glimpse) -> None:
    assert capture(name, version) == expected


@pytest.mark.parametrize("version", [2, 3])
def test_a_factsheet_is_kept_whole(version: int) -> None:
    heard = capture("factsheet.full", version)

    assert isinstance(heard, Factsheet)
    assert (heard.claim, heard.at) == ("NANLING/W7-0001", AT)
    assert heard.body["typeSpecification"]["seriesName"] == "Walker"


def test_a_robot_that_does_not_know_where_it_is_has_no_place() -> None:
    assert report("state.teach-in").pose is None


def test_what_runs_in_a_zone_or_at_once_is_a_task_too() -> None:
    action = {"actionId": "z", "actionType": "warmUp", "actionStatus": "RUNNING"}

    tasks = {kind: _task(kind, action) for kind in ("actionStates", "zoneActionStates", "instantActionStates")}

    assert set(tasks.values()) == {"warmUp"}


def _task(kind: str, action: dict[str, Any]) -> Any:
    changes: dict[str, Any] = {kind: [action]}
    return report("state.least", **changes).task


@pytest.mark.parametrize("kind", ["state", "connection", "visualization", "factsheet"])
@pytest.mark.parametrize(("version", "other"), [(2, "3.0.0"), (3, "2.1.0"), (3, "1.1.0"), (2, "nonsense"), (2, "")])
def test_a_body_of_another_version_is_told_where_it_belongs(kind: str, version: int, other: str) -> None:
    name = f"{kind}.{'online' if kind == 'connection' else 'full'}"

    heard = refusal(name, version, version=other)

    assert heard.code == "unsupported-version"
    assert f"Field `version` is `{other}`" in heard.detail["en"]
    assert f"字段 `version` 为 `{other}`" in heard.detail["zh"]
    assert all("vda5050/v3/" in text and "uagv/v2/" in text for text in heard.detail.values())


def test_a_whole_message_of_version_3_under_the_old_topic_is_told_so_before_its_fields() -> None:
    body = (FIXTURES / "vda5050-v3" / "valid" / "state.full.json").read_bytes()

    heard = decode_v2("state", body)

    assert isinstance(heard, Malformed)
    assert heard.code == "unsupported-version"


def test_the_zone_reads_robots_and_no_orders() -> None:
    for kind in ("order", "instantActions", "responses", "zoneSet", "x" * 500):
        heard = decode_v3(kind, b"{}")

        assert isinstance(heard, Malformed)
        assert heard.code == "unknown-topic"
        assert len(heard.detail["zh"]) < 200
