"""Who is asking, and which audience of the live feed that makes them."""

from dataclasses import dataclass
from datetime import datetime

from server.kernel.permissions import Role, may


@dataclass(frozen=True)
class Identity:
    """The person or machine behind a request. `VISITOR` stands for everybody who has not logged in."""

    role: Role
    account_id: int | None = None
    username: str = ""
    display_name: str = ""
    exhibitor_id: int | None = None
    exhibitor: str | None = None
    """The code of the exhibitor for whom this person works."""
    buyer_id: int | None = None
    buyer: str | None = None
    """The code of the buyer that this person is."""
    locale: str | None = None
    session_id: int | None = None
    """The session in which they ask; none for who carries a token."""
    until: datetime | None = None
    """When this session or token ends, if nothing happens before."""

    def may(self, action: str) -> bool:
        """Whether the permission table lets this person do `action`."""
        return may(self.role, action)


VISITOR = Identity(role=Role.VISITOR)
SYSTEM = Identity(role=Role.ORGANISER, username="fairzone", display_name="FairZone")
"""Who acts when the clock does: what expires or ends by itself is recorded under this name."""


@dataclass(frozen=True)
class Audience:
    """Those to whom a live payload looks the same: the public, the organiser, or one exhibitor's people."""

    sees_all: bool = False
    exhibitor: str | None = None

    @classmethod
    def of(cls, identity: Identity) -> "Audience":
        """The audience to which `identity` belongs: faults are for the organiser and for the robot's own exhibitor."""
        if not identity.may("fault.view"):
            return cls()
        return cls(sees_all=identity.may("fault.view-all"), exhibitor=identity.exhibitor)

    def sees(self, exhibitor: str) -> bool:
        """Whether this audience sees what is wrong with the robots of `exhibitor` (its code)."""
        return self.sees_all or self.exhibitor == exhibitor
