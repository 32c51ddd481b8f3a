"""The certificates that a product may hold and a buyer may ask for.

Names by trade practice; the list with its basis lies in `fixtures/fair/buyer_fields.csv` (`certification_required`).
"""

CERTIFICATES = frozenset(
    {
        "CE-MD", "CE-RED", "CE-LVD", "CE-EMC", "ROHS", "MDR", "FCC", "UL3300", "UL2271", "UN38.3", "UKCA",
        "KC", "PSE", "SABER", "EAC", "INMETRO", "ANATEL", "ANVISA", "BIS", "ISO13482", "CR",
    }
)  # fmt: skip
"""Codes, each with a label in the fair's code lists."""


def unknown_certificates(codes: list[str]) -> list[str]:
    """Those of `codes` that are no certificate, in their order."""
    return [code for code in codes if code not in CERTIFICATES]
