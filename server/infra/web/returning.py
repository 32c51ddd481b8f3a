"""Where somebody goes once they have logged in or registered: a path of this site, carried along as `next`.

Templates get `entry(path)`, the address of the log-in or the registration that leads back here.
"""

from urllib.parse import urlencode, urlsplit

from flask import Flask, request

HOME = "/"
ENTRIES = frozenset({"/login", "/register", "/logout"})
"""Pages on the way in: nobody wants to go back to one of them."""
MAX_PATH_CHARS = 2000


def install(app: Flask) -> None:
    """Give the templates of `app` the way back."""
    app.jinja_env.globals["entry"] = entry


def own_path(target: str | None) -> str:
    """A path of this site, or `/`: never a way to somewhere else."""
    if not target or not target.startswith("/") or target.startswith("//") or len(target) > MAX_PATH_CHARS:
        return HOME
    # Browsers read a backslash as a slash and pass over tabs and line ends: "/\t/evil.example" leads elsewhere.
    if "\\" in target or not target.isprintable():
        return HOME
    try:
        parts = urlsplit(target)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc else target


def wanted() -> str:
    """Where the reader of a page on the way in wanted to go: `next` of its address or form, else `/`."""
    target = own_path(request.form.get("next") or request.args.get("next"))
    return HOME if urlsplit(target).path in ENTRIES else target


def here() -> str:
    """Where the reader is: on the way in, where they wanted to go from there."""
    return wanted() if request.path in ENTRIES else own_path(request.full_path.removesuffix("?"))


def entry(path: str, target: str | None = None, **more: str) -> str:
    """The address of the log-in or the registration, with the way back to `target`, or to here."""
    back = here() if target is None else own_path(target)
    said = {name: value for name, value in more.items() if value} | ({} if back == HOME else {"next": back})
    return f"{path}?{urlencode(said)}" if said else path
