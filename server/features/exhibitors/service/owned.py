"""What an exhibitor has several of, products and people: adding one, changing one, and locking one to be changed."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Product, StaffMember
from server.features.exhibitors.rules import code_from, parts_of
from server.features.exhibitors.service.owning import locked_exhibitor, only
from server.infra.audit import Changes, differences, record, require_version
from server.infra.db import quotas_of
from server.infra.identity import Identity
from server.kernel.quotas import Quota, require_room

Row = TypeVar("Row", Product, StaffMember)


@dataclass(frozen=True)
class OwnedKind(Generic[Row]):
    """A kind of thing: its table and its name in the log, how many one may have, and what its code is made of."""

    table: type[Row]
    thing: str
    quota: Quota
    named: str
    there: tuple[Any, ...] = ()
    """Which rows count as being there."""


PRODUCT = OwnedKind(Product, "product", Quota.PRODUCTS, "name_en")
PERSON = OwnedKind(StaffMember, "staff", Quota.PEOPLE, "name", (col(StaffMember.active).is_(True),))


def add_owned(session: Session, by: Identity, kind: OwnedKind[Row], owner: Exhibitor, data: BaseModel) -> Row:
    """One more of an exhibitor that is locked. Raises `QuotaError` when it has as many as one may have."""
    said = data.model_dump()
    taken = set(session.exec(select(kind.table.code).where(kind.table.exhibitor_id == owner.id)))
    require_room(quotas_of(session), kind.quota, len(taken))
    code = code_from(said[kind.named], taken, kind.thing)
    row = kind.table(**said, exhibitor_id=owner.id or 0, code=code, provenance=owner.provenance)
    session.add(row)
    session.flush()
    record(session, by, f"{kind.thing}.add", f"{owner.code}/{code}", differences({}, said), version=1)
    return row


def locked_owned(session: Session, by: Identity, kind: OwnedKind[Row], key: str, version: int) -> Row:
    """The one with this `key` (`<exhibitor>/<code>`), locked together with its exhibitor.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
        StaleError: somebody changed it since `version`.
    """
    exhibitor, code = parts_of(key)
    owner = locked_exhibitor(session, by, exhibitor)
    named = (kind.table.exhibitor_id == owner.id, kind.table.code == code, *kind.there)
    query = select(kind.table).where(*named).with_for_update().execution_options(populate_existing=True)
    row = only(session.exec(query).all(), key)
    require_version(session, kind.thing, key, row.version, version)
    return row


def change_owned(session: Session, by: Identity, key: str, row: Product | StaffMember, data: BaseModel) -> Changes:
    """Let a locked one be as `data` says, and return what changed: saying the same again changes nothing."""
    changes = differences(row.model_dump(), data.model_dump())
    if changes:
        row.sqlmodel_update(data.model_dump())
        row.version += 1
        thing = PRODUCT.thing if isinstance(row, Product) else PERSON.thing
        record(session, by, f"{thing}.edit", key, changes, version=row.version)
    return changes


def gone(row: Product | StaffMember, edit: type[BaseModel]) -> dict[str, tuple[Any, None]]:
    """What the log keeps of one that goes."""
    return {name: (getattr(row, name), None) for name in edit.model_fields}
