"""The database of an installation, for commands that need no secret."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from server.features import import_models
from server.infra.db import Database
from server.settings import data_directory, default_database_url, ensure_data_folder


@contextmanager
def opened() -> Iterator[Database]:
    """The database of this installation while the block runs, for commands that need no secret."""
    import_models()  # an account refers to its exhibitor: the metadata must know both tables before either is written
    url = os.environ.get("DATABASE_URL")
    if not url:
        ensure_data_folder(data_directory(os.environ))
    database = Database(url or default_database_url(data_directory(os.environ)))
    try:
        yield database
    finally:
        database.close()
