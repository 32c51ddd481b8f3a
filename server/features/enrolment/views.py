"""The exhibitor's pages of credentials: what lets a robot or the bridge at its booth speak, to be copied from there."""

import contextlib
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from markupsafe import Markup
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.enrolment.queries import list_bridges, list_credentials, robot_facts
from server.features.enrolment.rules.credentials import BROKERED, CredentialPurpose
from server.features.enrolment.rules.snippets import Snippet, Way, bridge_snippets, qr_text, robot_snippets
from server.features.enrolment.schemas import BridgeCredentialOut, RobotCredentialOut, RobotFacts
from server.features.enrolment.service import (
    issue_bridge,
    revoke,
    revoke_bridge,
    rotate,
    rotate_bridge,
    secret_of,
    topics_of,
)
from server.infra.web.acts import note
from server.infra.web.address import site_host, site_url
from server.infra.web.context import database, identity, now, own_exhibitor, settings
from server.infra.web.forms import Form, again, pressed, shown, taken
from server.infra.web.guard import guarded
from server.infra.web.qr import inline_qr
from server.kernel.errors import FairZoneError, NotFoundError

pages = Blueprint("enrolment", __name__, template_folder="templates")

SPEAKS_ITSELF = BROKERED | {"fair-https"}
"""The protocols of robots that come with a credential of their own; the others come by a port of a bridge."""
CHANGES = ("rotate", "revoke")
_BRIDGES = "/desk/robots/bridges"
_CHANGE = "enrolment/change.html"


@dataclass(frozen=True)
class Shown:
    """A credential as its page shows it; without one that holds there is nothing to copy."""

    purpose: str
    credential: RobotCredentialOut | BridgeCredentialOut | None = None
    secret: str = ""
    qr: Markup | None = None
    snippets: tuple[Snippet, ...] = ()


@pages.get("/desk/robots/<robot>/credential")
@guarded("credential.manage")
def credential(robot: str) -> Response:
    """A robot's credentials for the fair and for rehearsing, with what has to be pasted into the robot."""
    _first_credential(robot)
    with database().read() as session:
        facts = _own(session, robot)
        found = {one.purpose: one for one in list_credentials(session, own_exhibitor()) if one.robot == facts.robot}
    cards = (
        [_shown(purpose, found.get(purpose)) for purpose in CredentialPurpose]
        if facts.protocol in SPEAKS_ITSELF
        else []
    )
    return _private("enrolment/credential.html", shown({}), robot=facts, cards=cards)


@pages.get("/desk/robots/<robot>/credential/<purpose>/<change>")
@guarded("credential.manage")
def ask_credential(robot: str, purpose: str, change: str) -> Response:
    """Whether the robot's credential shall really be renewed or taken back."""
    return _robot_question(robot, _known(purpose, change), change)


@pages.post("/desk/robots/<robot>/credential/<purpose>/<change>")
@guarded("credential.manage")
def change_credential(robot: str, purpose: str, change: str) -> Response:
    """Renew the robot's credential or take it back, or say why not."""
    wanted, form, key = _known(purpose, change), pressed(), f"{own_exhibitor()}/{robot}"

    def act(session: Session, _data: object) -> str:
        _own(session, robot)
        if change == "revoke":
            revoke(session, identity(), key, wanted, seen=form.version)
        else:
            rotate(session, identity(), key, wanted, now(), seen=form.version)
        note(f"credential {change} {key} {wanted}")
        return f"/desk/robots/{robot}/credential?saved=yes"

    return taken(form, act) or _robot_question(robot, wanted, change, form)


@pages.get(_BRIDGES)
@guarded("credential.manage")
def bridges() -> Response:
    """The bridges at the exhibitor's booths with what belongs into their settings."""
    return _bridges_page(shown({"name": "booth-pc"}))


@pages.post(_BRIDGES)
@guarded("credential.manage")
def add_bridge() -> Response:
    """Give a bridge of the name that was typed a credential."""
    form = pressed()

    def act(session: Session, _data: object) -> str:
        name = form.text("name").strip().lower()
        issue_bridge(session, identity(), own_exhibitor(), name, now())
        note(f"bridge issue {own_exhibitor()}.{name}")
        return f"{_BRIDGES}?saved=yes"

    return taken(form, act) or _bridges_page(form)


@pages.get("/desk/robots/bridges/<bridge>/<change>")
@guarded("credential.manage")
def ask_bridge(bridge: str, change: str) -> Response:
    """Whether the bridge's credential shall really be renewed or taken back."""
    _known(CredentialPurpose.FAIR, change)
    return _bridge_question(bridge, change)


