"""The use cases of the matchmaking: a buyer's matches, and the search over exhibitors, products and categories."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from server.features.exhibitors.rules import parts_of
from server.features.matchmaking.queries import (
    Catalogue,
    Fair,
    kind_name,
    read_catalogue,
    read_fair,
    read_wishes,
)
from server.features.matchmaking.rules.matching import Filling, Fit, Market, MatchReason, Name, NamedCodes, ScorePart
from server.features.matchmaking.rules.ranking import LeftOut, Match, rank
from server.features.matchmaking.rules.searching import (
    Found,
    Hit,
    Kind,
    Piece,
    browse,
    excerpt,
    index_entries,
    marked,
    search,
)
from server.features.matchmaking.rules.taxonomy import plant
from server.features.matchmaking.rules.words import index_texts, passages
from server.features.matchmaking.schemas import (
    Asked,
    Guess,
    HitOut,
    LeftOutOut,
    MatchesOut,
    MatchOut,
    PartOut,
    PieceOut,
    RelaxationOut,
    SearchOut,
    Sentence,
    WideningOut,
    WishOut,
)
from server.infra.i18n import Catalogues, Value
from server.infra.identity import Identity
from server.infra.regions import country_name, language_name
from server.kernel.errors import NotFoundError
from server.kernel.languages import named_in

_SHOWN = 6
"""So many codes of a list are named in a sentence."""


@dataclass(frozen=True)
class Search:
    """What somebody looks for: the words, of which kind (all when there is none), and which page."""

    text: str
    kind: Kind | None = None
    category: str = ""
    """A code: only what is of it or below it."""
    offset: int = 0
    limit: int = 30


def find_matches(session: Session, catalogues: Catalogues, by: Identity, asked: Asked, now: datetime) -> MatchesOut:
    """Every exhibitor for the buyer who asks: who fits and why, who is left out and why, and what to relax.

    Raises:
        NotFoundError: the person is no buyer yet, or has no need of that number.
    """
    if by.buyer_id is None:
        raise NotFoundError(what=by.username)
    fair = read_fair(session, now)
    names = fair.names
    wishes = read_wishes(session, by.buyer_id, names)
    chosen = [wish for wish in wishes if asked.need in (None, wish.number)]
    if asked.need is not None and not chosen:
        raise NotFoundError(what=str(asked.need))
    kinds = plant({code: row.parent for code, row in names.items()}, [offer.category for offer in fair.offers])
    market = Market(kinds, index_texts([[(offer.text, 1.0)] for offer in fair.offers]))
    ranking = rank(chosen, fair.offers, market, frozenset(asked.without))
    return MatchesOut(
        needs=[
            WishOut(
                need=wish.number,
                category=wish.category,
                name_en=wish.name.en,
                name_zh=wish.name.zh,
                certificates=list(wish.certificates),
                quantity=wish.quantity,
                most_usd=wish.most_usd,
                timeframe=wish.timeframe,
            )
            for wish in wishes
        ],
        matches=[_match(catalogues, fair, match) for match in ranking.matches],
        left_out=[_left_out(catalogues, fair, one) for one in ranking.left_out],
        relaxations=[
            RelaxationOut(conditions=list(one.bars), exhibitors=list(one.exhibitors)) for one in ranking.relaxations
        ],
        widenings=[
            WideningOut(
                need=one.wish.number,
                category=one.category,
                name_en=kind_name(names, one.category).en,
                name_zh=kind_name(names, one.category).zh,
                exhibitors=list(one.exhibitors),
            )
            for one in ranking.widenings
        ],
    )


def say(catalogues: Catalogues, reason: MatchReason) -> Sentence:
    """The sentence of a reason in every language that there is."""
    return {tag: catalogues.sentence(tag, reason.key, _filled(reason.params, tag)) for tag in catalogues.languages}


def find(session: Session, wanted: Search) -> SearchOut:
    """Exhibitors, products and categories for what was typed, the best first; buyers and staff are never found."""
    catalogue = read_catalogue(session)
    entries = browse(catalogue.entries, wanted.category, catalogue.parents) if wanted.category else catalogue.entries
    if wanted.text:
        found = search(entries, index_entries(entries), wanted.text)
    else:
        found = Found(tuple(Hit(entry, 0.0) for entry in entries if wanted.category), (), ())
    counts = Counter(hit.entry.kind for hit in found.hits)
    hits = [hit for hit in found.hits if wanted.kind in (None, hit.entry.kind)]
    named = catalogue.categories.get(wanted.category, Name("", ""))
    page = hits[wanted.offset : wanted.offset + wanted.limit]
    return SearchOut(
        query=wanted.text,
        category=wanted.category,
        category_en=named.en,
        category_zh=named.zh,
        total=len(hits),
        counts={kind: counts[kind] for kind in Kind},
        hits=[_hit(catalogue, hit, found.terms) for hit in page],
        guessed=[Guess(typed=typed, meant=meant) for typed, meant in found.guessed],
    )


def _filled(params: Mapping[str, Filling], language: str) -> dict[str, Value]:
    return {name: _value(value, language) for name, value in params.items()}


def _value(value: Filling, language: str) -> Value:
    if isinstance(value, Name):
        return named_in(language, value.en, value.zh)
    if isinstance(value, NamedCodes):
        named = [_code(value.kind, code, language) for code in value.codes[:_SHOWN]]
        return ("、" if language.startswith("zh") else ", ").join(named)
    return value


def _code(kind: str, code: str, language: str) -> str:
    if kind == "country":
        return country_name(code, language)
    return language_name(code, language) if kind == "language" else code


def _match(catalogues: Catalogues, fair: Fair, match: Match) -> MatchOut:
    fit: Fit = match.best
    return MatchOut(
        who=fair.cards[match.exhibitor],
        product=fit.offer.product,
        product_en=fit.offer.name.en,
        product_zh=fit.offer.name.zh,
        products=match.products,
        need=fit.wish.number,
        also=[wish.number for wish in match.also],
        fit=fit.percent,
        total=fit.total,
        parts=[_part(catalogues, part) for part in fit.parts],
    )


def _part(catalogues: Catalogues, part: ScorePart) -> PartOut:
    return PartOut(
        signal=part.signal,
        weight=part.weight,
        score=part.score,
        points=part.points,
        speaks_for=part.speaks_for,
        reason=say(catalogues, part.reason),
    )


def _left_out(catalogues: Catalogues, fair: Fair, one: LeftOut) -> LeftOutOut:
    return LeftOutOut(
        who=fair.cards[one.exhibitor],
        product_en=one.offer.name.en,
        product_zh=one.offer.name.zh,
        need=one.wish.number,
        bars=[obstacle.bar for obstacle in one.obstacles],
        reasons=[say(catalogues, obstacle.reason) for obstacle in one.obstacles],
    )


def _hit(catalogue: Catalogue, hit: Hit, terms: tuple[str, ...]) -> HitOut:
    entry = hit.entry
    who = parts_of(entry.key)[0]
    named = catalogue.names.get(who, Name("", "")) if entry.kind is Kind.PRODUCT else Name("", "")
    return HitOut(
        kind=entry.kind,
        key=entry.key,
        url=_url(entry.kind, entry.key),
        name_en=_pieces(marked(entry.name.en, terms)),
        name_zh=_pieces(marked(entry.name.zh, terms)),
        about_en=_about(entry.kind, entry.text.en, [tag.en for tag in entry.tags], terms),
        about_zh=_about(entry.kind, entry.text.zh, [tag.zh for tag in entry.tags], terms),
        place=", ".join(catalogue.booths.get(who, [])),
        exhibitor_en=named.en,
        exhibitor_zh=named.zh,
        score=round(hit.score, 3),
    )


def _about(kind: Kind, text: str, tags: list[str], terms: tuple[str, ...]) -> list[PieceOut]:
    """The words of it that were looked for: its own first, then what it is called or sells; else what it says."""
    named = [tag for tag in tags if tag]
    told = bool(text) and (kind is not Kind.CATEGORY or bool(passages(text, terms)))
    if told and passages(text, terms):
        return _pieces(excerpt(text, terms))
    telling = next((tag for tag in named if passages(tag, terms)), None)
    if telling is None:
        return _pieces(excerpt(text, terms) if told else marked(next(iter(named), text), terms))
    return _pieces(marked(telling, terms))


def _pieces(pieces: list[Piece]) -> list[PieceOut]:
    return [PieceOut(text=piece.text, hit=piece.hit) for piece in pieces]


def _url(kind: Kind, key: str) -> str:
    if kind is Kind.CATEGORY:
        return f"/search?category={key}"
    exhibitor, product = parts_of(key)
    return f"/exhibitors/{exhibitor}/products/{product}" if product else f"/exhibitors/{exhibitor}"
