"""What the exhibitors tell the other features, in the past tense."""

from pydantic import AwareDatetime, BaseModel


class StaffContactChanged(BaseModel, frozen=True):
    """Somebody at a booth is written to elsewhere than before."""

    staff_id: int
    at: AwareDatetime
