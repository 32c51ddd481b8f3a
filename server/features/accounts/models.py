"""The tables of accounts: people who log in, machines that carry a token, and the sessions that are open."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from server.infra.columns import UTCDateTime, enum_column
from server.kernel.permissions import Role


class Account(SQLModel, table=True):
    """A person with a password, or a machine with a token; what they may do follows from `role`."""

    __tablename__ = "account"
    __table_args__: Any = (
        CheckConstraint("role <> 'visitor'", name="nobody_is_a_visitor"),
        CheckConstraint(
            "(role IN ('exhibitor_admin', 'exhibitor_staff')) = (exhibitor_id IS NOT NULL)", name="works_for_exhibitor"
        ),
        CheckConstraint("buyer_id IS NULL OR role = 'buyer'", name="only_buyers_are_buyers"),
        CheckConstraint("email IS NULL OR (email = lower(email) AND length(email) >= 3)", name="email_looks_like_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, max_length=80)
    display_name: str = Field(max_length=120)
    role: Role = Field(sa_column=enum_column("role", Role))
    password_hash: str | None = None
    token_hash: str | None = Field(default=None, unique=True, max_length=64)
    """SHA-256 of the bearer token, which itself is stored nowhere."""
    token_issued_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    token_ends_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the token ends; empty for the bridge beside the server, whose token lives in the installation's secrets."""
    exhibitor_id: int | None = Field(default=None, foreign_key="exhibitor.id", index=True)
    buyer_id: int | None = Field(default=None, foreign_key="buyer.id", unique=True)
    """The buyer that this person is; one that has not registered yet is none."""
    email: str | None = Field(default=None, max_length=80, index=True)
    """Where this person is written to. Not unique: a booth may share one. A buyer's stands in the buyer's profile."""
    locale: str | None = Field(default=None, max_length=20)
    active: bool = True
    created_at: datetime = Field(sa_type=UTCDateTime)
    last_login_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class AccountReset(SQLModel, table=True):
    """A link by which one person sets a new password once, before its time is over. There is one of an account."""

    __tablename__ = "account_reset"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64)
    """SHA-256 of what the link holds, which itself is stored nowhere."""
    issued_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)


class AccountSession(SQLModel, table=True):
    """One log-in on one device. Its row is the session: who deletes it has logged that device out."""

    __tablename__ = "account_session"
    __table_args__: Any = (CheckConstraint("ends_at > opened_at AND seen_at >= opened_at", name="span"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    secret_hash: str = Field(unique=True, max_length=64)
    """SHA-256 of what the cookie holds, which itself is stored nowhere."""
    device: str = Field(max_length=80)
    """What the browser calls itself, in a few words."""
    address: str = Field(max_length=45)
    """From where it was opened."""
    opened_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    """About when the person last did something here."""
    ends_at: datetime = Field(sa_type=UTCDateTime, index=True)
    """When it ends whatever they do."""


class AccountErasure(SQLModel, table=True):
    """That a person has erased their account: it can never be switched on again."""

    __tablename__ = "account_erasure"

    account_id: int = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    address_digest: str = Field(default="", max_length=12)
    """By which mails that were still to be sent are known as the person's own; empty as soon as they have left."""
    erased_at: datetime = Field(sa_type=UTCDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    """When the last mail had left and nothing of the person was kept any more."""
