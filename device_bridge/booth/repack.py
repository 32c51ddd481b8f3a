"""A wheel put together again from what is installed, for a machine that has FairZone and not its source.

Source of the form: the binary distribution format (PEP 427), RECORD in PEP 376.
"""

import base64
import csv
import hashlib
import io
import zipfile
from importlib.metadata import PackagePath, distribution
from pathlib import Path

_NOT_IN_A_WHEEL = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})


def repack(name: str, folder: Path) -> Path:
    """Write the wheel of an installed distribution into a folder; its path."""
    found = distribution(name)
    packed = [path for path in found.files or () if _belongs_inside(path)]
    files = {path.as_posix(): Path(str(path.locate())).read_bytes() for path in packed}
    info = next(path.partition("/")[0] for path in files if ".dist-info/" in path)
    wheel = folder / f"{found.metadata['Name'].replace('-', '_')}-{found.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in files.items():
            archive.writestr(path, body)
        archive.writestr(f"{info}/RECORD", _record(files, f"{info}/RECORD"))
    return wheel


def _belongs_inside(path: PackagePath) -> bool:
    """Whether a file came out of the wheel, and was not made by the installer."""
    if path.is_absolute() or ".." in path.parts or "__pycache__" in path.parts:
        return False
    return not (path.name in _NOT_IN_A_WHEEL and path.parts[0].endswith(".dist-info"))


def _record(files: dict[str, bytes], own: str) -> str:
    sheet = io.StringIO()
    rows = csv.writer(sheet, lineterminator="\n")
    for path, body in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip("=")
        rows.writerow((path, f"sha256={digest}", len(body)))
    rows.writerow((own, "", ""))
    return sheet.getvalue()
