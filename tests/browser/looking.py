"""What is asked of every page: axe in both colour schemes, its structure, room on a narrow screen, nothing inline."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.browser.watching import Watch

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
COLOURS = EVERYTHING | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "rules": {}}
SCRIPT = Axe().axe_script
STILL = """async () => {
    const fading = () => document.getAnimations().some((one) => one instanceof CSSTransition);
    for (let frame = 0; frame < 2 || (frame < 90 && fading()); frame++) await new Promise(requestAnimationFrame);
}"""
DESK, PHONE, NARROWEST = (1440, 900), (390, 844), (320, 640)
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\bsrc=)(?![^>]*application/json)""", re.I
)
TEXTS = re.compile(r"<(textarea|pre|code|p)\b.*?</\1>", re.S)  # where people's own words stand


def look_at(
    page: Page,
    answer: Response | None,
    watch: Watch,
    *,
    phone: bool = False,
    frame: bool = True,
    dark: bool = True,
) -> None:
    """Fails with everything that is wrong with the page as it is open now."""
    page.evaluate("document.fonts.ready.then(() => true)")
    wrong = structure(page, frame)
    watch.measured = True
    page.evaluate(SCRIPT)
    wrong += [f"inline: {found[0]!r}" for found in INLINE.finditer(TEXTS.sub("", answer.text() if answer else ""))]
    wrong += axe(page, EVERYTHING, "light")
    if dark:
        page.emulate_media(color_scheme="dark")
        page.evaluate(STILL)
        wrong += axe(page, COLOURS, "dark")
        page.emulate_media(color_scheme="light")
    if phone:
        resize(page, PHONE)
        wrong += axe(page, EVERYTHING, "phone")
    resize(page, NARROWEST)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    if wide > NARROWEST[0]:
        wrong.append(f"{wide} px wide on a screen of {NARROWEST[0]}: {widest(page)}")
    resize(page, DESK)
    assert wrong == [], "\n" + "\n".join(wrong)


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(STILL)


def axe(page: Page, options: dict[str, Any], name: str) -> list[str]:
    """One line for each element that breaks a rule."""
    result = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{name}: {rule['id']} {node['target']} {' '.join(node['failureSummary'].split())[:200]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def structure(page: Page, frame: bool) -> list[str]:
    """What axe leaves open: one h1, headings in order, the landmarks, a skip link that leads into the page."""
    found = page.evaluate(
        """() => ({
            titles: document.querySelectorAll("h1").length,
            levels: [...document.querySelectorAll("h1, h2, h3, h4")]
                .filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1])),
            main: document.querySelectorAll("main").length,
            skip: document.querySelector("body > a:first-of-type")?.getAttribute("href"),
            target: Boolean(document.querySelector("#main")),
            nav: document.querySelectorAll("nav[aria-label]").length,
            banner: document.querySelectorAll("header.topbar").length,
            title: document.title,
        })"""
    )
    wrong = []
    if found["titles"] != 1 or found["main"] != 1:
        wrong.append(f"{found['titles']} h1, {found['main']} main")
    if not found["title"] or found["title"].startswith("Parley"):
        wrong.append(f"title: {found['title']}")
    if frame and (found["skip"] != "#main" or not found["target"]):
        wrong.append("no skip link to #main")
    if frame and not (found["nav"] and found["banner"]):
        wrong.append("no navigation or top bar")
    levels = found["levels"]
    wrong += [f"h{b} after h{a}" for a, b in zip(levels, levels[1:], strict=False) if b > a + 1]
    return wrong


def widest(page: Page) -> str:
    """The elements that stick out, for the message."""
    return str(
        page.evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
                .slice(0, 4).map((one) => one.tagName + "." + one.className)"""
        )
    )
