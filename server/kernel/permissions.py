"""Who may do what: ONE table of action x role, asked through `may` and nowhere decided again.

Every route names one of these actions (`server.infra.web.guard`); an action that is missing here is an error at start,
not a silent yes or no.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person or a machine is to the fair. `VISITOR` is everybody who has not logged in."""

    VISITOR = "visitor"
    BUYER = "buyer"
    EXHIBITOR_STAFF = "exhibitor_staff"
    EXHIBITOR_ADMIN = "exhibitor_admin"
    ORGANISER = "organiser"
    OFFICIAL = "official"
    SCREEN = "screen"
    BRIDGE = "bridge"


EVERYBODY = frozenset(Role)
PEOPLE = frozenset({Role.BUYER, Role.EXHIBITOR_STAFF, Role.EXHIBITOR_ADMIN, Role.ORGANISER, Role.OFFICIAL})
EXHIBITOR = frozenset({Role.EXHIBITOR_STAFF, Role.EXHIBITOR_ADMIN})
ORGANISER = frozenset({Role.ORGANISER})
BUYER = frozenset({Role.BUYER})
CREW = EXHIBITOR | ORGANISER
MACHINES = frozenset({Role.SCREEN, Role.BRIDGE})

PERMISSIONS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        # what belongs to no feature
        "health.view": EVERYBODY,
        "static.view": EVERYBODY,
        "api.describe": EVERYBODY,
        "language.choose": EVERYBODY,
        "session.open": EVERYBODY,
        "session.close": EVERYBODY,
        "account.self": PEOPLE | MACHINES,
        "account.edit-own": PEOPLE,
        "account.password": PEOPLE,
        "account.erase": PEOPLE,
        "account.data": PEOPLE,
        "account.ask-reset": EVERYBODY,
        "account.reset": EVERYBODY,
        "account.list": ORGANISER,
        "account.edit": ORGANISER,
        "inbox.view": PEOPLE,
        # what everybody at the fair may see
        "zone.view": EVERYBODY,
        "screen.view": EVERYBODY,
        "live.view": EVERYBODY,
        "exhibitor.view": EVERYBODY,
        "booth.view": EVERYBODY,
        "timetable.view": EVERYBODY,
        "robot.view": EVERYBODY,
        "search.view": EVERYBODY,
        "download.view": EVERYBODY,
        # buyers: their data are theirs and the organiser's (consent decides the rest)
        "buyer.register": EVERYBODY,
        "buyer.self": BUYER,
        "buyer.view": ORGANISER,
        "match.view": BUYER,
        # meetings: whose they are is asked by the meetings themselves
        "slot.view": BUYER | EXHIBITOR,
        "meeting.view": BUYER | CREW,
        "meeting.book": BUYER,
        "meeting.answer": EXHIBITOR,
        "meeting.change": BUYER | EXHIBITOR,
        "meeting.end": ORGANISER,
        # an exhibitor's own desk
        "desk.view": EXHIBITOR,
        "exhibitor.edit-own": frozenset({Role.EXHIBITOR_ADMIN}),
        # one's own or, for the organiser, any: whose it is, is asked by the exhibitors themselves
        "exhibitor.change": frozenset({Role.EXHIBITOR_ADMIN, Role.ORGANISER}),
        "credential.manage": frozenset({Role.EXHIBITOR_ADMIN}),
        "staff.view": CREW,
        # the organiser's work
        "dashboard.view": ORGANISER,
        "exhibitor.edit": ORGANISER,
        "booth.assign": ORGANISER,
        "demo.edit": ORGANISER,
        "audit.view": ORGANISER,
        "mail.view": ORGANISER,
        # behind the scenes
        "fault.view": CREW,
        "fault.view-all": ORGANISER,
        "quarantine.view": CREW,
        "ledger.view": CREW,
        "report.check": CREW,
        # a robot's own reports: their route asks for the robot's token itself, and nothing else counts there
        "report.submit": EVERYBODY,
        # the bridge
        "telemetry.submit": frozenset({Role.BRIDGE}),
        "enrolment.list": frozenset({Role.BRIDGE, Role.ORGANISER}),
    }
)


BY_TOKEN_ALONE = frozenset({"report.submit"})
"""What the token in the header authorises and no cookie ever does: another site's page cannot forge it."""


BY_PASSWORD = frozenset({"session.open", "buyer.register", "account.password", "account.reset", "account.erase"})
"""What hashes a password when it changes something: slow by design, so that it waits apart from the pages."""


def may(role: Role, action: str) -> bool:
    """Whether `role` may do `action`. Raises `KeyError` for an action that the table does not name."""
    return role in PERMISSIONS[action]
