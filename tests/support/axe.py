"""Checks a page's accessibility with axe-core, in the page and without loosening its content security policy."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.support.parts import MissingPartError

SOURCE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """async (tags) => {
    const result = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
    return result.violations.map((found) => {
        const places = found.nodes.map((node) => node.target.join(" ")).join(", ");
        return `${found.impact} ${found.id}: ${found.help} (${places})`;
    });
}"""


@cache
def source() -> str:
    """axe-core's script, as the build hook laid it in from the lock file."""
    if not SOURCE.is_file():
        part = "axe-core"
        raise MissingPartError(part, ".venv/bin/python -m pip install --editable .")
    return SOURCE.read_text(encoding="utf-8")


def violations(page: Page, rules: tuple[str, ...] = RULES) -> list[str]:
    """One sentence for every rule that the page as it stands now violates; an empty list is what a test wants."""
    page.evaluate(source())  # not a script tag: the policy forbids inline scripts, and must go on doing so
    found: list[str] = page.evaluate(RUN, list(rules))
    return found
