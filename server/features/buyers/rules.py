"""The buyers' code lists (business nature, function, role, volume, time frame, consents); pure data.

Source: mostly a proposal of this project, modelled on the visitor-structure questions of FKM and AUMA; the labels in
three languages and the basis of each list lie in `fixtures/fair/buyer_fields.csv`.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class BusinessNature(StrEnum):
    """What kind of firm buys."""

    IMPORTER = "IMP"
    DISTRIBUTOR = "DIST"
    AGENT = "AGT"
    CHAIN = "CHAIN"
    ECOMMERCE = "ECOM"
    INTEGRATOR = "INT"
    RENTAL = "RAAS"
    HOTEL = "HOTEL"
    HOSPITAL = "HOSP"
    FACILITY = "FM"
    LOGISTICS = "LOG"
    AGRICULTURE = "AGRI"
    PUBLIC = "GOV"
    MANUFACTURER = "MFR"
    EDUCATION = "EDU"
    ASSOCIATION = "ASSOC"
    MEDIA = "MEDIA"


class JobFunction(StrEnum):
    """What the person does there."""

    MANAGEMENT = "MGMT"
    PURCHASING = "PUR"
    SALES = "SALES"
    ENGINEERING = "TECH"
    OPERATIONS = "OPS"
    IT = "IT"
    OTHER = "OTH"


class PurchasingRole(StrEnum):
    """How much the person's word counts in a purchase."""

    DECIDES = "DEC"
    DECIDES_JOINTLY = "CO"
    ADVISES = "ADV"
    NO_PART = "NONE"


class Volume(StrEnum):
    """Purchases a year in US dollars: under 50k, to 250k, to 1m, to 5m, above."""

    UNDER_50K = "V1"
    UNDER_250K = "V2"
    UNDER_1M = "V3"
    UNDER_5M = "V4"
    ABOVE_5M = "V5"


class TimeFrame(StrEnum):
    """When the purchase is to be made."""

    NOW = "NOW"
    THREE_MONTHS = "M3"
    SIX_MONTHS = "M6"
    TWELVE_MONTHS = "M12"
    INFORMATION = "INFO"


class Purpose(StrEnum):
    """What a buyer's data may be used for; each is agreed to by itself, with its time."""

    PROGRAMME = "programme"
    """To find who fits and to keep the diary: without it there is no account."""
    CONTACT = "contact"
    """An exhibitor may see the contact once the buyer has asked it for a meeting."""
    MAIL = "mail"


NEEDED = Purpose.PROGRAMME
VOLUME_USD: Mapping[Volume, tuple[int, int | None]] = MappingProxyType(
    {
        Volume.UNDER_50K: (0, 50_000),
        Volume.UNDER_250K: (50_000, 250_000),
        Volume.UNDER_1M: (250_000, 1_000_000),
        Volume.UNDER_5M: (1_000_000, 5_000_000),
        Volume.ABOVE_5M: (5_000_000, None),
    }
)
"""From and to, in US dollars a year; the last has no end."""
MOST_NEEDS = 8
"""So many things one person can look for; more is a wish to see everything."""
