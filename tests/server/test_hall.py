"""A hall made ready: the bridge of this machine is let in, and one on another machine keeps its token."""

from dataclasses import replace
from pathlib import Path

import pytest

from server.features.accounts.service import Accounts, set_token
from server.hall import Installation, make_ready
from server.infra.db import Database
from server.kernel.ids import token_digest
from server.settings import Secrets, Settings
from tests.conftest import NOON
from tests.support.ports import free_port

OWN = "of-this-machine"
OTHER = "of-the-other-machine"


@pytest.mark.parametrize(("runs_here", "known"), [(True, [True, False]), (False, [False, True])])
def test_a_start_gives_the_bridge_a_token_only_where_the_bridge_runs_here(
    settings: Settings, database: Database, tmp_path: Path, *, runs_here: bool, known: list[bool]
) -> None:
    (tmp_path / "bridge.toml").touch()
    hall = Installation(
        replace(settings, port=free_port()),
        Secrets(secret_key="k" * 32, bridge_token=OWN),
        tmp_path / "bridge.toml" if runs_here else None,
    )
    make_ready(hall, NOON, lambda _line: None)
    with database.write() as session:
        set_token(session, "bridge", OTHER)

    make_ready(hall, NOON, lambda _line: None)

    with database.read() as session:
        found = [Accounts().by_token(session, token_digest(token)) is not None for token in (OWN, OTHER)]
    assert found == known
