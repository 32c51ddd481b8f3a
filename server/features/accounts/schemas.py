"""What comes in and goes out of accounts, checked."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from server.features.accounts.rules import is_username, works_for_exhibitor
from server.infra.schema import SEEN, ApiModel, Email, NewPassword, TypedPassword
from server.kernel.permissions import Role


class Credentials(BaseModel):
    """What a person types to log in. The password never shows in a log."""

    username: str = Field(min_length=1, max_length=80)
    password: TypedPassword = Field(min_length=1)

    @field_validator("username")
    @classmethod
    def normalise(cls, value: str) -> str:
        """Names are compared in lower case, without spaces around."""
        return value.strip().lower()


class NewAccount(BaseModel):
    """An account to be made."""

    model_config = ConfigDict(extra="forbid")

    username: str
    display_name: Annotated[str, Field(min_length=1, max_length=120), SEEN]
    role: Role
    exhibitor: str | None = None
    """The exhibitor's code, for those who work for one."""
    buyer: str | None = None
    """The buyer's code, for those who are one."""
    email: Email | None = None
    locale: str | None = None
    password: NewPassword | None = None
    """Behind what others know of the person, by which it is judged."""
    password_hash: str | None = None
    """Instead of the password: hashed before the unit of work, which must not wait for that."""

    @field_validator("username")
    @classmethod
    def check_username(cls, value: str) -> str:
        """Lower case; letters, digits and `. _ @ + -`."""
        name = value.strip().lower()
        if not is_username(name):
            raise ValueError("a user name has 3 to 80 letters, digits or . _ @ + -")
        return name

    @model_validator(mode="after")
    def check_role(self) -> "NewAccount":
        """Nobody is a visitor, and only an exhibitor's people name an exhibitor."""
        if self.role is Role.VISITOR:
            raise ValueError("a visitor has no account")
        if works_for_exhibitor(self.role) != (self.exhibitor is not None):
            raise ValueError("an exhibitor's people, and they alone, name their exhibitor")
        if self.buyer is not None and self.role is not Role.BUYER:
            raise ValueError("only a buyer's account names a buyer")
        return self


class AccountOut(BaseModel):
    """An account as others may see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    username: str
    display_name: str
    role: Role
    exhibitor: str | None
    buyer: str | None
    email: str | None
    locale: str | None
    active: bool
    last_login_at: datetime | None
    token_issued_at: datetime | None
    token_ends_at: datetime | None


class SelfOut(BaseModel):
    """Who the caller is to the fair."""

    model_config = ConfigDict(from_attributes=True)

    username: str
    display_name: str
    role: Role
    exhibitor: str | None
    buyer: str | None
    email: str | None = None
    """Where the caller is written to; a buyer's is the one of the buyer's profile."""
    locale: str | None
    token_issued_at: datetime | None = None
    """When the token was made that stands for the caller in programs; empty where there is none."""
    token_ends_at: datetime | None = None


class SessionOut(BaseModel):
    """One device on which the caller is logged in."""

    id: int
    device: str
    address: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime
    here: bool


class TokenOut(BaseModel):
    """A token that stands for the caller from now on; it is shown this once."""

    token: str
    ends_at: datetime | None


class MailRecipient(BaseModel):
    """Somebody who can be written to."""

    account_id: int
    username: str
    display_name: str
    email: str
    locale: str | None


class PasswordChangeIn(ApiModel):
    """A new password, by whoever knows the old one."""

    old: TypedPassword = Field(min_length=1)
    password: NewPassword


class PasswordResetIn(ApiModel):
    """A new password, by whoever holds the link."""

    password: NewPassword


class ResetAskIn(ApiModel):
    """Whose password is forgotten: a user name or an address."""

    name: Annotated[str, Field(min_length=1, max_length=80), SEEN]


class ContactIn(ApiModel):
    """How a person is written to; what is left out is emptied."""

    email: Email | None = None
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}$", max_length=20)] | None = None
    """The language of their mail, such as en or zh-Hans; without one, that of their pages."""
