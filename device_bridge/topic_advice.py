"""Which topic a message came on, and for one beside those that are heard the nearest right one; pure."""

from difflib import get_close_matches
from typing import NamedTuple

from device_bridge.protocols import MESSAGE_PROTOCOLS, MessageProtocol
from device_bridge.wire.topics import FAIR_KINDS, REHEARSAL, VDA5050_KINDS

_VERSIONS = {"fair": "v1", "uagv": "v2", "vda5050": "v3"}
_OF_VERSION = {"v1": "fair", "v2": "uagv", "v3": "vda5050"}
_KINDS = {"fair": FAIR_KINDS, "uagv": VDA5050_KINDS, "vda5050": VDA5050_KINDS}
_ANSWERS = {"fair": frozenset({"ack"})}
_ORDERS = frozenset({"order", "instantActions", "zoneSet", "responses"})
"""What a fleet's own control sends to its robots: it is not meant for the zone."""
_LEVELS = 5
_EXHIBITOR, _ROBOT = "<exhibitor>", "<robot>"
_LEVELS_OF_A_ROBOT = 2


class TopicRoute(NamedTuple):
    """A message's protocol, its sender's address, and its kind."""

    protocol: MessageProtocol
    address: str
    kind: str


def route_of(topic: str) -> TopicRoute | None:
    """The way of a topic that is heard; None for any other."""
    parts = topic.split("/")
    root = parts[0]
    if len(parts) != _LEVELS or _VERSIONS.get(root) != parts[1] or parts[4] not in _KINDS[root]:
        return None
    return TopicRoute(MESSAGE_PROTOCOLS[root], f"{parts[2]}/{parts[3]}", parts[4])


def is_for_others(topic: str) -> bool:
    """Whether a topic carries what is said to robots, by the zone itself or by their own control."""
    parts = topic.removeprefix(REHEARSAL).split("/")
    root, kind = parts[0], parts[-1]
    return root in _VERSIONS and len(parts) == _LEVELS and kind in _ANSWERS.get(root, _ORDERS)


def nearest(topic: str) -> TopicRoute | None:
    """The way that was most likely meant, its address as far as it stands there. None for a stranger's topic."""
    parts = [part for part in topic.removeprefix(REHEARSAL).split("/") if part.strip()]
    if not parts:
        return None
    (root,) = get_close_matches(parts[0].lower(), _VERSIONS, 1, 0.7) or [""]
    if not root:
        return None
    rest = parts[1:]
    if rest and rest[0][:1] in "vV" and rest[0][1:2].isdigit():
        version = f"v{rest[0][1]}"
        root = root if root == "fair" else _OF_VERSION.get(version, root)
        rest = rest[1:]
    kinds = {kind.lower(): kind for kind in _KINDS[root]}
    found = get_close_matches(rest[-1].lower(), kinds, 1, 0.75) if rest else []
    kind, rest = (kinds[found[0]], rest[:-1]) if found else (_KINDS[root][0], rest)
    return TopicRoute(MESSAGE_PROTOCOLS[root], "/".join(rest[:_LEVELS_OF_A_ROBOT]), kind)


def right_topic(route: TopicRoute) -> str:
    """The topic of a way, with a placeholder where the robot cannot be told."""
    root = next(name for name, protocol in MESSAGE_PROTOCOLS.items() if protocol is route.protocol)
    whole = route.address if "/" in route.address else f"{_EXHIBITOR}/{route.address or _ROBOT}"
    return f"{root}/{_VERSIONS[root]}/{whole}/{route.kind}"


def differences(topic: str, right: str) -> str:
    """Which levels differ, as `Status` -> `status`; the whole right topic where their number does."""
    came, wanted = topic.removeprefix(REHEARSAL).split("/"), right.split("/")
    if len(came) != len(wanted):
        return f"`{right}`"
    return ", ".join(f"`{one}` → `{other}`" for one, other in zip(came, wanted, strict=True) if one != other)
