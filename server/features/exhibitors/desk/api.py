"""The API of what exhibitors edit: an exhibitor's own administrators, and the organiser for all of them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import Response, abort
from pydantic import BaseModel, RootModel, ValidationError
from sqlmodel import Session

from server.features.exhibitors.desk.profile import profile_values
from server.features.exhibitors.queries import desk_staff, find_exhibitor, find_product, list_products
from server.features.exhibitors.rules import parts_of
from server.features.exhibitors.schemas import (
    ExhibitorEdit,
    ExhibitorOut,
    ExhibitorPatch,
    HoursEdit,
    ProductEdit,
    ProductOut,
    ProductPatch,
    StaffDesk,
    StaffEdit,
    StaffPatch,
)
from server.features.exhibitors.service import (
    add_person,
    add_product,
    edit_exhibitor,
    edit_hours,
    edit_person,
    edit_product,
    remove_person,
    remove_product,
)
from server.infra.schema import ApiModel
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, now
from server.infra.web.errors import invalid_request
from server.infra.web.guard import guarded
from server.infra.web.preconditions import answered_once, if_match, tagged
from server.kernel.errors import NotFoundError

api = api_blueprint("desk", "What exhibitors say of themselves, their products and their people")

Model = TypeVar("Model", bound=BaseModel)
_EDITED: Any = {404: Problem, 409: Problem, 412: Problem, 422: Problem, 428: Problem}


class OwnPath(ApiModel):
    """An exhibitor by its code."""

    code: str


class ProductPath(OwnPath):
    """A product by the codes of exhibitor and product."""

    product: str

    @property
    def key(self) -> str:
        """`<exhibitor>/<product>`."""
        return f"{self.code}/{self.product}"


class StaffPath(OwnPath):
    """A person by the codes of exhibitor and person."""

    staff: str

    @property
    def key(self) -> str:
        """`<exhibitor>/<person>`."""
        return f"{self.code}/{self.staff}"


class ProductList(RootModel[list[ProductOut]]):
    """Products by name."""


class StaffList(RootModel[list[StaffDesk]]):
    """People by code."""


@api.patch("/exhibitors/<code>", responses={200: ExhibitorOut, **_EDITED})
@guarded("exhibitor.change")
def patch_exhibitor(path: OwnPath, body: ExhibitorPatch) -> Response:
    """Change what an exhibitor says of itself; `If-Match` says which version was seen."""
    version = if_match()
    with database().write() as session:
        data = _patched(ExhibitorEdit, profile_values(_exhibitor(session, path.code)), body)
        edit_exhibitor(session, identity(), path.code, data, version)
        session.flush()
        return _told(_exhibitor(session, path.code))


@api.get("/exhibitors/<code>/products", responses={200: ProductList})
@guarded("exhibitor.view")
def read_products(path: OwnPath) -> Response:
    """An exhibitor's products by name."""
    with database().read() as session:
        _exhibitor(session, path.code)
        return answer(list_products(session, path.code))


@api.post("/exhibitors/<code>/products", responses={201: ProductOut, 404: Problem, 422: Problem})
@guarded("exhibitor.change")
def post_product(path: OwnPath, body: ProductEdit) -> Response:
    """Put a product on sale. An `Idempotency-Key` makes a repeated request harmless."""

    def act() -> ProductOut:
        return _product(session, f"{path.code}/{add_product(session, identity(), path.code, body).code}")

    with database().write() as session:
        return answered_once(session, act)


@api.get("/exhibitors/<code>/products/<product>", responses={200: ProductOut, 404: Problem})
@guarded("exhibitor.view")
def read_product(path: ProductPath) -> Response:
    """One product, with its version as ETag."""
    with database().read() as session:
        return _told(_product(session, path.key))


@api.patch("/exhibitors/<code>/products/<product>", responses={200: ProductOut, **_EDITED})
@guarded("exhibitor.change")
def patch_product(path: ProductPath, body: ProductPatch) -> Response:
    """Change a product; `If-Match` says which version was seen."""
    version = if_match()
    with database().write() as session:
        data = _patched(ProductEdit, _product(session, path.key).model_dump(), body)
        edit_product(session, identity(), path.key, data, version)
        session.flush()
        return _told(_product(session, path.key))


