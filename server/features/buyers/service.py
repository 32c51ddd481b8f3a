"""The use cases of the buyers: register, edit profile, needs and consents; and take them in with their needs, in bulk.

A buyer's `version` covers profile, needs and consents; every change is in the audit log under the zone code.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr
from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, func, select

from server.features.accounts.schemas import Credentials, NewAccount
from server.features.accounts.service import create_account, hash_password, log_in, set_token, who_is
from server.features.buyers.events import BuyerContactChanged
from server.features.buyers.models import Buyer, BuyerConsent, BuyerNeed
from server.features.buyers.queries import buyer_ids, find_self, unknown_categories
from server.features.buyers.rules import MOST_NEEDS, NEEDED, Purpose
from server.features.buyers.schemas import (
    BuyerIn,
    BuyerSelf,
    ConsentsIn,
    NeedIn,
    NeedWords,
    ProfileIn,
    RegistrationIn,
)
from server.infra import audit
from server.infra.db import clock_of
from server.infra.identity import Identity
from server.infra.outbox import emit
from server.infra.rows import insert_new
from server.kernel.errors import ConflictError, FairZoneError, NotFoundError
from server.kernel.ids import new_token, token_digest
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance

THING = "buyer"


class UnknownCategoryError(FairZoneError):
    """What is looked for is in no taxonomy; `category` is the code."""

    code = "unknown-category"
    status = 422


class TooManyNeedsError(ConflictError):
    """A buyer looks for `most` things at the most."""

    code = "too-many-needs"


class ConsentNeededError(ConflictError):
    """Without this consent there is no account."""

    code = "consent-needed"


def secured(password: SecretStr) -> str:
    """The hash of a password. Takes a tenth of a second, by design: do it before the unit of work."""
    return hash_password(password)


def register(
    session: Session, new: RegistrationIn, *, code: str, password_hash: str, locale: str | None, now: datetime
) -> Identity:
    """Make buyer, needs, consents and account in one unit of work, and say who that is; `code` is the zone code.

    The user name is the e-mail if one is given, else the zone code.

    Raises:
        UsernameTakenError: this e-mail has an account already.
        WrongPasswordError: the same form was sent before, with another password.
        UnknownCategoryError: something wanted is in no taxonomy.
    """
    _refuse_unknown(session, new.wants)
    said = new.model_dump(include=set(ProfileIn.model_fields))
    said["call_me"] = new.call_me or new.name
    row = {**said, "code": code, "version": 1, "created_at": now, "provenance": Provenance.FACT}
    if not insert_new(session, Buyer, [row], ("code",)):
        # The same form sent twice: the second one is the first one's person, if it knows the password.
        return log_in(session, Credentials(username=new.email or code, password=new.password))
    key = buyer_ids(session)[code]
    session.add_all(BuyerNeed(**need.model_dump(), buyer_id=key, provenance=Provenance.FACT) for need in new.needs())
    session.add_all(BuyerConsent(buyer_id=key, purpose=one, given_at=now) for one in new.consents)
    account = NewAccount(
        username=new.email or code,
        display_name=new.call_me or new.name,
        role=Role.BUYER,
        password_hash=password_hash,
        buyer=code,
        locale=locale,
    )
    who = _opened(session, account, now)
    changes = {name: (None, value) for name, value in said.items() if value not in (None, [])}
    changes |= {"wants": (None, new.wants), "consents": (None, new.consents)}
    audit.record(session, who, "buyer.register", code, changes, version=1)
    return who


def _opened(session: Session, account: NewAccount, now: datetime) -> Identity:
    """Who the new account is."""
    who = who_is(session, create_account(session, account, now))
    if who is None:
        raise NotFoundError(what=account.username)
    return who


def give_token(session: Session, who: Identity, token: str) -> None:
    """Let `token` stand for this account from now on: for those who come by a program."""
    set_token(session, who.username, token, who)


def own_buyer(session: Session, by: Identity) -> BuyerSelf:
    """Everything that is kept about the person who asks. Raises `NotFoundError` for one who is no buyer yet."""
    found = find_self(session, by.buyer_id) if by.buyer_id is not None else None
    if found is None:
        raise NotFoundError(what=by.username)
    return found


def change_profile(session: Session, by: Identity, new: ProfileIn, version: int) -> BuyerSelf:
    """Change what a buyer says about themselves; the user name stays.

    Raises:
        StaleError: it was changed since `version`.
        NotFoundError: the person is no buyer yet.
    """
    buyer = _own(session, by, version)
    said = {**new.model_dump(), "call_me": new.call_me or new.name}
    changes = audit.differences(buyer.model_dump(), said)
    for name, value in said.items():
        setattr(buyer, name, value)
    return _changed(session, by, buyer, "buyer.edit", changes)


def add_need(session: Session, by: Identity, new: NeedWords, version: int) -> BuyerSelf:
    """Look for one thing more.

    Raises:
        StaleError: the buyer was changed since `version`.
        TooManyNeedsError: there are as many as one person may have.
        UnknownCategoryError: it is in no taxonomy.
    """
    buyer = _own(session, by, version)
    held = session.exec(select(func.count()).where(col(BuyerNeed.buyer_id) == _key(buyer))).one()
    if held >= MOST_NEEDS:
        raise TooManyNeedsError(most=MOST_NEEDS)
    _refuse_unknown(session, [new.category])
    session.add(BuyerNeed(**new.model_dump(), buyer_id=_key(buyer), provenance=Provenance.FACT))
    return _changed(session, by, buyer, "buyer.need.add", {"need": (None, new.category)})


def change_need(session: Session, by: Identity, number: int, new: NeedWords, version: int) -> BuyerSelf:
    """Say otherwise what is looked for.

    Raises:
        StaleError: the buyer was changed since `version`.
        NotFoundError: the buyer has no need of that number.
        UnknownCategoryError: it is in no taxonomy.
    """
    buyer = _own(session, by, version)
    need = _need(session, buyer, number)
    _refuse_unknown(session, [new.category])
    said = new.model_dump()
    changes = audit.differences(need.model_dump(), said)
    for name, value in said.items():
        setattr(need, name, value)
    return _changed(session, by, buyer, "buyer.need.edit", changes)


def remove_need(session: Session, by: Identity, number: int, version: int) -> BuyerSelf:
    """Look for one thing less.

    Raises:
        StaleError: the buyer was changed since `version`.
        NotFoundError: the buyer has no need of that number.
    """
    buyer = _own(session, by, version)
    need = _need(session, buyer, number)
    session.delete(need)
    return _changed(session, by, buyer, "buyer.need.remove", {"need": (need.category, None)})


def change_consents(session: Session, by: Identity, new: ConsentsIn, version: int, now: datetime) -> BuyerSelf:
    """Agree from now on to exactly these purposes; each keeps the time at which it was given.

    Raises:
        StaleError: the buyer was changed since `version`.
        ConsentNeededError: the one without which there is no account is not among them.
    """
    buyer = _own(session, by, version)
    if NEEDED not in new.consents:
        raise ConsentNeededError
    held = {row.purpose: row for row in session.exec(_consents(buyer))}
    before = [purpose for purpose, row in held.items() if row.withdrawn_at is None]
    for purpose in Purpose:
        _settle(
            session,
            held.get(purpose) or BuyerConsent(buyer_id=_key(buyer), purpose=purpose, given_at=now),
            agreed=purpose in new.consents,
            known=purpose in held,
            now=now,
        )
    wanted = [purpose for purpose in Purpose if purpose in new.consents]
    changes = audit.differences({"consents": sorted(before)}, {"consents": sorted(wanted)})
    return _changed(session, by, buyer, "buyer.consent.change", changes)


def withdraw_consents(session: Session, by: Identity, now: datetime) -> BuyerSelf:
    """Withdraw at once every consent but the one without which there is no account; nobody is too late to do so.

    Raises `NotFoundError` for one who is no buyer yet.
    """
    buyer = _locked(session, by.buyer_id)
    if buyer is None:
        raise NotFoundError(what=by.username)
    return change_consents(session, by, ConsentsIn(consents=[NEEDED]), buyer.version, now)


def forget_buyer(session: Session, by: Identity, now: datetime) -> None:
    """Empty a buyer of the person: needs go, consents end, and history keeps a neutral word and the country.

    The figures of the fair count visitors by country; one word of it names nobody.
    """
    buyer = _locked(session, by.buyer_id)
    if buyer is None:
        return
    session.connection().execute(delete(BuyerNeed).where(col(BuyerNeed.buyer_id) == buyer.id))
    withdrawn = update(BuyerConsent).where(col(BuyerConsent.buyer_id) == buyer.id)
    session.connection().execute(withdrawn.where(col(BuyerConsent.withdrawn_at).is_(None)).values(withdrawn_at=now))
    code = f"former-{token_digest(new_token())[:12]}"
    audit.forget_thing(session, THING, buyer.code, code)
    for name, value in {**_NOBODY, "code": code, "version": buyer.version + 1}.items():
        setattr(buyer, name, value)
    session.flush()


_NOBODY: Mapping[str, Any] = MappingProxyType(
    {
        "name": "Former buyer",
        "name_zh": "已注销的采购商",
        "call_me": "Former buyer",
        "company": "—",
        "business_nature": None,
        "job_function": None,
        "purchasing_role": None,
        "languages": [],
        "email": None,
        "time_zone": "Asia/Shanghai",
    }
)


def add_buyers(session: Session, buyers: Iterable[BuyerIn]) -> int:
    """Take in buyers; those who are there already stay as they are. Returns how many were new."""
    return insert_new(session, Buyer, (new.model_dump() for new in buyers), ("code",))


def add_needs(session: Session, needs: Iterable[NeedIn]) -> int:
    """Take in what buyers look for, except for buyers who have said so before. Returns how many were new.

    Raises `NotFoundError` for an unknown buyer.
    """
    keys = buyer_ids(session)
    heard = set(session.exec(select(BuyerNeed.buyer_id)))
    rows = [{**new.model_dump(exclude={"buyer"}), "buyer_id": _known(keys, new.buyer)} for new in needs]
    fresh = [row for row in rows if row["buyer_id"] not in heard]
    if fresh:
        session.connection().execute(insert(BuyerNeed), fresh)
    return len(fresh)


def add_consents(session: Session, now: datetime) -> int:
    """Let every invented buyer agree to everything, unless asked before. Returns how many consents were new.

    Real ones agree themselves: a list agrees to nothing in a person's name.
    """
    invented = session.exec(select(Buyer.id).where(Buyer.provenance == Provenance.INVENTED)).all()
    rows = ({"buyer_id": key, "purpose": purpose, "given_at": now} for key in invented for purpose in Purpose)
    return insert_new(session, BuyerConsent, rows, ("buyer_id", "purpose"))


def _own(session: Session, by: Identity, version: int) -> Buyer:
    """The row of the person who asks, locked, in the version that they saw."""
    buyer = _locked(session, by.buyer_id)
    if buyer is None:
        raise NotFoundError(what=by.username)
    audit.require_version(session, THING, buyer.code, buyer.version, version)
    return buyer


def _locked(session: Session, key: int | None) -> Buyer | None:
    if key is None:
        return None
    return session.exec(select(Buyer).where(Buyer.id == key).with_for_update()).first()


def _need(session: Session, buyer: Buyer, number: int) -> BuyerNeed:
    """A need of this buyer: somebody else's is not there."""
    # Looked for among the few that there are: a number from an address may be longer than a column takes.
    own = session.exec(select(BuyerNeed).where(BuyerNeed.buyer_id == buyer.id))
    need = next((one for one in own if one.id == number), None)
    if need is None:
        raise NotFoundError(what=str(number))
    return need


