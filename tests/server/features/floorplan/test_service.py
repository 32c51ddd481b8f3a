"""Plans that cannot be built and booths that cannot be given are refused; what is taken in can be read back."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from server.features.exhibitors.schemas import CategoryIn, ExhibitorIn
from server.features.exhibitors.service import add_categories, add_exhibitors
from server.features.floorplan.queries import find_booth, find_plan, list_booths, robot_floors
from server.features.floorplan.rules import BoothKind
from server.features.floorplan.schemas import AssignmentIn, BoothOut, OccupantOut, PlanIn
from server.features.floorplan.service import add_plan, assign_booths
from server.infra.db import Database
from server.kernel.errors import ConflictError, NotFoundError
from server.kernel.provenance import Provenance

INVENTED = Provenance.INVENTED


def booth(number: str, x: float, width: float = 3, kind: str = "standard") -> dict[str, Any]:
    depth = 3 if kind == "standard" else 6
    return {"number": number, "kind": kind, "x": x, "y": 3, "width_m": width, "depth_m": depth, "power_kw": 3} | {
        "provenance": "invented"
    }


def a_plan(*booths: dict[str, Any]) -> dict[str, Any]:
    hall = {
        "code": "9.2",
        "name_en": "Hall 9.2",
        "name_zh": "9.2馆",
        "width_m": 20,
        "depth_m": 10,
        "provenance": "invented",
    }
    aisle = {"kind": "aisle", "code": "south", "name_en": "South aisle", "name_zh": "南通道", "provenance": "invented"}
    floor = {"x": 0, "y": 0, "width_m": 20, "depth_m": 3}
    return {"source": "test", "unit": "metre", "hall": hall, "booths": list(booths), "features": [aisle | floor]}


def two_firms(session: Session) -> None:
    add_exhibitors(
        session,
        [
            ExhibitorIn(
                code=code,
                name_en=code.title(),
                name_zh="公司",
                province="Guangdong",
                city="Foshan",
                city_zh="佛山",
                profile_en="A firm.",
                profile_zh="一家公司。",
                categories=["SR"],
                provenance=INVENTED,
            )
            for code in ("kapok", "lotus")
        ],
    )


def assign(number: str, exhibitor: str) -> AssignmentIn:
    return AssignmentIn(booth=number, exhibitor=exhibitor, provenance=INVENTED)


@pytest.fixture
def plan(database: Database) -> None:
    """Two booths of nine square metres, side by side, and two firms."""
    root = CategoryIn(
        code="SR",
        name_en="Service robot",
        name_zh="服务机器人",
        name_de="Serviceroboter",
        scheme="ISO 8373",
        provenance=Provenance.FACT,
    )
    with database.write() as session:
        add_categories(session, [root])
        two_firms(session)
        add_plan(session, PlanIn.model_validate(a_plan(booth("9.2A01", 0), booth("9.2A02", 3))))


@pytest.mark.parametrize(
    ("booths", "reason"),
    [
        ([booth("9.2A01", 0), booth("9.2A02", 2)], "on the same floor: 9.2A01 and 9.2A02"),
        ([booth("9.2A01", 18)], "outside the hall: 9.2A01"),
        ([{**booth("9.2A01", 0), "y": 2}], "on the same floor: 9.2A01 and south"),
        ([booth("A1", 0)], "'A1' is no booth number"),
        ([booth("9.2A01", 0, width=4)], "4.0 x 3.0 m is not let as standard"),
        ([booth("9.2A01", 0, width=5, kind="raw")], "5.0 x 6.0 m is not let as raw"),
    ],
)
def test_a_plan_that_cannot_be_built_is_refused_with_its_reason(booths: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        PlanIn.model_validate(a_plan(*booths))


@pytest.mark.usefixtures("plan")
def test_a_booth_is_read_with_who_has_it(database: Database) -> None:
    with database.write() as session:
        assign_booths(session, [assign("9.2A02", "kapok")])

    with database.read() as session:
        found = find_booth(session, "9.2A02")
        free = [one.number for one in list_booths(session, free=True)]
        taken = [one.number for one in list_booths(session, free=False)]

    assert (free, taken) == (["9.2A01"], ["9.2A02"])
    assert found == BoothOut(
        number="9.2A02",
        kind=BoothKind.STANDARD,
        x=3,
        y=3,
        width_m=3,
        depth_m=3,
        area_m2=9,
        power_kw=3,
        version=1,
        occupant=OccupantOut(
            code="kapok",
            name_en="Kapok",
            name_zh="公司",
            province="Guangdong",
            city="Foshan",
            city_zh="佛山",
            guangdong=True,
        ),
        provenance=INVENTED,
    )


@pytest.mark.usefixtures("plan")
def test_a_taken_booth_is_refused_and_none_of_the_others_is_given(database: Database) -> None:
    with database.write() as session:
        assign_booths(session, [assign("9.2A02", "kapok")])

        with pytest.raises(ConflictError):
            assign_booths(session, [assign("9.2A01", "lotus"), assign("9.2A02", "lotus")])

    with database.read() as session:
        assert [one.occupant and one.occupant.code for one in list_booths(session)] == [None, "kapok"]


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("wrong", [("9.2A09", "kapok"), ("9.2A01", "nobody")])
def test_an_unknown_booth_or_exhibitor_is_refused_by_name(database: Database, wrong: tuple[str, str]) -> None:
    with database.write() as session, pytest.raises(NotFoundError):
        assign_booths(session, [assign(*wrong)])


@pytest.mark.usefixtures("plan")
def test_taking_in_a_plan_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        added = add_plan(session, PlanIn.model_validate(a_plan(booth("9.2A01", 0), booth("9.2A02", 3))))

    assert added == 0


def test_before_a_fair_is_loaded_there_is_no_plan_and_no_robot_on_it(database: Database) -> None:
    with database.read() as session:
        assert (find_plan(session), find_booth(session, "9.2A01"), robot_floors(session)) == (None, None, [])
