"""The loop in a real browser: a resident asks, the town answers, plans, publishes, and sees how the day stands."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser import doing
from tests.browser.conftest import Open, sign_in
from tests.browser.desk import Desk

QUESTION = doing.once("Is the path round Mill Pond open again? I have a pram.")
ANSWER = "Yes, since Friday, and the new surface is firm enough for a pram."
POST = doing.once("The path round Mill Pond is open again. What should we put on the new bench?")
ALT = "A green pond seen from above."


def test_a_day_at_the_desk(desk: Desk, open_as: Open) -> None:
    page = open_as("", "/account/login/")
    sign_in(page, *desk.people["publisher"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")

    message = hear(desk, page)
    answer(desk, page, message)
    plan(page)
    see_it_published(desk, page)
    read_today(page)


def hear(desk: Desk, page: Page) -> dict[str, str]:
    """A resident writes while the inbox is open; the page shows it by itself."""
    page.goto("/inbox/?tab=unassigned&sort=newest")
    page.mouse.move(700, 5)
    message = desk.emulator.say("mastodon", QUESTION, by="pram_pusher")
    row = page.locator(".queue-row", has_text=QUESTION)
    expect(row).to_be_visible(timeout=doing.HEARD)
    return message


def answer(desk: Desk, page: Page, message: dict[str, str]) -> None:
    """Sent and closed: the clock stops with the receipt, and the resident has exactly one answer."""
    page.locator(".queue-row", has_text=QUESTION).get_by_role("link").click()
    expect(page.locator("#timeline")).to_contain_text(QUESTION)
    expect(page.locator("#thread-pill")).to_contain_text("left")
    page.get_by_label("Your answer to").fill(ANSWER)
    page.get_by_role("button", name="Send and close").click()
    doing.toast(page, "on its way")
    expect(page.locator("#timeline .state-pill")).to_contain_text("Published", timeout=40_000)
    expect(page.locator("#thread-pill")).to_contain_text("Answered")
    expect(page.locator("#thread-pill")).not_to_contain_text("left")
    (reply,) = doing.replies_to(desk, message)
    assert ANSWER in reply["text"]
    expect(page.locator("#timeline").get_by_role("link", name="Published")).to_have_attribute("href", re.compile("://"))


def plan(page: Page) -> None:
    """A post with a picture and its alt text, scheduled on every channel."""
    page.get_by_role("link", name="New post").click()
    doing.write_post(page, POST)
    page.locator("#id_pictures").set_input_files([doing.picture()])
    alt = page.get_by_label("What would somebody miss")
    expect(alt).to_be_visible()
    alt.fill(ALT)
    expect(page.get_by_label("Text", exact=True)).to_have_value(POST)
    expect(page.locator("#beside")).to_contain_text("In the feed")
    page.get_by_label("Day and time").fill(doing.town_time(timedelta(seconds=12)))
    page.get_by_role("button", name="Schedule").click()
    doing.toast(page, "Scheduled for")
    expect(doing.states(page)).to_have_count(3)


def see_it_published(desk: Desk, page: Page) -> None:
    """The page says so by itself, links to each receipt, and the public sees one post on each network."""
    for pill in doing.states(page).all():
        expect(pill).to_contain_text("Published", timeout=60_000)
        expect(pill).to_have_attribute("href", re.compile("://"))
    out = doing.posts_saying(desk, POST)
    assert sorted(one["platform"] for one in out) == ["facebook", "mastodon", "x"]
    assert {one["media"][0]["alt"] for one in out if one["platform"] != "facebook"} == {ALT}
    day = doing.town_time(timedelta())[:10]
    page.goto("/calendar/")
    expect(page.locator(".day[data-today]")).to_have_attribute("data-date", day)
    page.goto(f"/calendar/day/{day}/")  # a crowded day shows only its first posts in the month
    expect(page.locator("main")).to_contain_text(POST[:40])


def read_today(page: Page) -> None:
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Today").click()
    for block in ("Due", "Going out", "Health", "This week"):
        expect(page.get_by_role("heading", name=block, exact=True)).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(QUESTION)
    expect(page.locator("main")).to_contain_text("Publishing")
