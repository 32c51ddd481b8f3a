"""The diary: whom one meets, by day and in order, with the free time and the way between; a day sheet on paper."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import render_template, request
from sqlmodel import Session

from server.features.meetings.queries import When, count_days, count_diary, diary
from server.features.meetings.queries.around import (
    Calendar,
    DiaryDay,
    booths_of,
    find_calendar,
    find_host,
    middles_of,
    walk_minutes,
)
from server.features.meetings.rules import ENDED, OPEN, OWNING, State
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.views.blueprint import pages
from server.features.meetings.views.reading import asked_day, clock_for, side_of
from server.infra.identity import Identity
from server.infra.web.context import database, identity, now
from server.infra.web.guard import guarded
from server.infra.web.paging import Page, asked_page
from server.kernel.clock import FAIR_ZONE

PER_PAGE = 200
SEEN = frozenset({State.HELD, State.ACCEPTED, State.DONE, State.NO_SHOW})
TAKING = OWNING | {State.DONE}
"""States in which a meeting takes its time of a buyer's day, so that what lies between them is free."""
GROUPS: Mapping[str, frozenset[State]] = {
    "planned": OPEN | SEEN,
    "open": OPEN,
    "agreed": frozenset({State.ACCEPTED}),
    "off": frozenset(State) - OPEN - SEEN,
}
"""What the diary can be narrowed to; the first is what it shows unasked."""
_LONG_MIN = 15
MOST_ENDED = 50


@dataclass(frozen=True)
class DiaryEntry:
    """A meeting in the diary, with what lies before it: free minutes, and the minutes on foot from booth to booth."""

    meeting: MeetingOut
    booth: str
    gap: int = 0
    walk: int = 0


@dataclass(frozen=True)
class DiaryFilter:
    """What of the diary is asked for; without a day all of them, or of them those that are `coming`."""

    day: DiaryDay | None
    group: str
    staff: str
    page: int
    coming: bool = False

    @property
    def chip(self) -> str:
        """Which of the days is chosen, as the address has it."""
        return str(self.day.number) if self.day else "coming" if self.coming else "all"


@dataclass(frozen=True)
class DiaryCounts:
    """How many meetings each of the days has, how many are coming, and how many there are in all."""

    days: tuple[int, ...]
    coming: int
    total: int
    planned: int = 0
    """Without any narrowing, where nothing is found."""
    off: int = 0
    """The same of those that were called off."""


@pages.get("/diary")
@guarded("meeting.view")
def show_diary() -> str:
    """The reader's meetings; the organiser's diary is that of the whole zone."""
    moment, by = now(), identity()
    with database().read() as session:
        calendar = find_calendar(session, by)
        wanted = _wanted(calendar, moment, all_days=by.buyer_id is not None)
        rows, total = _rows(session, by, wanted, moment)
        counts = _counts(session, by, calendar, wanted, moment, found=total)
        colleagues = find_host(session, by.exhibitor).staff if by.exhibitor else ()
        entries = _entries(session, rows, between=by.buyer_id is not None or bool(wanted.staff))
        ended = _ended(session, by, wanted, moment)
    return render_template(
        "meetings/diary.html",
        clock=clock_for(calendar, moment),
        side=side_of(by),
        days=calendar.days,
        wanted=wanted,
        groups=tuple(GROUPS),
        counts=counts,
        by_day=_by_day(entries),
        ended=ended,
        next=_next(entries, moment),
        page=Page(rows, total, wanted.page, PER_PAGE),
        colleagues=colleagues,
    )


def _wanted(calendar: Calendar, moment: datetime, *, all_days: bool) -> DiaryFilter:
    asked, group = request.args.get("day", ""), request.args.get("show", "")
    coming = asked == "coming" or (not all_days and not asked)
    everything = coming or asked == "all" or (all_days and not asked)
    return DiaryFilter(
        day=None if everything else asked_day(calendar, asked, moment),
        coming=coming,
        group=group if group in GROUPS else next(iter(GROUPS)),
        staff=request.args.get("staff", "")[:48],
        page=asked_page(request.args),
    )


