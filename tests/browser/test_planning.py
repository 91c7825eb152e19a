"""Planning in the calendar: everything a mouse drags goes by keyboard, and everything that moved can go back."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser import doing, looking
from tests.browser.conftest import Open
from tests.browser.watching import Watch

FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"


def pencilled(page: Page, words: str, ahead: timedelta) -> str:
    """A draft with a time; its words."""
    text = doing.once(words)
    page.goto("/calendar/posts/new/")
    doing.write_post(page, text)
    page.get_by_label("Day and time").fill(doing.town_time(ahead))
    page.get_by_role("button", name="Save draft").click()
    doing.toast(page, "Saved.")
    return text


def week_of(ahead: timedelta) -> str:
    return f"/calendar/?view=week&week={doing.town_time(ahead)[:10]}"


def tab_to(page: Page, words: str, *, back: bool = False) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(400):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if re.search(words, page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"no Tab leads to {words}")


def test_a_post_is_moved_and_moved_back_with_the_keyboard_alone(open_as: Open) -> None:
    page, ahead = open_as("publisher"), timedelta(days=8)
    text = pencilled(page, "The pond walk is on Sunday.", ahead)
    page.goto(week_of(ahead))
    card = page.locator("article", has_text=text)
    was = card.locator("time").get_attribute("datetime")
    tab_to(page, f"Move to another time: {text}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, "A week later")
    page.keyboard.press("Enter")
    doing.toast(page, "Moved to")
    expect(card).to_have_count(0)
    tab_to(page, "^Undo$", back=True)
    page.keyboard.press("Enter")
    doing.toast(page, "1 post moved back")
    expect(card.locator("time")).to_have_attribute("datetime", was or "")


def test_a_drag_lands_on_the_day_and_the_focus_stays_with_the_post(open_as: Open) -> None:
    page, ahead = open_as("publisher"), timedelta(days=8)
    text = pencilled(page, "The market moves to the square.", ahead)
    page.goto(week_of(ahead))
    card = page.locator("article", has_text=text)
    home = page.locator(".day", has=card).get_attribute("data-date")
    other = page.locator(f".day:not([data-date='{home}'])").last
    card.drag_to(other)
    doing.toast(page, "Moved to")
    expect(other.locator("article", has_text=text)).to_be_visible()
    expect(card.get_by_role("link", name="Move to another time")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    doing.toast(page, "1 post moved back")
    expect(page.locator(f".day[data-date='{home}'] article", has_text=text)).to_be_visible()


def test_what_cannot_move_with_the_others_is_named(open_as: Open, watch: Watch) -> None:
    page, ahead = open_as("publisher"), timedelta(hours=3)
    text = pencilled(page, "The tip closes early today.", ahead)
    page.goto(f"{week_of(ahead)}&select=1")
    page.get_by_role("checkbox", name=text).check()
    expect(page.locator("#ticked")).to_have_text("1 ticked.")
    page.get_by_label("Move by").fill("-1")
    page.get_by_role("button", name="Move by days").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing could be moved 1 day earlier")
    expect(page.locator("main")).to_contain_text(text)
    looking.look_at(page, None, watch)
