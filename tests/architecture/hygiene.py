"""What no file of the repository may hold, and the fair's words: one word a thing, in both languages."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

TEXT_SUFFIXES = frozenset(
    {".cfg", ".conf", ".css", ".ftl", ".html", ".js", ".json", ".md", ".mjs", ".py", ".service", ".sh", ".sql", ".svg"}
    | {".toml", ".txt", ".xml", ".yaml", ".yml", "", ".mako", ".ini"}
)
LARGEST_TEXT_BYTES = 2_000_000
LARGEST_FILE_BYTES = 4_000_000

# Written with one-letter sets, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"/(?:wor[k]|far[m]|roo[t]|hom[e]/\w+|User[s]/\w+)/"),
    "a registry's address": re.compile(r"registry[.]npm|pypi[.]org|pythonhoste[d]|deb[.]debian|proxy[.]golang"),
    "a content network's address": re.compile(r"\bcdn[.]|unpk[g]|jsdeliv[r]|cloudflar[e]|googleapi[s]|gstati[c]"),
    "a merge that was not finished": re.compile("^(?:<{7}|>{7}) ", re.MULTILINE),
}

# One word a thing: the English term and the Chinese one that a translation of it must hold.
GLOSSARY = {
    "standard booth": "标准展位",
    "raw space": "光地",
    "booth": "展位",
    "build-up": "布展",
    "tear-down": "撤展",
    "exhibitor": "参展商",
    "buyer": "采购商",
    "trading delegation": "交易团",
    "appointment": "预约洽谈",
    "order intent": "意向成交",
    "interpreter": "翻译",
    "clearance": "安全放行",
    "loss ledger": "数据完整性",
    "service robot": "服务机器人",
}
# Other fairs' words for a booth, as nouns; "what stands here" is a verb and stays.
OTHER_WORDS = re.compile(
    r"\b(?:a|an|the|this|that|your|our|my|their|its|each|every|per|which|at|exhibitor'?s?) (?:\w+ )?stands?\b"
    r"(?! for| in| on| still| out| up)"
    r"|\bstand (?:number|no\.|holder|builder|staff)|\bstalls?\b|\bshell[ -]schemes?\b",
    re.IGNORECASE,
)


def repository_files(root: Path) -> list[Path]:
    """Every file that git knows or would take; where there is no git, every file outside hidden and laid-in folders."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True, timeout=60).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        skipped = {".venv", ".git", "node_modules", "vendor", "__pycache__"}
        return sorted(path for path in root.rglob("*") if path.is_file() and not skipped & set(path.parts))
    return sorted({root / name for name in listed.split("\0") if name and (root / name).is_file()})


def forbidden_texts(root: Path, files: Iterable[Path]) -> Iterator[str]:
    """Lines that hold what no file may hold, and files too large to have been written by hand."""
    for path in files:
        where = path.relative_to(root).as_posix()
        if path.stat().st_size > LARGEST_FILE_BYTES:
            yield f"{where}: larger than {LARGEST_FILE_BYTES} bytes"
        if path.suffix in TEXT_SUFFIXES and path.stat().st_size <= LARGEST_TEXT_BYTES:
            text = path.read_text(encoding="utf-8", errors="replace")
            for what, pattern in FORBIDDEN.items():
                for found in pattern.finditer(text):
                    yield f"{where}:{text.count(chr(10), 0, found.start()) + 1}: holds {what}: {found[0]}"


def addresses_in_lock(lock: Path) -> Iterator[str]:
    """Packages in npm's lock file that say where they were fetched from: they would bind everybody to that place."""
    packages: Mapping[str, Mapping[str, object]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    for name, package in packages.items():
        if "resolved" in package:
            yield f"{lock.name}: {name} holds the address that it was fetched from"


def other_words(root: Path, files: Iterable[Path]) -> Iterator[str]:
    """English texts that use another fair's word for a booth."""
    for path in files:
        where = path.relative_to(root).as_posix()
        if path.suffix in {".ftl", ".html", ".md", ".json"} and not where.startswith(("deploy/frontend/", "tests/")):
            text = path.read_text(encoding="utf-8", errors="replace")
            for found in OTHER_WORDS.finditer(text):
                yield f"{where}:{text.count(chr(10), 0, found.start()) + 1}: the word is booth (展位), not: {found[0]}"


def messages(catalogue: str) -> dict[str, str]:
    """The messages of a Fluent catalogue by key, each with its continuation lines; comments are left out."""
    found: dict[str, str] = {}
    key = ""
    for line in catalogue.splitlines():
        start = re.match(r"^(-?[A-Za-z][\w-]*)\s*=\s?(.*)$", line)
        if start:
            key = start[1]
            found[key] = start[2]
        elif key and line.startswith((" ", "\t")):
            found[key] += " " + line.strip()
        elif not line.strip() or line.startswith("#"):
            continue
    return found


def mistranslated(english: Mapping[str, str], chinese: Mapping[str, str]) -> Iterator[str]:
    """Keys whose English uses a term of the glossary while the Chinese does not use its counterpart."""
    for key, text in english.items():
        if key not in chinese:
            continue
        plain = re.sub(r"\{[^{}]*\}", " ", text).lower()
        for term, counterpart in GLOSSARY.items():
            if re.search(rf"\b{re.escape(term)}s?\b", plain):
                plain = re.sub(rf"\b{re.escape(term)}s?\b", " ", plain)
                if counterpart not in chinese[key]:
                    yield f"{key}: “{term}” is {counterpart}, and the Chinese says: {chinese[key]}"
