"""What the bridge of a booth may bring: what concerns its own exhibitor's robots, and nothing of anybody else's."""

from hashlib import blake2b
from typing import Any

import msgspec

from device_bridge.wire.batch import MAX_RAW_BYTES, Batch, Delivery, Rejection, encode_report


def narrowed(batch: Batch, exhibitor: str | None) -> Batch:
    """The batch of a booth's bridge without what it may not say; the zone's own bridge (no exhibitor) may say all.

    Reports of somebody else's robots become refusals that say so; whatever else is not about its own is left out. Its
    refusals get names that no other bridge can have, so that it cannot write over theirs.
    """
    if exhibitor is None:
        return batch
    foreign = [_refused(one, exhibitor) for one in batch.deliveries if not _is_of(one.report, exhibitor)]
    own = [_renamed(one, exhibitor) for one in batch.rejections]
    return msgspec.structs.replace(
        batch,
        bridge=f"{exhibitor}:{batch.bridge}"[:80],
        deliveries=tuple(one for one in batch.deliveries if _is_of(one.report, exhibitor)),
        rejections=(*own, *foreign),
        **{name: _own(getattr(batch, name), exhibitor) for name in _ABOUT_ROBOTS},
    )


_ABOUT_ROBOTS = ("gaps", "ledgers", "alarms", "presences", "glimpses", "factsheets")
"""The parts of a batch whose rows name their robot themselves."""


def _own(rows: tuple[Any, ...], exhibitor: str) -> tuple[Any, ...]:
    return tuple(row for row in rows if _is_of(row, exhibitor))


def _is_of(row: Any, exhibitor: str) -> bool:
    return bool(row.robot.partition("/")[0] == exhibitor)


def _renamed(rejection: Rejection, exhibitor: str) -> Rejection:
    robot = rejection.robot if rejection.robot and _is_of(rejection, exhibitor) else None
    return msgspec.structs.replace(rejection, id=_digest(exhibitor, rejection.id), robot=robot)


def _refused(delivery: Delivery, exhibitor: str) -> Rejection:
    report = delivery.report
    raw = encode_report(report)
    return Rejection(
        id=_digest(exhibitor, f"{report.robot} {report.boot} {report.seq}"),
        at=delivery.received_at,
        channel="server",
        address=exhibitor,
        code="foreign-robot",
        detail={
            "en": f"The bridge of {exhibitor} sent a report of {report.robot}. A booth's bridge may speak for the "
            "robots of its own exhibitor alone.",
            "zh": f"{exhibitor} 的网桥发送了 {report.robot} 的报告。展位网桥只能代表本参展商的机器人发送。",
        },
        raw=raw[:MAX_RAW_BYTES],
        size=len(raw),
    )


def _digest(exhibitor: str, name: str) -> str:
    return blake2b(f"{exhibitor} {name}".encode(), digest_size=20).hexdigest()
