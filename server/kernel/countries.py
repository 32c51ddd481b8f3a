"""The countries of the world by region, as codes; their names come from the languages (`server.infra.i18n`).

ISO 3166-1 alpha-2 codes, grouped by the regions of the United Nations' M49 list; territories without trade of their own
are left out.
"""

from collections.abc import Mapping
from types import MappingProxyType

REGIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "east-asia": ("CN", "HK", "JP", "KP", "KR", "MN", "MO", "TW"),
        "south-east-asia": ("BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"),
        "south-asia": ("AF", "BD", "BT", "IN", "IR", "LK", "MV", "NP", "PK"),
        "central-asia": ("KG", "KZ", "TJ", "TM", "UZ"),
        "middle-east": (
            *("AE", "AM", "AZ", "BH", "CY", "GE", "IL", "IQ", "JO", "KW", "LB"),
            *("OM", "PS", "QA", "SA", "SY", "TR", "YE"),
        ),
        "europe": (
            *("AD", "AL", "AT", "BA", "BE", "BG", "BY", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB"),
            *("GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL"),
            *("NO", "PL", "PT", "RO", "RS", "RU", "SE", "SI", "SK", "SM", "UA", "VA", "XK"),
        ),
        "north-america": ("CA", "MX", "US"),
        "latin-america": (
            *("AG", "AR", "BB", "BO", "BR", "BS", "BZ", "CL", "CO", "CR", "CU", "DM", "DO", "EC", "GD", "GT"),
            *("GY", "HN", "HT", "JM", "KN", "LC", "NI", "PA", "PE", "PR", "PY", "SR", "SV", "TT", "UY", "VC", "VE"),
        ),
        "north-africa": ("DZ", "EG", "LY", "MA", "SD", "TN"),
        "africa": (
            *("AO", "BF", "BI", "BJ", "BW", "CD", "CF", "CG", "CI", "CM", "CV", "DJ", "ER", "ET", "GA", "GH"),
            *("GM", "GN", "GQ", "GW", "KE", "KM", "LR", "LS", "MG", "ML", "MR", "MU", "MW", "MZ", "NA", "NE"),
            *("NG", "RW", "SC", "SL", "SN", "SO", "SS", "ST", "SZ", "TD", "TG", "TZ", "UG", "ZA", "ZM", "ZW"),
        ),
        "oceania": ("AU", "FJ", "FM", "KI", "MH", "NR", "NZ", "PG", "PW", "SB", "TO", "TV", "VU", "WS"),
    }
)
"""Each region's countries; every country is in one region."""

COUNTRIES = frozenset(code for codes in REGIONS.values() for code in codes)
_REGION_OF = {code: region for region, codes in REGIONS.items() for code in codes}


def region_of(code: str) -> str:
    """The region of a country, or nothing for one that is in none."""
    return _REGION_OF.get(code, "")
