"""Every fault of a bridge's TOML file at once, each with its place: the line, where the file tells it."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from device_bridge.booth.words import CheckFinding
from device_bridge.protocols import PORT_PROTOCOLS
from device_bridge.settings import BridgeSettings, MqttSettings, SerialSettings, ServerSettings, path_of

_TABLES: dict[str, type[msgspec.Struct]] = {"bridge": ServerSettings, "mqtt": MqttSettings, "serial": SerialSettings}
_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TOPIC = "configuration"


def read_tables(path: Path) -> tuple[str, dict[str, Any]] | CheckFinding:
    """The file's text and tables, or why there are none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return CheckFinding(_TOPIC, "problem", "settings-missing", {"path": path})
    except (OSError, UnicodeDecodeError) as error:
        return CheckFinding(_TOPIC, "problem", "settings-unreadable", {"path": path, "why": error})
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        line = found[1] if (found := _LINE.search(said)) else len(text.splitlines())
        facts = {"path": path, "line": line, "why": _LINE.sub("", said).strip()}
        return CheckFinding(_TOPIC, "problem", "settings-no-toml", facts)


def faults(path: Path, text: str, tables: Mapping[str, Any]) -> Iterator[CheckFinding]:
    """What is wrong with these tables: key by key, then what only the whole tells."""
    yield from _unknown(f"{path}", text, "", tables, [field.name for field in msgspec.structs.fields(BridgeSettings)])
    if "bridge" not in tables:
        yield _fault("settings-needed", f"{path}", "[bridge]")
    for name, kind in _TABLES.items():
        found = tables.get(name, [])
        rows = found if isinstance(found, list) else [found]
        if isinstance(found, list) is not (name == "serial") and name in tables:
            brackets = f"[[{name}]]" if name == "serial" else f"[{name}]"
            place = _place(path, _header_line(text, name, 0))
            yield _fault("settings-wrong", place, name, why=f"its header is written {brackets}")
        for number, row in enumerate(rows):
            yield from _faults_of_table(path, text, (name, number), kind, row)
    yield from _faults_of_whole(path, text, tables)


def _faults_of_table(
    path: Path, text: str, which: tuple[str, int], kind: type[msgspec.Struct], row: object
) -> Iterator[CheckFinding]:
    head = _header_line(text, *which)
    place = _place(path, head)
    if not isinstance(row, dict):
        yield _fault("settings-wrong", place, which[0], why=f"write [{which[0]}] on a line of its own")
        return
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    yield from _unknown(str(path), text, which, row, list(fields))
    for key, field in fields.items():
        if key not in row:
            if field.required:
                yield _fault("settings-needed", place, key)
            continue
        try:
            msgspec.convert(row[key], field.type, dec_hook=path_of)
        except msgspec.ValidationError as error:
            yield _fault("settings-wrong", _place(path, _key_line(text, head, key)), key, why=str(error))


def _unknown(
    path: str, text: str, which: tuple[str, int] | str, row: Mapping[str, Any], known: list[str]
) -> Iterator[CheckFinding]:
    head = _header_line(text, *which) if isinstance(which, tuple) else None
    for key in row:
        if key in known:
            continue
        line = _key_line(text, head, key) if head is not None else _header_line(text, key, 0) or _key_line(text, 0, key)
        near = difflib.get_close_matches(key, known, 1)
        en = f"Did you mean `{near[0]}`?" if near else f"Take it out. Known are: {', '.join(known)}."
        zh = f"是否应为 `{near[0]}`？" if near else f"请删除。可用的有：{'、'.join(known)}。"
        yield _fault("settings-unknown", _place(Path(path), line), key, near=en, near_zh=zh)


def _faults_of_whole(path: Path, text: str, tables: Mapping[str, Any]) -> Iterator[CheckFinding]:
    bridge = tables.get("bridge")
    if isinstance(bridge, dict):
        yield from _faults_of_server(path, text, bridge)
        if not (tables.get("serial") or tables.get("mqtt") or bridge.get("ports_dir")):
            yield CheckFinding(_TOPIC, "problem", "settings-no-robots", {"path": path})
    ports = tables.get("serial", [])
    seen: set[str] = set()
    for number, port in enumerate(ports if isinstance(ports, list) else []):
        head = _header_line(text, "serial", number)
        protocol, name = port.get("protocol", "fair-serial"), str(port.get("name", ""))
        if isinstance(protocol, str) and protocol not in PORT_PROTOCOLS:
            place = _place(path, _key_line(text, head, "protocol"))
            known = ", ".join(sorted(PORT_PROTOCOLS))
            yield _fault("settings-protocol", place, "protocol", value=protocol, known=known)
        if name in seen:
            yield _fault("settings-twice", _place(path, _key_line(text, head, "name")), "name", value=name)
        seen.add(name)


def _faults_of_server(path: Path, text: str, bridge: Mapping[str, Any]) -> Iterator[CheckFinding]:
    value = bridge.get("server")
    if not isinstance(value, str):
        return
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        line = _key_line(text, _header_line(text, "bridge", 0), "server")
        yield _fault("settings-no-url", _place(path, line), "server", value=value)


def _fault(code: str, place: str, key: str, **facts: object) -> CheckFinding:
    return CheckFinding(_TOPIC, "problem", code, {"place": place, "key": key, **facts})


def _place(path: Path, line: int | None) -> str:
    return f"{path}, line {line}" if line else str(path)


def _header_line(text: str, table: str, number: int) -> int | None:
    """The line of a table's header, the `number`-th of that name, counted from 1; None for one written otherwise."""
    pattern = re.compile(rf"^\s*\[\[?\s*{re.escape(table)}\s*\]")
    lines = [index for index, line in enumerate(text.splitlines(), start=1) if pattern.match(line)]
    return lines[number] if number < len(lines) else None


def _key_line(text: str, head: int | None, key: str) -> int | None:
    """The line of a key below the header; the header's own where the key stands nowhere by itself."""
    if head is None:
        return None
    pattern = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=")
    for index, line in enumerate(text.splitlines()[head:], start=head + 1):
        if pattern.match(line):
            return index
        if line.lstrip().startswith("["):
            break
    return head or None
