"""What the organiser's dashboard and the audit log show, checked. Moments are UTC."""

from datetime import datetime
from typing import Any

from pydantic import Field

from server.features.insight.rules import Trouble
from server.infra.schema import ApiModel


class DayNow(ApiModel):
    """Which day of the fair it is, or the next one to come; `phase` is before, open or closed."""

    number: int
    count: int
    phase: str
    opens_at: datetime
    closes_at: datetime


class RobotFigures(ApiModel):
    """How the enrolled robots are: heard, no longer heard, never heard, and heard with a fault."""

    enrolled: int
    live: int
    silent: int
    refused: int
    """Sending, and what they send is refused."""
    unheard: int
    fault: int


class DemoLine(ApiModel):
    """A demo of today with its robot's present state; `trouble` says what is wrong with it, if something is."""

    code: str
    title_en: str
    title_zh: str
    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    place_en: str
    place_zh: str
    starts_at: datetime
    ends_at: datetime
    state: str
    trouble: Trouble | None
    late_min: int
    """Whole minutes since the start, 0 before it."""


class DemoFigures(ApiModel):
    """The demos of today: how many run, how many come, which come next, and which are in trouble."""

    running: int
    to_come: int
    next: list[DemoLine]
    trouble: list[DemoLine]


class MeetingFigures(ApiModel):
    """The meetings of today by state, and what waits for an answer on whatever day."""

    accepted: int
    done: int
    no_show: int
    unanswered: int
    queued: int
    """Requests that wait for a slot that somebody else has."""
    oldest_request_at: datetime | None


class BoothFigures(ApiModel):
    """The booths: how many have nobody, and how many have an exhibitor of whom no robot is heard."""

    booths: int
    vacant: int
    dark: int
    without_booth: int
    """Exhibitors that have no booth."""


class MailFigures(ApiModel):
    """Mails that wait to be sent, and those of them that failed at least once."""

    waiting: int
    failed: int


class AlarmLine(ApiModel):
    """Something about a robot that somebody should look into, with its sentence per language."""

    robot: str
    name_en: str
    name_zh: str
    exhibitor: str
    kind: str
    opened_at: datetime
    last_seen: datetime
    detail: dict[str, str]


class FailureLine(ApiModel):
    """Something that had to follow from an event and has not, yet."""

    event_id: int
    handler: str
    attempts: int
    error: str
    failed_at: datetime
    retry_at: datetime


class ChangeOut(ApiModel):
    """One field's old and new value."""

    field: str
    old: Any = None
    new: Any = None


class EntryOut(ApiModel):
    """An entry of the audit log: who did what to which thing, when, and what that changed."""

    id: int
    at: datetime
    who: str
    role: str
    action: str
    thing: str
    key: str
    version: int | None
    changes: list[ChangeOut] = Field(default_factory=list)


class BlackoutOut(ApiModel):
    """Many robots fell silent at once; `cause` is `broker`, `bridge`, `ports`, `https` or `network`."""

    cause: str
    robots: int
    since: datetime


class BridgeTroubleLine(ApiModel):
    """What keeps a bridge from taking reports: `disk-full`, `spool-full` or `spool-fails`."""

    exhibitor: str
    """Whose booth's bridge; empty for the zone's own."""
    exhibitor_en: str
    exhibitor_zh: str
    bridge: str
    kind: str
    since: datetime
    last_seen: datetime


class TodayOut(ApiModel):
    """What the organiser wants to know now."""

    at: datetime
    blackout: BlackoutOut | None
    """One thing that is wrong in place of many silent robots."""
    bridges: list[BridgeTroubleLine]
    """What keeps bridges from taking reports now."""
    day: DayNow | None
    robots: RobotFigures
    demos: DemoFigures
    meetings: MeetingFigures
    booths: BoothFigures
    mails: MailFigures
    alarms: list[AlarmLine]
    """The alarms about robots that stand now, the newest first."""
    failures: list[FailureLine]
    worker_age_s: int | None
    """Seconds since the worker's last sign of life."""
    changes: list[EntryOut]
