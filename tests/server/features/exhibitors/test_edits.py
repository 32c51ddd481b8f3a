"""What exhibitors and the organiser edit: versions, the log, whose it is, and what is in the way of a removal."""

from typing import Any

import pytest
from sqlmodel import select

from server.features.exhibitors.models import Product, Robot
from server.features.exhibitors.queries import find_exhibitor, find_product
from server.features.exhibitors.schemas import ExhibitorEdit, ExhibitorOut, ProductEdit
from server.features.exhibitors.service import (
    ProductInUseError,
    add_product,
    edit_exhibitor,
    edit_product,
    remove_product,
)
from server.infra.audit import AuditEntry, Difference, StaleError
from server.infra.db import Database
from server.infra.identity import VISITOR, Identity
from server.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from server.kernel.permissions import Role

LEAD = Identity(role=Role.EXHIBITOR_ADMIN, account_id=7, display_name="Lead of Nanling", exhibitor="nanling")
COLLEAGUE = Identity(role=Role.EXHIBITOR_STAFF, account_id=8, display_name="Staff of Nanling", exhibitor="nanling")
STRANGER = Identity(role=Role.EXHIBITOR_ADMIN, account_id=9, display_name="Lead of Litchi", exhibitor="litchi-lane")
ORGANISER = Identity(role=Role.ORGANISER, account_id=1, display_name="Organiser")
HAND = ProductEdit(
    name_en="Helping Hand",
    name_zh="助手",
    category="XF7",
    payload_kg=2.5,
    certificates=["CE-MD", "ROHS", "CE-MD"],
    moq=5,
    price_min=900,
    price_max=1200,
    currency="USD",
    markets=["DE", "BR"],
)


def nanling(database: Database) -> ExhibitorOut:
    """The exhibitor as it stands."""
    with database.read() as session:
        found = find_exhibitor(session, "nanling")
    assert found is not None
    return found.exhibitor


def as_edited(row: ExhibitorOut, **changes: Any) -> ExhibitorEdit:
    """The same words again, with changes."""
    kept = row.model_dump(include=set(ExhibitorEdit.model_fields) - {"categories"})
    return ExhibitorEdit.model_validate({**kept, "categories": [one.code for one in row.categories], **changes})


def log(database: Database) -> list[tuple[str, str, str, str, int | None, list[Difference]]]:
    """Who did what to what, oldest first; the demo fair's meetings are left out."""
    with database.read() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.thing != "meeting")).all()
        return [(one.who, one.action, one.thing, one.key, one.version, one.differences) for one in entries]


@pytest.mark.parametrize("by", [LEAD, ORGANISER])
def test_an_edit_of_the_profile_is_kept_counted_and_written_down(fair_database: Database, by: Identity) -> None:
    data = as_edited(nanling(fair_database), city="Foshan", city_zh="佛山", categories=["AP82", "XF1", "XF7"])

    with fair_database.write() as session:
        version = edit_exhibitor(session, by, "nanling", data, 1)

    after = nanling(fair_database)
    assert (version, as_edited(after), after.version) == (2, data, 2)
    changes = [
        Difference("city", "Shenzhen", "Foshan"),
        Difference("city_zh", "深圳", "佛山"),
        Difference("categories", ["XF1", "AC22", "AP82"], ["AP82", "XF1", "XF7"]),
    ]
    assert log(fair_database) == [(by.display_name, "exhibitor.edit", "exhibitor", "nanling", 2, changes)]


def test_saying_the_same_again_changes_nothing(fair_database: Database) -> None:
    with fair_database.write() as session:
        version = edit_exhibitor(session, LEAD, "nanling", as_edited(nanling(fair_database)), 1)

    assert (version, nanling(fair_database).version, log(fair_database)) == (1, 1, [])


