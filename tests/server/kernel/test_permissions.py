"""The permission table itself."""

import pytest

from server.kernel.permissions import PERMISSIONS, Role, may


def test_every_action_belongs_to_somebody() -> None:
    assert [action for action, roles in PERMISSIONS.items() if not roles] == []


def test_an_action_that_is_not_in_the_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        may(Role.ORGANISER, "fair.burn_down")


@pytest.mark.parametrize("action", ["telemetry.submit", "account.list", "quarantine.view", "buyer.view"])
def test_a_visitor_may_not_look_behind_the_scenes(action: str) -> None:
    assert not may(Role.VISITOR, action)


def test_only_the_bridge_submits_telemetry() -> None:
    assert [role for role in Role if may(role, "telemetry.submit")] == [Role.BRIDGE]
