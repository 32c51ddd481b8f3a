"""A supervisor of harmless programs as a process of its own, for the tests: `python -m tests.support.supervised NAME…`.

Each name is a program of the table below. What the supervisor says goes to standard output, a line an event.
"""

import os
import signal
import sys
from pathlib import Path

from server.infra.program import Program
from server.infra.supervisor import StartFailedError, Supervisor

IGNORES_SIGTERM = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(100)"
WITH_A_CHILD = "import subprocess, time; subprocess.Popen(['sleep', '100']); time.sleep(100)"

SOURCES = {
    "steady": "import time; time.sleep(100)",
    "deaf": IGNORES_SIGTERM,
    "parent": WITH_A_CHILD,
    "broken": "print('no disk'); raise SystemExit(7)",
    "late": "import time; time.sleep(100)",
}


def program(name: str, folder: Path) -> Program:
    """The program of that name; `late` waits for all others, and neither it nor `broken` is ever ready."""
    late = name == "late"
    return Program(
        name=name,
        command=(sys.executable, "-u", "-c", SOURCES[name]),
        env=os.environ,
        stage=int(late),
        is_ready=lambda seconds: seconds > 0.2 and name not in ("late", "broken"),  # however slow the machine is
        stop_s=1.0,
        log=folder / f"{name}.log",
    )


def main(folder: Path, names: list[str]) -> int:
    """Run the programs until a signal comes; 0 then, 1 when one of them never came up."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests under `nohup` ignores it
    supervisor = Supervisor([program(name, folder) for name in names], lambda line: print(line, flush=True))
    supervisor.stop_on_signals()
    try:
        supervisor.run()
    except StartFailedError as error:
        print(error, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
