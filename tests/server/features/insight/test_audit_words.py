"""No value of the audit log is shown as a bare code: every code of every list has a word in every language."""

from collections.abc import Iterable

import pytest
from flask import Flask

from server.features import load_features
from server.features.buyers.rules import BusinessNature, JobFunction, PurchasingRole, Purpose, TimeFrame, Volume
from server.features.buyers.schemas import NeedWords, ProfileIn
from server.features.exhibitors.rules import RobotKind
from server.features.exhibitors.schemas import PROTOCOLS
from server.features.exhibitors.schemas.edits import ExhibitorEdit, ProductEdit, StaffEdit
from server.features.insight.views import place_of
from server.features.meetings.rules import Reason, Side, State
from server.features.timetable.schemas import DemoChange
from server.infra.i18n import Catalogues
from server.infra.web.wording import value_in_words
from server.kernel.permissions import Role

CODES: dict[str, Iterable[str]] = {
    "state": State,
    "reason": Reason,
    "kind": RobotKind,
    "protocol": PROTOCOLS,
    "volume": Volume,
    "timeframe": TimeFrame,
    "business_nature": BusinessNature,
    "job_function": JobFunction,
    "purchasing_role": PurchasingRole,
    "consents": Purpose,
    "proposed_by": Side,
    "role": Role,
}
STEMS = {name: stem for feature in load_features() for name, stem in feature.log_words.items()}
RECORDED = (ExhibitorEdit, ProductEdit, StaffEdit, ProfileIn, NeedWords, DemoChange)
ROBOT_FIELDS = ("name_en", "name_zh", "kind", "protocol", "address", "active", "options")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_code_has_a_word(language: str) -> None:
    catalogues = Catalogues(strict=True)

    assert set(CODES) == set(STEMS)
    missing = [
        f"{STEMS[name]}{code}"
        for name, codes in CODES.items()
        for code in codes
        if not catalogues.has(language, f"{STEMS[name]}{code}")
    ]
    assert missing == []


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_field_that_is_recorded_has_a_name(language: str) -> None:
    catalogues = Catalogues(strict=True)
    fields = {name for shape in RECORDED for name in shape.model_fields} | set(ROBOT_FIELDS) | {"wants", "consents"}

    keys = sorted(f"audit-field-{name.replace('_', '-')}" for name in fields)
    assert [key for key in keys if not catalogues.has(language, key)] == []


@pytest.mark.parametrize(
    ("name", "value", "english", "chinese"),
    [
        ("kind", "cleaning", "Cleaning", "清洁"),
        ("volume", "V2", "USD 50,000 to 250,000 a year", "每年 5 万至 25 万美元"),
        ("job_function", "TECH", "Engineering", "技术"),
        ("consents", ["contact", "mail"], "Contact for exhibitors, Mail", "向参展商提供联系方式、邮件通知"),
        ("markets", ["DE", "TW"], "Germany, Taiwan, China", "德国、中国台湾"),
        ("languages", ["zh", "pt"], "Chinese, Portuguese", "中文、葡萄牙语"),
        ("time_zone", "America/Chicago", "Chicago", "芝加哥"),
        ("locale", "zh-Hans", "中文", "中文"),
        ("need", "PT1", "Cleaning robots", "清洁机器人"),
        ("active", False, "no", "否"),
        ("certificates", [], "nothing", "无"),
        ("starts_at", "2026-04-16T02:00:00+00:00", "Apr 16, 2026 10:00 Beijing time", "2026年4月16日 10:00 北京时间"),
    ],
)
def test_a_value_is_worded(app: Flask, name: str, value: object, english: str, chinese: str) -> None:
    shown = []
    for tag, category in (("en", "Cleaning robots"), ("zh-Hans", "清洁机器人")):
        with app.test_request_context(f"/audit?lang={tag}"):
            shown.append(value_in_words(value, name, {"PT1": category}))

    assert shown == [english, chinese]


@pytest.mark.parametrize(
    ("thing", "key", "place"),
    [
        ("booth", "D19.2C05", "/booths/D19.2C05"),
        ("product", "nanling/walker", "/exhibitors/nanling/products/walker"),
        ("staff", "nanling/li-na", "/exhibitors/nanling"),
        ("buyer", "b-1", ""),
    ],
)
def test_a_changed_thing_leads_to_its_page_where_there_is_one(app: Flask, thing: str, key: str, place: str) -> None:
    with app.test_request_context("/audit"):
        found = place_of(thing, key)

    assert found == place
