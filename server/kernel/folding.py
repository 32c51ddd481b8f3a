"""Text as a search compares it: without case, width and accents, and Chinese in simplified characters."""

from unicodedata import combining, normalize

from server.kernel.simplified import simplified


def folded(text: str) -> str:
    """The text as both sides of a search are compared: `ＣＡＦÉ 服務` and `cafe 服务` are one."""
    if text.isascii():
        return text.lower()
    parts = normalize("NFKD", normalize("NFKD", text).casefold())
    return simplified("".join(part for part in parts if not combining(part) and part not in _UNSEEN))


_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
"""What a reader does not see and a copied word may carry along."""
