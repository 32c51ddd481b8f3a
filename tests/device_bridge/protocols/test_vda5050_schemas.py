"""Our captures of VDA 5050 are checked by the standard's schemas, not by our own decoder alone."""

import json
from pathlib import Path

import pytest
from vda5050.validation.schema_validator import schema_directory

from device_bridge.protocols import MESSAGE_PROTOCOLS, Malformed
from tests.device_bridge.protocols import schemas
from tests.device_bridge.protocols.samples import captures

REFUSED_BY_US_ALONE = {
    "invalid-field.state.battery-above-100",
    "invalid-field.state.end-of-time",
    "invalid-field.state.negative-header",
}
"""Schema-valid is not sane: no minimum of `headerId`, no end of time, a battery of 120 percent."""


@pytest.mark.parametrize("capture", captures("uagv", "valid"), ids=lambda path: path.stem)
def test_a_capture_of_version_2_fits_the_standards_schema(capture: Path) -> None:
    assert schemas.complaints(schema_directory(), capture) == []


@pytest.mark.parametrize(
    "capture",
    [path for path in captures("uagv", "invalid") if path.name.startswith("invalid-field")],
    ids=lambda path: path.stem,
)
def test_what_we_refuse_of_version_2_the_schema_refuses_too_or_cannot_see(capture: Path, tmp_path: Path) -> None:
    same = tmp_path / capture.name.removeprefix("invalid-field.")
    same.write_bytes(capture.read_bytes())

    fits = schemas.complaints(schema_directory(), same) == []

    assert fits == (capture.stem in REFUSED_BY_US_ALONE)


def test_every_capture_of_version_3_was_checked_as_it_is() -> None:
    record = json.loads(schemas.RECORD.read_bytes())

    assert record["captures"] == schemas.digests(captures("vda5050", "valid")), schemas.__doc__
    assert {Path(name).stem for name in record["schemas"]} == {
        "connection",
        "factsheet",
        "state",
        "visualization",
    }


def test_the_check_finds_what_is_wrong_and_writes_nothing_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "RECORD", tmp_path / "checked.json")

    # The schemas of version 2 know neither the new names nor the new words.
    wrong = list(schemas.check(schema_directory()))

    assert any("'HIBERNATING' is not one of" in complaint for complaint in wrong)
    assert any("'batteryState' is a required property" in complaint for complaint in wrong)
    assert not schemas.RECORD.exists()


@pytest.mark.parametrize("key", ["uagv", "vda5050"])
def test_no_capture_of_one_major_version_is_read_as_the_other(key: str) -> None:
    other = {"uagv": "vda5050", "vda5050": "uagv"}[key]

    heard = {
        path.name: MESSAGE_PROTOCOLS[other].decode(schemas.kind_of(path), path.read_bytes())
        for path in captures(key, "valid")
        if b'"version"' in path.read_bytes()
    }

    assert heard
    assert {what.code for what in heard.values() if isinstance(what, Malformed)} == {"unsupported-version"}
    assert all(isinstance(what, Malformed) for what in heard.values())
