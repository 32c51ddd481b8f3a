"""The repository is clean, speaks the fair's words, and each rule finds what is planted."""

import json
from pathlib import Path

import pytest

from tests.architecture.hygiene import (
    addresses_in_lock,
    forbidden_texts,
    messages,
    mistranslated,
    other_words,
    repository_files,
)
from tests.architecture.source import ROOT

CATALOGUES = ROOT / "server" / "translations"


def test_no_file_holds_what_no_file_may_hold() -> None:
    assert list(forbidden_texts(ROOT, repository_files(ROOT))) == []


def test_npms_lock_file_names_no_registry() -> None:
    assert list(addresses_in_lock(ROOT / "deploy" / "frontend" / "package-lock.json")) == []


def test_a_booth_is_called_a_booth() -> None:
    assert list(other_words(ROOT, repository_files(ROOT))) == []


def test_the_chinese_catalogues_use_the_glossarys_words() -> None:
    found = [
        f"{english.name}: {sentence}"
        for english in sorted((CATALOGUES / "en").glob("*.ftl"))
        for sentence in mistranslated(
            messages(english.read_text(encoding="utf-8")),
            messages((CATALOGUES / "zh-Hans" / english.name).read_text(encoding="utf-8")),
        )
    ]

    assert found == []


@pytest.mark.parametrize(
    ("halves", "message"),
    [
        (("open('/wor", "k/main/x')"), "a path of somebody's machine"),
        (("open('/hom", "e/li/x')"), "a path of somebody's machine"),
        (("https://registry", ".npmjs.org/x"), "a registry's address"),
        (("https://pypi", ".org/simple"), "a registry's address"),
        (("https://cdn", ".example/x.js"), "a content network's address"),
        (("<<<<", "<<< HEAD"), "a merge that was not finished"),
    ],
)
def test_a_planted_text_is_found_and_named(tmp_path: Path, halves: tuple[str, str], message: str) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(f"\n{''.join(halves)}\n", encoding="utf-8")

    found = list(forbidden_texts(tmp_path, [planted]))

    assert len(found) == 1
    assert found[0].startswith(f"planted.py:2: holds {message}")


def test_a_file_too_large_to_be_written_by_hand_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "dump.bin"
    planted.write_bytes(bytes(4_000_001))

    assert list(forbidden_texts(tmp_path, [planted])) == ["dump.bin: larger than 4000000 bytes"]


def test_an_address_in_the_lock_file_is_found(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text(
        json.dumps({"packages": {"node_modules/x": {"resolved": "https://example/x.tgz"}}}), encoding="utf-8"
    )

    assert list(addresses_in_lock(lock)) == [
        "package-lock.json: node_modules/x holds the address that it was fetched from"
    ]


@pytest.mark.parametrize(
    "text", ["Visit our stand", "stand number 7", "a shell scheme booth", "the stalls", "at each stand"]
)
def test_another_fairs_word_for_a_booth_is_found(tmp_path: Path, text: str) -> None:
    planted = tmp_path / "page.html"
    planted.write_text(text, encoding="utf-8")

    assert len(list(other_words(tmp_path, [planted]))) == 1


@pytest.mark.parametrize("text", ["what stands here", "the robot stands still", "it stands for", "Booth 7"])
def test_the_verb_is_left_alone(tmp_path: Path, text: str) -> None:
    planted = tmp_path / "page.html"
    planted.write_text(text, encoding="utf-8")

    assert list(other_words(tmp_path, [planted])) == []


def test_a_chinese_sentence_without_the_glossarys_word_is_found() -> None:
    english = messages("# a comment\nbooth-free = This standard booth is free\nhello = Hello\n    there\n")
    chinese = messages("booth-free = 这个展位空着\nhello = 您好\n")

    assert list(mistranslated(english, chinese)) == [
        "booth-free: “standard booth” is 标准展位, and the Chinese says: 这个展位空着"
    ]
    assert english["hello"] == "Hello there"
