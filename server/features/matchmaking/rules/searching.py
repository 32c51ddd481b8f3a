"""The search: exhibitors, products and categories ranked for what somebody typed, in Chinese, English or both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.features.matchmaking.rules.matching import Name
from server.features.matchmaking.rules.words import WordIndex, index_texts, passages, tokens
from server.kernel.trees import lineage

_NAME, _TAG, _TEXT = 6.0, 1.0, 2.0
"""How much a word weighs by where it stands."""
_LOOSE = 0.8
"""What a word counts that only begins like the typed one, or looks like it."""
_NAMED = 1.0
"""So much more it counts when everything that was typed stands in the name."""
_LEAST_SHARE = 0.2
"""What scores less than this share of the best hit is noise."""
_EXCERPT_CHARS = 110


class Kind(StrEnum):
    """What can be found."""

    CATEGORY = "category"
    EXHIBITOR = "exhibitor"
    PRODUCT = "product"


@dataclass(frozen=True)
class SearchEntry:
    """Something that can be found: `key` is its code (`exhibitor/product` for a product)."""

    kind: Kind
    key: str
    name: Name
    tags: tuple[Name, ...] = ()
    """Categories, city, exhibitor, products: what it is looked up by besides its name and its own words."""
    text: Name = Name("", "")  # noqa: RUF009 - a frozen value
    categories: tuple[str, ...] = ()
    """The codes of what it is or shows."""


@dataclass(frozen=True)
class Piece:
    """A piece of a text, and whether it was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Hit:
    """Something found, by its place among the entries."""

    entry: SearchEntry
    score: float


@dataclass(frozen=True)
class Found:
    """What was found, the best first; `terms` are the words as they stand in the texts, for marking them."""

    hits: tuple[Hit, ...]
    terms: tuple[str, ...]
    guessed: tuple[tuple[str, str], ...]
    """Words that stand nowhere as they were typed, with the one that was looked for instead."""


def index_entries(entries: Sequence[SearchEntry]) -> WordIndex:
    """Index what can be found, in both languages."""
    return index_texts([_weighed(entry) for entry in entries])


def _weighed(entry: SearchEntry) -> list[tuple[str, float]]:
    named = [(entry.name.en, _NAME), (entry.name.zh, _NAME), (entry.key, _TAG)]
    tagged = [(words, _TAG) for tag in entry.tags for words in dict.fromkeys((tag.en, tag.zh))]
    return [*named, *tagged, (entry.text.en, _TEXT), (entry.text.zh, _TEXT)]


def search(entries: Sequence[SearchEntry], index: WordIndex, typed: str, kind: Kind | None = None) -> Found:
    """Entries for what was typed, ranked by BM25 and by how much of it they hold; `kind` keeps one kind only."""
    terms = list(dict.fromkeys(token.term for token in tokens(typed)))
    meant = {term: index.meant(term) for term in terms}
    known = [term for term in terms if meant[term]]
    whole = sum(_telling(index, meant[term]) for term in known)
    hits = []
    for number, entry in enumerate(entries):
        if kind is not None and entry.kind is not kind:
            continue
        score = _score(index, number, [(term, meant[term]) for term in known], whole)
        score *= 1 + _NAMED * _share_named(entry, [meant[term] for term in known])
        if score > 0:
            hits.append(Hit(entry, score))
    best = max((hit.score for hit in hits), default=0.0)
    ranked = sorted(
        (hit for hit in hits if hit.score >= _LEAST_SHARE * best),
        key=lambda hit: (-hit.score, list(Kind).index(hit.entry.kind), hit.entry.key),
    )
    marked = tuple(dict.fromkeys(word for term in known for word in meant[term]))
    return Found(tuple(ranked), marked, tuple(_guessed(meant)))


def browse(entries: Sequence[SearchEntry], category: str, parents: Mapping[str, str | None]) -> list[SearchEntry]:
    """The exhibitors and products of a category and everything below it."""
    return [
        entry
        for entry in entries
        if entry.kind is not Kind.CATEGORY and any(category in lineage(code, parents) for code in entry.categories)
    ]


def _score(index: WordIndex, number: int, known: Sequence[tuple[str, tuple[str, ...]]], whole: float) -> float:
    """The words' scores, times the share of what was typed that this entry holds."""
    total = held = 0.0
    for term, words in known:
        best = max(index.score(number, [word]) * (1.0 if word == term else _LOOSE) for word in words)
        total += best
        held += _telling(index, words) if best > 0 else 0.0
    return total * held / whole if whole else 0.0


def _share_named(entry: SearchEntry, known: Sequence[Sequence[str]]) -> float:
    """How much of what was typed stands in the entry's name."""
    if not known:
        return 0.0
    named = {token.term for words in (entry.name.en, entry.name.zh) for token in tokens(words, singles=True)}
    return sum(any(word in named for word in words) for words in known) / len(known)


def _telling(index: WordIndex, words: Sequence[str]) -> float:
    return max(index.rarity(word) for word in words)


def _guessed(meant: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(term, words[0]) for term, words in meant.items() if words and not words[0].startswith(term)]


def marked(text: str, terms: Sequence[str]) -> list[Piece]:
    """The text in pieces, with those that were looked for."""
    pieces: list[Piece] = []
    at = 0
    for first, last in passages(text, terms):
        pieces += [Piece(text[at:first], hit=False)] if first > at else []
        pieces.append(Piece(text[first:last], hit=True))
        at = last
    return pieces + ([Piece(text[at:], hit=False)] if at < len(text) else [])


def excerpt(text: str, terms: Sequence[str], width: int = _EXCERPT_CHARS) -> list[Piece]:
    """About `width` characters of the text around the first passage that was looked for, in pieces."""
    found = passages(text, terms)
    first = max(0, (found[0][0] if found else 0) - width // 3)
    if first:
        gap = text.find(" ", first, first + width // 3)
        first = gap + 1 if gap >= 0 else first
    cut = text[first : first + width]
    if first + width < len(text) and " " in cut[width // 2 :]:
        cut = cut[: cut.rindex(" ")]
    shown = ("… " if first else "") + cut + (" …" if first + len(cut) < len(text) else "")
    return marked(shown, terms)