@api.delete("/exhibitors/<code>/products/<product>", responses={204: None, **_EDITED})
@guarded("exhibitor.change")
def delete_product(path: ProductPath) -> Response:
    """Take a product off sale; robots that are enrolled as it are in the way and named under `robots`."""
    version = if_match()
    with database().write() as session:
        remove_product(session, identity(), path.key, version)
    return Response(status=204)


@api.get("/exhibitors/<code>/staff", responses={200: StaffList, 404: Problem})
@guarded("staff.view")
def read_staff(path: OwnPath) -> Response:
    """An exhibitor's people by code, with addresses and hours, for its own people and the organiser."""
    with database().read() as session:
        return answer(_people(session, path.code))


@api.post("/exhibitors/<code>/staff", responses={201: StaffDesk, 404: Problem, 422: Problem})
@guarded("exhibitor.change")
def post_person(path: OwnPath, body: StaffEdit) -> Response:
    """Let somebody work at the booth. An `Idempotency-Key` makes a repeated request harmless."""

    def act() -> StaffDesk:
        return _person(session, path.code, add_person(session, identity(), path.code, body).code)

    with database().write() as session:
        return answered_once(session, act)


@api.get("/exhibitors/<code>/staff/<staff>", responses={200: StaffDesk, 404: Problem})
@guarded("staff.view")
def read_person(path: StaffPath) -> Response:
    """One person with address and hours, with the version as ETag."""
    with database().read() as session:
        return _told(_person(session, path.code, path.staff))


@api.patch("/exhibitors/<code>/staff/<staff>", responses={200: StaffDesk, **_EDITED})
@guarded("exhibitor.change")
def patch_person(path: StaffPath, body: StaffPatch) -> Response:
    """Change what is said of somebody; `If-Match` says which version was seen."""
    version = if_match()
    with database().write() as session:
        data = _patched(StaffEdit, _person(session, path.code, path.staff).model_dump(), body)
        edit_person(session, identity(), path.key, data, version)
        return _answered_person(session, path)


@api.patch("/exhibitors/<code>/staff/<staff>/hours", responses={200: StaffDesk, **_EDITED})
@guarded("exhibitor.change")
def patch_hours(path: StaffPath, body: HoursEdit) -> Response:
    """Say when somebody is there; days that are not named stay. Orphaned bookings are refused under `bookings`."""
    version = if_match()
    with database().write() as session:
        edit_hours(session, identity(), path.key, body, version, now=now())
        return _answered_person(session, path)


@api.delete("/exhibitors/<code>/staff/<staff>", responses={204: None, **_EDITED})
@guarded("exhibitor.change")
def delete_person(path: StaffPath) -> Response:
    """Let somebody leave; meetings and demos that need them are in the way and named under `bookings`."""
    version = if_match()
    with database().write() as session:
        remove_person(session, identity(), path.key, version, now=now())
    return Response(status=204)


def _patched(schema: type[Model], present: dict[str, object], body: BaseModel) -> Model:
    """The whole thing after the patch; where it would be wrong, the request ends with each fault named."""
    kept = {name: value for name, value in present.items() if name in schema.model_fields}
    try:
        return schema.model_validate({**kept, **body.model_dump(exclude_unset=True)})
    except ValidationError as error:
        abort(invalid_request(error))


def _exhibitor(session: Session, code: str) -> ExhibitorOut:
    found = find_exhibitor(session, code)
    if found is None:
        raise NotFoundError(what=code)
    return found.exhibitor


def _product(session: Session, key: str) -> ProductOut:
    exhibitor, code = parts_of(key)
    found = find_product(session, exhibitor, code)
    if found is None:
        raise NotFoundError(what=key)
    return found


def _people(session: Session, exhibitor: str, code: str = "") -> Sequence[StaffDesk]:
    """The people of an exhibitor. Raises `NotFoundError` when it is neither the reader's own nor the organiser asks."""
    who = identity()
    if who.exhibitor != exhibitor and not who.may("exhibitor.edit"):
        raise NotFoundError(what=exhibitor)
    return desk_staff(session, exhibitor, code)


def _person(session: Session, exhibitor: str, code: str) -> StaffDesk:
    found = _people(session, exhibitor, code)
    if not found:
        raise NotFoundError(what=f"{exhibitor}/{code}")
    return found[0]


def _answered_person(session: Session, path: StaffPath) -> Response:
    session.flush()
    return _told(_person(session, path.code, path.staff))


def _told(found: ExhibitorOut | ProductOut | StaffDesk) -> Response:
    return tagged(answer(found), found.version)
