"""Telling people, and what they do with what they were told.

`tell` is the seam: a feature gives a notice in the unit of work that causes it, or in a handler that follows from it,
and every channel (inbox, mail, more to come) is a handler of `NoticeGiven`.
"""

from server.features.inbox.events import (
    Addressee,
    Fact,
    MomentFact,
    NameFact,
    NoticeContent,
    NoticeGiven,
    PhraseFact,
    SpanFact,
)
from server.features.inbox.service.notices import (
    KEPT,
    forget_about,
    forget_inbox,
    keep,
    mark_all_read,
    mark_read,
    prune_notices,
    tell,
)
from server.features.inbox.service.team import tell_person, tell_team
from server.features.inbox.service.words import NoticeText, in_words, shown

__all__ = [
    "KEPT",
    "Addressee",
    "Fact",
    "MomentFact",
    "NameFact",
    "NoticeContent",
    "NoticeGiven",
    "NoticeText",
    "PhraseFact",
    "SpanFact",
    "forget_about",
    "forget_inbox",
    "in_words",
    "keep",
    "mark_all_read",
    "mark_read",
    "prune_notices",
    "shown",
    "tell",
    "tell_person",
    "tell_team",
]
