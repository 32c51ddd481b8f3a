"""The data of the demo fair: the published numbers, a plan that can be built, a timetable that can be held."""

import csv
import importlib.util
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from server.demo.fair import FIXTURES
from server.features.buyers.rules import BusinessNature, JobFunction, PurchasingRole, TimeFrame, Volume
from server.features.exhibitors.rules import CODE, is_guangdong
from server.features.floorplan.rules import Rectangle, inside, overlap, overlapping, parse_booth_number
from server.features.timetable.rules import SHIFTS
from server.kernel.certificates import CERTIFICATES
from server.kernel.provenance import Provenance

TABLES = (
    "buyer_needs.csv",
    "buyers.csv",
    "demos.csv",
    "products.csv",
    "robots.csv",
    "staff.csv",
    "taxonomy.csv",
    "timetable.csv",
)
REAL_MAKERS = (
    "pudu", "keenon", "gausium", "unitree", "ubtech", "dobot", "orbbec", "fourier", "agibot", "galbot", "leju",
    "engineai", "roborock", "ecovacs", "dreame", "narwal", "siasun", "efort", "estun", "jaka", "aubo", "rokae",
    "segway", "orionstar", "slamtec", "yunji", "xpeng", "xiaomi", "noetix", "booster", "kepler", "limx",
    "paxini", "brainco", "inovance", "mammotion", "positec", "hypershell", "tinavi", "aeolus", "普渡", "擎朗",
    "高仙", "宇树", "优必选", "越疆", "奥比中光", "傅利叶", "智元", "银河通用", "乐聚", "众擎", "石头",
    "科沃斯", "追觅", "云鲸", "新松", "埃夫特", "埃斯顿", "节卡", "遨博", "珞石", "猎户星空", "思岚", "云迹",
    "小鹏", "小米", "松延", "加速进化", "开普勒", "逐际", "帕西尼", "强脑", "汇川", "库犸", "宝时得", "极壳",
    "天智航", "云深处", "达闼", "星动纪元", "魔法原子", "七腾", "亿嘉和",
)  # fmt: skip
"""Well-known makers: an invented fault beside a real name would be a claim about it."""


def table(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exhibitors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FIXTURES / "exhibitors.json").read_text("utf-8"))
    return found


def plan() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / "floorplan.json").read_text("utf-8"))
    return found


def floor(thing: dict[str, Any]) -> Rectangle:
    return Rectangle(thing["x"], thing["y"], thing["width_m"], thing["depth_m"])


def twice(values: Iterable[Any]) -> list[Any]:
    return [value for value, number in Counter(values).items() if number > 1]


def test_the_zone_has_46_exhibitors_of_which_16_are_from_guangdong() -> None:
    provinces = [entry["province"] for entry in exhibitors()]

    assert (len(provinces), sum(map(is_guangdong, provinces))) == (46, 16)


def test_places_and_categories_of_the_exhibitors_are_those_of_the_published_mix() -> None:
    mix = [(row["no"], row["province"], row["city"], row["robot_categories"]) for row in table("exhibitor_mix.csv")]

    ours = [(str(one["no"]), one["province"], one["city"], "|".join(one["categories"])) for one in exhibitors()]

    assert ours == mix


def test_every_category_in_use_is_in_the_taxonomy_and_every_parent_too() -> None:
    rows = table("taxonomy.csv")
    known = {row["code"] for row in rows}

    used = {row["category"] for name in ("products.csv", "buyer_needs.csv") for row in table(name)}
    used |= {code for one in exhibitors() for code in one["categories"]} | {row["parent"] for row in rows} - {""}

    assert used - known == set()


def test_every_exhibitor_has_products_of_exactly_its_categories() -> None:
    offered = defaultdict(set)
    for row in table("products.csv"):
        offered[row["exhibitor"]].add(row["category"])

    assert dict(offered) == {one["code"]: set(one["categories"]) for one in exhibitors()}


