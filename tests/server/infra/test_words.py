"""The words of the house: one word a thing, nothing that only its makers understand, no day as programs write it."""

import csv
import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, FluentSerializer, ast

from server.infra.i18n import Catalogues, catalogue_files

ROOT = Path(__file__).parents[3]
BANNED = {
    "zh-Hans": {
        "舞台": "演示台",
        "失联": "无信号",
        "在岗": "在场",
        "注册": "登记",
        "未成的": "未达成／已取消",
        "所有后续步骤": "后台任务无失败",
        "已供货到": "可供货至",
        "供货到": "供货至",
        "销往": "供货市场",
        "会一直空着": "系统会为您保留这一时段",
        "账户": "账号",
        "电子邮箱": "邮箱",
        "洽谈请求": "洽谈申请",
        "负载（": "载重（",
        "千克": "公斤",
        "规格说明": "技术资料",
        "大屏上": "展位屏上",
        "组织者": "主办方",
        "自定义": "不写",
    },
    "en": {
        "gave away": "assigned",
        "needs you": "needs your attention",
        "did not leave": "not sent",
        "smallest order": "minimum order (MOQ)",
        "take it back": "withdraw, vacate or revoke",
        "took it back": "withdrew",
        "taken back": "withdrawn",
        "called off": "cancelled",
        "sells to": "supplies",
        "has followed": "no failed background tasks",
        "own facet": "",
        "invented code": "",
        "sign of life": "answer",
        "went to somebody else": "somebody else has",
        "somebody was faster": "already booked",
        "nobody came": "no-show",
    },
}
"""What no sentence says, with what it says instead; in small letters."""
_PROGRAMS_DAY = re.compile(r"\b(?:20\d\d-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")
_PERSON = re.compile("FairZone ?(?:使|让|把|将|认为|决定|记得)|FairZone (?:let|made|thinks|decided|remembers)")


def sentences(language: str) -> list[tuple[str, str]]:
    """Every entry of the catalogues with its text, as it is written."""
    found = []
    for path in catalogue_files()[language]:
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message):
                text = FluentSerializer().serialize_entry(entry)
                found.append((entry.id.name, text.partition("=")[2]))
    return found


@pytest.mark.parametrize("language", sorted(BANNED))
def test_no_sentence_uses_a_word_that_has_been_replaced(language: str) -> None:
    used = [
        f"{key}: {word} (say: {instead})"
        for key, text in sentences(language)
        for word, instead in BANNED[language].items()
        if re.search(rf"\b{word}\b" if language == "en" else re.escape(word), text.lower())
    ]

    assert used == []


@pytest.mark.parametrize("language", sorted(BANNED))
def test_no_sentence_makes_a_person_of_the_software_or_writes_a_day_as_programs_do(language: str) -> None:
    wrong = [key for key, text in sentences(language) if _PERSON.search(text) or _PROGRAMS_DAY.search(text)]

    assert wrong == []


def test_the_taxonomy_has_no_words_of_its_makers() -> None:
    with (ROOT / "fixtures" / "fair" / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        said = [row[name] for row in csv.DictReader(file) for name in ("name_en", "name_zh", "name_de")]

    assert [name for name in said if re.search("facet|invented|自定义|eigene", name.lower())] == []


def test_a_country_is_always_a_country_or_a_region() -> None:
    alone = [key for key, text in sentences("en") if re.search(r"\bcountry\b(?! or region| \})", text.lower())]
    allein = [
        key for key, text in sentences("zh-Hans") if "国家" in text.replace("国家或地区", "").replace("国家和地区", "")
    ]

    assert (alone, allein) == ([], [])


@pytest.mark.parametrize(("language", "printed"), [("en", "Apr 16, 2026"), ("zh-Hans", "2026年4月16日")])
def test_a_day_that_a_refusal_names_is_written_as_people_do(language: str, printed: str) -> None:
    said = Catalogues(strict=True).sentence(
        language, "error-hours", {"stretch": "09:00–10:00", "date": "2026-04-16", "fault": "overlap"}
    )

    assert printed in said
    assert "2026-04-16" not in said
