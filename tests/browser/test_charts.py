"""Charts: a picture to take along, legible on a phone, and in light colours on paper whatever the screen shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, expect

WEEK = "/reports/figures/?by=week"
GROUND = "document.querySelector('canvas[data-ground]').dataset.ground"
AT = f"async () => {{{{ dispatchEvent(new Event('{{event}}')); await Promise.resolve(); return {GROUND}; }}}}"


def brightness(words: str) -> int:
    """Of `rgb(12 34 56)`."""
    return sum(int(one) for one in words.strip("rgb()").split()) // 3


def test_a_chart_can_be_taken_along_and_read_on_a_phone_and_on_paper(
    browser: Browser, browser_context_args: dict[str, Any], state_of: Callable[[str], Any], tmp_path: Path
) -> None:
    context = browser.new_context(**(browser_context_args | {"storage_state": state_of("manager")}))
    page = context.new_page()
    page.emulate_media(color_scheme="dark")
    page.goto(WEEK)
    figure = page.locator("figure.chart").first
    button = figure.get_by_role("button", name="Download as PNG")
    expect(button).to_be_visible()
    with page.expect_download() as taken:
        button.click()
    taken.value.save_as(tmp_path / "chart.png")
    picture = Image.open(tmp_path / "chart.png")
    box = figure.locator("canvas").bounding_box()
    assert box is not None
    assert picture.format == "PNG"
    assert picture.width > box["width"]
    assert picture.height > box["height"] + 40  # its title stands above it
    assert len(picture.convert("L").getcolors() or []) > 2
    assert brightness(page.evaluate(GROUND)) < 80
    assert brightness(page.evaluate(AT.format(event="beforeprint"))) > 240
    assert brightness(page.evaluate(AT.format(event="afterprint"))) < 80
    page.set_viewport_size({"width": 390, "height": 844})
    expect(button).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
