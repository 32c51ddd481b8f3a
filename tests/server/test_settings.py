"""Settings: read once, and never a default secret."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.kernel.errors import SetupError
from server.settings import Secrets, ensure_secrets, read_secrets, read_settings

KEY = "from-outside-0123456789abcdefghij"


def test_a_missing_secret_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as refusal:
        read_settings({"FAIRZONE_DATA": str(tmp_path)})

    assert "fairzone up" in refusal.value.remedy


def test_the_secrets_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)

    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o600


def test_secrets_are_made_once_and_then_kept(tmp_path: Path) -> None:
    first = ensure_secrets(tmp_path)

    assert (ensure_secrets(tmp_path), read_secrets(tmp_path)) == (first, first)


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    assert ensure_secrets(tmp_path / "a") != ensure_secrets(tmp_path / "b")


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)

    settings = read_settings({"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": KEY})

    assert settings.secret_key == KEY


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "FAIRZONE_DATA": str(tmp_path),
            "FAIRZONE_SECRET_KEY": f"hush-hush{KEY}",
            "DATABASE_URL": "postgresql://fair:pass-phrase@db/fair",
        }
    )

    assert "hush-hush" not in repr(settings)
    assert "pass-phrase" not in repr(settings)


def test_a_port_that_is_no_number_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="FAIRZONE_PORT"):
        read_settings({"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": KEY, "FAIRZONE_PORT": "eighty"})


def test_an_https_address_makes_cookies_secure(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "FAIRZONE_DATA": str(tmp_path),
            "FAIRZONE_SECRET_KEY": KEY,
            "FAIRZONE_PUBLIC_URL": "https://zone.example/",
        }
    )

    assert (settings.secure_cookies, settings.public_url) == (True, "https://zone.example")


@pytest.mark.parametrize("port", ["0", "65536", "99999999"])
def test_a_port_that_cannot_be_is_refused_by_name(tmp_path: Path, port: str) -> None:
    with pytest.raises(SetupError, match=f"FAIRZONE_PORT is {port}"):
        read_settings({"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": KEY, "FAIRZONE_PORT": port})


def test_a_short_key_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="FAIRZONE_SECRET_KEY has 31 characters") as refusal:
        read_settings({"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": "k" * 31})

    assert "kkk" not in str(refusal.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"secret_key": "x"}'])
def test_secrets_that_cannot_be_read_are_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "secrets").write_text(text)

    with pytest.raises(SetupError, match="cannot be read as secrets") as refusal:
        ensure_secrets(tmp_path)

    assert "fairzone up" in refusal.value.remedy


def test_starters_at_the_same_moment_share_one_secret_and_leave_nothing_else(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def start(_number: int) -> Secrets:
        together.wait(30)
        return ensure_secrets(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(start, range(8)))

    assert [one == found[0] for one in found] == [True] * 8
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


def test_the_data_folder_is_closed_to_others_also_when_it_was_open(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)

    for name in ("open", "new"):
        ensure_secrets(tmp_path / name)

    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("open", "new")] == [0o700, 0o700]


def test_a_folder_that_others_live_in_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "somebody-elses").mkdir()
    tmp_path.chmod(0o755)

    ensure_secrets(tmp_path)

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@pytest.mark.parametrize(("hours", "days"), [("", 0.02), ("12", 0.5), ("1.5", 0.0625)])
def test_the_change_feed_is_kept_for_the_hours_that_are_set(tmp_path: Path, hours: str, days: float) -> None:
    environ = {"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": KEY, "FAIRZONE_CHANGE_HOURS": hours}

    assert read_settings(environ).change_days == days


@pytest.mark.parametrize("hours", ["soon", "0", "-1", "nan", "inf"])
def test_hours_that_cannot_be_are_refused_by_name(tmp_path: Path, hours: str) -> None:
    with pytest.raises(SetupError, match="FAIRZONE_CHANGE_HOURS"):
        read_settings({"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": KEY, "FAIRZONE_CHANGE_HOURS": hours})


@pytest.mark.parametrize(
    ("typed", "both"),
    [
        ("", ("", "")),
        ("Robot Fair | 机器人展", ("Robot Fair", "机器人展")),
        ("机器人展", ("机器人展", "机器人展")),
        ("| 机器人展", ("机器人展", "机器人展")),
    ],
)
def test_the_fairs_name_is_in_both_languages(tmp_path: Path, typed: str, both: tuple[str, str]) -> None:
    environ = {"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": KEY, "FAIRZONE_FAIR": typed}

    assert read_settings(environ).fair_name == both
