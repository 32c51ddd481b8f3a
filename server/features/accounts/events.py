"""What happens to accounts, in the past tense."""

from pydantic import BaseModel


class PasswordResetAsked(BaseModel):
    """Somebody who may or may not have an account here has asked for a link to set a new password."""

    name: str
    """What they typed: a user name or an address."""


class AccountSwitchedOff(BaseModel):
    """An account can log in no more; what hangs on its person is for those to hand over or to end whose it is."""

    account_id: int
    username: str
    buyer_id: int | None = None
    exhibitor_id: int | None = None
