"""Which language somebody is answered in: what a browser asks for, and what a mail is written in.

Tags are BCP 47; the catalogues decide which of them there are. A Chinese reader may ask by the script (`zh-Hant`), the
region (`zh-TW`) or the name of the spoken language (`yue`): all of them read the Chinese pages.
"""

from collections.abc import Iterable, Sequence

CHINESE = "zh-Hans"
ENGLISH = "en"
_SPOKEN_CHINESE = frozenset({"zh", "cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "cjy", "cdo", "lzh"})
"""Chinese itself and the languages that ISO 639-3 counts to it."""
_MOST_WANTED = 50
_ANY = "*"


def wanted_languages(header: str) -> list[str]:
    """The tags of an `Accept-Language` header, the most wanted first; those with a weight of 0 are left out.

    What is no weight counts as 1, as if it were not there: nobody is turned away for a browser's slip.
    """
    kept = [(tag, weight) for tag, weight in _entries(header) if weight > 0]
    return [tag for tag, _ in sorted(kept, key=lambda entry: -entry[1])]


def page_language(header: str, available: Iterable[str]) -> str:
    """The language of a page for a browser's `Accept-Language`: the most wanted one that there is.

    Whoever asks only for others, or refuses Chinese, reads English; whoever asks for nothing in particular (no header,
    or `*` alone) reads Chinese, the default language, and so does whoever takes anything but English.
    """
    if found := best_language((tag for tag in wanted_languages(header) if tag != _ANY), available):
        return found
    named = {_primary(tag) for tag, _ in _entries(header)} - {_ANY}
    takes_any = _ANY in wanted_languages(header) or not _entries(header)
    return CHINESE if takes_any and named <= {ENGLISH} else ENGLISH


def written_language(chosen: str | None, spoken: Sequence[str]) -> str:
    """The language in which somebody is written to: the account's; without one, the one that is spoken best.

    Only the first language counts: someone who speaks German and Chinese reads English mail.
    """
    if chosen:
        return chosen
    return CHINESE if spoken and _primary(spoken[0]) in _SPOKEN_CHINESE else ENGLISH


def named_in(language: str, name: str, name_zh: str | None) -> str:
    """How somebody is called to a reader of this language: by the Chinese name first, where there is one."""
    return name_zh if name_zh and _primary(language) == "zh" else name


def best_language(wanted: Iterable[str], available: Iterable[str]) -> str | None:
    """The first of `wanted` (language tags, best first) that is available, by its language: `zh-TW` finds `zh-Hans`."""
    by_language = {_primary(tag): tag for tag in available}
    found = (by_language.get(_primary(tag)) for tag in wanted)
    return next((tag for tag in found if tag), None)


def _entries(header: str) -> list[tuple[str, float]]:
    """The tags of a header with their weights, as they stand there."""
    entries = [_entry(part) for part in header.split(",")[:_MOST_WANTED]]
    return [(tag, weight) for tag, weight in entries if tag]


def _entry(part: str) -> tuple[str, float]:
    """A tag and its weight."""
    tag, *parameters = (piece.strip() for piece in part.split(";"))
    weights = [piece.partition("=")[2] for piece in parameters if piece[:1].lower() == "q"]
    return tag, _weight(weights[0].strip()) if weights else 1.0


def _weight(text: str) -> float:
    """A weight from 0 to 1 in at most three decimals (RFC 9110, 12.4.2)."""
    whole, _, rest = text.partition(".")
    if whole not in {"0", "1"} or not (rest + "0").isascii() or not (rest + "0").isdigit():
        return 1.0
    return min(1.0, float(f"{whole}.{rest[:3] or '0'}"))


def _primary(tag: str) -> str:
    """The language of a tag; all kinds of Chinese are one."""
    language = tag.strip().replace("_", "-").split("-")[0].lower()
    return "zh" if language in _SPOKEN_CHINESE else language
