"""What no page may do: load itself anew as a whole, or ask by a clock for what the feed tells; and its widest line."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

LONGEST_LINE = 120
WRITTEN = (".html", ".js", ".mjs", ".css")
LAID_IN = ("/vendor/", "/static/js/simplified.js")
ALLOWED: Mapping[tuple[str, str], str] = MappingProxyType({
    ("server/static/js/live.js", "loads the whole page anew"): "newer pages of a newer server; unattended screens",
    ("server/static/js/live.js", "runs by a clock"): "the watchdog of the feed itself; it asks for nothing",
    ("server/features/meetings/static/meetings.js", "runs by a clock"): "the time left of a hold; it asks for nothing",
})  # fmt: skip
"""By file and finding, why it is right there."""

_WHOLE = re.compile(
    r"location\.(?:reload|assign|replace)\(|location(?:\.href)? = |history\.go\(|http-equiv=.?refresh", re.IGNORECASE
)
_CLOCK = re.compile(r"setInterval\(")
_EVERY = re.compile(r"""hx-trigger=(["'])(?:(?!\1).)*\bevery\s""", re.DOTALL)
FINDINGS = MappingProxyType({
    "loads the whole page anew": _WHOLE,
    "runs by a clock": _CLOCK,
    "asks for a part by a clock": _EVERY,
})  # fmt: skip


def page_files(root: Path) -> Iterator[tuple[str, str]]:
    """(path, text) of every template, script and stylesheet of the product that was written by hand."""
    for path in sorted((root / "server").rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix in WRITTEN and not any(part in f"/{name}" for part in LAID_IN):
            yield name, path.read_text(encoding="utf-8")


def stale_ways(name: str, text: str) -> Iterator[str]:
    """Where a page stays fresh in another way than by what the feed brings."""
    for finding, pattern in FINDINGS.items():
        for found in pattern.finditer(text):
            if (name, finding) not in ALLOWED:
                yield f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {finding}"


def long_lines(name: str, text: str) -> Iterator[str]:
    """Lines of a template or script that do not fit beside another file."""
    if name.endswith(".css"):
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            yield f"{name}:{number}: {len(line)} columns"


BUTTONS_IN = "server/static/css/pages.css"
_BUTTONS = re.compile(r"^\.(?:btn|tag|chip|badge)[\w.-]*(?::[\w-]+(?:\([^)]*\))?)* *[{,]", re.MULTILINE)


def scattered_buttons(name: str, text: str) -> Iterator[str]:
    """Where a stylesheet says what a button or badge looks like: one does, the others only place them."""
    if name.endswith(".css") and name != BUTTONS_IN:
        for found in _BUTTONS.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {found[0].rstrip('{, ')} is for {BUTTONS_IN}"


def coloured_states(tokens: str) -> set[str]:
    """The states for which the tokens have a colour."""
    return set(re.findall(r'\[data-state="(\w+)"\]', tokens))
