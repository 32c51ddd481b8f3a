"""The catalogues: complete in every language, nothing unused, and fair time as it is printed."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast

from server.infra import i18n
from server.infra.i18n import Catalogues, MissingTranslationError

SERVER = Path(__file__).parents[3] / "server"
LANGUAGES = sorted(i18n.catalogue_files())
TEN = datetime(2026, 4, 16, 2, 0, tzinfo=UTC)
_LITERAL = re.compile(r"""\bt\(\s*["']([a-z0-9.-]+)["']\s*[,)]|\bt_in\([^,()]+,\s*["']([a-z0-9.-]+)["']\s*[,)]""")
_STEM = re.compile(r"""["']([a-z0-9-]+-)["']\s*~|f["']([a-z0-9-]+-)\{|: ["']([a-z0-9-]+-)["']""")


def entries(language: str) -> dict[str, dict[str, set[str]]]:
    """Every message as key -> parts (value and attributes) -> the variables in it, and which file has it twice."""
    found: dict[str, dict[str, set[str]]] = {}
    for path in i18n.catalogue_files()[language]:
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{path}: {entry.id.name} stands twice"
                parts = {"": entry.value, **{f".{part.id.name}": part.value for part in entry.attributes}}
                found[entry.id.name] = {name: variables(part) for name, part in parts.items() if part}
    return found


def variables(pattern: ast.Pattern) -> set[str]:
    return set(re.findall(r"\$([a-zA-Z]\w*)", "".join(map(str, _texts(pattern)))))


def _texts(node: object) -> list[str]:
    """The variables that a reader sees below a node, as `$name`; one that only chooses a variant does not count."""
    if isinstance(node, ast.SelectExpression):
        return _texts(node.variants)
    if isinstance(node, ast.VariableReference):
        return [f"${node.id.name}"]
    if isinstance(node, ast.BaseNode):
        return [text for child in vars(node).values() for text in _texts(child)]
    if isinstance(node, list):
        return [text for child in node for text in _texts(child)]
    return []


def sources() -> str:
    paths = [path for suffix in ("*.py", "*.html") for path in SERVER.rglob(suffix)]
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(paths))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_values(language: str) -> None:
    assert entries(language) == entries("en")


def test_every_sentence_that_the_code_names_exists() -> None:
    known = {f"{key}{part}" for key, parts in entries("en").items() for part in parts}

    named = {one or other for one, other in _LITERAL.findall(sources())}
    assert sorted(named - known) == []


def test_every_sentence_is_used() -> None:
    text = sources()
    stems = tuple(part for found in _STEM.findall(text) for part in found if part)

    unused = [key for key in entries("en") if not key.startswith(stems) and not is_named(key, text)]
    assert unused == []


def is_named(key: str, text: str) -> bool:
    """Whether the code names a sentence, whole or as two words that it puts together."""
    halves = [(key[:place], key[place + 1 :]) for place, sign in enumerate(key) if sign == "-"]
    return is_quoted(key, text) or any(is_quoted(one, text) and is_quoted(other, text) for one, other in halves)


def is_quoted(word: str, text: str) -> bool:
    return f'"{word}"' in text or f"'{word}'" in text


def test_a_missing_sentence_is_an_error_where_everything_must_show() -> None:
    with pytest.raises(MissingTranslationError, match="no-such-sentence"):
        Catalogues(strict=True).sentence("en", "no-such-sentence", {})


def test_a_missing_value_is_an_error_where_everything_must_show() -> None:
    with pytest.raises(MissingTranslationError, match="error-invalid"):
        Catalogues(strict=True).sentence("en", "error-invalid", {})


def test_in_service_a_missing_sentence_falls_back_to_english(tmp_path: Path) -> None:
    (tmp_path / "translations").mkdir()
    for language, text in {"en": "greeting = Welcome\n", "zh-Hans": "other = 其他\n"}.items():
        (tmp_path / "translations" / f"{language}.ftl").write_text(text, encoding="utf-8")

    assert Catalogues(tmp_path, strict=False).sentence("zh-Hans", "greeting", {}) == "Welcome"


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("zh-Hans", "10:00 北京时间"),
        ("en", "10:00 Beijing time"),
        ("de", "10:00 Pekinger Zeit"),
        ("fr", "10:00 Beijing time"),
    ],
)
def test_fair_time_is_printed_with_its_zone(language: str, printed: str) -> None:
    assert i18n.fair_time(TEN, language) == printed


def test_a_day_is_the_day_in_fair_time() -> None:
    late = datetime(2026, 4, 15, 23, 30, tzinfo=UTC)

    assert i18n.fair_date(late, "zh-Hans") == "2026年4月16日星期四"
    assert i18n.fair_date(late, "en") == "Thursday, April 16, 2026"


def test_numbers_are_grouped_as_the_reader_does() -> None:
    assert (i18n.number(1234567.5, "en", 1), i18n.number(1234567.5, "de", 1)) == ("1,234,567.5", "1.234.567,5")
