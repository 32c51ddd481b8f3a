"""What goes out of the inbox, and what comes in."""

from pydantic import AwareDatetime, Field

from server.infra.schema import ApiModel

MAX_NUMBER = 2**63 - 1


class NoticeOut(ApiModel):
    """Something that the reader was told, in the language of the request."""

    id: int
    kind: str
    """What it is, for programs: `told-accept-buyer`."""
    subject: str
    text: str
    details: list[str]
    about: str
    """What it is about, as kind and key: `meeting:<uid>`."""
    link: str
    """The path of the page that it leads to; empty for none."""
    at: AwareDatetime
    read_at: AwareDatetime | None


class InboxOut(ApiModel):
    """A page of the reader's notices, the newest first, and how many are unread in all (100 for more)."""

    unread: int
    total: int
    notices: list[NoticeOut]


class ReadIn(ApiModel):
    """Up to which notice everything has been read, by its number."""

    until: int = Field(ge=1, le=MAX_NUMBER)


class ReadOut(ApiModel):
    """How many were marked as read, and how many are unread still."""

    marked: int
    unread: int
