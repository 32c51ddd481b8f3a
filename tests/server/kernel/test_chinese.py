"""Chinese as it is sorted and searched: by sound, and whatever the kind of its characters."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.folding import folded
from server.kernel.pinyin import pinyin_key
from server.kernel.simplified import SIMPLIFIED, TRADITIONAL, simplified

SCRIPT = Path(__file__).parents[3] / "server" / "static" / "js" / "simplified.js"
IN_ORDER = (
    "3D 打印", "ABB", "abc", "阿富汗", "埃及", "澳大利亚", "巴西", "秘鲁", "朝鲜", "重庆", "德国", "俄罗斯", "法国",
    "广东", "韩国", "加拿大", "柬埔寨", "卡塔尔", "美国", "缅甸", "尼日利亚", "欧洲", "葡萄牙", "日本", "萨摩亚",
    "圣马力诺", "泰国", "厦门", "新加坡", "英国", "越南", "智利", "中国", "中国澳门", "中国台湾", "中国香港",
)  # fmt: skip


def test_names_stand_in_the_order_of_their_sound() -> None:
    assert sorted(set(IN_ORDER), key=pinyin_key) == list(IN_ORDER)


def test_a_character_that_is_not_known_stands_behind_those_that_are() -> None:
    assert sorted(["𠮷", "坐", "阿"], key=pinyin_key) == ["阿", "坐", "𠮷"]


@given(st.lists(st.text(max_size=8), max_size=8))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    keys = [pinyin_key(name) for name in sorted(names, key=pinyin_key)]

    assert all(one <= other for one, other in pairwise(keys))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("服務機器人", "服务机器人"),
        ("臺灣", "台湾"),
        ("醫療", "医疗"),
        ("廣東送餐機器人", "广东送餐机器人"),
        ("清潔設備", "清洁设备"),
        ("裡面", "里面"),
        ("裏面", "里面"),
        ("電動輪椅", "电动轮椅"),
        ("ＡＢＣ１２", "abc12"),
        ("Café", "CAFE"),
        ("São Paulo", "sao paulo"),
        ("Straße", "STRASSE"),
        ("ﾛﾎﾞｯﾄ", "ロボット"),
        ("coffee\u200b", "Coffee"),
    ],
)
def test_what_is_written_differently_is_found(written: str, found: str) -> None:
    assert folded(written) == folded(found)


def test_the_table_pairs_one_character_with_one_other_and_no_chain() -> None:
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL)) > 2_500
    assert simplified(SIMPLIFIED) == SIMPLIFIED
    assert not any(one == other for one, other in zip(TRADITIONAL, SIMPLIFIED, strict=True))


def test_the_pages_script_has_the_same_table() -> None:
    text = SCRIPT.read_text(encoding="utf-8")

    assert re.findall(r'const \w+ = "(.*)";', text) == [TRADITIONAL, SIMPLIFIED]


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
