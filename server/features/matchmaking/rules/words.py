"""Words of mixed Chinese and Latin text: folded, cut, indexed, found again in the text they came from.

Chinese has no spaces, so a run of its characters is cut into overlapping pairs (and single characters, for a query of
one); everything else is cut at what is no letter or digit. Case, width, accents and traditional or simplified
characters make no difference.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from math import log

from server.kernel.folding import folded

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CHINESE}]+|(?:(?![{_CHINESE}])[^\W_])+")
_IS_CHINESE = re.compile(rf"[{_CHINESE}]")
_EMPTY_WORDS = frozenset(
    "a an and are as at be by for from has have in is it must no not of on or that the to too with would".split()  # noqa: SIM905 - a sentence's worth of words
)
_STEM_CHARS = 4
_CLOSE = 0.8
_MOST_MEANT = 12
K1 = 1.2
B = 0.5
"""BM25's saturation and length share; short catalogue texts want less of the latter than the usual 0.75."""


@dataclass(frozen=True)
class Token:
    """A term and where it stands in the text: `[start, end)` in characters."""

    term: str
    start: int
    end: int


def tokens(text: str, *, singles: bool = False) -> list[Token]:
    """The terms of a text in their order; with `singles` also each Chinese character by itself."""
    chars, places = _folded(text)
    found: list[Token] = []
    for run in _RUN.finditer(chars):
        first, last = run.span()
        if _IS_CHINESE.match(run[0]):
            width = 1 if last - first == 1 else 2
            found += [_token(chars, places, at, at + width) for at in range(first, last - width + 1)]
            if singles and width > 1:
                found += [_token(chars, places, at, at + 1) for at in range(first, last)]
        else:
            found.append(Token(_stem(run[0]), places[first], places[last - 1] + 1))
    return [token for token in found if token.term not in _EMPTY_WORDS]


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text (`server.kernel.folding`), and the place in the text of each of its characters."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        parts = folded(char)
        chars.append(parts)
        places += [place] * len(parts)
    return "".join(chars), places


def _token(chars: str, places: Sequence[int], first: int, last: int) -> Token:
    return Token(chars[first:last], places[first], places[last - 1] + 1)


def _stem(word: str) -> str:
    """A plural counts as its singular."""
    return word[:-1] if len(word) >= _STEM_CHARS and word.endswith("s") and not word.endswith("ss") else word


@dataclass(frozen=True)
class WordIndex:
    """How often each term stands in each of some texts; a text has a number."""

    texts: tuple[Mapping[str, float], ...]
    spread: Mapping[str, int]
    """In how many texts a term stands."""
    mean_length: float

    def rarity(self, term: str) -> float:
        """How much a term tells: about 0 for one that stands everywhere, more the rarer it is."""
        number = self.spread.get(term, 0)
        return log(1 + (len(self.texts) - number + 0.5) / (number + 0.5))

    def score(self, text: int, terms: Iterable[str]) -> float:
        """BM25 of the terms in one text."""
        counts = self.texts[text]
        length = 1 - B + B * sum(counts.values()) / self.mean_length
        return sum(
            self.rarity(term) * counts[term] * (K1 + 1) / (counts[term] + K1 * length)
            for term in terms
            if term in counts
        )

    def meant(self, term: str) -> tuple[str, ...]:
        """What a typed term may mean, as indexed: itself and words that begin with it, else one that looks like it."""
        itself = (term,) if term in self.spread else ()
        if _IS_CHINESE.match(term) or len(term) < _STEM_CHARS - 1:
            return itself
        begun = sorted(word for word in self.spread if word.startswith(term) and word != term)
        if itself or begun:
            return itself + tuple(sorted(begun, key=len)[:_MOST_MEANT])
        latin = sorted(word for word in self.spread if not _IS_CHINESE.match(word))
        return tuple(get_close_matches(term, latin, n=1, cutoff=_CLOSE)) if len(term) >= _STEM_CHARS else ()


def index_texts(texts: Sequence[Sequence[tuple[str, float]]]) -> WordIndex:
    """Index texts; each is a sequence of (words, weight): what stands in a name weighs more than in a description."""
    counted: list[Mapping[str, float]] = []
    for parts in texts:
        counts: dict[str, float] = {}
        for words, weight in parts:
            for term in _terms(words):
                counts[term] = counts.get(term, 0.0) + weight
        counted.append(counts)
    spread = Counter(term for counts in counted for term in counts)
    total = sum(sum(counts.values()) for counts in counted)
    return WordIndex(tuple(counted), spread, total / len(counted) if total else 1.0)


@lru_cache(maxsize=4096)
def _terms(words: str) -> tuple[str, ...]:
    """The terms to be indexed; remembered, since the same catalogue is indexed for every question."""
    return tuple(token.term for token in tokens(words, singles=True))


def passages(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Where terms stand in a text, as spans `[start, end)` in order; what touches or overlaps is one span."""
    wanted = set(terms)
    joined: list[tuple[int, int]] = []
    for token in sorted(tokens(text, singles=True), key=lambda token: (token.start, token.end)):
        if token.term not in wanted:
            continue
        if joined and token.start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], token.end))
        else:
            joined.append((token.start, token.end))
    return joined
