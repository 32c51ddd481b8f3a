"""Lists of names: on Chinese pages everything stands where a reader looks for its sound, on English ones by letter."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from server.infra.regions import name_key
from server.kernel.permissions import Role
from server.kernel.pinyin import pinyin_key
from tests.server.test_every_page import readers

__all__ = ["readers"]


@pytest.fixture
def shown(readers: dict[Role, FlaskClient]) -> Callable[[Role, str, str, str], list[str]]:
    """What a pattern finds on a page, in its order."""

    def names(role: Role, place: str, pattern: str, tag: str = "zh-Hans") -> list[str]:
        text = readers[role].get(f"{place}{'&' if '?' in place else '?'}lang={tag}").get_data(as_text=True)
        return [html.unescape(found) for found in re.findall(pattern, text)]

    return names


NAME = '<span class="name"{}>([^<]+)</span>'
IN_CHINESE, IN_ENGLISH = NAME.format(""), NAME.format(' lang="en"')


LISTS = (
    (Role.ORGANISER, "/exhibitors?per_page=50"),
    (Role.EXHIBITOR_ADMIN, "/desk/products"),
    (Role.EXHIBITOR_ADMIN, "/desk/robots"),
    (Role.ORGANISER, "/robots"),
)


def test_lists_stand_in_the_order_of_their_names(shown: Callable[..., list[str]]) -> None:
    chinese = [shown(role, place, IN_CHINESE) for role, place in LISTS]
    english = [shown(role, place, IN_ENGLISH, "en") for role, place in LISTS]

    assert [len(names) > 1 for names in chinese + english] == [True] * 2 * len(LISTS)
    assert chinese == [sorted(names, key=pinyin_key) for names in chinese]
    assert english == [sorted(names, key=lambda name: name_key(name, "en")) for names in english]


def test_the_parts_of_an_exhibitor_and_the_choices_of_a_form_stand_in_the_order_of_their_names(
    shown: Callable[..., list[str]],
) -> None:
    (page,) = shown(Role.BUYER, "/exhibitors/nanling", r'(?s)id="products"(.*)id="demos"')
    parts = [re.findall(IN_CHINESE, part) for part in page.split('id="robots"')]
    for field in ("staff", "robot"):
        (choices,) = shown(Role.BUYER, "/exhibitors/nanling/meet", rf'(?s)name="{field}"(.*?)</select>')
        parts.append(re.findall(r'<option value="[^"]+"[^>]*>([^<]+)<', choices))
    parts.append(shown(Role.EXHIBITOR_ADMIN, "/desk/staff", r'<th scope="row" class="wide">([^<]+)<small'))

    assert [len(names) > 1 for names in parts] == [True] * 5
    assert parts == [sorted(names, key=pinyin_key) for names in parts]


def test_matches_that_fit_equally_well_stand_in_the_order_of_their_names(shown: Callable[..., list[str]]) -> None:
    cards = shown(Role.BUYER, "/matches", r'(?s)<article class="panel-card match">(.*?)</article>')
    fits = [(-int(re.findall(r"</small> (\d+)</p>", card)[0]), re.findall(IN_CHINESE, card)[0]) for card in cards]

    assert len({fit for fit, _ in fits}) < len(fits)
    assert fits == sorted(fits, key=lambda one: (one[0], pinyin_key(one[1])))
