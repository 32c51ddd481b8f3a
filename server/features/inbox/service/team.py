"""Telling the people of an exhibitor: its administrators by mail and in the inbox, its other log-ins in the inbox."""

from collections.abc import Collection

from sqlmodel import Session

from server.features.inbox.events import Addressee, NoticeContent, NoticeGiven
from server.features.inbox.queries import exhibitor_accounts
from server.features.inbox.service.notices import tell
from server.infra.identity import Identity
from server.kernel.languages import written_language
from server.kernel.permissions import Role


def tell_person(session: Session, to: Addressee, message: NoticeContent, *, by_mail: bool = True) -> None:
    """Tell one person something."""
    key = f"account-{to.account_id}" if to.account_id is not None else (to.address or "").lower()
    said = {name: getattr(message, name) for name in NoticeContent.model_fields}
    tell(session, NoticeGiven(**{**said, "name": f"{message.name}:{key}"[:160]}, to=to, by_mail=by_mail))


def tell_team(
    session: Session, by: Identity, exhibitor_id: int, message: NoticeContent, *, but: Collection[str] = ()
) -> None:
    """Tell the log-ins of an exhibitor something that `by` did, but that one itself and the addresses `but`."""
    heard = {address.lower() for address in but}
    for row in exhibitor_accounts(session, exhibitor_id):
        address = row.email if row.email and row.email.lower() not in heard else None
        heard |= {address.lower()} if address else set()
        if row.id != by.account_id:
            language = written_language(row.locale, ("zh",))
            to = Addressee(name=row.display_name, account_id=row.id, address=address, language=language)
            tell_person(session, to, message, by_mail=row.role is Role.EXHIBITOR_ADMIN)
