"""What an application compiles, compiled once a test process: every test has an application of its own.

Templates are kept as bytecode. What werkzeug compiles for a rule, the functions that build its addresses, is made when
a test asks for an address of that rule: most rules of most tests are never asked.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """Compiled templates by name and source, in memory."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the template as it was compiled before, if its source has not changed."""
        known = self._kept.get((bucket.key, bucket.checksum))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class _WhenAsked:
    """Builds addresses of one rule; compiled at the first one."""

    def __init__(self, compile_: Callable[[], Callable[..., Any]]) -> None:
        self._compile = compile_
        self._build: Callable[..., Any] | None = None

    def __get__(self, owner: object, kind: type | None = None) -> "_WhenAsked":
        return self

    def __call__(self, **values: Any) -> Any:
        if self._build is None:
            self._build = self._compile()
        return self._build(**values)


def share() -> None:
    """Let all applications of this process share what one of them has compiled."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    compiled = Rule._compile_builder

    def when_asked(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - werkzeug's signature
        return _WhenAsked(lambda: compiled(rule, append_unknown).__get__(rule, None))

    Rule._compile_builder = when_asked  # type: ignore[assignment, method-assign]
