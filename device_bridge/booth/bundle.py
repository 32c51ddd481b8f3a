"""The bridge packed for a booth's machine without internet: wheels, an installer, an example, and how to go on.

Only what the bridge itself needs goes in: the requirements that stand in the wheel without an extra, and those of the
protocols' own extras. Wheels only, so that nothing has to be compiled at a booth; one set serves every Python below.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from email.parser import BytesParser
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
EXTRAS = ("bridge", "mavlink", "modbus")
"""Which extras a booth may need, where the project has them."""
WINDOWS_ONLY = ("colorama==0.4.6",)
"""click wants it on Windows; pip asks after the machine that packs, and would leave it out."""
_PATIENCE_S = 300
_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Target(StrEnum):
    """For which machines a bundle is."""

    LINUX = "linux"
    WINDOWS = "windows"


_PLATFORMS = {
    Target.LINUX: ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
    Target.WINDOWS: ("win_amd64",),
}
_FILES = {
    Target.LINUX: ("install.sh", "bridge.toml", "README.md", "fairzone-bridge.service"),
    Target.WINDOWS: ("install.ps1", "bridge.toml", "README.md"),
}


class BundleError(Exception):
    """The bundle cannot be made; the message says why and what to do."""


def make_bundle(out: Path, target: Target, pythons: Sequence[str] = PYTHONS) -> Path:
    """Make `fairzone-booth-bridge-<version>-<target>.zip` in `out`; the path of the file. Raises `BundleError`."""
    with tempfile.TemporaryDirectory(prefix="fairzone-bundle-") as folder:
        wheels = Path(folder) / "wheels"
        wheels.mkdir()
        wheel = _project_wheel(wheels)
        version = wheel.name.split("-")[1]
        wanted, extras = requirements(wheel)
        _download(wheels, target, wanted, pythons)
        line = f"fairzone[{','.join(extras)}]=={version}\n" if extras else f"fairzone=={version}\n"
        (Path(folder) / "requirements.txt").write_text(line, encoding="ascii")
        for name in _FILES[target]:
            _copy(files_folder() / name, Path(folder) / name, target)
        out.mkdir(parents=True, exist_ok=True)
        return _zipped(Path(folder), out / f"fairzone-booth-bridge-{version}-{target}.zip")


def files_folder() -> Path:
    """Where the files lie that go along: in the package of an installation, in `deploy/booth` of a clone."""
    packed = Path(__file__).parent / "files"
    return packed if packed.is_dir() else ROOT / "deploy" / "booth"


def requirements(wheel: Path) -> tuple[list[str], list[str]]:
    """(what a booth's installation of this wheel needs, of which of its extras)."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = BytesParser().parsebytes(archive.read(name), headersonly=True)
    extras = [extra for extra in metadata.get_all("Provides-Extra", []) if extra in EXTRAS]
    wanted = []
    for line in metadata.get_all("Requires-Dist", []):
        requirement, _, marker = line.partition(";")
        asked = _EXTRA.search(marker)
        if asked is None or asked[1] in extras:
            wanted.append(requirement.strip())
    return wanted, extras


def _project_wheel(wheels: Path) -> Path:
    """FairZone's own wheel: built from a clone, or put together again from what is installed."""
    if (ROOT / "pyproject.toml").is_file():
        _pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT))
    else:
        from device_bridge.booth.repack import repack

        repack("fairzone", wheels)
    return next(wheels.glob("fairzone-*.whl"))


def _download(wheels: Path, target: Target, wanted: Sequence[str], pythons: Sequence[str]) -> None:
    extra = WINDOWS_ONLY if target is Target.WINDOWS else ()
    platforms = [word for name in _PLATFORMS[target] for word in ("--platform", name)]
    for python in pythons:
        _pip(
            *("download", "--only-binary", ":all:", "--implementation", "cp", "--python-version", python),
            *(*platforms, "--dest", str(wheels), "--find-links", str(wheels)),
            *(*wanted, *extra, "pip"),
        )


def _pip(*words: str) -> None:
    """Run pip at the pinned versions. Raises `BundleError` with what it said."""
    pins = ROOT / "deploy" / "constraints.txt"
    pinned = {"PIP_CONSTRAINT": str(pins), "PIP_BUILD_CONSTRAINT": str(pins)} if pins.is_file() else {}
    command = [sys.executable, "-m", "pip", *words, "--quiet", "--no-input", "--disable-pip-version-check"]
    try:
        done = subprocess.run(  # noqa: S603 - our own words, and requirements of our own wheel
            command, env={**os.environ, **pinned}, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BundleError(f"pip did not run ({error}). Install it: python -m ensurepip") from error
    if done.returncode != 0:
        raise BundleError(
            f"pip {words[0]} failed:\n{done.stderr.strip()[-2_000:]}\n"
            "Check that this machine reaches a package index (`pip config list`; PIP_INDEX_URL names a mirror), "
            "then run the same command again."
        )


def _copy(source: Path, place: Path, target: Target) -> None:
    """Copy a file; on Windows its editors want to see their own line ends."""
    text = source.read_text(encoding="utf-8")
    if target is Target.WINDOWS:
        # PowerShell 5 takes a script without this mark for one in the machine's old code page.
        mark = "\ufeff" if place.suffix == ".ps1" else ""
        place.write_bytes((mark + text).replace("\n", "\r\n").encode())
    else:
        place.write_text(text, encoding="utf-8")
        shutil.copymode(source, place)


def _zipped(folder: Path, place: Path) -> Path:
    """Pack a folder, with the sums of everything in it; the same input gives the same file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = "".join(f"{digest_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    draft = place.with_name(f"{place.name}.new")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (*files, folder / "SHA256SUMS"):
            _add(archive, path, f"{place.stem}/{path.relative_to(folder).as_posix()}")
    draft.replace(place)
    return place


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (path.stat().st_mode & 0o777) << 16
    archive.writestr(entry, path.read_bytes())


def digest_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