def test_every_exhibitor_has_2_to_5_products_2_to_4_people_and_at_least_one_robot() -> None:
    codes = [one["code"] for one in exhibitors()]
    products, staff, robots = (
        Counter(row["exhibitor"] for row in table(name)) for name in ("products.csv", "staff.csv", "robots.csv")
    )

    assert {code for code in codes if not 2 <= products[code] <= 5} == set()
    assert {code for code in codes if not 2 <= staff[code] <= 4} == set()
    assert {code for code in codes if robots[code] < 1} == set()


def test_101_robots_speak_five_protocols() -> None:
    assert Counter(row["protocol"] for row in table("robots.csv")) == {
        "fair-mqtt": 60,
        "vda5050": 29,
        "fair-serial": 10,
        "fair-cobs": 1,
        "mavlink": 1,
    }


def test_the_address_of_a_robot_fits_its_protocol() -> None:
    booths = {one["code"]: one["booth"].lower().replace(".", "-") for one in exhibitors()}

    def port(row: dict[str, str]) -> str:
        return rf"booth-{re.escape(booths[row['exhibitor']])}-\d"

    shapes: dict[str, Callable[[dict[str, str]], str]] = {
        "fair-mqtt": lambda row: re.escape(f"{row['exhibitor']}/{row['code']}"),
        "vda5050": lambda _row: r"[A-Za-z0-9_.:-]+/[A-Za-z0-9_.:-]+",
        **dict.fromkeys(("fair-serial", "fair-cobs", "mavlink"), port),
    }

    rows = table("robots.csv")

    assert [row for row in rows if not re.fullmatch(shapes[row["protocol"]](row), row["address"])] == []
    assert twice((row["protocol"], row["address"]) for row in rows) == []


def test_codes_are_well_formed_and_unique() -> None:
    codes = [("exhibitor", one["code"]) for one in exhibitors()]
    for name in ("products.csv", "robots.csv", "staff.csv"):
        codes += [(f"{name} {row['exhibitor']}", row["code"]) for row in table(name)]
    codes += [(name, row["code"]) for name in ("buyers.csv", "timetable.csv") for row in table(name)]

    assert twice(codes) == []
    assert [code for _, code in codes if not CODE.fullmatch(code)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_robots_and_exhibitors_have_short_names_of_their_own_in_both_languages(language: str) -> None:
    robots = [row[f"name_{language}"] for row in table("robots.csv")]
    firms = [one[f"name_{language}"] for one in exhibitors()]

    assert (twice(robots), twice(firms)) == ([], [])
    assert [name for name in robots if len(name) > 24] == []


def test_every_row_speaks_both_languages_and_says_where_it_comes_from() -> None:
    rows: list[dict[str, Any]] = [row for name in TABLES for row in table(name)]
    rows += exhibitors() + plan()["booths"] + plan()["features"] + [plan()["hall"]]

    assert [row for row in rows if row.get("provenance") not in set(Provenance)] == []
    named = [row for row in rows if any(heading.endswith(("_en", "_zh")) and heading != "name_zh" for heading in row)]
    assert [
        row for row in named for heading in row if heading.endswith(("_en", "_zh")) and not row[heading].strip()
    ] == []
    chinese = [row[heading] for row in named for heading in row if heading.endswith("_zh")]
    assert [text for text in chinese if not re.search(r"[\u4e00-\u9fff]", text)] == []


def test_the_profiles_say_that_the_company_is_invented() -> None:
    assert [one["code"] for one in exhibitors() if "invented" not in one["profile_en"]] == []
    assert [one["code"] for one in exhibitors() if "虚构" not in one["profile_zh"]] == []


def test_no_well_known_maker_is_named() -> None:
    names = [str(value).lower() for one in exhibitors() for value in (one["code"], one["name_en"], one["name_zh"])]
    names += [row[f"name_{tag}"].lower() for row in table("products.csv") + table("robots.csv") for tag in ("en", "zh")]

    words = {word for name in names for word in re.findall(r"[a-z0-9]+", name)}

    assert [
        maker for maker in REAL_MAKERS if maker in words or (not maker.isascii() and any(maker in n for n in names))
    ] == []


def test_certificates_are_those_of_the_code_list() -> None:
    listed = {row["code"] for row in table("buyer_fields.csv") if row["field"] == "certification_required"}

    held = {
        code
        for name in ("products.csv", "buyer_needs.csv")
        for row in table(name)
        for code in row["certificates"].split()
    }

    assert listed == CERTIFICATES
    assert held - listed == set()


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("business_nature", BusinessNature),
        ("job_function", JobFunction),
        ("purchasing_role", PurchasingRole),
        ("annual_purchase_volume_usd", Volume),
        ("sourcing_time_frame", TimeFrame),
    ],
)
def test_the_code_lists_of_the_buyers_are_those_of_the_facts(field: str, values: type[Any]) -> None:
    listed = [row["code"] for row in table("buyer_fields.csv") if row["field"] == field]

    assert [value.value for value in values] == listed


