"""The named refusals of FairZone: one class a reason; the sentences live in the catalogues as `error-<code>`.

A refusal is raised where it is decided and mapped once, in `server.infra.web.errors`, to a page or to problem+json.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

Param = str | int | float


class FairZoneError(Exception):
    """A reason to say no. `code` is stable and names the sentence, `status` is the HTTP status, `params` fill it in."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, **params: Param) -> None:
        self.params: dict[str, Param] = params
        super().__init__(self._line())

    def members(self) -> Mapping[str, Any]:
        """What a program learns beside the sentence, as JSON has it: alternatives, what changed, what is in the way."""
        return {}

    def _line(self) -> str:
        """The refusal in one line for logs: the code and what it is about."""
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class NotFoundError(FairZoneError):
    """There is nothing under that name; `what` says what was looked for."""

    code = "not-found"
    status = 404


class LoginRequiredError(FairZoneError):
    """The visitor must say who they are first."""

    code = "login-required"
    status = 401


class ForbiddenError(FairZoneError):
    """The role of this person does not allow `action`."""

    code = "forbidden"
    status = 403


class InvalidError(FairZoneError):
    """What was sent cannot be understood; `detail` says what."""

    code = "invalid"
    status = 422


class ConflictError(FairZoneError):
    """What was asked for contradicts what is already there."""

    code = "conflict"
    status = 409


class TooManyTriesError(FairZoneError):
    """Too many wrong attempts at this account; `seconds` says how long this device has to wait."""

    code = "too-many-tries"
    status = 429


class BusyError(FairZoneError):
    """There is no room for this request now; a moment later there will be."""

    code = "busy"
    status = 503


class SlowRequestError(FairZoneError):
    """The request did not arrive in the time that it has."""

    code = "slow-request"
    status = 408


class OverlongError(FairZoneError):
    """An address or a form with more in it than any of ours has."""

    code = "overlong"
    status = 413


class SetupError(FairZoneError):
    """The installation is incomplete; `problem` names what is wrong and `remedy` what to do, both in English."""

    code = "setup"
    status = 500

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem=problem, remedy=remedy)

    def _line(self) -> str:
        return f"{self.problem} {self.remedy}"