@pages.post("/desk/robots/bridges/<bridge>/<change>")
@guarded("credential.manage")
def change_bridge(bridge: str, change: str) -> Response:
    """Renew the bridge's credential or take it back, or say why not."""
    _known(CredentialPurpose.FAIR, change)
    form = pressed()

    def act(session: Session, _data: object) -> str:
        if change == "revoke":
            revoke_bridge(session, identity(), own_exhibitor(), bridge, seen=form.version)
        else:
            rotate_bridge(session, identity(), own_exhibitor(), bridge, now(), seen=form.version)
        note(f"bridge {change} {own_exhibitor()}.{bridge}")
        return f"{_BRIDGES}?saved=yes"

    return taken(form, act) or _bridge_question(bridge, change, form)


def _first_credential(robot: str) -> None:
    """Give a robot its first credential, unless it ever had one: whoever opens its page has come to copy it."""
    moment = now()
    with database().read() as session:
        facts = _own(session, robot)
        known = any(one.robot == facts.robot for one in list_credentials(session, own_exhibitor()))
    if known or not facts.active or facts.protocol not in SPEAKS_ITSELF:
        return
    # Before the fair's days are planned, or after the last, none can be given: the page says so.
    with contextlib.suppress(FairZoneError), database().write() as session:
        rotate(session, identity(), facts.robot, CredentialPurpose.FAIR, moment)
        note(f"credential issue {facts.robot} {CredentialPurpose.FAIR}")


def _own(session: Session, robot: str) -> RobotFacts:
    """A robot of the reader's exhibitor. Raises `NotFoundError` for everybody else's."""
    found = robot_facts(session, own_exhibitor(), robot)
    if found is None:
        raise NotFoundError(what=robot)
    return found


def _known(purpose: str, change: str) -> CredentialPurpose:
    """Raises `NotFoundError` for a purpose or a change that there is not."""
    if purpose not in set(CredentialPurpose) or change not in CHANGES:
        raise NotFoundError(what=f"{purpose}/{change}")
    return CredentialPurpose(purpose)


def _shown(purpose: CredentialPurpose, found: RobotCredentialOut | None) -> Shown:
    if found is None or not found.term.holds(now()):
        return Shown(purpose, found)
    secret, topics = secret_of(found, settings().secret_key), topics_of(found)
    way = Way(_broker(), site_url(), found.username, secret)
    qr = inline_qr(qr_text(way, found.robot, topics), found.username)
    return Shown(purpose, found, secret, qr, tuple(robot_snippets(way, found.protocol, found.robot, topics)))


def _bridge(found: BridgeCredentialOut) -> Shown:
    if not found.term.holds(now()):
        return Shown("bridge", found)
    secret = secret_of(found, settings().secret_key)
    return Shown("bridge", found, secret, snippets=tuple(bridge_snippets(site_url(), secret, found.name)))


def _broker() -> str:
    """The broker's address as robots reach it; where nobody has said so, the machine that answers this request."""
    return settings().broker_url or f"mqtt://{site_host()}:1883"


def _robot_question(robot: str, purpose: CredentialPurpose, change: str, form: Form[Any] | None = None) -> Response:
    with database().read() as session:
        facts = _own(session, robot)
        held = [one for one in list_credentials(session, own_exhibitor()) if one.robot == facts.robot]
    version = next((one.version for one in held if one.purpose == purpose), 0)
    names = {"name_en": facts.name_en, "name_zh": facts.name_zh}
    back = f"/desk/robots/{facts.code}/credential"
    return _private(_CHANGE, form or shown({}, version), **names, kind=purpose, change=change, back=back)


def _bridge_question(bridge: str, change: str, form: Form[Any] | None = None) -> Response:
    with database().read() as session:
        found = list_bridges(session, own_exhibitor(), f"{own_exhibitor()}.{bridge}")
    if not found:
        raise NotFoundError(what=bridge)
    names = {"name_en": bridge, "name_zh": bridge}
    form = form or shown({}, found[0].version)
    return _private(_CHANGE, form, **names, kind="bridge", change=change, back=_BRIDGES)


def _bridges_page(form: Form[Any]) -> Response:
    with database().read() as session:
        rows = list_bridges(session, own_exhibitor())
    return _private("enrolment/bridges.html", form, cards=[_bridge(row) for row in rows])


def _private(template: str, form: Form[Any], **values: object) -> Response:
    """A page that nobody keeps: there are secrets in it."""
    answer = again(template, form, **values)
    answer.headers["Cache-Control"] = "no-store"
    return answer
