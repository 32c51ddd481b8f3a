"""How a command speaks to the person at the terminal: events, refusals, exit codes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from pydantic import ValidationError

from server.infra.supervisor import StartFailedError
from server.kernel.clock import FAIR_ZONE, SystemClock
from server.kernel.errors import FairZoneError, NotFoundError, SetupError

Params = ParamSpec("Params")
Result = TypeVar("Result")
FAILED, REFUSED = 1, 2
"""Exit codes of what runs under a supervisor: it did not come up or was not live in time; it was not even tried."""


def refusals_in_words(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """Let a command end with one sentence instead of a stack trace when it is refused."""

    @wraps(command)
    def told(*args: Params.args, **options: Params.kwargs) -> Result:
        try:
            return command(*args, **options)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'account'}: {fault['msg']}" for fault in error.errors()
            )
            raise click.ClickException(faults) from error
        except NotFoundError as error:
            raise click.ClickException(f"There is no {error.params['what']} here.") from error
        except FairZoneError as error:
            raise click.ClickException(str(error)) from error

    return told


def say(line: str) -> None:
    """One event, for the person at the terminal; standard output stays free for results."""
    moment = SystemClock().now().astimezone(FAIR_ZONE)
    click.echo(f"{moment:%H:%M:%S} 北京时间  {line}", err=True)


@contextmanager
def refusals_told() -> Iterator[None]:
    """End the process with a sentence and a meaningful code where a stack trace would help nobody."""
    try:
        yield
    except SetupError as error:
        click.echo(f"fairzone: {error.problem}\n  {error.remedy}", err=True)
        sys.exit(REFUSED)
    except StartFailedError as error:
        click.echo(f"fairzone: {error}", err=True)
        sys.exit(FAILED)
