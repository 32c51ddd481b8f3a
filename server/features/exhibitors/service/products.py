"""Adding, editing and removing what an exhibitor sells."""

from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Product, Robot
from server.features.exhibitors.rules import parts_of, robot_key
from server.features.exhibitors.schemas import ProductEdit
from server.features.exhibitors.service.owned import PRODUCT, add_owned, change_owned, gone, locked_owned
from server.features.exhibitors.service.owning import locked_exhibitor, require_categories
from server.infra.audit import record
from server.infra.identity import Identity
from server.kernel.errors import ConflictError


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
    return add_owned(session, by, PRODUCT, owner, data)


def edit_product(session: Session, by: Identity, key: str, data: ProductEdit, version: int) -> int:
    """Change the product with this `key` (`<exhibitor>/<product>`) and return the version that it has now.

    Saying the same again changes nothing.

    Raises:
        NotFoundError: there is no such product, or it is somebody else's.
        InvalidError: its category is not in the taxonomy.
        StaleError: somebody changed it since `version`.
    """
    row = locked_owned(session, by, PRODUCT, key, version)
    require_categories(session, [data.category])
    change_owned(session, by, key, row, data)
    return row.version


def remove_product(session: Session, by: Identity, key: str, version: int) -> None:
    """Take the product with this `key` (`<exhibitor>/<product>`) off sale.

    Raises:
        NotFoundError: there is no such product, or it is somebody else's.
        ProductInUseError: robots are enrolled as this product.
        StaleError: somebody changed it since `version`.
    """
    row = locked_owned(session, by, PRODUCT, key, version)
    robots = session.exec(select(Robot).where(Robot.product_id == row.id).order_by(col(Robot.code))).all()
    if robots:
        raise ProductInUseError(
            [
                {
                    "key": robot_key(parts_of(key)[0], robot.code),
                    "name_en": robot.name_en,
                    "name_zh": robot.name_zh,
                }
                for robot in robots
            ]
        )
    record(session, by, "product.remove", key, gone(row, ProductEdit), version=row.version + 1)
    session.delete(row)