def test_300_buyers_come_from_40_countries_with_one_to_three_needs_each() -> None:
    buyers = table("buyers.csv")
    needs = Counter(row["buyer"] for row in table("buyer_needs.csv"))

    assert (len(buyers), len({row["country"] for row in buyers})) == (300, 40)
    assert {row["code"] for row in buyers if needs[row["code"]] not in {1, 2, 3}} == set()
    assert (twice(row["name"] for row in buyers), twice(row["company"] for row in buyers)) == ([], [])


def test_every_category_of_the_zone_is_wanted_by_some_buyer() -> None:
    wanted = {row["category"] for row in table("buyer_needs.csv")}

    shown = {code for one in exhibitors() for code in one["categories"]}

    assert shown - wanted == set()


def test_the_hall_is_about_4200_square_metres_with_70_booths_of_which_24_are_free() -> None:
    hall, booths = plan()["hall"], plan()["booths"]
    taken = [one["booth"] for one in exhibitors()]

    assert hall["width_m"] * hall["depth_m"] == 4_200
    assert (len(booths), len(set(taken)), {*taken} - {booth["number"] for booth in booths}) == (70, 46, set())


def test_booth_numbers_are_valid_and_no_cell_of_an_aisle_is_numbered_twice() -> None:
    numbers = [parse_booth_number(booth["number"]) for booth in plan()["booths"]]

    assert None not in numbers
    cells = [(one.aisle, cell) for one in numbers if one for cell in range(one.first, one.last + 1)]
    assert twice(cells) == []


def test_booths_stages_and_services_lie_inside_the_hall_and_touch_no_aisle() -> None:
    hall, features = plan()["hall"], plan()["features"]
    solid = [(booth["number"], floor(booth)) for booth in plan()["booths"]]
    solid += [(one["code"], floor(one)) for one in features if one["kind"] in {"stage", "service"}]
    aisles = [floor(one) for one in features if one["kind"] == "aisle"]

    assert overlapping(solid) == []
    assert [name for name, rectangle in solid if any(overlap(rectangle, aisle) for aisle in aisles)] == []
    whole = Rectangle(0, 0, hall["width_m"], hall["depth_m"])
    assert [name for name, rectangle in solid if not inside(rectangle, whole)] == []


def test_aisles_are_3_metres_wide_and_every_booth_and_stage_opens_on_one() -> None:
    aisles = [floor(one) for one in plan()["features"] if one["kind"] == "aisle"]
    places = [(booth["number"], floor(booth)) for booth in plan()["booths"]]
    places += [(one["code"], floor(one)) for one in plan()["features"] if one["kind"] == "stage"]

    shut = [
        name
        for name, place in places
        if not any(
            overlap(Rectangle(place.x - 1, place.y - 1, place.width_m + 2, place.depth_m + 2), aisle)
            for aisle in aisles
        )
    ]

    assert (min(min(aisle.width_m, aisle.depth_m) for aisle in aisles), shut) == (3, [])


def test_every_spot_of_an_aisle_is_connected_to_every_other() -> None:
    aisles = [floor(one) for one in plan()["features"] if one["kind"] == "aisle"]
    reached, waiting = [aisles[0]], aisles[1:]

    while joined := [aisle for aisle in waiting if any(overlap(aisle, one) for one in reached)]:
        reached += joined
        waiting = [aisle for aisle in waiting if aisle not in joined]

    assert waiting == []