def _changed(
    session: Session, by: Identity, buyer: Buyer, action: str, changes: dict[str, tuple[Any, Any]]
) -> BuyerSelf:
    if {"email", "consents"} & set(changes):
        now = clock_of(session).now()
        emit(session, BuyerContactChanged(buyer_id=_key(buyer), at=now), subject=f"buyer:{_key(buyer)}")
    if changes:
        buyer.version += 1
        session.add(buyer)
        audit.record(session, by, action, buyer.code, changes, version=buyer.version)
    session.flush()
    return own_buyer(session, by)


def _consents(buyer: Buyer) -> Any:
    return select(BuyerConsent).where(BuyerConsent.buyer_id == buyer.id)


def _settle(session: Session, row: BuyerConsent, *, agreed: bool, known: bool, now: datetime) -> None:
    """Write down what was just agreed to or withdrawn; what stays as it is keeps its time."""
    if agreed and (not known or row.withdrawn_at is not None):
        row.given_at, row.withdrawn_at = now, None
        session.add(row)
    if known and not agreed and row.withdrawn_at is None:
        row.withdrawn_at = now
        session.add(row)


def _refuse_unknown(session: Session, codes: list[str]) -> None:
    if lost := unknown_categories(session, codes):
        raise UnknownCategoryError(category=lost[0])


def _key(buyer: Buyer) -> int:
    return buyer.id or 0


def _known(keys: dict[str, int], code: str) -> int:
    if code not in keys:
        raise NotFoundError(what=code)
    return keys[code]
