"""Applications for tests: assembled once a test process, and connected anew for each test that asks for one.

To assemble one costs as much as a few pages do. An application keeps nothing of the database that it answered over
before (`server.app.connect`); while a test has one, no other test gets it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.app import assemble, connect
from server.features import load_features
from server.infra.db import Database
from server.infra.web.api import FairZone
from server.kernel.clock import Clock
from server.settings import Settings
from tests.support.browser import Browser

NOWHERE = Path("/nonexistent")


@dataclass(eq=False)
class Assembled:
    """An application with what it was assembled for: the settings without a place, and the configuration they gave."""

    app: FairZone
    kind: Settings
    config: dict[str, Any]


_free: list[Assembled] = []
"""The applications that no test has."""


def settings_over(url: str, folder: Path) -> Settings:
    """Settings under which every fault shows, over the database at an address."""
    return Settings(
        data_dir=folder,
        database_url=url,
        secret_key="only-for-tests-0123456789abcdefghij",
        strict_translations=True,
        testing=True,
    )


class Applications:
    """The applications of one test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: list[Assembled] = []

    def over(self, database: Database, clock: Clock, settings: Settings | None = None) -> Flask:
        """An application over a database; its browsers send the token of a form along, as people's browsers do."""
        chosen = settings or settings_over(database.url.render_as_string(hide_password=False), self._folder)
        kind = replace(chosen, data_dir=NOWHERE, database_url="")
        found = next((one for one in _free if one.kind == kind), None)
        if found is None:
            found = _assembled(kind)
        else:
            _free.remove(found)
        self._taken.append(found)
        connect(found.app, chosen, database, clock)
        return found.app

    def give_back(self) -> None:
        """Let other tests have them, configured as they came."""
        for one in self._taken:
            one.app.config.clear()
            one.app.config.update(one.config)
            _free.append(one)


def _assembled(kind: Settings) -> Assembled:
    app = assemble(kind, load_features())
    app.test_client_class = Browser
    return Assembled(app, kind, dict(app.config))


@pytest.fixture
def applications(tmp_path: Path) -> Iterator[Applications]:
    """Applications for one test: `applications.over(database, clock)`."""
    made = Applications(tmp_path)
    yield made
    made.give_back()
