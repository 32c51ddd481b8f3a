"""A serial protocol is added as the documents say: a module and a row, in a copy of the product."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.features.exhibitors.schemas import PROTOCOLS
from tests.architecture.source import ROOT

REGISTRY = Path("device_bridge/protocols/__init__.py")
ROW = '    "roller": StreamProtocol("roller", roller.roller, 1),\n'


@pytest.mark.slow
def test_a_serial_protocol_costs_a_module_and_a_row(tmp_path: Path) -> None:
    for package in ("device_bridge", "server"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    shutil.copy(ROOT / "fixtures" / "robots" / "roller.py", tmp_path / "device_bridge" / "protocols")
    registry = (tmp_path / REGISTRY).read_text(encoding="utf-8")
    registry = registry.replace("mavlink, modbus, vda5050\n", "mavlink, modbus, roller, vda5050\n", 1)
    registry = registry.replace('    "kobuki": StreamProtocol(', f'{ROW}    "kobuki": StreamProtocol(', 1)
    (tmp_path / REGISTRY).write_text(registry, encoding="utf-8")

    command = [sys.executable, "-m", "tests.support.new_protocol", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout)
    assert set(said["protocols"]) == {*PROTOCOLS, "roller"}
    assert said["state"] == {"robot": "nanling/roller", "battery": 63.0, "speed": 0.25, "source": "live"}
