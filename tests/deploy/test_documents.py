"""The documents are true: what they name exists, and what there is for people to use is named in one of them."""

import re
from collections.abc import Iterator
from functools import cache

import click
import pytest

from device_bridge.cli import main
from server.app import assemble
from server.features import load_features
from server.settings import Settings
from tests.architecture.source import ROOT

DOCUMENTS = ("README.md", "server/README.md", "device_bridge/README.md", "deploy/README.md")
MOST_LINES = 150
"""Of the first document: four readers want theirs at a glance."""
OWN_FOLDERS = ("server", "device_bridge", "fixtures", "tests", "deploy")
PAGES_OF_OTHER_PAGES = frozenset({"language", "static", "login", "reset", "zone"})
"""First words of addresses that nobody types: a page or a mail leads there."""
EXAMPLES_OF_TOPICS = ("fair/", "uagv/", "vda5050/")


@cache
def document(name: str) -> str:
    """The text of a document."""
    return (ROOT / name).read_text(encoding="utf-8")


def named(name: str) -> list[str]:
    """What stands between backticks in the prose and the tables of a document."""
    prose = re.sub(r"^```.*?^```", "", document(name), flags=re.MULTILINE | re.DOTALL)
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", prose)]


def braces(path: str) -> Iterator[str]:
    """The paths that `a/{b,c}` stands for."""
    found = re.search(r"\{([^}]*)\}", path)
    if not found:
        yield path
        return
    for part in found[1].split(","):
        yield from braces(path.replace(found[0], part, 1))


def exists(path: str) -> bool:
    """Whether something has this path; `<name>` stands for any name, and an `adr` may be named by its number."""
    pattern = re.sub(r"<[^>]+>", "*", path.rstrip("/"))
    return any(True for _ in ROOT.glob(pattern)) or any(True for _ in ROOT.glob(f"{pattern}-*.md"))


@cache
def rules() -> frozenset[str]:
    """The address rules of all pages and doors that answer GET or POST."""
    app = assemble(
        Settings(data_dir=ROOT, database_url="sqlite:////never-opened", secret_key="s" * 40), load_features()
    )
    return frozenset(rule.rule for rule in app.url_map.iter_rules())


def commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command line that does something."""
    if not isinstance(command, click.Group):
        yield words
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None, name
        yield from commands(inner, (*words, name))


def everything_named() -> list[str]:
    """What stands between backticks in any document."""
    return [found for name in DOCUMENTS for found in named(name)]


def test_the_first_document_is_short_and_leads_to_the_others() -> None:
    text = document("README.md")

    assert len(text.splitlines()) <= MOST_LINES
    assert [name for name in DOCUMENTS[1:] if f"]({name})" not in text] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_exists(name: str) -> None:
    paths = [
        path
        for found in named(name)
        if re.fullmatch(r"[\w./<>{},-]+", found) and found.split("/")[0] in OWN_FOLDERS and "/" in found
        for path in braces(found)
    ]
    links = re.findall(r"\]\(([^)#:]+)\)", document(name))
    beside = (ROOT / name).parent.relative_to(ROOT)

    assert [path for path in paths if not exists(path)] == []
    assert [link for link in links if not (ROOT / beside / link).exists()] == []


def test_every_address_that_a_document_names_exists() -> None:
    matchers = [re.compile(re.sub(r"<[^>]+>", r"[^/]+", rule)) for rule in rules()]
    addresses = {
        found.partition("?")[0]
        for found in everything_named()
        if re.fullmatch(r"/[\w./?=<>-]*", found) and not found.startswith("/dev/")
    }

    assert len(addresses) > 20
    assert {address for address in addresses if not any(one.fullmatch(address) for one in matchers)} == set()


def test_every_page_that_a_person_types_is_named() -> None:
    first = {rule.split("/")[1] for rule in rules() if not rule.startswith("/api")} - PAGES_OF_OTHER_PAGES - {"logout"}
    there = {found.split("/")[1].partition("?")[0] for found in everything_named() if found.startswith("/")}

    assert first - there == set()


def test_every_make_target_that_is_named_exists_and_is_named() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", document_of_make(), flags=re.MULTILINE))
    typed = {found.split()[1] for found in everything_named() if found.startswith("make ")}
    typed |= set(re.findall(r"^    make ([a-z-]+)", document("README.md"), flags=re.MULTILINE))
    mentioned = {found for found in everything_named() if found in targets}

    assert typed - targets - {"help"} == set()
    assert targets - typed - mentioned == set()


def document_of_make() -> str:
    """The Makefile."""
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_command_that_is_named_exists_and_is_named() -> None:
    lines = set(commands(main))
    words = [tuple(found.split()[1:]) for found in everything_named() if found.startswith("fairzone ")]
    typed = {tuple(word for word in line[:2] if re.fullmatch(r"[a-z]+", word)) for line in words} - {()}
    known = {line[:size] for line in lines for size in (1, 2)}

    assert len(typed) > 5
    assert typed - known == set()
    assert {line[0] for line in lines} - {line[0] for line in typed} == set()


def test_every_setting_that_is_named_is_read_and_every_one_that_is_read_is_in_the_table() -> None:
    sources = [*(ROOT / "server").rglob("*.py"), *(ROOT / "device_bridge").rglob("*.py")]
    read = {name for path in sources for name in settings_in(path.read_text(encoding="utf-8"))}
    rows = [line for line in document("deploy/README.md").splitlines() if line.startswith("| `")]
    table = {name for line in rows for name in settings_in(line.split(" | ")[0])}
    mentioned = {name for document_name in DOCUMENTS for name in settings_in(document(document_name))}

    assert len(table) > 15
    assert table - read == set()
    assert mentioned - table == set()
    assert settings_in((ROOT / "server" / "settings.py").read_text(encoding="utf-8")) - table == set()


def settings_in(text: str) -> set[str]:
    """The names of settings in a text."""
    return set(re.findall(r"\bFAIRZONE_[A-Z]+(?:_[A-Z]+)*\b", text))


@pytest.mark.parametrize("planted", ["server/nowhere/", "deploy/adr/9999", "fixtures/robots/{coffee,tea}.toml"])
def test_a_planted_path_is_found_out(planted: str) -> None:
    assert not all(exists(path) for path in braces(planted))


def test_how_to_add_names_a_file_in_every_row() -> None:
    text = document("server/README.md")
    rows = re.findall(
        r"^\| (?!new|---)([^|]+) \| ([^|]+) \| ([^|]+) \|$", text.partition("## Adding")[2], flags=re.MULTILINE
    )

    assert len(rows) >= 7
    assert [row[0] for row in rows if "`" not in row[1]] == []
