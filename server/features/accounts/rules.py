"""What an account must be like: names, passwords, and who works for an exhibitor."""

import re

from server.kernel.permissions import MACHINES, Role

MIN_PASSWORD = 10
"""For those whom the organiser gives an account."""
HOME_OF_ROLE = {
    Role.ORGANISER: "/today",
    Role.EXHIBITOR_ADMIN: "/desk",
    Role.EXHIBITOR_STAFF: "/desk",
    Role.BUYER: "/matches",
}
"""Where somebody's work begins after the log-in; everybody else begins at the zone overview."""
CHANGES_OF_ROLE = {
    Role.EXHIBITOR_STAFF: (Role.EXHIBITOR_ADMIN,),
    Role.EXHIBITOR_ADMIN: (Role.EXHIBITOR_STAFF,),
    Role.OFFICIAL: (Role.ORGANISER,),
    Role.ORGANISER: (Role.OFFICIAL,),
}
"""What an account may become: what it belongs to stays, so that a buyer is a buyer and a screen a screen."""
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,78}[a-z0-9]")


def is_username(text: str) -> bool:
    """Whether `text` (already in lower case) may name an account."""
    return _USERNAME.fullmatch(text) is not None


def works_for_exhibitor(role: Role) -> bool:
    """Whether an account of this role belongs to one exhibitor."""
    return role in {Role.EXHIBITOR_ADMIN, Role.EXHIBITOR_STAFF}


def is_machine(role: Role) -> bool:
    """Whether an account of this role carries a token instead of a password."""
    return role in MACHINES
