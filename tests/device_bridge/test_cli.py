"""The `fairzone` command: lists what is installed, loads only what is called, and names a missing extra."""

import subprocess
import sys
from importlib.metadata import EntryPoint, entry_points

import click
import pytest
from click.testing import CliRunner

from device_bridge.cli import GROUP, SUMMARIES, LazyGroup, main

HERE = "tests.device_bridge.test_cli"


@click.command()
def greet() -> None:
    """Say hello."""
    click.echo("hello from the booth")


NO_COMMAND = "a plain text"


def group(**targets: str) -> LazyGroup:
    return LazyGroup(points=[EntryPoint(name, target, GROUP) for name, target in targets.items()])


def run(command: click.Command, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(words))
    return result.exit_code, result.output


def test_a_registered_command_is_loaded_and_run() -> None:
    assert run(group(greet=f"{HERE}:greet"), "greet") == (0, "hello from the booth\n")


def test_the_list_of_commands_loads_none_of_them() -> None:
    code, output = run(group(zebra="nowhere:zebra", bridge="nowhere:bridge"), "--help")

    assert code == 0
    assert output.index("bridge") < output.index("zebra")
    assert SUMMARIES["bridge"] in output


def test_a_command_without_its_extra_says_which_one_brings_it() -> None:
    code, output = run(group(web="flask_is_not_here:web"), "web")

    assert code == 1
    assert output == (
        "Error: `fairzone web` needs the extra `server` (the module `flask_is_not_here` is not installed).\n"
        'Install it with: python -m pip install "fairzone[server]"\n'
    )


def test_a_fault_of_our_own_is_not_taken_for_a_missing_extra() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"device_bridge\.nowhere"):
        group(bridge="device_bridge.nowhere:bridge").get_command(click.Context(main), "bridge")


def test_an_entry_point_that_is_no_command_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="is no click command"):
        group(text=f"{HERE}:NO_COMMAND").get_command(click.Context(main), "text")


def test_an_unknown_command_is_refused() -> None:
    code, output = run(group(), "dance")

    assert code == 2
    assert "No such command 'dance'" in output


def test_the_version_is_the_distributions() -> None:
    assert run(main, "--version") == (0, "fairzone, version 0.1.0\n")


def test_every_registered_command_loads_and_every_summary_has_a_command() -> None:
    points = {point.name: point for point in entry_points(group=GROUP)}

    loaded = {name: point.load() for name, point in points.items()}

    assert set(points) == set(SUMMARIES)
    assert all(isinstance(command, click.Command) for command in loaded.values())


def test_help_imports_neither_the_server_nor_a_protocol_library() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from device_bridge.cli import main; "
        "CliRunner().invoke(main, ['--help']); print(sorted({'flask','paho','serial','sqlmodel'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout == "[]\n"
