"""People and machines with accounts, for tests; passwords are rare, since argon2 takes its time."""

import re
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from pydantic import SecretStr

from server.features.accounts.rules import works_for_exhibitor
from server.features.accounts.schemas import NewAccount
from server.features.accounts.service import create_account, set_token
from server.features.accounts.service.sessions import open_session
from server.features.exhibitors.models import Exhibitor
from server.infra.db import Database, insert_new
from server.infra.web.context import services
from server.infra.web.session import SECRET
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance

EXHIBITOR = "nanling"
PASSWORD = "correct horse battery"


def make_exhibitor(database: Database, code: str = EXHIBITOR) -> None:
    """The exhibitor of that code, unless it is there."""
    row = {
        "code": code,
        "name_en": f"{code.title()} Robotics",
        "name_zh": "南岭机器人",
        "province": "Guangdong",
        "city": "Shenzhen",
        "city_zh": "深圳",
        "profile_en": "Makes robots.",
        "profile_zh": "机器人制造商。",
        "provenance": Provenance.INVENTED,
    }
    with database.write() as session:
        insert_new(session, Exhibitor, [row], ("code",))


def make_account(database: Database, role: Role, now: datetime, *, password: str | None = None) -> int:
    """An account named like its role; an exhibitor's people work for `nanling`. Returns its key."""
    if works_for_exhibitor(role):
        make_exhibitor(database)
    new = NewAccount(
        username=role.value,
        display_name=role.value.replace("_", " ").title(),
        role=role,
        password=SecretStr(password) if password else None,
        exhibitor=EXHIBITOR if works_for_exhibitor(role) else None,
    )
    with database.write() as session:
        return create_account(session, new, now)


def enter(browser: FlaskClient, account_id: int | None) -> None:
    """Let this browser be logged in as that account, by a session of its own; nobody's changes nothing."""
    kept = services(browser.application)
    if account_id is None:
        return
    now, lifetime = kept.clock.now(), timedelta(days=7)
    with kept.database.write() as session:
        secret = open_session(session, account_id, device="Test", address="", now=now, lifetime=lifetime)
    with browser.session_transaction() as cookie:
        cookie.permanent = True
        cookie[SECRET], cookie["_fresh"], cookie["renewed"] = secret, True, int(now.timestamp())


def csrf_token(client: FlaskClient) -> str:
    """The token that this browser's forms carry."""
    page = client.get("/login").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise AssertionError("the log-in form carries no token")
    return found.group(1)


def carried(browser: FlaskClient, page: str, action: str = "") -> dict[str, str]:
    """What the form on a page carries unseen: its session, the version that was seen, its key."""
    text = browser.get(page).get_data(as_text=True)
    forms = re.findall(r'<form\b[^>]*method="post".*?</form>', text, re.DOTALL)
    wanted = [form for form in forms if (f'action="{action}"' in form if action else "/logout" not in form)]
    if not wanted:
        raise AssertionError(f"{page} has no form {action}")
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', wanted[0]))


def bearer_of(database: Database, role: Role) -> dict[str, str]:
    """The headers of a machine or person in that role, with a token of its own."""
    token = f"token-of-{role.value}"
    make_account(database, role, datetime(2026, 4, 16, tzinfo=UTC))
    with database.write() as session:
        set_token(session, role.value, token)
    return {"Authorization": f"Bearer {token}"}
