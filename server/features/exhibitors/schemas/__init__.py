"""What comes in and goes out of the exhibitors, checked."""

from server.features.exhibitors.schemas.edits import (
    DayHours,
    ExhibitorEdit,
    ExhibitorPatch,
    HoursEdit,
    ProductEdit,
    ProductPatch,
    StaffEdit,
    StaffPatch,
    StretchIn,
)
from server.features.exhibitors.schemas.intake import (
    CategoryIn,
    ExhibitorIn,
    ProductIn,
    RobotIn,
    StaffHoursIn,
    StaffIn,
)
from server.features.exhibitors.schemas.shown import (
    BookingOut,
    CategoryOut,
    ExhibitorOut,
    ExhibitorPage,
    ProductOut,
    RobotDesk,
    RobotOut,
    StaffDesk,
    StaffOut,
)

__all__ = [
    "BookingOut",
    "CategoryIn",
    "CategoryOut",
    "DayHours",
    "ExhibitorEdit",
    "ExhibitorIn",
    "ExhibitorOut",
    "ExhibitorPage",
    "ExhibitorPatch",
    "HoursEdit",
    "ProductEdit",
    "ProductIn",
    "ProductOut",
    "ProductPatch",
    "RobotDesk",
    "RobotIn",
    "RobotOut",
    "StaffDesk",
    "StaffEdit",
    "StaffHoursIn",
    "StaffIn",
    "StaffOut",
    "StaffPatch",
    "StretchIn",
]
