"""A read that two features need has one home; a copy of it, and a later table that nobody named, are found."""

from pathlib import Path

import pytest

from tests.architecture.layers import LATER_TABLES
from tests.architecture.plant import plant
from tests.architecture.shared_reads import copied_reads, tables_by_hand
from tests.architecture.source import ROOT, read_tree

MODELS = {
    "server/features/timetable/models.py": "class FairDay(SQLModel, table=True):\n    opens_at: datetime\n",
    "server/features/floorplan/models.py": "class Booth(SQLModel, table=True):\n    number: str\n",
}
HOME = "def days(session):\n    return session.exec(select(FairDay))\n"
PLANTED = [
    (HOME, "def openings(session):\n    return session.exec(select(FairDay).order_by(FairDay.opens_at)).all()\n"),
    (
        "def keys(session):\n    return session.exec(select(Booth.number, Booth.id))\n",
        "def booths(session):\n    columns: Any = (col(Booth.id), Booth.number)\n    return select(*columns)\n",
    ),
    (
        "_ONE = select(FairDay.id).where(FairDay.opens_at == bindparam('at'))\n",
        "def day(session, at):\n    return select(col(FairDay.id)).where(col(FairDay.opens_at) == at)\n",
    ),
]


def test_no_read_of_a_foreign_table_is_done_twice() -> None:
    assert list(copied_reads(read_tree(ROOT))) == []


@pytest.mark.parametrize(("home", "copy"), PLANTED)
def test_a_planted_copy_is_found_and_both_places_are_named(tmp_path: Path, home: str, copy: str) -> None:
    tree = plant(
        tmp_path,
        {**MODELS, "server/features/timetable/queries.py": home, "server/features/screens/queries.py": copy},
    )

    (found,) = copied_reads(tree)

    assert "timetable/queries.py" in found
    assert "screens/queries.py" in found


@pytest.mark.parametrize(
    "other",
    [
        "def day(session, at):\n    return select(FairDay).where(FairDay.opens_at == at)\n",
        "def hours(session):\n    return select(FairDay.opens_at)\n",
        "from server.features.timetable.queries import days\n",
    ],
)
def test_other_columns_other_conditions_and_the_shared_read_itself_are_no_copies(tmp_path: Path, other: str) -> None:
    tree = plant(
        tmp_path,
        {**MODELS, "server/features/timetable/queries.py": HOME, "server/features/screens/queries.py": other},
    )

    assert list(copied_reads(tree)) == []


def test_the_table_names_every_later_table_that_is_reached_by_hand() -> None:
    found = set(tables_by_hand(read_tree(ROOT)))

    assert found == {(feature, name) for feature, names in LATER_TABLES.items() for name in names}


def test_a_table_by_hand_that_nobody_named_is_found(tmp_path: Path) -> None:
    tree = plant(tmp_path, {"server/features/exhibitors/queries.py": '_LEAD = table("lead", column("id"))\n'})

    assert set(tables_by_hand(tree)) == {("exhibitors", "lead")}
