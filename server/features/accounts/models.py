"""The table of accounts: people who log in, and machines that carry a token."""

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
    exhibitor_id: int | None = Field(default=None, foreign_key="exhibitor.id", index=True)
    buyer_id: int | None = Field(default=None, foreign_key="buyer.id", unique=True)
    """The buyer that this person is; one that has not registered yet is none."""
    email: str | None = Field(default=None, max_length=80, index=True)
    """Where this person is written to. Not unique: a booth may share one. A buyer's stands in the buyer's profile."""
    locale: str | None = Field(default=None, max_length=20)
    active: bool = True
    session_epoch: int = 0
    """Raised to end every session of this account."""
    created_at: datetime = Field(sa_type=UTCDateTime)