def test_an_edit_of_an_old_version_is_told_what_has_changed(fair_database: Database) -> None:
    seen = nanling(fair_database)
    with fair_database.write() as session:
        edit_exhibitor(session, ORGANISER, "nanling", as_edited(seen, city="Foshan"), 1)

    with pytest.raises(StaleError) as stale, fair_database.write() as session:
        edit_exhibitor(session, LEAD, "nanling", as_edited(seen, city="Zhuhai"), 1)

    assert (stale.value.version, stale.value.differences) == (2, [Difference("city", "Shenzhen", "Foshan")])
    assert nanling(fair_database).city == "Foshan"


@pytest.mark.parametrize(
    ("by", "refusal"), [(STRANGER, NotFoundError), (VISITOR, NotFoundError), (COLLEAGUE, ForbiddenError)]
)
def test_others_cannot_edit_an_exhibitor_and_its_colleagues_may_only_look(
    fair_database: Database, by: Identity, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal), fair_database.write() as session:
        edit_exhibitor(session, by, "nanling", as_edited(nanling(fair_database), city="Foshan"), 1)

    assert nanling(fair_database).city == "Shenzhen"


def test_a_category_that_the_taxonomy_does_not_have_is_refused_by_its_code(fair_database: Database) -> None:
    data = as_edited(nanling(fair_database), categories=["XF1", "ZZ9"])

    with pytest.raises(InvalidError) as refusal, fair_database.write() as session:
        edit_exhibitor(session, LEAD, "nanling", data, 1)

    assert refusal.value.params == {"detail": "ZZ9"}


def test_a_product_is_added_edited_and_removed_each_with_its_line_in_the_log(fair_database: Database) -> None:
    with fair_database.write() as session:
        code = add_product(session, LEAD, "nanling", HAND).code
    dearer = HAND.model_copy(update={"price_max": 1500})
    with fair_database.write() as session:
        version = edit_product(session, LEAD, f"nanling/{code}", dearer, 1)
    with fair_database.read() as session:
        stored = find_product(session, "nanling", code)
    with fair_database.write() as session:
        remove_product(session, LEAD, f"nanling/{code}", 2)

    assert stored is not None
    assert (code, version, ProductEdit.model_validate(stored.model_dump(include=set(ProductEdit.model_fields)))) == (
        "helping-hand",
        2,
        dearer,
    )
    assert stored.certificates == ["CE-MD", "ROHS"]
    with fair_database.read() as session:
        assert find_product(session, "nanling", code) is None
    assert [entry[1:5] for entry in log(fair_database)] == [
        ("product.add", "product", "nanling/helping-hand", 1),
        ("product.edit", "product", "nanling/helping-hand", 2),
        ("product.remove", "product", "nanling/helping-hand", 3),
    ]


def test_a_second_product_of_the_same_name_gets_a_code_of_its_own(fair_database: Database) -> None:
    with fair_database.write() as session:
        codes = [add_product(session, LEAD, "nanling", HAND).code for _ in range(3)]

    assert codes == ["helping-hand", "helping-hand-2", "helping-hand-3"]


def test_a_product_as_which_robots_are_enrolled_stays_and_the_robots_are_named(fair_database: Database) -> None:
    with fair_database.read() as session:
        robot = session.exec(select(Robot).where(Robot.code == "walker-7")).one()
        product = session.exec(select(Product).where(Product.id == robot.product_id)).one()

    with pytest.raises(ProductInUseError) as refusal, fair_database.write() as session:
        remove_product(session, LEAD, f"nanling/{product.code}", 1)

    assert refusal.value.members() == {
        "robots": [
            {"key": "nanling/walker-7", "name_en": "Walker Seven", "name_zh": "行者七号"},
            {"key": "nanling/walker-8", "name_en": "Walker Eight", "name_zh": "行者八号"},
        ]
    }
    with fair_database.read() as session:
        assert find_product(session, "nanling", product.code) is not None


def test_somebody_elses_product_is_not_there(fair_database: Database) -> None:
    with pytest.raises(NotFoundError), fair_database.write() as session:
        edit_product(session, STRANGER, "nanling/walker-h", HAND, 1)
    with pytest.raises(NotFoundError), fair_database.write() as session:
        remove_product(session, LEAD, "nanling/momo", 1)
