"""What every validated shape that comes in or goes out has in common; free of Flask, so that schemas may use it."""

from pydantic import BaseModel, ConfigDict


class ApiModel(BaseModel):
    """What comes in or goes out; an unknown key is an error, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
