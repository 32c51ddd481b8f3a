"""The use cases of the exhibitors: taking them in, and what they and the organiser edit of them."""

from server.features.exhibitors.service.intake import (
    add_categories,
    add_exhibitors,
    add_products,
    add_staff,
    add_staff_hours,
    enrol_robots,
    move_staff_hours,
)
from server.features.exhibitors.service.products import ProductInUseError, add_product, edit_product, remove_product
from server.features.exhibitors.service.profile import edit_exhibitor
from server.features.exhibitors.service.robots import (
    AddressTakenError,
    MakerTakenError,
    RobotCodeTakenError,
    edit_robot,
    enrol_robot,
)
from server.features.exhibitors.service.speaking import OptionsRefusedError
from server.features.exhibitors.service.staff import (
    HoursError,
    StaffBookedError,
    add_person,
    edit_hours,
    edit_person,
    remove_person,
)

__all__ = [
    "AddressTakenError",
    "HoursError",
    "MakerTakenError",
    "OptionsRefusedError",
    "ProductInUseError",
    "RobotCodeTakenError",
    "StaffBookedError",
    "add_categories",
    "add_exhibitors",
    "add_person",
    "add_product",
    "add_products",
    "add_staff",
    "add_staff_hours",
    "edit_exhibitor",
    "edit_hours",
    "edit_person",
    "edit_product",
    "edit_robot",
    "enrol_robot",
    "enrol_robots",
    "move_staff_hours",
    "remove_person",
    "remove_product",
]
