"""Adding, editing and removing what an exhibitor sells."""

from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Product, Robot
from server.features.exhibitors.rules import code_from, robot_key
from server.features.exhibitors.schemas import ProductEdit
from server.features.exhibitors.service.owning import locked_exhibitor, only, require_categories
from server.infra.audit import differences, record, require_version
from server.infra.db import quotas_of
from server.infra.identity import Identity
from server.kernel.errors import ConflictError
from server.kernel.quotas import Quota, require_room


class ProductInUseError(ConflictError):
    """Robots are enrolled as this product; `robots` are their keys and names."""

    code = "product-in-use"

    def __init__(self, robots: list[dict[str, str]]) -> None:
        self.robots = robots
        super().__init__(number=len(robots))

    def members(self) -> dict[str, Any]:
        """The robots."""
        return {"robots": self.robots}


def add_product(session: Session, by: Identity, exhibitor: str, data: ProductEdit) -> Product:
    """Put a product on sale; its code is made from its English name.

    Raises:
        QuotaError: the exhibitor has as many as one may have.
        NotFoundError: there is no such exhibitor, or it is somebody else's.
        InvalidError: its category is not in the taxonomy.
    """
    owner = locked_exhibitor(session, by, exhibitor)
    require_categories(session, [data.category])
    taken = set(session.exec(select(Product.code).where(Product.exhibitor_id == owner.id)))
    require_room(quotas_of(session), Quota.PRODUCTS, len(taken))
    row = Product(
        **data.model_dump(),
        exhibitor_id=owner.id or 0,
        code=code_from(data.name_en, taken, "product"),
        provenance=owner.provenance,
    )
    session.add(row)
    session.flush()
    key = f"{exhibitor}/{row.code}"
    record(session, by, "product.add", key, differences({}, data.model_dump()), version=1)
    return row


def edit_product(session: Session, by: Identity, key: str, data: ProductEdit, version: int) -> int:
    """Change the product with this `key` (`<exhibitor>/<product>`) and return the version that it has now.

    Saying the same again changes nothing.

    Raises:
        NotFoundError: there is no such product, or it is somebody else's.
        InvalidError: its category is not in the taxonomy.
        StaleError: somebody changed it since `version`.
    """
    row = _locked_product(session, by, key, version)
    require_categories(session, [data.category])
    changes = differences(row.model_dump(), data.model_dump())
    if not changes:
        return row.version
    row.sqlmodel_update(data.model_dump())
    row.version += 1
    record(session, by, "product.edit", key, changes, version=row.version)
    return row.version


def remove_product(session: Session, by: Identity, key: str, version: int) -> None:
    """Take the product with this `key` (`<exhibitor>/<product>`) off sale.

    Raises:
        NotFoundError: there is no such product, or it is somebody else's.
        ProductInUseError: robots are enrolled as this product.
        StaleError: somebody changed it since `version`.
    """
    row = _locked_product(session, by, key, version)
    robots = session.exec(select(Robot).where(Robot.product_id == row.id).order_by(col(Robot.code))).all()
    if robots:
        raise ProductInUseError(
            [
                {
                    "key": robot_key(key.partition("/")[0], robot.code),
                    "name_en": robot.name_en,
                    "name_zh": robot.name_zh,
                }
                for robot in robots
            ]
        )
    gone = {name: (getattr(row, name), None) for name in ProductEdit.model_fields}
    record(session, by, "product.remove", key, gone, version=row.version + 1)
    session.delete(row)


def _locked_product(session: Session, by: Identity, key: str, version: int) -> Product:
    exhibitor, _, code = key.partition("/")
    owner = locked_exhibitor(session, by, exhibitor)
    query = select(Product).where(Product.exhibitor_id == owner.id, Product.code == code).with_for_update()
    row = only(session.exec(query.execution_options(populate_existing=True)).all(), key)
    require_version(session, "product", key, row.version, version)
    return row
