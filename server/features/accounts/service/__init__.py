"""The use cases of accounts: make one, log in, end its sessions, give it a token, switch it off."""

from contextlib import suppress
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr
from sqlmodel import Session

from server.features.accounts.models import Account
from server.features.accounts.queries import (
    find_account,
    find_buyer,
    find_exhibitor,
    find_self,
    identity_by_token,
    identity_in_session,
    identity_of,
)
from server.features.accounts.schemas import (
    ContactIn,
    Credentials,
    NewAccount,
    PasswordChangeIn,
    SelfOut,
    SessionOut,
)
from server.features.accounts.service.resets import refuse_weak, replace_password
from server.features.accounts.service.sessions import (
    end_session,
    end_sessions,
    give_token,
    keep_session,
    open_session,
    sessions_of,
    take_token,
    usual_lifetime,
)
from server.infra import audit
from server.infra.db import clock_of
from server.infra.identity import SYSTEM, VISITOR, Identity
from server.infra.rows import insert_new
from server.kernel.errors import ConflictError, FairZoneError, NotFoundError
from server.kernel.ids import token_digest
from server.kernel.passwords import password_text
from server.kernel.permissions import Role

THING = "account"
_hasher = PasswordHasher(parallelism=1)
"""In the thread that asks, which gives way to the pages, and in no other."""
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$Zm9yIG5vYm9keSBhdCBhbGwgaGVyZSwgaW4gbm8gY2FzZQ"
"""Checked where there is no such account, so that the time of the answer does not tell whether there is one."""


class WrongPasswordError(FairZoneError):
    """No such account, the wrong password, or an account that is switched off: deliberately one answer."""

    code = "wrong-password"
    status = 401


class AddressInProfileError(ConflictError):
    """A buyer's address stands in the buyer's profile, where invitations take it from."""

    code = "address-in-profile"


class UsernameTakenError(ConflictError):
    """There is already an account of that name."""

    code = "username-taken"


def create_account(session: Session, new: NewAccount, now: datetime) -> int:
    """Make an account and return its key.

    Raises:
        UsernameTakenError: there is one of that name.
        NotFoundError: there is no such exhibitor or buyer.
    """
    if find_account(session, new.username):
        raise UsernameTakenError(username=new.username)
    row = {
        **new.model_dump(include={"username", "display_name", "role", "email", "locale"}),
        "password_hash": hash_password(new.password) if new.password else new.password_hash,
        "exhibitor_id": _exhibitor(session, new.exhibitor) if new.exhibitor else None,
        "buyer_id": _buyer(session, new.buyer) if new.buyer else None,
        "active": True,
        "created_at": now,
    }
    made = insert_new(session, Account, [row], ("username",))
    account = find_account(session, new.username)
    if not made or account is None:  # somebody else took the name since we looked
        raise UsernameTakenError(username=new.username)
    return account.id or 0


def log_in(session: Session, credentials: Credentials) -> Identity:
    """Who these credentials belong to. Raises `WrongPasswordError`. Takes about a tenth of a second, by design."""
    account = find_account(session, credentials.username)
    stored = account.password_hash if account and account.password_hash and account.active else None
    if not _verify(stored or _NOBODY, credentials.password) or account is None or stored is None:
        raise WrongPasswordError
    identity = identity_of(session, account.id or 0)
    if identity is None:
        raise WrongPasswordError
    return identity


def own_account(session: Session, by: Identity) -> SelfOut:
    """What a person sees of their own account. Raises `NotFoundError` for one without an account."""
    found = find_self(session, by.account_id or 0)
    if found is None:
        raise NotFoundError(what=by.username)
    return found


def change_contact(session: Session, by: Identity, new: ContactIn, seen: int | None = None) -> SelfOut:
    """Change where and in which language a person is written to.

    Raises:
        StaleError: it was changed since it was `seen` (`fingerprint` of a `ContactIn`).
        AddressInProfileError: a buyer gave another address than the one of their profile.
        NotFoundError: there is no such account.
    """
    account = session.get(Account, by.account_id or 0, with_for_update=True)
    if account is None or not account.active:
        raise NotFoundError(what=by.username)
    own, said = own_account(session, by), new.model_dump()
    audit.require_seen({"email": own.email, "locale": own.locale}, seen)
    if account.buyer_id is not None and said.pop("email") != own.email:
        raise AddressInProfileError
    changes = audit.differences(account.model_dump(), said)
    for name, value in said.items():
        setattr(account, name, value)
    if changes:
        audit.record(session, by, "account.contact.edit", account.username, changes)
    session.flush()
    return own_account(session, by)


