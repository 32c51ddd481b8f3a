"""`fairzone doctor`: a sound installation has no problem, and each planted defect is named with its remedy."""

import json
import shutil
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import delete

from server.demo.zone import Zone, ZonePorts, prepare
from server.doctor.command import account, doctor, findings
from server.doctor.installation import SERVER_FOLDER, CheckResult, CheckStatus, ExaminedInstallation, examine
from server.features import import_models
from server.features.accounts.models import Account
from server.features.accounts.service import set_token
from server.infra.db import Database
from server.infra.migrate import newest_version
from tests.support.ports import LOOPBACK, free_port

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
INSTALLED = NOW - timedelta(days=1)
Spoil = Callable[[Path], object]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a hall with the demo's fair, in which nothing has ever run; made once, to be copied."""
    folder = tmp_path_factory.mktemp("prepared") / "zone"
    prepare(Zone(folder, ZonePorts(free_port(), free_port(), free_port())), NOW, lambda _line: None)
    (folder / "bridge.toml").unlink()
    (folder / "robots.json").unlink()
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A data folder with nothing wrong in it."""
    return Path(shutil.copytree(prepared, tmp_path / "zone"))


def examined(folder: Path, environ: dict[str, str] | None = None, now: datetime = NOW) -> ExaminedInstallation:
    """The installation in that folder, a day old, with a port that nobody uses."""
    return examine({"FAIRZONE_PORT": str(free_port()), **(environ or {})}, folder, now, INSTALLED)


def problems(place: ExaminedInstallation) -> dict[str, str]:
    """The problems by check: what is said of each."""
    return {found.check: found.text for found in findings(place) if found.status is CheckStatus.PROBLEM}


def remedy(place: ExaminedInstallation, check: str) -> str:
    """How the problem of that check is mended."""
    return next(
        found.remedy for found in findings(place) if found.check == check and found.status is CheckStatus.PROBLEM
    )


def test_a_sound_installation_has_no_problem(folder: Path) -> None:
    place = examined(folder)

    assert problems(place) == {}
    assert CheckResult("enrolments", CheckStatus.OK, "101 robots of 46 exhibitors") in findings(place)


def test_a_removed_secret_is_missed(folder: Path) -> None:
    (folder / "secrets").unlink()

    place = examined(folder)

    assert problems(place) == {"secrets": f"{folder / 'secrets'} is not there"}
    assert remedy(place, "secrets").startswith("Run `fairzone up` once")


def test_secrets_that_others_may_read_are_told_with_the_command_that_closes_them(folder: Path) -> None:
    (folder / "secrets").chmod(0o644)

    place = examined(folder)

    assert problems(place) == {"secrets": f"{folder / 'secrets'} has mode 0644"}
    assert remedy(place, "secrets") == f"Run: chmod 600 {folder / 'secrets'}"


def test_broken_secrets_and_a_short_key_are_told(folder: Path) -> None:
    (folder / "secrets").write_text("{")

    assert problems(examined(folder)) == {"secrets": f"{folder / 'secrets'} cannot be read as secrets"}
    assert "FAIRZONE_SECRET_KEY has 5 characters" in account(
        findings(examined(folder, {"FAIRZONE_SECRET_KEY": "abcde"}))
    )


def test_a_missing_front_end_file_is_named(folder: Path, tmp_path: Path) -> None:
    house = tmp_path / "house"
    for part in ("static", "templates", "features"):
        shutil.copytree(SERVER_FOLDER / part, house / part)
    (house / "static/css/tokens.css").unlink()
    sound = examined(folder)

    place = ExaminedInstallation(sound.environ, folder, NOW, INSTALLED, house)

    assert problems(place) == {"front-end files": "pages name files that are not there: css/tokens.css"}


def test_a_database_without_schema_is_told_with_the_command_that_brings_it(folder: Path) -> None:
    for path in folder.glob("fairzone.db*"):
        path.unlink()
    Database(f"sqlite:///{folder / 'fairzone.db'}").answers()

    place = examined(folder)

    assert problems(place) == {"database": f"the schema is empty, this version needs {newest_version()}"}
    assert remedy(place, "database") == "Run: fairzone db upgrade"


@pytest.mark.slow
def test_a_missing_database_is_told_and_not_made(folder: Path) -> None:
    for path in folder.glob("fairzone.db*"):
        path.unlink()

    place = examined(folder)

    assert problems(place) == {"database": "there is none yet"}
    assert not (folder / "fairzone.db").exists()


def test_a_database_that_does_not_answer_is_told_without_its_password(folder: Path) -> None:
    url = f"postgresql://fair:hush-hush@127.0.0.1:{free_port()}/fair"

    found = problems(examined(folder, {"DATABASE_URL": url}))

    assert set(found) == {"database"}
    assert "does not answer" in found["database"]
    assert "hush-hush" not in account(findings(examined(folder, {"DATABASE_URL": url})))


def test_a_bridge_that_the_server_does_not_know_is_told(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'fairzone.db'}")
    with database.write() as session:
        session.execute(delete(Account).where(Account.username == "bridge"))  # type: ignore[arg-type]  # SQLModel's ==
    database.close()

    assert problems(examined(folder)) == {"bridge log-in": "the server does not know the bridge's token"}


def test_a_port_that_something_else_uses_is_told(folder: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as holder:
        holder.bind((LOOPBACK, 0))
        holder.listen(1)
        port = holder.getsockname()[1]

        found = problems(examined(folder, {"FAIRZONE_PORT": str(port)}))

    assert found == {"web": f"something else uses 127.0.0.1:{port}"}


def test_a_broker_that_takes_no_connection_and_a_port_that_is_not_there_are_told(folder: Path) -> None:
    broker, missing = free_port(), folder / "ttyUSB0"
    (folder / "bridge.toml").write_text(
        f'[bridge]\nserver = "https://fair.example"\nspool = "spool.db"\n'
        f'[mqtt]\nhost = "127.0.0.1"\nport = {broker}\n[[serial]]\nname = "a"\nurl = "{missing}"\n'
    )

    found = problems(examined(folder))

    assert found == {
        "broker": f"127.0.0.1:{broker} takes no connection",
        "serial port": f"{missing} is not there",
    }


def test_a_clock_from_before_the_installation_is_told(folder: Path) -> None:
    found = problems(examined(folder, now=INSTALLED - timedelta(days=2)))

    assert found == {"clock": "the clock says 2026-11-19 04:00 UTC, which is before this version was installed"}


def test_a_clock_a_little_before_the_installation_is_another_time_zone_of_the_installer(folder: Path) -> None:
    found = problems(examined(folder, now=INSTALLED - timedelta(hours=23)))

    assert found == {}


def test_without_a_given_time_the_programs_own_files_say_when_it_was_installed(folder: Path) -> None:
    written = datetime.fromtimestamp((SERVER_FOLDER / "doctor" / "installation.py").stat().st_mtime, UTC)

    assert examine({}, folder, NOW).installed_at == written


def test_a_setting_that_is_no_number_is_told(folder: Path) -> None:
    found = problems(examined(folder, {"FAIRZONE_PORT": "eighty"}))

    assert found == {"settings": "FAIRZONE_PORT is 'eighty', which is no whole number."}


def test_the_command_ends_with_1_for_a_problem_and_with_0_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRZONE_PORT", str(free_port()))
    for name in ("DATABASE_URL", "FAIRZONE_SECRET_KEY", "FAIRZONE_BRIDGE_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    sound = CliRunner().invoke(doctor, ["--data-dir", str(folder)])
    (folder / "secrets").unlink()
    spoilt = CliRunner().invoke(doctor, ["--data-dir", str(folder), "--json"])

    assert (sound.exit_code, sound.output.splitlines()[-1]) == (0, "No problem found.")
    assert spoilt.exit_code == 1
    assert [found["check"] for found in json.loads(spoilt.output) if found["status"] == "problem"] == ["secrets"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[bridge]\nserver = "http://127.0.0.1:abc"\n', {"bridge": 'server = "http://127.0.0.1:abc" is no address'}),
        (
            '[bridge]\nserver = "http://127.0.0.1:8460"\n[mqtt]\nhost = "127.0.0.1"\nport = "x"\n',
            {"broker": "port = 'x' is no port"},
        ),
        ("bridge = 3\nmqtt = 4\nserial = 5\n", {"bridge": "is no address", "broker": "takes no connection"}),
    ],
)
def test_settings_of_the_bridge_that_cannot_be_are_told(folder: Path, text: str, told: dict[str, str]) -> None:
    (folder / "bridge.toml").write_text(text)

    found = {check: text for check, text in problems(examined(folder)).items() if check in {"bridge", "broker"}}

    assert set(found) == set(told)
    assert [told[check] in found[check] for check in told] == [True] * len(told)


def test_a_data_folder_that_others_may_read_is_told_with_the_command_that_closes_it(folder: Path) -> None:
    folder.chmod(0o755)

    place = examined(folder)

    assert set(problems(place)) == {"data folder"}
    assert remedy(place, "data folder") == f"Run: chmod 700 {folder}"


def test_a_key_in_the_environment_needs_no_file(folder: Path) -> None:
    (folder / "secrets").unlink()

    assert problems(examined(folder, {"FAIRZONE_SECRET_KEY": "k" * 32})) == {}


def test_a_hall_without_a_public_address_is_noted_and_a_demo_is_not(folder: Path) -> None:
    hall = [found.check for found in findings(examined(folder)) if found.status is CheckStatus.NOTE]
    (folder / "robots.json").write_text("[]")
    demo = [found.check for found in findings(examined(folder)) if found.status is CheckStatus.NOTE]

    assert ("public address" in hall, "public address" in demo) == (True, False)


def test_the_demos_folder_is_not_examined_with_a_halls_database(folder: Path) -> None:
    (folder / "robots.json").write_text("[]")
    url = f"postgresql://fair@127.0.0.1:{free_port()}/fair"

    assert problems(examined(folder, {"DATABASE_URL": url})) == {}


def test_a_bridge_elsewhere_with_a_token_of_its_own_is_noted(folder: Path) -> None:
    import_models()
    database = Database(f"sqlite:///{folder / 'fairzone.db'}")
    with database.write() as session:
        set_token(session, "bridge", "its own")
    database.close()

    place = examined(folder)

    assert problems(place) == {}
    assert "on another machine" in account(findings(place))
