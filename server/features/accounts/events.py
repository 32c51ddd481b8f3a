"""What happens to accounts, in the past tense."""

from pydantic import BaseModel


class PasswordResetAsked(BaseModel):
    """Somebody who may or may not have an account here has asked for a link to set a new password."""

    name: str
    """What they typed: a user name or an address."""
