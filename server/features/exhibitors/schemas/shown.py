"""What goes out: exhibitors, products, people and robots as pages and programs show them."""

from datetime import datetime
from typing import Any

from server.features.exhibitors.rules import Booking, RobotKind, SourceClass
from server.features.exhibitors.schemas.protocols import Protocol
from server.infra.schema import Checked
from server.kernel.provenance import Provenance


class CategoryOut(Checked):
    """A category as pages name it."""

    code: str
    parent: str | None
    name_en: str
    name_zh: str


class RobotOut(Checked):
    """A robot as pages name it; `key` is `<exhibitor>/<robot>`."""

    key: str
    name_en: str
    name_zh: str
    kind: RobotKind
    protocol: Protocol
    source: SourceClass
    active: bool
    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    product_en: str | None
    product_zh: str | None
    booths: list[str]
    provenance: Provenance


class ExhibitorOut(Checked):
    """An exhibitor as a list shows it."""

    code: str
    name_en: str
    name_zh: str
    province: str
    city: str
    city_zh: str
    guangdong: bool
    profile_en: str
    profile_zh: str
    categories: list[CategoryOut]
    booths: list[str]
    robots: list[RobotOut]
    version: int
    provenance: Provenance


class ProductOut(Checked):
    """A product as a page shows it."""

    code: str
    name_en: str
    name_zh: str
    description_en: str
    description_zh: str
    category: str
    category_en: str
    category_zh: str
    payload_kg: float | None
    runtime_min: int | None
    certificates: list[str]
    moq: int
    price_min: int
    price_max: int
    currency: str
    markets: list[str]
    version: int
    provenance: Provenance


class StaffOut(Checked):
    """A person at a booth as everybody sees them; when they are there is for their own people and the organiser."""

    code: str
    name: str
    name_zh: str
    call_me: str
    languages: list[str]


class ExhibitorPage(Checked):
    """Everything about one exhibitor."""

    exhibitor: ExhibitorOut
    products: list[ProductOut]
    staff: list[StaffOut]


class BookingOut(Checked):
    """A meeting or demo that needs somebody."""

    kind: str
    key: str
    starts_at: datetime
    ends_at: datetime
    title_en: str
    title_zh: str

    @classmethod
    def of(cls, booking: Booking) -> "BookingOut":
        """The same for programs."""
        return cls.model_validate(vars(booking))


class StaffDesk(StaffOut):
    """A person as the exhibitor's own desk shows them, with the hours in UTC."""

    hours: list[tuple[datetime, datetime]]
    email: str | None
    version: int


class RobotDesk(Checked):
    """A robot's enrolment as the exhibitor's own desk shows it, whether it may speak or not."""

    key: str
    name_en: str
    name_zh: str
    kind: RobotKind
    protocol: Protocol
    address: str
    options: dict[str, Any]
    source: SourceClass
    active: bool
    version: int
    product: str | None
    product_en: str | None
    product_zh: str | None
