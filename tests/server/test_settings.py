"""Settings: read once, and never a default secret."""

import stat
from pathlib import Path

import pytest

from server.kernel.errors import SetupError
from server.settings import ensure_secrets, read_secrets, read_settings


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

    settings = read_settings({"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": "from outside"})

    assert settings.secret_key == "from outside"


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "FAIRZONE_DATA": str(tmp_path),
            "FAIRZONE_SECRET_KEY": "hush-hush",
            "DATABASE_URL": "postgresql://fair:pass-phrase@db/fair",
        }
    )

    assert "hush-hush" not in repr(settings)
    assert "pass-phrase" not in repr(settings)


def test_a_port_that_is_no_number_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="FAIRZONE_PORT"):
        read_settings({"FAIRZONE_DATA": str(tmp_path), "FAIRZONE_SECRET_KEY": "x", "FAIRZONE_PORT": "eighty"})


def test_an_https_address_makes_cookies_secure(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "FAIRZONE_DATA": str(tmp_path),
            "FAIRZONE_SECRET_KEY": "x",
            "FAIRZONE_PUBLIC_URL": "https://zone.example/",
        }
    )

    assert (settings.secure_cookies, settings.public_url) == (True, "https://zone.example")
