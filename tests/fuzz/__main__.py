"""Fuzzes one protocol's decoder, guided by coverage: `python -m tests.fuzz <protocol> [--seconds 60] [--runs N]`.

The protocol is a key of either registry (`fair`, `uagv`, `vda5050`, `fair-serial`, `mavlink`...). The captures and
frames of the conformance suite are the first inputs; libFuzzer (atheris) changes them so that they reach new places in
`device_bridge.protocols`. A finding ends the run with an exit code that is not 0, says what broke, and leaves the input
in the present folder as `crash-<digest>`; `--input <file>` tries that one again.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["device_bridge.protocols"]):
    from device_bridge import protocols

from tests.fuzz.targets import SLOWEST_S, seeds, target


def main() -> None:
    """Read the command line and fuzz until the time or the runs are used up."""
    reader = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("protocol", choices=sorted({*protocols.MESSAGE_PROTOCOLS, *protocols.STREAM_PROTOCOLS}))
    reader.add_argument("--seconds", type=int, default=60)
    reader.add_argument("--runs", type=int, default=-1)
    reader.add_argument("--input", type=Path)
    asked = reader.parse_args()
    if asked.input is not None:
        target(asked.protocol)(asked.input.read_bytes())
        return
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(asked.protocol)):
            (Path(folder) / f"seed-{number}").write_bytes(seed)
        limits = [f"-max_total_time={asked.seconds}", f"-runs={asked.runs}", f"-timeout={SLOWEST_S}"]
        _fuzz([*limits, "-max_len=20000", "-print_final_stats=1", folder], target(asked.protocol))


def _fuzz(options: list[str], tried: Callable[[bytes], None]) -> None:
    atheris.Setup([sys.argv[0], *options], tried, internal_libfuzzer=True)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
