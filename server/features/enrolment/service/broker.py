"""Who shall be let in by the broker: every robot with a credential that holds, and the zone's own bridge."""

from datetime import datetime
from functools import cache

from sqlmodel import Session

from device_bridge.wire.topics import (
    FAIR_ACK,
    FAIR_STATUS,
    FAIR_SUBSCRIPTION,
    REHEARSAL,
    VDA5050_SUBSCRIPTIONS,
    VDA5050_V3_SUBSCRIPTIONS,
    WIDE_SUBSCRIPTIONS,
)
from server.features.enrolment.rules.broker import BrokerAccount, is_literal
from server.features.enrolment.rules.credentials import BROKERED, CredentialPurpose, derive_secret
from server.features.enrolment.schemas import RobotCredentialOut
from server.features.enrolment.service.knowing import secret_of, valid_credentials

BRIDGE_USERNAME = "fairzone-bridge"
_REPORTS = (FAIR_SUBSCRIPTION, *VDA5050_SUBSCRIPTIONS, *VDA5050_V3_SUBSCRIPTIONS)
_ANY = "+/+"
_ORDERS = {"uagv/v2": ("order", "instantActions"), "vda5050/v3": ("order", "instantActions", "responses", "zoneSet")}
"""What a VDA 5050 robot subscribes to at its start. Nobody at all may publish there: the zone only reads robots."""


def wanted_accounts(session: Session, now: datetime, secret_key: str) -> tuple[BrokerAccount, ...]:
    """Whom the broker shall let in at this moment, and to what; without those whose address is no plain topic."""
    found = (_account(one, secret_key) for one in valid_credentials(session, now) if one.protocol in BROKERED)
    return (bridge_account(secret_key), *(one for one in found if all(map(is_literal, (*one.publishes, *one.hears)))))


def bridge_account(secret_key: str) -> BrokerAccount:
    """The zone's own bridge: hears all reports, and may publish nothing but the robots' marks.

    It has no client id of its own, since each of several bridges' workers has one.
    """
    return BrokerAccount(
        username=BRIDGE_USERNAME,
        client_id="",
        secret=f"fzm_{derive_secret(secret_key, 'broker:bridge')}",
        publishes=_both(FAIR_ACK.format(robot=_ANY)),
        hears=(*WIDE_SUBSCRIPTIONS, f"{REHEARSAL}#", *(topic for report in _REPORTS for topic in _both(report))),
    )


def topics_of(credential: RobotCredentialOut) -> tuple[str, ...]:
    """Where a robot publishes, the first of them its reports; none for one that does not speak over the broker."""
    if credential.protocol not in BROKERED:
        return ()
    prefix = REHEARSAL if credential.purpose is CredentialPurpose.REHEARSAL else ""
    says, _ = _topics(credential.protocol, credential.robot, credential.address)
    return tuple(f"{prefix}{topic}" for topic in says)


def _account(credential: RobotCredentialOut, secret_key: str) -> BrokerAccount:
    prefix = REHEARSAL if credential.purpose is CredentialPurpose.REHEARSAL else ""
    _, hears = _topics(credential.protocol, credential.robot, credential.address)
    return BrokerAccount(
        username=credential.username,
        client_id=credential.client_id,
        secret=secret_of(credential, secret_key),
        publishes=topics_of(credential),
        hears=tuple(f"{prefix}{topic}" for topic in hears),
    )


@cache
def _topics(protocol: str, robot: str, address: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a robot publishes to, and what it may listen to."""
    if protocol != "vda5050":
        return (FAIR_STATUS.format(robot=robot),), (FAIR_ACK.format(robot=robot),)
    says = (*VDA5050_SUBSCRIPTIONS, *VDA5050_V3_SUBSCRIPTIONS)
    orders = (f"{root}/{address}/{kind}" for root, kinds in _ORDERS.items() for kind in kinds)
    return tuple(topic.replace(_ANY, address) for topic in says), tuple(orders)


def _both(topic: str) -> tuple[str, str]:
    return topic, f"{REHEARSAL}{topic}"
