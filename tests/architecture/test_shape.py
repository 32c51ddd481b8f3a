"""The shape holds: short functions, short modules, everything documented and typed."""

import pytest

from tests.architecture import shape
from tests.architecture.plant import module
from tests.architecture.source import ROOT, Module, read_tree

HEAD = '"""A module."""\n'
FINE = 'def book() -> None:\n    """Book."""\n'


def tree(text: str, path: str = "server/kernel/clock.py") -> dict[str, Module]:
    return {"planted": module(HEAD + text, path)}


def test_the_product_keeps_its_shape(capsys: pytest.CaptureFixture[str]) -> None:
    broken = list(shape.broken_limits(read_tree(ROOT)))

    print(shape.summary(ROOT))

    assert broken == []
    assert "test lines / source lines" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FINE + "    x = 1\n" * 60, "book has 62 lines, more than 60"),
        (FINE + "# line\n" * 400, "403 lines, more than 400"),
        ("def book() -> None:\n    return\n", "book is public and has no docstring"),
        ('def book(x) -> None:\n    """Book."""\n', "book is not fully typed"),
        ('def book(*x) -> None:\n    """Book."""\n', "book is not fully typed"),
        ('def book():\n    """Book."""\n', "book is not fully typed"),
        ("class Booth:\n    x = 1\n", "the class Booth is public and has no docstring"),
        ((FINE + "    x = 1\n" * 7) * 21, "the median of the functions' lengths is 9 lines, more than 8"),
        (FINE * 30 + FINE + "    x = 1\n" * 45, "the 99th percentile of the functions' lengths is 47 lines"),
    ],
)
def test_a_planted_fault_is_found_and_named(text: str, message: str) -> None:
    assert [sentence for sentence in shape.broken_limits(tree(text)) if message in sentence]


def test_what_keeps_the_limits_is_left_alone() -> None:
    assert list(shape.broken_limits(tree(FINE + "def _inner(x: int) -> int:\n    return x\n"))) == []


def test_migrations_are_not_measured() -> None:
    assert list(shape.broken_limits(tree("def upgrade(): pass\n", "server/migrations/versions/0001.py"))) == []
