"""Keeping the accounts of the robots that speak over HTTPS."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import delete
from sqlmodel import Session, col

from device_bridge.accounts import Draft
from device_bridge.alarms import Watched
from server.features.telemetry.models import RobotAccount, RobotWatch
from server.features.telemetry.queries.speakers import Speaker
from server.infra.db import upsert

_encode = msgspec.json.Encoder().encode


def save_speaker(session: Session, speaker: Speaker, draft: Draft, watched: Watched) -> None:
    """Write down what one request has changed, with the robot's row locked."""
    own = {"robot_id": speaker.id, "rehearsal": speaker.rehearsal}
    changed = draft.changed_accounts()
    rows = [{**own, "boot": account.boot, "body": _encode(account).decode()} for _, account in changed]
    upsert(session, RobotAccount, rows, ("robot_id", "rehearsal", "boot"))
    _drop(session, speaker, (boot for _, boot in draft.dropped))
    if changed and not speaker.rehearsal:
        watch = {"robot_id": speaker.id, "body": _encode(watched).decode()}
        upsert(session, RobotWatch, [watch], ("robot_id",))


def _drop(session: Session, speaker: Speaker, boots: Iterable[int]) -> None:
    gone = list(boots)
    if gone:
        own = (col(RobotAccount.robot_id) == speaker.id, col(RobotAccount.rehearsal) == speaker.rehearsal)
        session.connection().execute(delete(RobotAccount).where(*own, col(RobotAccount.boot).in_(gone)))
