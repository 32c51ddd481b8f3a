"""The downloads as a booth engineer finds them, on a phone and in Chinese: nothing runs off the screen."""

from pathlib import Path

import pytest

from tests.support.axe import violations
from tests.support.chromium import Pages
from tests.support.fair_site import FairSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.parametrize(("width", "language"), [(390, "zh-Hans"), (1440, "en")])
def test_a_booth_engineer_gets_the_bundle(
    fair_site: FairSite, pages: Pages, tmp_path: Path, width: int, language: str
) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    for platform in ("linux", "windows"):
        (folder / f"fairzone-booth-bridge-0.1.0-{platform}.zip").write_bytes(platform.encode() * 1_000_000)
    page = pages.blank(width=width, height=844)

    page.goto(f"{fair_site.url}/downloads?lang={language}")
    with page.expect_download() as waiting:
        page.locator("a[download]").nth(1).click()

    assert Path(waiting.value.path()).read_bytes() == b"windows" * 1_000_000
    assert (page.evaluate(SIDEWAYS) <= 0, violations(page)) == (True, [])
    assert min(link.bounding_box()["height"] for link in page.locator("a[download]").all()) >= 44  # type: ignore[index]
