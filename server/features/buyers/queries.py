"""Reads of the buyers, their needs and consents, and what there is to look for."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from server.features.buyers.models import Buyer, BuyerConsent, BuyerNeed
from server.features.buyers.rules import Purpose
from server.features.buyers.schemas import (
    BuyerOut,
    BuyerSelf,
    CategoryChoice,
    CategoryGroup,
    ConsentOut,
    NeedOut,
)
from server.features.exhibitors.models import Category, Product
from server.features.exhibitors.queries import categories_by_code
from server.infra.columns import holds
from server.kernel.robot_words import ALSO_CALLED, full_name
from server.kernel.trees import lineage

_SERVICE_ROBOT = "SR"
"""The root of the taxonomy that is too wide to look for: its parts stand for themselves."""
_BRACKETS = re.compile(r"\s*[(（][^)）]*[)）]$")


def buyer_ids(session: Session) -> dict[str, int]:
    """The key of every buyer by its code."""
    return {code: number or 0 for code, number in session.exec(select(Buyer.code, Buyer.id))}


def list_buyers(
    session: Session, *, country: str = "", text: str = "", offset: int = 0, limit: int = 50
) -> list[BuyerOut]:
    """Buyers by code with what they look for, in two queries however many there are."""
    query = _chosen(select(Buyer), country, text).order_by(Buyer.code).offset(offset).limit(limit)
    found: list[Buyer] = list(session.scalars(query))
    needs = _needs(session, [row.id or 0 for row in found])
    return [BuyerOut(**row.model_dump(exclude={"id"}), needs=needs.get(row.id or 0, [])) for row in found]


def find_self(session: Session, buyer_id: int) -> BuyerSelf | None:
    """Everything that is kept about one buyer, in three queries; nothing when there is none."""
    row = session.get(Buyer, buyer_id)
    if row is None:
        return None
    consents = session.exec(select(BuyerConsent).where(BuyerConsent.buyer_id == buyer_id))
    return BuyerSelf(
        **row.model_dump(exclude={"id"}),
        needs=_needs(session, [buyer_id]).get(buyer_id, []),
        consents=sorted((_consent(one) for one in consents), key=lambda one: list(Purpose).index(one.purpose)),
    )


def category_groups(session: Session) -> list[CategoryGroup]:
    """What there is to look for at this fair, in the parts of the taxonomy; the part with most products first.

    A node is a choice when the fair shows a product of it, or of more than one node below it.
    """
    nodes = categories_by_code(session)
    parents = {code: row.parent for code, row in nodes.items()}
    own = Counter(session.exec(select(Product.category)))
    below = Counter(dict.fromkeys(nodes, 0))
    kinds: dict[str, set[str]] = defaultdict(set)
    for code, number in own.items():
        for above in lineage(code, parents):
            below[above] += number
            kinds[above].add(code)
    groups: dict[str, list[CategoryChoice]] = defaultdict(list)
    for code, row in nodes.items():
        part = _part(code, parents)
        if part and (own[code] or (code != part and len(kinds[code]) > 1)):
            groups[part].append(_choice(row, nodes[row.parent or code], below[code]))
    shown = {part: sum(own[one.code] for one in choices) for part, choices in groups.items()}
    return [_group(nodes[part], groups[part]) for part in sorted(groups, key=lambda part: (-shown[part], part))]


def unknown_categories(session: Session, codes: Iterable[str]) -> list[str]:
    """Those of `codes` that are in no taxonomy, in their order."""
    known = categories_by_code(session)
    return [code for code in codes if code not in known]


def _part(code: str, parents: dict[str, str | None]) -> str:
    """The part of the taxonomy in which a node is shown: the highest above it that is not too wide."""
    line = [above for above in lineage(code, parents) if above != _SERVICE_ROBOT]
    if not line:
        return ""
    return _SERVICE_ROBOT if line == [code] and parents[code] == _SERVICE_ROBOT else line[-1]


def _group(row: Category, choices: list[CategoryChoice]) -> CategoryGroup:
    """A part with its choices; what stands in brackets in its name is for the keepers of the list."""
    ordered = sorted(choices, key=lambda one: (-one.products, one.code))
    name_en, name_zh = (_BRACKETS.sub("", name) for name in (row.name_en, row.name_zh))
    return CategoryGroup(code=row.code, name_en=name_en, name_zh=name_zh, choices=ordered)


def _choice(row: Category, above: Category, products: int) -> CategoryChoice:
    words_en, words_zh = ALSO_CALLED.get(row.code, ("", ""))
    name_en, name_zh = full_name((row.name_en, row.name_zh), row.parent, (above.name_en, above.name_zh))
    return CategoryChoice(
        code=row.code,
        parent=row.parent,
        name_en=name_en,
        name_zh=name_zh,
        words_en=words_en,
        words_zh=words_zh,
        products=products,
    )


def _consent(row: BuyerConsent) -> ConsentOut:
    return ConsentOut(purpose=row.purpose, given_at=row.given_at, withdrawn_at=row.withdrawn_at)


def _chosen(query: Any, country: str, text: str) -> Any:
    if country:
        query = query.where(col(Buyer.country) == country)
    if text:
        fields = (Buyer.name, Buyer.company, Buyer.code)
        query = query.where(or_(*(holds(field, text) for field in fields)))
    return query


def _needs(session: Session, buyers: Iterable[int]) -> dict[int, list[NeedOut]]:
    above = aliased(Category)
    query: Any = (
        select(BuyerNeed, Category, above)
        .join(Category, col(Category.code) == BuyerNeed.category)
        .outerjoin(above, col(above.code) == Category.parent)
        .where(col(BuyerNeed.buyer_id).in_(buyers))
        .order_by(col(BuyerNeed.id))
    )
    found: dict[int, list[NeedOut]] = defaultdict(list)
    for need, category, parent in session.execute(query):
        shown = need.model_dump(exclude={"buyer_id", "provenance"})
        names = parent or category
        en, zh = full_name((category.name_en, category.name_zh), category.parent, (names.name_en, names.name_zh))
        found[need.buyer_id].append(NeedOut(**shown, category_en=en, category_zh=zh))
    return found
