"""The table of the inboxes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, Text
from sqlmodel import Field, SQLModel

from server.infra.columns import BigId, UTCDateTime


class Notice(SQLModel, table=True):
    """Something that one person was told; kept in no language, so that it is read in whichever the page is in."""

    __tablename__ = "notice"
    __table_args__: Any = (
        Index(None, "account_id", "read_at"),
        Index(None, "at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    name: str = Field(unique=True, max_length=160)
    account_id: int = Field(
        sa_column=Column(Integer, ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    kind: str = Field(max_length=60)
    body: str = Field(sa_type=Text)
    """The `NoticeGiven`, as JSON."""
    about: str = Field(max_length=80, index=True)
    link: str = Field(max_length=200)
    at: datetime = Field(sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Empty while it is unread."""
