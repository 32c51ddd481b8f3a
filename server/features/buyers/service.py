"""The use cases of the buyers: take them in with their needs, in bulk."""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlmodel import Session, select

from server.features.buyers.models import Buyer, BuyerNeed
from server.features.buyers.queries import buyer_ids
from server.features.buyers.schemas import BuyerIn, NeedIn
from server.infra.rows import insert_new
from server.kernel.errors import NotFoundError


def add_buyers(session: Session, buyers: Iterable[BuyerIn]) -> int:
    """Take in buyers; those who are there already stay as they are. Returns how many were new."""
    return insert_new(session, Buyer, (new.model_dump() for new in buyers), ("code",))


def add_needs(session: Session, needs: Iterable[NeedIn]) -> int:
    """Take in what buyers look for, except for buyers who have said so before. Returns how many were new.

    Raises `NotFoundError` for an unknown buyer.
    """
    keys = buyer_ids(session)
    heard = set(session.exec(select(BuyerNeed.buyer_id)))
    rows = [{**new.model_dump(exclude={"buyer"}), "buyer_id": _known(keys, new.buyer)} for new in needs]
    fresh = [row for row in rows if row["buyer_id"] not in heard]
    if fresh:
        session.connection().execute(insert(BuyerNeed), fresh)
    return len(fresh)


def _known(keys: dict[str, int], code: str) -> int:
    if code not in keys:
        raise NotFoundError(what=code)
    return keys[code]