def test_the_plan_has_two_stages_and_entrances_on_its_edge() -> None:
    kinds = Counter(one["kind"] for one in plan()["features"])

    entrances = [floor(one) for one in plan()["features"] if one["kind"] == "entrance"]

    assert (kinds["stage"], kinds["entrance"] >= 2) == (2, True)
    assert all(one.x == 0 or one.y == 0 or one.east == 84 or one.north == 50 for one in entrances)


def test_whoever_shows_three_robots_or_several_that_drive_has_raw_space() -> None:
    raw = {booth["number"] for booth in plan()["booths"] if booth["kind"] == "raw"}
    booths = {one["code"]: one["booth"] for one in exhibitors()}
    still = {"arm", "coffee", "exoskeleton", "hand", "companion", "humanoid"}
    robots = defaultdict(list)
    for row in table("robots.csv"):
        robots[row["exhibitor"]].append(row["kind"])

    roomy = {code for code, kinds in robots.items() if len(kinds) > 2 or len([k for k in kinds if k not in still]) > 1}

    assert {code for code in roomy if booths[code] not in raw} == set()


def test_about_200_demos_take_no_robot_person_or_place_twice_at_a_time() -> None:
    rows = table("timetable.csv")
    taken = defaultdict(list)
    for row in rows:
        span = (int(row["start"]), int(row["start"]) + int(row["minutes"]))
        for resource in ("robot", "staff", "place"):
            owner = "" if resource == "place" else row["exhibitor"]
            taken[row["day"], resource, owner, row[resource]].append(span)

    clashes = [
        (resource, one, other)
        for resource, spans in taken.items()
        for one, other in combinations(spans, 2)
        if one[0] < other[1] and other[0] < one[1]
    ]

    assert clashes == []
    assert 190 <= len(rows) <= 220


def test_demos_run_at_the_own_booth_or_on_a_stage_with_an_own_robot_and_its_title() -> None:
    booths = {one["code"]: one["booth"] for one in exhibitors()}
    titles = {(row["exhibitor"], row["robot"], row["title_en"], row["title_zh"]) for row in table("demos.csv")}
    rows = table("timetable.csv")

    assert {row["place"] for row in rows if row["place"] != booths[row["exhibitor"]]} == {"stage-1", "stage-2"}
    assert [
        row for row in rows if (row["exhibitor"], row["robot"], row["title_en"], row["title_zh"]) not in titles
    ] == []


def test_demos_lie_within_the_hours_of_their_staff_and_the_day() -> None:
    shifts = {(row["exhibitor"], row["code"]): (row["shift"], row["days"].split()) for row in table("staff.csv")}

    late = []
    for row in table("timetable.csv"):
        shift, days = shifts[row["exhibitor"], row["staff"]]
        start, end = int(row["start"]), int(row["start"]) + int(row["minutes"])
        at_work = row["day"] in days and any(first <= start and end <= last for first, last in SHIFTS[shift])
        if not at_work or end > (420 if row["day"] == "5" else 540):
            late.append(row["code"])

    assert late == []


def test_every_exhibitor_shows_something_on_the_second_day() -> None:
    assert {row["exhibitor"] for row in table("timetable.csv") if row["day"] == "2"} == {
        one["code"] for one in exhibitors()
    }


def test_at_any_minute_of_the_second_day_a_demo_runs_and_another_comes_within_half_an_hour() -> None:
    rows = [row for row in table("timetable.csv") if row["day"] == "2"]
    spans = [(int(row["start"]), int(row["start"]) + int(row["minutes"])) for row in rows]

    empty = [minute for minute in range(500) if not any(start <= minute < end for start, end in spans)]
    lonely = [minute for minute in range(500) if not any(minute < start <= minute + 30 for start, _ in spans)]

    assert (empty, lonely) == ([], [])


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fixtures_generate", FIXTURES.parent / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generator_writes_the_files_that_are_here(tmp_path: Path) -> None:
    generator().generate(tmp_path)

    written = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}

    assert written == {name: (FIXTURES / name).read_text("utf-8") for name in written}
    assert sorted(written) == ["buyer_needs.csv", "buyers.csv", "meetings.csv", "timetable.csv"]


def test_the_generator_and_the_loader_know_the_same_shifts() -> None:
    assert generator().SHIFTS == SHIFTS