def who_is(session: Session, account_id: int) -> Identity | None:
    """Who an active account is."""
    return identity_of(session, account_id)


def own_sessions(session: Session, by: Identity, idle: timedelta) -> list[SessionOut]:
    """The devices on which a person is logged in, the one that was used last first."""
    return sessions_of(session, by.account_id or 0, by.session_id, clock_of(session).now(), idle)


def end_own_session(session: Session, by: Identity, number: int) -> None:
    """Log one device out. Raises `NotFoundError` where it is not this person's."""
    end_session(session, by.account_id or 0, number)
    audit.record(session, by, "account.session.end", by.username, {})


def end_other_sessions(session: Session, by: Identity) -> None:
    """Log every device out but the one that asks."""
    end_sessions(session, by.account_id or 0, but=by.session_id)
    audit.record(session, by, "account.session.end-all", by.username, {})


def make_own_token(session: Session, by: Identity, token: str) -> datetime | None:
    """Let `token` stand for the person who asks, instead of an earlier one; when it ends."""
    account = session.get_one(Account, by.account_id or 0)
    if account.token_hash is not None:
        take_token(session, account)
    give_token(session, account, token, usual_lifetime(account))
    audit.record(session, by, "account.token.make", by.username, {"ends_at": (None, account.token_ends_at)})
    return account.token_ends_at


def take_own_token(session: Session, by: Identity) -> None:
    """Take the token back that stands for the person who asks. Raises `NotFoundError` where there is none."""
    if not take_token(session, session.get_one(Account, by.account_id or 0)):
        raise NotFoundError(what="token")
    audit.record(session, by, "account.token.revoke", by.username, {})


def is_known(session: Session, username: str) -> bool:
    """Whether there is an account of that name."""
    return find_account(session, username) is not None


def note_refusal(session: Session, username: str, address: str, mistakes: int) -> None:
    """Write into the audit log that somebody at this address gave a wrong password, so many times in a row."""
    changes = {"address": (None, address), "mistakes": (None, mistakes)}
    audit.record(session, VISITOR, "account.session.refuse", username, changes)


def set_email(session: Session, username: str, email: str | None, by: Identity) -> None:
    """Write down where somebody is written to. Raises `NotFoundError`."""
    account = _named(session, username)
    if account.email != email:
        audit.record(session, by, "account.contact.edit", account.username, {"email": (account.email, email)})
        account.email = email


def set_password(session: Session, username: str, password: SecretStr, by: Identity = SYSTEM) -> None:
    """Give an account a new password and end its sessions, a person's token included; for the organiser.

    Raises:
        NotFoundError: there is no such account.
        WeakPasswordError: it follows from what others know of the person.
    """
    account = _named(session, username)
    refuse_weak(account, password_text(password.get_secret_value()))
    replace_password(session, account, hash_password(password))
    audit.record(session, by, "account.password.set", account.username, {})


def change_password(session: Session, by: Identity, old_hash: str | None, password_hash: str) -> None:
    """Replace the person's own password, which was looked at before, and log all their other devices out.

    Raises:
        WrongPasswordError: it was changed meanwhile.
    """
    account = session.get_one(Account, by.account_id or 0)
    if account.password_hash != old_hash:
        raise WrongPasswordError
    replace_password(session, account, password_hash, but=by.session_id)
    audit.record(session, by, "account.password.change", by.username, {})


def checked_password(session: Session, by: Identity, new: PasswordChangeIn) -> str | None:
    """The hash of the old password, when it is right and the new one is fit. Takes about a tenth of a second.

    Raises:
        WrongPasswordError: the old one is wrong.
        WeakPasswordError: the new one follows from what others know of the person.
    """
    account = session.get_one(Account, by.account_id or 0)
    if not _verify(account.password_hash or _NOBODY, new.old):
        raise WrongPasswordError
    refuse_weak(account, new.password.get_secret_value(), by.exhibitor)
    return account.password_hash


