"""Writing and scheduling: nothing is lost between two people, no impossible time, signed on a phone, no JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import doing
from tests.browser.conftest import Open
from tests.browser.desk import Desk


def drafted(page: Page, text: str) -> str:
    """A saved draft; the address of its composer."""
    page.goto("/calendar/posts/new/")
    doing.write_post(page, text)
    page.get_by_role("button", name="Save draft").click()
    doing.toast(page, "Saved.")
    return page.url


def test_two_people_edit_one_post_and_nothing_is_lost(open_as: Open) -> None:
    amara = open_as("publisher")
    address = drafted(amara, "The weir is being repaired.")
    tom = open_as("officer", address)
    amara.goto(address)
    for page, words in ((amara, "The weir is repaired by Friday."), (tom, "The weir opens on Saturday.")):
        page.get_by_label("Text", exact=True).fill(words)
        page.get_by_role("button", name="Save draft").click()
    doing.toast(amara, "Saved.")
    expect(tom.get_by_role("heading", level=1)).to_have_text("Two people saved this post")
    expect(tom.locator("main")).to_contain_text("The weir is repaired by Friday.")
    expect(tom.locator("main")).to_contain_text("The weir opens on Saturday.")
    tom.get_by_role("button", name="Use my words").click()
    amara.goto(address.replace("/edit/", "/versions/"))
    expect(amara.locator("main")).to_contain_text("The weir is repaired by Friday.")
    amara.goto(address)
    expect(amara.get_by_label("Text", exact=True)).to_have_value("The weir opens on Saturday.")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2027-03-28T01:30", "01:30 does not exist on 28 March 2027"),
        ("2026-01-05T10:00", "10:00 on 5 January 2026 is over"),
        ("", "Choose a day and a time first."),
    ],
)
def test_a_time_nothing_can_go_out_at_is_refused_in_words(desk: Desk, open_as: Open, at: str, words: str) -> None:
    page = open_as("publisher", "/calendar/posts/new/")
    text = f"The clocks change. {at}"
    doing.write_post(page, text)
    page.get_by_label("Day and time").fill(at)
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Text", exact=True)).to_have_value(text)
    assert doing.posts_saying(desk, text) == []


def test_a_time_that_comes_twice_is_asked_about(open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/")
    doing.write_post(page, "The night with the extra hour.")
    page.get_by_label("Day and time").fill("2027-10-31T01:30")
    page.get_by_role("button", name="Schedule").click()
    page.get_by_role("group", name="This time comes twice").get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Schedule").click()
    doing.toast(page, "Scheduled for")


def test_a_button_pressed_while_the_page_still_counts_the_words_is_heard(open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/")
    page.route("**/calendar/posts/look/", lambda route: None)  # no answer to what one types, ever
    with page.expect_request("**/calendar/posts/look/"):
        doing.write_post(page, doing.once("Asked about for a long time."))
    page.get_by_role("button", name="Save draft").click()
    doing.toast(page, "Saved")


def test_an_approver_signs_on_a_phone(open_as: Open) -> None:
    tom = open_as("officer", "/calendar/posts/new/")
    text = doing.once("Which three trees should we plant in Station Road?")
    doing.write_post(tom, text)
    tom.get_by_label("Day and time").fill(doing.town_time(timedelta(days=2)))
    tom.get_by_role("button", name="Ask for sign-off").click()
    doing.toast(tom, "Asked for sign-off")
    ruth = open_as("approver", "/sign-off/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    card = ruth.locator("article", has_text=text)
    expect(card).to_contain_text("Tom Birch asks")
    card.get_by_role("button", name=re.compile("^Approve for")).tap()
    doing.toast(ruth, "Signed")
    expect(ruth.locator("article", has_text=text)).to_have_count(0)
    expect(doing.states(tom).first).to_contain_text("Scheduled")
    expect(tom.locator("main")).to_contain_text("Signed off by Ruth Calder")


def test_a_post_sent_back_returns_with_the_reason(open_as: Open) -> None:
    tom = open_as("officer", "/calendar/posts/new/")
    text = doing.once("The bridge is closed. Sorry about that.")
    doing.write_post(tom, text)
    tom.get_by_label("Day and time").fill(doing.town_time(timedelta(days=2)))
    tom.get_by_role("button", name="Ask for sign-off").click()
    doing.toast(tom, "Asked for sign-off")
    ruth = open_as("approver", "/sign-off/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    card = ruth.locator("article", has_text=text)
    card.get_by_text("Send back…").tap()
    card.get_by_label("What should change?").fill("Say which bridge.")
    card.get_by_role("button", name="Send back").tap()
    expect(ruth.locator("article", has_text=text)).to_have_count(0)
    tom.reload()
    expect(tom.locator("main")).to_contain_text("Say which bridge.")
    expect(doing.states(tom).first).to_contain_text("Draft")


def test_scheduling_works_without_javascript(desk: Desk, open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/", java_script_enabled=False)
    text = doing.once("The library opens an hour earlier on Mondays.")
    doing.write_post(page, text)
    page.locator("#id_pictures").set_input_files([doing.picture()])
    page.get_by_role("button", name="Add them").click()
    page.get_by_label("What would somebody miss").fill("A green door.")
    page.get_by_label("Day and time").fill(doing.town_time(timedelta(seconds=8)))
    page.get_by_role("button", name="Schedule").click()
    expect(page.locator("body")).to_contain_text("Scheduled for")
    out = doing.wait_for(lambda: len(doing.posts_saying(desk, text)) == 3 and doing.posts_saying(desk, text))
    assert all(len(one["media"]) == 1 for one in out)
    doing.wait_for(lambda: page.reload() and page.locator(".state-pill", has_text="Published").count() == 3)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("held", [SVG, b"\x89PNG\r\n\x1a\n and then nothing that is a picture"], ids=["svg", "broken"])
def test_what_is_no_picture_is_refused_in_words_and_the_post_stays(open_as: Open, held: bytes) -> None:
    page = open_as("publisher", "/calendar/posts/new/")
    doing.write_post(page, "The weir in winter.")
    page.locator("#id_pictures").set_input_files([{"name": "weir.png", "mimeType": "image/png", "buffer": held}])
    expect(page.locator("#toasts")).to_contain_text("weir.png")
    expect(page.get_by_label("Text", exact=True)).to_have_value("The weir in winter.")
    expect(page.get_by_label("What would somebody miss")).to_have_count(0)


def test_words_too_long_for_a_channel_are_refused_before_anything_goes_out(desk: Desk, open_as: Open) -> None:
    page = open_as("publisher", "/calendar/posts/new/")
    text = doing.once("A long story. " * 25)
    doing.write_post(page, text)
    expect(page.locator("#beside")).to_contain_text("must fix", ignore_case=True)
    page.get_by_label("Day and time").fill(doing.town_time(timedelta(hours=3)))
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_role("alert")).to_contain_text("X")
    expect(page.get_by_label("Text", exact=True)).to_have_value(text)
