"""Pages and static files are sent compressed where the reader's browser can unpack them: halls have slow networks.

A compressed page can betray a secret that stands in it beside words of a stranger's choosing, by its length (BREACH).
So a page that somebody's log-in or a form's token shaped is compressed only when the browser itself says that this
very site, or nobody, led there: no stranger chose that address. All other pages are the same for everybody.

The live feed, files to download and the API's answers are left as they are.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, g, request, session

SMALLEST = 500
"""Bytes below which packing costs more than it saves."""
PAGE_LEVEL = 5
FILE_LEVEL = 9
PACKABLE = frozenset({".css", ".js", ".svg", ".json", ".txt", ".map"})
_UNFORGED = frozenset({"same-origin", "none"})


def install(app: Flask) -> None:
    """Compress the pages of `app`."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.mimetype == "text/html" and not response.direct_passthrough:
            response.vary.add("Accept-Encoding")
            if _may_pack(response):
                response.set_data(gzip.compress(response.get_data(), PAGE_LEVEL, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response


def is_accepted() -> bool:
    """Whether whoever asks can unpack gzip."""
    return request.accept_encodings["gzip"] > 0


def packed_file(path: Path) -> bytes:
    """A static file, packed once and kept."""
    kept = path.stat()
    return _packed(path, kept.st_mtime_ns, kept.st_size)


@lru_cache(maxsize=128)
def _packed(path: Path, _changed_ns: int, _size: int) -> bytes:
    return gzip.compress(path.read_bytes(), FILE_LEVEL, mtime=0)


def _may_pack(response: Response) -> bool:
    fits = response.status_code not in {204, 304} and "Content-Encoding" not in response.headers
    return fits and is_accepted() and len(response.get_data()) >= SMALLEST and not _is_at_risk()


def _is_at_risk() -> bool:
    """Whether a secret stands in the page and a stranger may have chosen its address."""
    secret = "csrf_token" in g or "_user_id" in session or "Authorization" in request.headers
    return secret and request.headers.get("Sec-Fetch-Site") not in _UNFORGED
