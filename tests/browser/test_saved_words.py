"""Saved words by keyboard alone: ; in the reply box, a few letters, Enter; Escape leaves everything as it was."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import doing
from tests.browser.conftest import Open
from tests.browser.desk import Desk


def test_a_semicolon_brings_saved_words_to_where_one_writes(desk: Desk, open_as: Open) -> None:
    question = doing.once("Which day are the bins in Tanner Row?")
    desk.emulator.say("mastodon", question, by="tanner_row")
    page = open_as("publisher", doing.filed(desk, question))
    box, panel = page.get_by_label("Your answer to"), page.locator("#saved")
    box.press_sequentially("Hello; ")
    expect(panel).to_be_hidden()
    box.press_sequentially(";")
    expect(panel).to_be_visible()
    expect(panel.locator("#saved-found")).to_contain_text("Opening hours")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("Hello; ;")
    page.keyboard.press("Backspace")
    page.keyboard.type(";")
    page.keyboard.type("calendar by street")
    expect(panel.locator(".ask-answer")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your answer to")).to_have_value(re.compile(r"^Hello; Your bin day is on the calendar"))
    expect(page.get_by_label("Your answer to")).to_be_focused()