def require_password(session: Session, by: Identity, password: SecretStr) -> str | None:
    """The hash of the person's own password, when this is it. Takes about a tenth of a second.

    Raises:
        WrongPasswordError: it is not.
    """
    account = session.get_one(Account, by.account_id or 0)
    if not _verify(account.password_hash or _NOBODY, password) or not account.password_hash:
        raise WrongPasswordError
    return account.password_hash


def set_token(session: Session, username: str, token: str, by: Identity = SYSTEM) -> None:
    """Let `token` stand for this account from now on; an earlier one ends, and what was opened with it.

    Raises:
        NotFoundError: there is no such account.
    """
    account = _named(session, username)
    give_token(session, account, token, usual_lifetime(account))
    audit.record(session, by, "account.token.make", account.username, {"ends_at": (None, account.token_ends_at)})


def disable(session: Session, username: str) -> None:
    """Switch an account off and end its sessions. Raises `NotFoundError`."""
    account = _named(session, username)
    if account.active:
        audit.record(session, SYSTEM, "account.disable", account.username, {"active": (True, False)})
    account.active = False
    end_sessions(session, account.id or 0)


def log_out_everywhere(session: Session, account_id: int) -> None:
    """End every session of an account, also on devices that are out of reach. Raises `NotFoundError`."""
    if session.get(Account, account_id) is None:
        raise NotFoundError(what=str(account_id))
    end_sessions(session, account_id)


def choose_language(session: Session, account_id: int, language: str) -> None:
    """Let an account's pages and mails be in this language, a tag of the catalogues. Raises `NotFoundError`."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundError(what=str(account_id))
    account.locale = language


def ensure_bridge(session: Session, token: str | None, now: datetime) -> None:
    """Make sure that the bridge may speak with `token`; repeating it changes nothing.

    Without a token the bridge runs on another machine and keeps the one that it was given.
    """
    if find_account(session, Role.BRIDGE.value) is None:
        create_account(session, NewAccount(username="bridge", display_name="Device bridge", role=Role.BRIDGE), now)
    if token is not None:
        # Without an end: it stands in the installation's secrets, lives as long as they do, and is set at every start.
        give_token(session, _named(session, "bridge"), token, None)


def hash_password(password: SecretStr) -> str:
    """The argon2id hash of a password."""
    return _hasher.hash(password_text(password.get_secret_value()))


def _verify(stored: str, password: SecretStr) -> bool:
    try:
        return _hasher.verify(stored, password_text(password.get_secret_value()))
    except (VerificationError, InvalidHashError, ValueError):  # the last: a text that nobody can have chosen
        return False


def _named(session: Session, username: str) -> Account:
    account = find_account(session, username.strip().lower())
    if account is None:
        raise NotFoundError(what=username)
    return account


def _exhibitor(session: Session, code: str) -> int:
    found = find_exhibitor(session, code)
    if found is None:
        raise NotFoundError(what=code)
    return found


def _buyer(session: Session, code: str) -> int:
    found = find_buyer(session, code)
    if found is None:
        raise NotFoundError(what=code)
    return found


class Accounts:
    """The accounts as every request asks for them (`server.infra.feature.IdentitySource`)."""

    def by_session(self, session: Session, secret: str, now: datetime, idle: timedelta) -> Identity | None:
        """The account of an open session, by what its cookie holds."""
        return identity_in_session(session, token_digest(secret), now, idle)

    def by_token(self, session: Session, digest: str) -> Identity | None:
        """The account of a bearer token that has not ended, by the token's digest."""
        return identity_by_token(session, digest, clock_of(session).now())

    def open(self, session: Session, account_id: int, *, device: str, address: str, lifetime: timedelta) -> str:
        """Open a session; returns what its cookie holds."""
        now = clock_of(session).now()
        who = who_is(session, account_id)
        if who is not None:
            audit.record(
                session,
                who,
                "account.session.start",
                who.username,
                {"device": (None, device), "address": (None, address)},
            )
        return open_session(session, account_id, device=device, address=address, now=now, lifetime=lifetime)

    def keep(self, session: Session, session_id: int) -> None:
        """Write down that the person of this session is still there."""
        keep_session(session, session_id, clock_of(session).now())

    def end(self, session: Session, account_id: int, session_id: int) -> None:
        """End a session; one that has ended already stays so."""
        with suppress(NotFoundError):
            end_session(session, account_id, session_id)
