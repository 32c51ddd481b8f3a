"""What becomes of a demo is told to the person who shows it, and to the exhibitor whose robot it is."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from server.features.inbox.service import (
    Addressee,
    Fact,
    NameFact,
    NoticeContent,
    PhraseFact,
    SpanFact,
    tell_person,
    tell_team,
)
from server.features.timetable.queries import find_presenters
from server.features.timetable.schemas import DemoOut
from server.infra.identity import Identity
from server.kernel.languages import written_language

_DETAILS = ("demo", "before", "when", "where", "robot", "staff")


def tell_of_demo(  # noqa: PLR0917 - the sentence: who did what to which demo, what it was, and when
    session: Session, by: Identity, act: str, demo: DemoOut, before: DemoOut | None, now: datetime
) -> None:
    """Tell whoever shows a demo, whoever was to show it, and the exhibitor's log-ins what has become of it."""
    was = before or demo
    exhibitor_id, people = find_presenters(session, demo, _codes(demo, was))
    told: list[str] = []
    for person in people:
        gone = act == "changed" and person.code != demo.staff_code
        if person.email:
            language = written_language(None, person.languages)
            to = Addressee(name=person.name, address=person.email, language=language)
            tell_person(session, to, _message(by, "left" if gone else act, demo, was, now))
            told.append(person.email)
    tell_team(session, by, exhibitor_id, _message(by, act, demo, was, now), but=told)


def _codes(*demos: DemoOut) -> Iterable[str]:
    return {demo.staff_code for demo in demos if demo.staff_code}


def _message(by: Identity, act: str, demo: DemoOut, was: DemoOut, now: datetime) -> NoticeContent:
    moved = (was.starts_at, was.ends_at) != (demo.starts_at, demo.ends_at)
    facts: dict[str, Fact] = {
        "who": PhraseFact(key="told-who-organiser") if by.exhibitor is None else (by.display_name or by.username),
        "demo": NameFact(en=demo.title_en, zh=demo.title_zh),
        "when": SpanFact(starts_at=demo.starts_at, ends_at=demo.ends_at),
        **({"before": SpanFact(starts_at=was.starts_at, ends_at=was.ends_at)} if moved else {}),
        **_named(demo),
    }
    return NoticeContent(
        name=f"demo:{demo.code}:{demo.version}:{act}",
        kind=f"told-demo-{act}",
        facts=facts,
        details=tuple(name for name in _DETAILS if name in facts),
        about=f"demo:{demo.code}",
        link=f"/exhibitors/{demo.exhibitor}/demos",
        at=now,
    )


def _named(demo: DemoOut) -> dict[str, NameFact]:
    """Where it is, with which robot and by whom, as far as that is known."""
    pairs = {
        "where": (demo.place_en, demo.place_zh),
        "robot": (demo.robot_en, demo.robot_zh),
        "staff": (demo.staff, demo.staff_zh),
    }
    return {name: NameFact(en=en or "", zh=zh or en or "") for name, (en, zh) in pairs.items() if en}
