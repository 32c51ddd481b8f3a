"""What the telemetry's door gives out."""

from datetime import datetime

from server.infra.schema import ApiModel


class LedgerOut(ApiModel):
    """One robot's account over all its boots: `sent` = `stored` + `lost` + `open`."""

    robot: str
    exhibitor: str
    name_en: str
    name_zh: str
    protocol: str
    sent: int
    stored: int
    duplicates: int
    lost: int
    open: int
    refused: int
    gaps: int
    updated_at: datetime
