"""Checks our captures of VDA 5050 by the standard's own JSON schemas.

The schemas of 2.1 come with the package `vda5050-sdk` and check our captures of version 2 in every run of the tests.
Those of 3.0 come with no package and are not kept here: whoever adds or changes a capture of version 3 gets them from
the standard's repository (`json_schemas`, tag 3.0.0 or later) and runs

    python -m tests.device_bridge.protocols.schemas <folder of the schemas>

which checks all of them and writes down in `fixtures/protocols/vda5050-v3/checked.json` what was checked by what. The
tests compare that record with the captures as they are, so that none goes unchecked.
"""

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.device_bridge.protocols.samples import FIXTURES, captures

RECORD = FIXTURES / "vda5050-v3" / "checked.json"
UNTAGGED = {"visualization": "referenceStateHeaderId"}
"""What the schemas after the tag of 3.0.0 demand and the tag's own do not know; we take messages without it."""


def kind_of(capture: Path) -> str:
    """The kind of message: the first part of the name."""
    return capture.name.partition(".")[0]


def schema_file(folder: Path, kind: str) -> Path:
    """The schema of one kind of message, under either ending that the standard and its packages use."""
    return next(path for ending in ("schema", "json") if (path := folder / f"{kind}.{ending}").is_file())


def complaints(folder: Path, capture: Path) -> list[str]:
    """What the schema in this folder finds wrong with a capture."""
    kind = kind_of(capture)
    schema: dict[str, Any] = json.loads(schema_file(folder, kind).read_bytes())
    schema["required"] = [name for name in schema.get("required", ()) if name != UNTAGGED.get(kind)]
    errors = Draft202012Validator(schema).iter_errors(json.loads(capture.read_bytes()))
    return [f"{capture.name}: {error.json_path}: {error.message}" for error in errors]


def digests(paths: list[Path]) -> dict[str, str]:
    """The SHA-256 of each file by its name."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}


def check(folder: Path) -> Iterator[str]:
    """Every complaint about our captures of version 3; writes the record when there is none."""
    ours = captures("vda5050", "valid")
    found = [complaint for capture in ours for complaint in complaints(folder, capture)]
    yield from found
    if not found:
        schemas = {schema_file(folder, kind_of(capture)) for capture in ours}
        record = {"captures": digests(ours), "schemas": digests(list(schemas))}
        RECORD.write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    wrong = list(check(Path(sys.argv[1])))
    print("\n".join(wrong) or "all captures of version 3 fit")  # noqa: T201 - a program's answer
    sys.exit(1 if wrong else 0)
