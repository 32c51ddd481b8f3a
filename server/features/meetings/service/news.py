"""What happens to a meeting is reported in the same unit of work, and told by the worker to everybody concerned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from server.features.inbox.service import Addressee, Fact, MomentFact, NameFact, NoticeGiven, PhraseFact, SpanFact, tell
from server.features.meetings.events import MeetingActed, Situation
from server.features.meetings.models import Meeting
from server.features.meetings.notices import NOTICES, OCCASIONS, How, Occasion, Reader, Voice, kind_of
from server.features.meetings.queries.audience import MeetingNames, NoticeReader, find_talk, listeners
from server.features.meetings.queries.listing import side_of
from server.features.meetings.rules import TRANSITIONS, Act, Reason, Side, State
from server.infra.identity import SYSTEM, Identity
from server.infra.news import ORGANISER, announce_news
from server.infra.outbox import emit

_DETAILS = ("when", "proposal", "until", "where", "with", "staff", "robot", "topic", "why", "reason")
"""What gets a line of its own, where there is something to say."""
_WHY = {reason.value: f"meeting-reason-{reason.value}" for reason in Reason}


def voice_of(by: Identity, meeting: Meeting, act: Act) -> Voice:
    """In whose name somebody acts on a meeting."""
    side = side_of(by, meeting)
    if side is not None:
        return Voice(side.value)
    transition = TRANSITIONS.get((meeting.state, act))
    by_itself = transition is not None and transition.by <= {Side.CLOCK, Side.SYSTEM}
    return Voice.SYSTEM if by == SYSTEM or by_itself else Voice.ORGANISER


def situation_of(meeting: Meeting) -> Situation:
    """How a meeting stands now."""
    named = {name: getattr(meeting, name) for name in Situation.model_fields}
    return Situation.model_validate({**named, "state": meeting.state.value})


def report(  # noqa: PLR0917 - the sentence: who did what to which meeting, how it stood, and when
    session: Session, by: Identity, meeting: Meeting, occasion: Occasion, voice: Voice, before: Situation, now: datetime
) -> None:
    """Let everybody concerned be told of what happened to a meeting, if and when this unit of work commits."""
    event = MeetingActed(
        uid=meeting.uid,
        occasion=occasion.value,
        voice=voice.value,
        account_id=by.account_id,
        person=by.display_name,
        at=now,
        number=f"{meeting.version}-{occasion.value}",
        before=before,
        after=situation_of(meeting),
    )
    emit(session, event, subject=meeting.uid)
    sides = (f"exhibitor-id:{meeting.exhibitor_id}", f"buyer-id:{meeting.buyer_id}")
    announce_news(session, "meetings", *sides, ORGANISER)


def tell_of(session: Session, event: MeetingActed) -> None:
    """Tell everybody whom the table names; in four queries, however many they are."""
    talk = find_talk(session, event.uid)
    occasion = next((one for one in OCCASIONS if one.value == event.occasion), None)
    if talk is None or occasion is None:
        return
    row, voice = NOTICES[occasion], Voice(event.voice)
    told: set[str] = set()
    for one in listeners(session, talk, event.before, event.after):
        how = row[one.reader].by(voice, one.reader)
        if isinstance(how, How) and how is not How.CALENDAR and one.to.account_id != (event.account_id or -1):
            tell(session, _notice(_News(event, occasion, voice, talk), one, how, told))


@dataclass(frozen=True)
class _News:
    event: MeetingActed
    occasion: Occasion
    voice: Voice
    talk: MeetingNames


def _notice(news: _News, one: NoticeReader, how: How, told: set[str]) -> NoticeGiven:
    """The notice for one, without the log-in or the address that has had it already in a nearer role."""
    account = f"account:{one.to.account_id}" if one.to.account_id is not None else ""
    address = (one.to.address or "").strip().lower() if how is How.MAIL else ""
    to = Addressee(
        name=one.to.name,
        account_id=None if account in told else one.to.account_id,
        address=None if address in told or not address else one.to.address,
        language=one.to.language,
        time_zone=one.to.time_zone,
    )
    told |= {account, address} - {""}
    facts = dict(_facts(news, one.reader))
    return NoticeGiven(
        name=f"meeting:{news.event.uid}:{news.event.number}:{one.key}",
        to=to,
        kind=kind_of(news.occasion, one.reader),
        facts=facts,
        details=tuple(name for name in _DETAILS if name in facts),
        about=f"meeting:{news.event.uid}",
        link=f"/meetings/{news.event.uid}",
        at=news.event.at,
        by_mail=how is How.MAIL,
    )


def _facts(news: _News, reader: Reader) -> Iterator[tuple[str, Fact]]:
    """What there is to say to this reader; nothing of it says what the reader may not know."""
    event, talk = news.event, news.talk
    after, before = event.after, event.before
    yield "exhibitor", NameFact(en=talk.exhibitor_en, zh=talk.exhibitor_zh)
    yield "buyer", NameFact(en=f"{talk.buyer}, {talk.company}", zh=f"{talk.buyer_zh}, {talk.company}")
    yield "when", SpanFact(starts_at=after.starts_at, ends_at=after.ends_at)
    yield "before", SpanFact(starts_at=before.starts_at, ends_at=before.ends_at)
    yield "who", _who(news, reader)
    proposed = before if after.proposed_starts_at is None else after
    if proposed.proposed_starts_at is not None and proposed.proposed_ends_at is not None:
        yield "proposal", SpanFact(starts_at=proposed.proposed_starts_at, ends_at=proposed.proposed_ends_at)
    if after.expires_at is not None and after.state in {State.REQUESTED, State.WAITING}:
        yield "until", MomentFact(at=after.expires_at)
    if talk.place_en:
        yield "where", NameFact(en=talk.place_en, zh=talk.place_zh)
    if talk.staff_en:
        yield (
            "with" if reader is Reader.BUYER else "staff",
            NameFact(en=talk.staff_en, zh=talk.staff_zh or talk.staff_en),
        )
    if talk.robot_en:
        yield "robot", NameFact(en=talk.robot_en, zh=talk.robot_zh)
    if talk.topic:
        yield "topic", talk.topic
    if after.reason in _WHY and news.voice is Voice.SYSTEM:
        yield "why", PhraseFact(key=_WHY[after.reason])
    if after.reason_text and after.reason_text != before.reason_text:
        yield "reason", after.reason_text


def _who(news: _News, reader: Reader) -> Fact:
    """Who did it, as this reader knows them."""
    if news.voice in {Voice.SYSTEM, Voice.ORGANISER}:
        return PhraseFact(key=f"told-who-{news.voice.value}")
    if news.voice is Voice.BUYER:
        return NameFact(en=f"{news.talk.buyer}, {news.talk.company}", zh=f"{news.talk.buyer_zh}, {news.talk.company}")
    if reader is Reader.BUYER or not news.event.person:
        return NameFact(en=news.talk.exhibitor_en, zh=news.talk.exhibitor_zh)
    return news.event.person
