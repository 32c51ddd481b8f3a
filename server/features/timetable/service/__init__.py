"""The use cases of the timetable: plan, change and cancel a demo; take in days and demos; move the whole fair in time.

A demo owns its place, its robot and its person through the reservations, so that nothing is shown or met twice.
"""

from server.features.timetable.service.bulk import add_days, add_demos, move_days
from server.features.timetable.service.demo_resources import (
    DemoGoneError,
    DemoOutsideHoursError,
    DemoPastError,
    DemoRefusedError,
    DemoStaffAwayError,
    DemoTakenError,
    ForeignPartError,
)
from server.features.timetable.service.planning import TOPIC, cancel_demo, cancel_orphans, change_demo, plan_demo

__all__ = [
    "TOPIC",
    "DemoGoneError",
    "DemoOutsideHoursError",
    "DemoPastError",
    "DemoRefusedError",
    "DemoStaffAwayError",
    "DemoTakenError",
    "ForeignPartError",
    "add_days",
    "add_demos",
    "cancel_demo",
    "cancel_orphans",
    "change_demo",
    "move_days",
    "plan_demo",
]
