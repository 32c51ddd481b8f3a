"""What a feature says when something concerns a person: who is told what, as a snapshot in no language yet."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NameFact(_Fact):
    """A name in both scripts."""

    en: str
    zh: str


class SpanFact(_Fact):
    """From when to when; printed in fair time, and in the reader's own."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class MomentFact(_Fact):
    """A point in time; printed in fair time, and in the reader's own."""

    at: AwareDatetime


class PhraseFact(_Fact):
    """A sentence of the catalogues, by its key."""

    key: str


Fact = NameFact | SpanFact | MomentFact | PhraseFact | str
"""What a notice names; a bare text is what a person typed."""


class Addressee(BaseModel, frozen=True):
    """A person who is told: in the inbox of `account_id`, by mail at `address`, or both; with neither, not at all."""

    name: str
    account_id: int | None = None
    address: str | None = None
    language: str = "en"
    time_zone: str = "Asia/Shanghai"


class NoticeContent(BaseModel, frozen=True):
    """What is said, to whomever."""

    name: str = Field(max_length=160)
    """Names it for good: given a second time, it is the same."""
    kind: str = Field(max_length=60)
    """The key of its sentence; the attribute `subject` of that sentence is its heading."""
    facts: dict[str, Fact] = Field(default_factory=dict)
    """What the sentence names, and what `details` lists."""
    details: tuple[str, ...] = ()
    """Which of the facts get a line of their own, in this order, after the sentence `notice-<name>`."""
    about: str = Field(max_length=60)
    """What it is about, as kind and key: `meeting:<uid>`. What one person is told about one thing comes in order."""
    link: str = Field(default="", max_length=200)
    """The path of the page that it leads to."""
    at: AwareDatetime


class NoticeGiven(NoticeContent, frozen=True):
    """One person is told one thing. Every channel is a handler of this event, and none waits for another."""

    to: Addressee
    by_mail: bool = True
    """False where another mail says the same already, such as an invitation."""
