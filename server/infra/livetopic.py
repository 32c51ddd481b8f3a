"""What a feature tells the live feed about one kind of change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from server.infra.identity import Audience

Payload = dict[str, Any]

SESSION_TOPIC = "session"
"""Announced with an account's key (and `/` and a session's) when sessions end: their streams end as well."""


@dataclass(frozen=True)
class LiveScope:
    """What a listener asked for: `zone`, `booth` or `robot`, and which one; or what is the reader's `own`."""

    kind: str
    value: str

    @property
    def digested(self) -> bool:
        """Whether its listeners get a digest once a second instead of every change."""
        return self.kind == "zone"

    @property
    def names(self) -> frozenset[str]:
        """The names by which the reader is told of what is their own."""
        return frozenset(self.value.split()) if self.kind == "own" else frozenset()


@dataclass(frozen=True, kw_only=True)
class LiveTopic:
    """One topic of the change feed, as the live feed sends it. All three functions are called for many listeners."""

    name: str
    """The topic of the change, and the name of the event."""
    plural: str
    """Under which key the topic's states stand in a snapshot."""
    snapshot: Callable[[Session, LiveScope], list[Payload]]
    """The present state of everything in scope, unredacted."""
    redact: Callable[[Payload, Audience], Payload | None]
    """The payload as `audience` may see it, None where it may not know of it. It must not change what it was given."""
    matches: Callable[[Payload, LiveScope], bool]
    """Whether an (unredacted) payload is in scope."""
    row: Callable[[Payload, Audience, datetime], Any] | None = None
    """An unredacted payload as a digest has it, at that moment; without this it stands there as `redact` leaves it."""

    def told(self, payload: Payload, audience: Audience, digested_at: datetime | None) -> Any:
        """What `audience` is told of an unredacted payload, as a row where it goes into a digest; None if nothing."""
        if digested_at is None or self.row is None:
            return self.redact(payload, audience)
        return self.row(payload, audience, digested_at)
