"""What the buyers tell the other features, in the past tense."""

from pydantic import AwareDatetime, BaseModel


class BuyerContactChanged(BaseModel, frozen=True):
    """A buyer is written to elsewhere than before, or agrees to be written to, or no longer does."""

    buyer_id: int
    at: AwareDatetime
