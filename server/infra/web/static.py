"""Static files under a path that names the build: a browser may keep them for ever, and a new build is a new path.

The build stands in the path, not in a query, so that ES modules which import each other by relative paths stay
together. Templates write `{{ static_url("css/tokens.css") }}`, and `static_url("screens/zone.js")` for a file that lies
in the feature's own `static`; such a module imports a shared one as `../js/live.js`.
"""

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from server.infra.web import compress
from server.infra.web.context import services
from server.infra.web.guard import guarded

SERVER = Path(__file__).parents[2]
FOR_EVER = "public, max-age=31536000, immutable"

files = Blueprint("static", __name__)


@files.get("/static/<build>/<path:name>")
@guarded("static.view")
def file(build: str, name: str) -> Response:
    """One file. Under an older build's path it is still served, but must be asked for again."""
    folder, below = folder_of(name)
    response = send_from_directory(folder, below)
    if Path(below).suffix in compress.PACKABLE:
        response.vary.add("Accept-Encoding")
        if compress.is_accepted() and "Range" not in request.headers:
            response = _packed(folder / below, response)
    response.headers["Cache-Control"] = FOR_EVER if build == services().build else "no-cache"
    return response


def folder_of(name: str, server: Path = SERVER) -> tuple[Path, str]:
    """The folder of a static file and its path below that: `screens/zone.js` lies in the feature, `js/live.js` not."""
    first, _, rest = name.partition("/")
    if first in _features_with_files(server):
        return server / "features" / first / "static", rest
    return server / "static", name


@cache
def _features_with_files(server: Path) -> frozenset[str]:
    return frozenset(folder.parent.name for folder in (server / "features").glob("*/static"))


def _packed(path: Path, plain: Response) -> Response:
    """The same file compressed, under a name of its own: a cache must not take one for the other."""
    response = Response(compress.packed_file(path), mimetype=plain.mimetype)
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.last_modified = plain.last_modified
    response.set_etag(f"{plain.get_etag()[0]}-gzip")
    plain.close()
    response.make_conditional(request)
    return response


def static_url(name: str) -> str:
    """The address of a static file, by its path below `server/static`, or below that of the feature it begins with."""
    return f"/static/{services().build}/{name}"
