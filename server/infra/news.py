"""Hints for open pages: something that these readers look at has changed, so that they ask for that part anew.

A hint has no content, so that nothing of one reader's affairs reaches another.
"""

from datetime import datetime

from sqlmodel import Session

from server.infra.changes import announce
from server.infra.identity import Audience, Identity
from server.infra.livetopic import LiveScope, LiveTopic, Payload

TOPIC = "news"
ORGANISER = "organiser"


def announce_news(session: Session, about: str, *readers: str) -> None:
    """Tell these readers, by the names of `names_of`, that what they see of `about` has changed."""
    announce(session, TOPIC, f"{about} {' '.join(readers)}"[:120], {"about": about, "readers": readers})


def names_of(who: Identity) -> str:
    """By which names a person is told, separated by spaces: the value of the scope `own`."""
    names = [
        f"account:{who.account_id}" if who.account_id is not None else "",
        f"exhibitor:{who.exhibitor}" if who.exhibitor else "",
        f"exhibitor-id:{who.exhibitor_id}" if who.exhibitor_id is not None else "",
        f"buyer-id:{who.buyer_id}" if who.buyer_id is not None else "",
        ORGANISER if who.may("dashboard.view") else "",
    ]
    return " ".join(name for name in names if name)


def _nothing_yet(_session: Session, _scope: LiveScope) -> list[Payload]:
    return []  # what stands already is in the page


def _redact(payload: Payload, _audience: Audience) -> Payload:
    return {"about": payload["about"]}


def _row(payload: Payload, audience: Audience, _now: datetime) -> Payload | None:
    return {"about": payload["about"]} if audience.sees_all else None


def _matches(payload: Payload, scope: LiveScope) -> bool:
    names = {ORGANISER} if scope.digested else scope.names
    return not names.isdisjoint(payload["readers"])


NEWS = LiveTopic(name=TOPIC, plural=TOPIC, snapshot=_nothing_yet, redact=_redact, matches=_matches, row=_row)
