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
HOMES = frozenset(
    (
        *("AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD"),
        *("BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BW", "BY", "BZ", "CA"),
        *("CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ"),
        *("DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO"),
        *("FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GT", "GU", "GW"),
        *("GY", "HK", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IQ", "IR", "IS", "IT", "JE", "JM", "JO"),
        *("JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR"),
        *("LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP"),
        *("MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO"),
        *("NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW"),
        *("PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL"),
        *("SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TG", "TH", "TJ", "TK", "TL", "TM"),
        *("TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN"),
        *("VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"),
    )
)
"""Where a firm may have its home: every country or region of ISO 3166-1 with inhabitants, and XK."""
_REGION_OF = {code: region for region, codes in REGIONS.items() for code in codes}


def region_of(code: str) -> str:
    """The region of a country, or nothing for one that is in none."""
    return _REGION_OF.get(code, "")
