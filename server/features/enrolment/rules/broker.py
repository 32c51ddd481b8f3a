"""What mosquitto's dynamic-security plugin must be told so that it lets in whoever is wanted and nobody else; pure.

Source: the plugin's control API, `$CONTROL/dynamic-security/v1`, as in mosquitto 2.0.11. What others made by hand in
the broker (its administrator, an operator's own client) has no mark of ours and is left alone.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Command = dict[str, Any]
OURS = "fairzone:"
"""How the names of our roles and the marks of our clients begin."""
DEFAULT_ACCESS: Mapping[str, bool] = {
    "publishClientSend": False,
    "publishClientReceive": False,
    "subscribe": False,
    "unsubscribe": True,
}
"""What a client may do that no role allows. Without the second line an old subscription would outlive its right."""
QUESTIONS: tuple[Command, ...] = (
    {"command": "listClients", "verbose": True},
    {"command": "listRoles", "verbose": True},
    {"command": "getDefaultACLAccess"},
)
"""What has to be asked to know what is there."""
_LITERAL = re.compile(r"[^+#\x00-\x1f]{1,200}")


@dataclass(frozen=True)
class BrokerAccount:
    """Who shall get in: under which name and client id (any, when empty), with which secret, and to which topics."""

    username: str
    client_id: str
    secret: str = field(repr=False)
    publishes: tuple[str, ...]
    hears: tuple[str, ...]

    @property
    def role(self) -> str:
        """The name of its role."""
        return f"{OURS}{self.username}"

    @property
    def mark(self) -> str:
        """What the broker keeps as this client's text: another one when secret or client id are others.

        The broker never tells a password; this is how it is seen that it has an old one.
        """
        return OURS + hashlib.sha256(f"{self.client_id}\n{self.secret}".encode()).hexdigest()[:24]

    @property
    def acls(self) -> tuple[Command, ...]:
        """Its rights in the plugin's words: to publish, to subscribe, and to be sent what it subscribed to."""
        return (
            *(_right("publishClientSend", topic) for topic in self.publishes),
            *(
                _right("subscribePattern" if {"+", "#"} & set(topic) else "subscribeLiteral", topic)
                for topic in self.hears
            ),
            *(_right("publishClientReceive", topic) for topic in self.hears),
        )


@dataclass(frozen=True)
class Present:
    """What is in the broker now: the marks of its clients, the rights of its roles, its default access."""

    clients: Mapping[str, str] = field(default_factory=dict)
    """Mark by username; empty for clients that somebody else made."""
    roles: Mapping[str, frozenset[tuple[str, str, bool]]] = field(default_factory=dict)
    """(kind, topic, whether allowed) by the name of the role; ours alone."""
    access: Mapping[str, bool] = field(default_factory=dict)


def is_literal(topic: str) -> bool:
    """Whether a topic names itself alone: as a right, one with a wildcard would open what it matches."""
    return _LITERAL.fullmatch(topic) is not None


def broker_commands(wanted: Iterable[BrokerAccount], present: Present) -> list[Command]:
    """What turns the broker from `present` into `wanted`; nothing when it is so already.

    A client whose secret or client id has changed is deleted and made anew, which ends its live connection.
    """
    accounts = {one.username: one for one in wanted}
    roles = {one.role: one for one in accounts.values()}
    unwanted = [name for name, mark in present.clients.items() if mark.startswith(OURS) and name not in accounts]
    changed = [name for name, one in accounts.items() if present.clients.get(name, one.mark) != one.mark]
    return [
        *_default_access(present.access),
        *({"command": "deleteClient", "username": name} for name in sorted([*unwanted, *changed])),
        *({"command": "deleteRole", "rolename": name} for name in sorted(present.roles.keys() - roles)),
        *(command for name in sorted(roles) for command in _role(roles[name], present)),
        *(_client(accounts[name]) for name in sorted(accounts) if name in changed or name not in present.clients),
    ]


def read_present(answers: Iterable[Mapping[str, Any]]) -> Present:
    """What the broker has answered to `QUESTIONS`."""
    data = {str(one.get("command")): one.get("data", {}) for one in answers}
    clients = data.get("listClients", {}).get("clients", [])
    roles = data.get("listRoles", {}).get("roles", [])
    access = data.get("getDefaultACLAccess", {}).get("acls", [])
    return Present(
        clients={one["username"]: one.get("textname", "") for one in clients},
        roles={one["rolename"]: _rights(one.get("acls", [])) for one in roles if one["rolename"].startswith(OURS)},
        access={one["acltype"]: one["allow"] for one in access},
    )


def _default_access(present: Mapping[str, bool]) -> list[Command]:
    if dict(present) == dict(DEFAULT_ACCESS):
        return []
    acls = [{"acltype": kind, "allow": allow} for kind, allow in DEFAULT_ACCESS.items()]
    return [{"command": "setDefaultACLAccess", "acls": acls}]


def _role(account: BrokerAccount, present: Present) -> list[Command]:
    rights = present.roles.get(account.role)
    if rights == _rights(account.acls):
        return []
    command = "createRole" if rights is None else "modifyRole"
    return [{"command": command, "rolename": account.role, "acls": list(account.acls)}]


def _client(account: BrokerAccount) -> Command:
    bound = {"clientid": account.client_id} if account.client_id else {}
    return {
        "command": "createClient",
        "username": account.username,
        "password": account.secret,
        "textname": account.mark,
        "roles": [{"rolename": account.role}],
        **bound,
    }


def _right(kind: str, topic: str) -> Command:
    return {"acltype": kind, "topic": topic, "allow": True}


def _rights(acls: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, str, bool]]:
    return frozenset((one["acltype"], one["topic"], one["allow"]) for one in acls)
