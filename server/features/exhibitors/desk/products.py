"""The desk's pages of what the exhibitor sells."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.exhibitors.desk.frame import (
    again,
    category_groups,
    market_groups,
    merged,
    own_exhibitor,
    removal,
    taken,
    words_of,
)
from server.features.exhibitors.queries import find_product, list_categories, list_products
from server.features.exhibitors.rules import CURRENCIES
from server.features.exhibitors.schemas import ProductEdit, ProductOut
from server.features.exhibitors.service import add_product, edit_product, remove_product
from server.infra.web.context import database, identity
from server.infra.web.forms import parse, shown
from server.infra.web.guard import guarded
from server.kernel.certificates import CERTIFICATES
from server.kernel.errors import NotFoundError

pages = Blueprint("desk_products", __name__)

_LIST = "/desk/products?saved=yes"
_TEMPLATE = "exhibitors/desk_product.html"


@pages.get("/desk/products")
@guarded("desk.view")
def products() -> str:
    """What the exhibitor sells, by name."""
    with database().read() as session:
        rows = list_products(session, own_exhibitor())
    return render_template("exhibitors/desk_products.html", products=rows, markets=words_of(market_groups()))


@pages.get("/desk/products/new")
@guarded("exhibitor.edit-own")
def new_product() -> str:
    """The form for one more product."""
    return render_template(_TEMPLATE, form=shown({"currency": "USD", "moq": 1}), row=None, **_choices())


@pages.post("/desk/products/new")
@guarded("exhibitor.edit-own")
def add_typed_product() -> Response:
    """Put on sale what was typed."""
    code, form = own_exhibitor(), parse(ProductEdit, request.form)

    def act(session: Session, data: ProductEdit) -> str:
        add_product(session, identity(), code, data)
        return _LIST

    return taken(form, act) or again(_TEMPLATE, form, row=None, **_choices())


@pages.get("/desk/products/<product>")
@guarded("exhibitor.edit-own")
def product(product: str) -> str:
    """The form of one product."""
    row = _own(product)
    values = row.model_dump(include=set(ProductEdit.model_fields))
    if row.payload_kg is not None and not row.payload_kg % 1:
        values["payload_kg"] = int(row.payload_kg)
    return render_template(_TEMPLATE, form=shown(values, row.version), row=row, **_choices())


@pages.post("/desk/products/<product>")
@guarded("exhibitor.edit-own")
def save_product(product: str) -> Response:
    """Keep what was typed, or show it again with what is in the way."""
    row, form, choices = _own(product), parse(ProductEdit, request.form), _choices()

    def act(session: Session, data: ProductEdit) -> str:
        edit_product(session, identity(), f"{own_exhibitor()}/{product}", data, form.version)
        return _LIST

    words = {**words_of(choices["categories"]), **words_of(choices["markets"])}
    return taken(form, act) or again(_TEMPLATE, merged(form, words), row=row, **choices)


@pages.get("/desk/products/<product>/remove")
@guarded("exhibitor.edit-own")
def ask_product_away(product: str) -> str:
    """Whether this product shall really go."""
    row = _own(product)
    return render_template("exhibitors/desk_remove.html", form=shown({}, row.version), **_removal(row))


@pages.post("/desk/products/<product>/remove")
@guarded("exhibitor.edit-own")
def take_product_away(product: str) -> Response:
    """Take it off sale, or say which robots are in the way."""
    row, form = _own(product), removal()

    def act(session: Session, _data: object) -> str:
        remove_product(session, identity(), f"{own_exhibitor()}/{product}", form.version)
        return _LIST

    return taken(form, act) or again("exhibitors/desk_remove.html", form, **_removal(row))


def _own(code: str) -> ProductOut:
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


def _removal(row: ProductOut) -> dict[str, object]:
    return {"row": row, "kind": "product", "back": f"/desk/products/{row.code}"}
