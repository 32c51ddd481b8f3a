"""Reads of the buyers and their needs."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from server.features.buyers.models import Buyer, BuyerNeed
from server.features.buyers.schemas import BuyerOut, NeedOut
from server.features.exhibitors.models import Category


def buyer_ids(session: Session) -> dict[str, int]:
    """The key of every buyer by its code."""
    return {code: number or 0 for code, number in session.exec(select(Buyer.code, Buyer.id))}


def count_buyers(session: Session, *, country: str = "", text: str = "") -> int:
    """How many buyers `list_buyers` would find without a limit."""
    chosen = _chosen(select(Buyer.id), country, text).subquery()
    return session.exec(select(func.count()).select_from(chosen)).one()


def list_buyers(
    session: Session, *, country: str = "", text: str = "", offset: int = 0, limit: int = 50
) -> list[BuyerOut]:
    """Buyers by code with what they look for, in two queries however many there are."""
    query = _chosen(select(Buyer), country, text).order_by(Buyer.code).offset(offset).limit(limit)
    found: list[Buyer] = list(session.scalars(query))
    needs = _needs(session, [row.id or 0 for row in found])
    return [BuyerOut(**row.model_dump(exclude={"id"}), needs=needs.get(row.id or 0, [])) for row in found]


def _chosen(query: Any, country: str, text: str) -> Any:
    if country:
        query = query.where(col(Buyer.country) == country)
    if text:
        fields = (Buyer.name, Buyer.company, Buyer.code)
        query = query.where(or_(*(col(field).icontains(text, autoescape=True) for field in fields)))
    return query


def _needs(session: Session, buyers: Iterable[int]) -> dict[int, list[NeedOut]]:
    query = (
        select(BuyerNeed, Category)
        .join(Category, col(Category.code) == BuyerNeed.category)
        .where(col(BuyerNeed.buyer_id).in_(buyers))
        .order_by(col(BuyerNeed.id))
    )
    found: dict[int, list[NeedOut]] = defaultdict(list)
    for need, category in session.exec(query):
        shown = need.model_dump(include={"category", "certificates", "volume", "timeframe", "note"})
        found[need.buyer_id].append(NeedOut(**shown, category_en=category.name_en, category_zh=category.name_zh))
    return found
