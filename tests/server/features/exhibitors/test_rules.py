"""Names of robots, and the order of a taxonomy."""

import pytest

from server.features.exhibitors.rules import generations, is_guangdong, robot_key, split_robot_key


def test_a_robot_key_is_made_of_two_codes_and_falls_into_them_again() -> None:
    key = robot_key("nanling", "walker-7")

    assert (key, split_robot_key(key)) == ("nanling/walker-7", ("nanling", "walker-7"))


@pytest.mark.parametrize(
    "key", ["", "nanling", "nanling/", "/walker-7", "Nanling/walker-7", "nanling/walker-7/x", "a/b-"]
)
def test_what_is_no_robot_key_is_not_split(key: str) -> None:
    assert split_robot_key(key) is None


def test_a_taxonomy_is_ordered_parents_first() -> None:
    assert generations({"AC11": "AC1", "SR": None, "AC1": "SR", "AP6": None}) == [["AP6", "SR"], ["AC1"], ["AC11"]]


def test_a_category_without_its_parent_and_a_circle_are_in_no_generation() -> None:
    assert generations({"A": "missing", "B": "C", "C": "B"}) == []


def test_only_firms_of_the_home_province_are_from_guangdong() -> None:
    assert [is_guangdong(province) for province in ("Guangdong", "Zhejiang", "guangdong")] == [True, False, False]
