"""The manifest of a feature: the one thing that the composition roots read of it.

A feature folder says `FEATURE = Feature(name="booths", blueprints=(pages, api), ...)` in its `__init__.py` and is named
in `server.features.FEATURE_NAMES`; nothing else has to be touched to add it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from flask import Blueprint
from sqlmodel import Session

from server.infra.db import Database
from server.infra.identity import Identity
from server.infra.livetopic import LiveTopic
from server.infra.outbox import Handler
from server.settings import Settings

HealthProbe = Callable[[Session, datetime], dict[str, float | int | str | None]]
"""What a feature adds to `/health`: named figures, by a session that only reads and the present moment."""


class IdentitySource(Protocol):
    """Who stands behind a session or a token. One feature (accounts) supplies it."""

    def by_session(self, session: Session, secret: str, now: datetime, idle: timedelta) -> Identity | None:
        """The account of an open session, by what its cookie holds."""
        ...

    def open(self, session: Session, account_id: int, *, device: str, address: str, lifetime: timedelta) -> str:
        """Open a session; returns what its cookie holds."""
        ...

    def keep(self, session: Session, session_id: int) -> None:
        """Write down that the person of this session is still there."""
        ...

    def end(self, session: Session, account_id: int, session_id: int) -> None:
        """End a session; one that has ended already stays so."""
        ...

    def by_token(self, session: Session, digest: str) -> Identity | None:
        """The account of a bearer token that has not ended, by the token's digest."""
        ...


BearerSource = Callable[[Session, str, datetime, str], Identity | None]
"""Who a bearer token is that stands for no account: by session, token, moment and the installation's secret key."""


@dataclass(frozen=True)
class NavEntry:
    """A page that the navigation names."""

    address: str
    sentence: str
    """The key of its name."""
    rank: int
    """Where it stands among the entries of all features, the lowest first."""
    action: str
    """What a reader must be allowed to do to find it there."""
    keys: str = ""
    """The keys that lead to it; an entry without stands in the phone's bar alone."""
    first: bool = False
    """Whether it stands in the bar itself, not behind "more"."""
    unless: str = ""
    """Readers who may do this find it behind "more" all the same."""
    also: str = ""
    """Another address of the same page."""
    icon: str = ""
    """The path of its drawing, 24 by 24, in the phone's bar."""
    phone: Mapping[str, int] = field(default_factory=dict)
    """For which readers it stands in the phone's bar, and at which of the four positions."""
    way_in: bool = False
    """Whether it leads back to where the reader was, once done."""


@dataclass(frozen=True, kw_only=True)
class JobSpec:
    """Work that the scheduler does every `seconds`; running it twice must change nothing the second time.

    `work` gets the session of its own unit of work and the present moment, and returns how many things it did.
    """

    name: str
    seconds: float
    work: Callable[[Session, datetime], int]


@dataclass(frozen=True, kw_only=True)
class OutsideJob:
    """Work of the worker that goes to somebody outside, such as a broker: no unit of work may wait for that.

    `run` opens units of work as it needs them, gets the present moment, and returns how many things it did.
    """

    name: str
    seconds: float
    run: Callable[[Database, datetime], int]


@dataclass(frozen=True, kw_only=True)
class Feature:
    """What a feature brings along. `name` is its folder."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    live_topics: tuple[LiveTopic, ...] = ()
    handlers: tuple[Handler, ...] = ()
    handlers_of: Callable[[Settings], tuple[Handler, ...]] | None = None
    """The same for handlers that must know what the installation decides, such as its address."""
    jobs: tuple[JobSpec, ...] = ()
    outside_jobs_of: Callable[[Settings], tuple[OutsideJob, ...]] | None = None
    """What the worker does towards other systems, in an installation with these settings."""
    health: HealthProbe | None = None
    identities: IdentitySource | None = None
    bearer: BearerSource | None = None
    places: tuple[NavEntry, ...] = ()
    next_steps: Mapping[str, str] = field(default_factory=dict)
    """Where a reader of that kind goes as long as the organiser has not entered what a page shows."""
    log_pages: Mapping[str, str] = field(default_factory=dict)
    """By thing of the audit log, the address of its page, with `{key}`, or its `{first}` part and the `{rest}`."""
    log_words: Mapping[str, str] = field(default_factory=dict)
    """By field of the audit log whose values are codes, what the keys of their words begin with."""
    machine_paths: tuple[str, ...] = ()
    """Where robots and bridges come in: on threads of their own, so that neither they nor the pages wait."""
    header: str = ""
    """A template that stands in the header of every page."""

    def all_handlers(self, settings: Settings) -> tuple[Handler, ...]:
        """Its handlers in an installation with these settings."""
        return (*self.handlers, *(self.handlers_of(settings) if self.handlers_of else ()))
