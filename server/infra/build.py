"""Which build this is: a fingerprint of the server's own files, so that screens reload and browsers cache for ever."""

import hashlib
from functools import cache
from pathlib import Path

SERVER = Path(__file__).parent.parent
_SUFFIXES = frozenset({".py", ".html", ".ftl", ".css", ".js", ".svg", ".png", ".woff2", ".json"})


@cache
def build_id(folder: Path = SERVER) -> str:
    """Twelve hex digits over names and contents of everything below `folder` that reaches a reader."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file():
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
