"""A promise is caught while one types, and written down with one press; the answer then goes out."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import doing
from tests.browser.conftest import Open
from tests.browser.desk import Desk


def test_by_friday_is_caught_while_typing_and_promised_with_one_press(desk: Desk, open_as: Open) -> None:
    words = doing.once("The lamp at the library steps is dark. When is it mended?")
    desk.emulator.say("mastodon", words, by="stair_climber")
    asked = "SELECT count(*) FROM engagement_promise WHERE quote = 'We''ll get that fixed by Friday.'"
    before = desk.one(asked)
    page = open_as("publisher", doing.filed(desk, words))
    box = page.get_by_label("Your answer to")
    box.fill("We'll get that fixed by Friday.")
    caught = page.locator("#reply-caught")
    expect(caught).to_contain_text("This promises something by Friday")
    caught.get_by_role("button", name="Promise it").click()
    doing.toast(page, "Promised")
    expect(page.locator("#reply-caught")).to_contain_text("Amara Osei sees to it")
    expect(page.get_by_label("Your answer to")).to_have_value("We'll get that fixed by Friday.")
    page.get_by_role("button", name="Send", exact=True).click()
    doing.toast(page, "on its way")
    assert desk.one(asked) == before + 1
