"""`/downloads`: what lies in the data folder's `downloads` for booth machines that reach nothing but this server.

Open to everybody: a booth's machine has no log-in, and a bundle holds no secret.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, render_template, send_from_directory

from server.infra.web.context import settings
from server.infra.web.guard import guarded
from server.kernel.errors import NotFoundError

FOLDER = "downloads"
_BYTES_A_MB = 1_000_000

downloads = Blueprint("downloads", __name__)


@dataclass(frozen=True)
class Download:
    """A file that is offered."""

    name: str
    size: int
    """In bytes."""
    sha256: str

    @property
    def megabytes(self) -> float:
        """The size as people read it."""
        return round(self.size / _BYTES_A_MB, 1)

    @property
    def platform(self) -> str:
        """`linux`, `windows`, or nothing where the name does not say."""
        return next((word for word in ("linux", "windows") if f"-{word}." in self.name), "")


@downloads.get("/downloads")
@guarded("download.view")
def page() -> str:
    """What is offered, with its check sum, and how to go on; where nothing is, the command that makes it."""
    return render_template("web/downloads.html", files=offered(_folder()), folder=_folder())


@downloads.get("/downloads/<file>")
@guarded("download.view")
def download(file: str) -> Response:
    """One file. Raises `NotFoundError` for what the page does not show."""
    if not _is_offered(_folder() / file):
        raise NotFoundError(what=file)
    return send_from_directory(_folder(), file, as_attachment=True)


def offered(folder: Path) -> list[Download]:
    """The files of the folder by name; drafts, hidden files and folders are not offered."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [_described(path) for path in files if _is_offered(path)]


def _folder() -> Path:
    return settings().data_dir / FOLDER


def _is_offered(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix != ".new"


def _described(path: Path) -> Download:
    found = path.stat()
    return Download(path.name, found.st_size, _digest(path, found.st_size, found.st_mtime_ns))


@lru_cache(maxsize=64)
def _digest(path: Path, _size: int, _changed: int) -> str:
    """The check sum of a file as it stands; one that has changed is read again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
