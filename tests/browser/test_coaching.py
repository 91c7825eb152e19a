"""The checks where people meet them: one click mends, a reason gets past, and what is heard can be heard beforehand."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import doing
from tests.browser.conftest import Open

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def begin(page: Page, words: str) -> None:
    page.goto("/calendar/posts/new/")
    doing.write_post(page, words)
    expect(page.locator("#beside")).to_contain_text("Must fix")


def test_on_a_phone_one_tap_mends_and_the_words_stay(open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/", **PHONE)
    begin(page, "The weir is 𝐎𝐏𝐄𝐍 again. #binday")
    page.get_by_role("button", name="Write “OPEN”").tap()
    expect(page.get_by_label("Text", exact=True)).to_have_value("The weir is OPEN again. #binday")
    expect(page.locator("#beside")).not_to_contain_text("look-alike")


def test_on_a_phone_a_must_is_overridden_with_a_reason_that_stands_on_the_posts_page(open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/", **PHONE)
    reason = doing.once("It is the name of the exhibition.")
    begin(page, doing.once("𝐎𝐏𝐄𝐍 is the name of our exhibition in the mill."))
    page.get_by_role("button", name="Save draft").tap()
    page.get_by_text("Override with a reason…").first.tap()
    page.get_by_label("Why may these words go out as they are?").first.fill(reason)
    page.get_by_role("button", name="Override", exact=True).first.tap()
    expect(page.locator("#beside")).to_contain_text("1 decided")
    expect(page.locator("#beside")).not_to_contain_text("Must fix")
    page.goto(re.sub("edit/$", "", page.url))
    expect(page.locator("main")).to_contain_text(reason)


def test_a_reason_being_written_is_not_swept_away(open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/")
    begin(page, "The weir is 𝐎𝐏𝐄𝐍 again.")
    page.get_by_text("Override with a reason…").first.click()
    box = page.get_by_label("Why may these words go out as they are?").first
    box.press_sequentially("It is how the mill writes its name.", delay=30)
    page.wait_for_timeout(1200)
    expect(box).to_have_value("It is how the mill writes its name.")


def test_hear_it_says_what_a_screen_reader_says_and_stays_open_while_one_types(open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/")
    begin(page, "𝐅𝐑𝐄𝐄 👏👏 #binday")
    page.get_by_role("tab", name="Hear it").click()
    heard = page.locator("#heard-panel li")
    expect(heard.first).to_have_text("mathematical bold capital F")
    expect(heard.filter(has_text="clapping hands")).to_have_count(2)
    expect(heard.last).to_have_text("hashtag binday")
    page.get_by_label("Text", exact=True).fill("FREE #BinDay")
    expect(heard.last).to_have_text("hashtag Bin Day")
    expect(page.get_by_role("tab", name="Hear it")).to_have_attribute("aria-selected", "true")


def test_a_fix_works_without_javascript(open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/", java_script_enabled=False)
    doing.write_post(page, "The weir is 𝐎𝐏𝐄𝐍 again.")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Write “OPEN”").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("The weir is OPEN again.")
