"""The desk's pages of what the exhibitor sells."""

from typing import Any

from flask import render_template

from server.features.exhibitors.desk.frame import category_groups, market_groups, words_of
from server.features.exhibitors.desk.things import Things, forms_of
from server.features.exhibitors.queries import find_product, list_categories, list_products
from server.features.exhibitors.rules import CURRENCIES
from server.features.exhibitors.schemas import ProductEdit, ProductOut
from server.features.exhibitors.service import add_product, edit_product, remove_product
from server.infra.web.context import database, own_exhibitor
from server.infra.web.guard import guarded
from server.kernel.certificates import CERTIFICATES
from server.kernel.errors import NotFoundError


def own_product(code: str) -> ProductOut:
    """A product of the reader's exhibitor. Raises `NotFoundError` for everybody else's."""
    with database().read() as session:
        found = find_product(session, own_exhibitor(), code)
    if found is None:
        raise NotFoundError(what=code)
    return found


def _choices() -> dict[str, Any]:
    with database().read() as session:
        categories = category_groups(list_categories(session))
    return {
        "categories": categories,
        "markets": market_groups(),
        "certificates": [(code, code) for code in sorted(CERTIFICATES)],
        "currencies": [(code, code) for code in CURRENCIES],
    }


def _values(row: ProductOut) -> dict[str, Any]:
    values = row.model_dump(include=set(ProductEdit.model_fields))
    whole = row.payload_kg is not None and not row.payload_kg % 1
    return {**values, "payload_kg": int(row.payload_kg or 0)} if whole else values


def _words(choices: dict[str, Any]) -> dict[str, str]:
    return words_of([*choices["categories"], *choices["markets"]])


pages = forms_of(
    "desk_products",
    Things(
        path="/desk/products",
        one="product",
        kind="product",
        template="exhibitors/desk_product.html",
        edit=ProductEdit,
        new={"currency": "USD", "moq": 1},
        own=own_product,
        values=_values,
        choices=_choices,
        words=_words,
        add=add_product,
        change=edit_product,
        remove=remove_product,
    ),
)


@pages.get("/desk/products")
@guarded("desk.view")
def products() -> str:
    """What the exhibitor sells, by name."""
    with database().read() as session:
        rows = list_products(session, own_exhibitor())
    return render_template("exhibitors/desk_products.html", products=rows, markets=words_of(market_groups()))
