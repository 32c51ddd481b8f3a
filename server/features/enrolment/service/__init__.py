"""The use cases of the enrolment: give robots and booths' bridges credentials, and say who a token is."""

from server.features.enrolment.service.bridges import issue_bridge, revoke_bridge, rotate_bridge
from server.features.enrolment.service.broker import bridge_account, topics_of, wanted_accounts
from server.features.enrolment.service.knowing import (
    authenticate,
    booth_bridge,
    rehearsing,
    secret_of,
    valid_credentials,
)
from server.features.enrolment.service.narrowing import narrowed
from server.features.enrolment.service.robots import issue, revoke, rotate
from server.features.enrolment.service.terms import FairOverError, follow_the_fair

__all__ = [
    "FairOverError",
    "authenticate",
    "booth_bridge",
    "bridge_account",
    "follow_the_fair",
    "issue",
    "issue_bridge",
    "narrowed",
    "rehearsing",
    "revoke",
    "revoke_bridge",
    "rotate",
    "rotate_bridge",
    "secret_of",
    "topics_of",
    "valid_credentials",
    "wanted_accounts",
]
