"""Words in the composer outlive a lost line, a closed tab and a session that ended; and they leave with the person."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import doing
from tests.browser.conftest import Open
from tests.browser.desk import Desk
from tests.browser.watching import Watch

KEPT = (
    "Object.entries(localStorage).filter(([name]) => name.startsWith('parley:kept:')).map(([, value]) => value).join()"
)


def kept(page: Page, words: str) -> None:
    """The browser holds these words by now."""
    doing.wait_for(lambda: words in page.evaluate(KEPT), 15)


def nothing_kept(page: Page) -> None:
    doing.wait_for(lambda: page.evaluate(KEPT) == "", 15)


def put_back(page: Page, words: str) -> None:
    offer = page.locator("#kept")
    expect(offer).to_contain_text(words)
    offer.get_by_role("button", name="Put them back").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(words)
    expect(page.locator("#saved")).to_contain_text("Draft, saved")
    nothing_kept(page)


def test_words_written_without_a_line_are_saved_when_it_is_back(open_as: Open, watch: Watch) -> None:
    page, words = open_as("publisher", "/calendar/posts/new/"), doing.once("Written while the line was down.")
    watch.offline = True
    page.context.set_offline(True)
    page.get_by_label("Text", exact=True).fill(words)
    kept(page, words)
    expect(page.locator("#lost")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Draft, saved")
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value(words)
    expect(page.locator("#kept")).to_be_hidden()


def test_words_of_a_closed_tab_are_offered_back(open_as: Open, watch: Watch) -> None:
    page, words = open_as("publisher", "/calendar/posts/new/"), doing.once("The tab was closed over this.")
    watch.offline = True
    page.context.set_offline(True)
    page.get_by_label("Text", exact=True).fill(words)
    kept(page, words)
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/calendar/posts/new/")
    put_back(again, words)


def test_words_of_an_ended_session_are_there_after_signing_in_and_gone_after_signing_out(
    desk: Desk, open_as: Open, watch: Watch
) -> None:
    page, words = open_as("publisher", "/calendar/posts/new/"), doing.once("The hour was over here.")
    page.context.clear_cookies(name=re.compile("session"))
    page.get_by_label("Text", exact=True).fill(words)
    page.wait_for_url("**/account/login/**")
    page.get_by_label("E-mail address").fill(desk.people["publisher"][0])
    page.get_by_label("Password").fill(desk.people["publisher"][1])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/calendar/posts/new/")
    put_back(page, words)
    page.route("**/calendar/posts/look/", lambda route: None)  # no answer any more
    page.get_by_label("Text", exact=True).fill(f"{words} And more.")
    kept(page, "And more.")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Sign out").click()
    nothing_kept(page)