def _rows(session: Session, by: Identity, wanted: DiaryFilter, moment: datetime) -> tuple[list[MeetingOut], int]:
    day = When.COMING if wanted.coming else wanted.day.date if wanted.day else None
    chosen = {"day": day, **_narrowed(by, wanted)}
    offset = (wanted.page - 1) * PER_PAGE
    return diary(session, by, moment, **chosen, offset=offset, limit=PER_PAGE), count_diary(
        session, by, moment, **chosen
    )


def _narrowed(by: Identity, wanted: DiaryFilter) -> dict[str, Any]:
    """The parts of the choice that are none of days."""
    staff = {"staff": wanted.staff} if by.exhibitor and wanted.staff else {}
    return {"states": GROUPS[wanted.group], **staff}


def _counts(
    session: Session, by: Identity, calendar: Calendar, wanted: DiaryFilter, moment: datetime, *, found: int
) -> DiaryCounts:
    dates = [day.date for day in calendar.days]
    *days, coming = count_days(session, by, moment, dates, **_narrowed(by, wanted))
    total = count_diary(session, by, moment, **_narrowed(by, wanted))
    if found:
        return DiaryCounts(tuple(days), coming, total)
    planned, off = (count_diary(session, by, moment, states=GROUPS[group]) for group in ("planned", "off"))
    return DiaryCounts(tuple(days), coming, total, planned, off)


def _ended(session: Session, by: Identity, wanted: DiaryFilter, moment: datetime) -> list[MeetingOut]:
    """What does not take place, below what is planned, so that nobody has to look for it; not what oneself took back.

    The organiser's diary is the whole zone's, and has a list of its own for that.
    """
    side = side_of(by)
    if side == "organiser" or wanted.group != next(iter(GROUPS)) or wanted.page != 1:
        return []
    chosen: dict[str, Any] = {"staff": wanted.staff} if by.exhibitor and wanted.staff else {}
    day = wanted.day.date if wanted.day else None
    found = diary(session, by, moment, day=day, states=ENDED, **chosen, limit=MOST_ENDED)
    return [one for one in found if one.state is not State.WITHDRAWN or one.ended_by != side]


def _entries(session: Session, rows: Sequence[MeetingOut], *, between: bool) -> list[DiaryEntry]:
    """The entries, with what lies between those that follow each other in one person's day."""
    at = booths_of(session, {row.exhibitor for row in rows})
    booths = {row.uid: row.booth or ", ".join(at.get(row.exhibitor, ())) for row in rows}
    middles = middles_of(session, set(booths.values())) if between else {}
    found: list[DiaryEntry] = []
    last: DiaryEntry | None = None
    for row in rows:
        entry = _after(last, row, booths[row.uid], middles) if between else DiaryEntry(row, booths[row.uid])
        found.append(entry)
        last = entry if row.state in TAKING else last
    return found


def _after(
    last: DiaryEntry | None, row: MeetingOut, booth: str, middles: Mapping[str, tuple[float, float]]
) -> DiaryEntry:
    if last is None or row.state not in TAKING or _date(last.meeting) != _date(row):
        return DiaryEntry(row, booth)
    gap = int((row.starts_at - last.meeting.ends_at).total_seconds()) // 60
    walk = 0
    if last.booth != booth and {last.booth, booth} <= middles.keys():
        walk = walk_minutes(middles[last.booth], middles[booth])
    return DiaryEntry(row, booth, gap if gap >= _LONG_MIN else 0, walk)


def _by_day(entries: Iterable[DiaryEntry]) -> list[tuple[datetime, list[DiaryEntry]]]:
    """The entries of each day, with a moment of it."""
    days = groupby(entries, key=lambda entry: _date(entry.meeting))
    listed = [list(found) for _, found in days]
    return [(found[0].meeting.starts_at, found) for found in listed]


def _next(entries: Collection[DiaryEntry], moment: datetime) -> DiaryEntry | None:
    """What comes first: a time that is held and wants its request, else the next meeting that is agreed."""
    held = (one for one in entries if one.meeting.state is State.HELD and one.meeting.acts)
    agreed = (one for one in entries if one.meeting.state is State.ACCEPTED and one.meeting.ends_at > moment)
    return next(held, None) or next(agreed, None)


def _date(meeting: MeetingOut) -> Any:
    return meeting.starts_at.astimezone(FAIR_ZONE).date()
