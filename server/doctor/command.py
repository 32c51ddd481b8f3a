"""`fairzone doctor`: says what is wrong with this installation and how to mend it. It looks and changes nothing."""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from server.doctor.checks import CHECKS
from server.doctor.installation import CheckResult, CheckStatus, ExaminedInstallation, examine
from server.kernel.clock import SystemClock

SIGNS = {CheckStatus.OK: "ok", CheckStatus.NOTE: "note", CheckStatus.PROBLEM: "PROBLEM"}
INDENT = " " * 28


def findings(place: ExaminedInstallation) -> list[CheckResult]:
    """Everything that there is to say about an installation."""
    return [finding for check in CHECKS for finding in check(place)]


def account(found: Iterable[CheckResult]) -> str:
    """The findings for a person: a line each, and under a problem or a note what to do."""
    lines = []
    for finding in found:
        lines.append(f"{SIGNS[finding.status]:<9}{finding.check:<19}{finding.text}")
        if finding.remedy:
            lines.append(f"{INDENT}{finding.remedy}")
    return "\n".join(lines)


@click.command()
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Default: FAIRZONE_DATA.")
@click.option("--json", "as_json", is_flag=True, help="For machines: a list of findings.")
def doctor(data_dir: Path | None, *, as_json: bool) -> None:
    """Say what is wrong with this installation, and how to mend it.

    The demo's own folder is .fairzone/demo. Exit codes: 0 no problem, 1 at least one.
    """
    found = findings(examine(os.environ, data_dir, SystemClock().now()))
    problems = sum(finding.status is CheckStatus.PROBLEM for finding in found)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        click.echo(account(found))
        click.echo(f"\n{problems} problem{'' if problems == 1 else 's'} found." if problems else "\nNo problem found.")
    sys.exit(1 if problems else 0)
