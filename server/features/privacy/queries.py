"""Reads of what is kept about one person."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, func, select

from server.features.accounts.models import Account, AccountSession
from server.features.accounts.queries import find_account
from server.features.buyers.models import Buyer, BuyerNeed
from server.features.exhibitors.models import Exhibitor
from server.features.inbox.models import Notice
from server.features.meetings.models import Meeting
from server.features.meetings.rules import OPEN, State
from server.features.privacy.schemas import EndingMeeting, EndingOut
from server.kernel.clock import FAIR_ZONE


def ending_with(session: Session, username: str, now: datetime) -> EndingOut | None:
    """All that ends with an account; nothing when there is none of that name."""
    account = find_account(session, username.strip().lower())
    if account is None:
        return None
    return EndingOut(
        username=account.username,
        display_name=account.display_name,
        meetings=_coming(session, account.buyer_id, now) if account.buyer_id is not None else [],
        needs=_count(session, col(BuyerNeed.buyer_id) == account.buyer_id, BuyerNeed),
        sessions=_count(session, col(AccountSession.account_id) == account.id, AccountSession),
        notices=_count(session, col(Notice.account_id) == account.id, Notice),
        token=account.token_hash is not None,
    )


def meeting_names(session: Session, buyer_id: int) -> list[str]:
    """The uids of all meetings that a buyer ever had."""
    return list(session.exec(select(Meeting.uid).where(Meeting.buyer_id == buyer_id).order_by(col(Meeting.id))))


def meetings_of(session: Session, buyer_id: int) -> list[dict[str, Any]]:
    """All meetings of a buyer with what the buyer wrote and was answered."""
    query = select(Meeting, Exhibitor.code, Exhibitor.name_en, Exhibitor.name_zh).join(Exhibitor)
    rows = session.exec(query.where(Meeting.buyer_id == buyer_id).order_by(col(Meeting.starts_at), col(Meeting.id)))
    return [
        {**meeting.model_dump(mode="json", include=_TOLD), "exhibitor": code, "exhibitor_en": en, "exhibitor_zh": zh}
        for meeting, code, en, zh in rows
    ]


def notices_of(session: Session, account_id: int) -> list[Notice]:
    """Everything in somebody's inbox, the newest first."""
    return list(session.exec(select(Notice).where(Notice.account_id == account_id).order_by(col(Notice.id).desc())))


def address_of(session: Session, account_id: int) -> str | None:
    """Where a person is written to: a buyer's address stands in the profile."""
    query = select(Account.email, Buyer.email).outerjoin(Buyer, col(Buyer.id) == Account.buyer_id)
    own, profile = session.exec(query.where(Account.id == account_id)).one()
    return profile or own


_TOLD = {
    *("uid", "starts_at", "ends_at", "state", "topic", "requested_at", "expires_at"),
    *("proposed_starts_at", "proposed_ends_at", "reason", "reason_text", "created_at", "changed_at"),
}


def _coming(session: Session, buyer_id: int, now: datetime) -> list[EndingMeeting]:
    alive = and_(col(Meeting.state).in_(OPEN), col(Meeting.expires_at) > now)
    ahead = and_(or_(alive, col(Meeting.state) == State.ACCEPTED), col(Meeting.ends_at) > now)
    query = select(Meeting, Exhibitor.code, Exhibitor.name_en, Exhibitor.name_zh).join(Exhibitor)
    rows = session.exec(query.where(Meeting.buyer_id == buyer_id, ahead).order_by(col(Meeting.starts_at)))
    return [
        EndingMeeting(
            uid=meeting.uid,
            exhibitor=code,
            exhibitor_en=en,
            exhibitor_zh=zh,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            state=meeting.state.value,
            day=meeting.starts_at.astimezone(FAIR_ZONE).date(),
        )
        for meeting, code, en, zh in rows
    ]


def _count(session: Session, condition: Any, table: Any) -> int:
    return int(session.exec(select(func.count()).select_from(table).where(condition)).one())
