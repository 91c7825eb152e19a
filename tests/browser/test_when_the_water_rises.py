"""An emergency from a phone: one switch, five parts, every network at once, an end, and a decision for each post.

It freezes whatever the desk has scheduled, so it is told after all the others, which its name sees to.
"""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser import doing, looking
from tests.browser.conftest import Again, Open
from tests.browser.desk import Desk
from tests.browser.watching import Watch

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PLACE = doing.once("Mill Road and Riverside")
SEND = re.compile(r"^Send to \d+ channels now$")
NETWORKS = {"bluesky", "facebook", "linkedin", "mastodon", "wordpress", "x"}  # of the town that take words alone


def test_a_flood_from_a_phone(desk: Desk, open_as: Open, again: Again, watch: Watch) -> None:
    amara = open_as("publisher", "/calendar/posts/new/", **PHONE)
    text = doing.once("The heron is back at Mill Pond.")
    schedule(amara, text)
    switch_on(amara)
    look_at(amara, "/emergency/messages/new/?hazard=flood", watch)
    warn(desk, amara)
    expect(open_as("officer").locator(".band").first).to_contain_text("Emergency mode is on")
    update(desk, amara)
    end(amara, again)
    decide(desk, amara, text)


def look_at(page: Page, path: str, watch: Watch) -> None:
    """As accessible as every other page, on the way."""
    looking.look_at(page, page.goto(path), watch, phone=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/emergency/")


def schedule(page: Page, text: str) -> None:
    doing.write_post(page, text)
    page.get_by_label("Day and time").fill(doing.town_time(timedelta(hours=6)))
    page.get_by_role("button", name="Schedule").tap()
    doing.toast(page, "Scheduled for")


def switch_on(page: Page) -> None:
    page.get_by_role("link", name="Emergency").first.tap()
    page.get_by_label("What happened").fill("The Mill Brook is over its banks.")
    page.get_by_role("button", name="Switch emergency mode on").tap()
    expect(page.locator(".band").first).to_contain_text("Emergency mode is on: The Mill Brook is over its banks.")
    expect(page.locator("main")).to_contain_text("frozen post")


def warn(desk: Desk, page: Page) -> None:
    """Without a place it is not sent; with one it is on every network, once, however often the button is pressed."""
    page.get_by_role("link", name="Flood warning").tap()
    page.get_by_role("button", name=SEND).tap()
    expect(page.get_by_role("alert")).to_contain_text("it does not say where")
    expect(page.locator("#copies")).to_contain_text("nothing goes out there without a picture or a video")
    page.get_by_label("Where exactly").fill(PLACE)
    expect(page.locator("#copies")).to_contain_text(PLACE)
    page.get_by_role("button", name=SEND).dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text(PLACE)
    doing.wait_for(lambda: {one["platform"] for one in doing.posts_saying(desk, PLACE)} == NETWORKS)
    doing.wait_for(lambda: page.reload() and page.locator(".state-pill", has_text="Published").count() >= len(NETWORKS))
    out = doing.posts_saying(desk, PLACE)
    assert len({one["account"] for one in out}) == len(out)
    assert all("Next update by" in one["text"] for one in out)


def update(desk: Desk, page: Page) -> None:
    page.get_by_role("link", name="Update", exact=True).tap()
    page.get_by_label("What is happening").fill("The brook still rises; Mill Road is closed")
    page.get_by_role("button", name=SEND).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Update")
    replaced = re.compile(r"This replaces our message of \d\d:\d\d")
    doing.wait_for(
        lambda: {one["platform"] for one in doing.posts_saying(desk, PLACE) if replaced.search(one["text"])} == NETWORKS
    )
    page.goto("/emergency/")
    expect(page.locator("main")).to_contain_text("superseded")
    expect(page.locator("main")).to_contain_text("Next update promised by")


def end(page: Page, again: Again) -> None:
    page.goto("/emergency/switch-off/")
    again(page, "publisher")
    page.get_by_label("Why it is over").fill("The brook is back in its bed.")
    page.get_by_role("button", name="End emergency mode").tap()
    doing.toast(page, "none goes out by itself")


def decide(desk: Desk, page: Page, text: str) -> None:
    """Nothing went out; one is sent at a new time by a person's word, and the rest stays for the next decision."""
    assert doing.posts_saying(desk, text) == []
    cards = page.locator("main .card", has_text=text)
    expect(cards).to_have_count(3)
    card = cards.first
    card.get_by_label("Send it at a new time").check()
    card.get_by_label("New day and time").or_(card.get_by_label("Day and time")).fill(
        doing.town_time(timedelta(seconds=8))
    )
    card.get_by_role("button", name="Decide").tap()
    doing.toast(page, "Decided")
    doing.wait_for(lambda: len(doing.posts_saying(desk, text)) == 1)
    expect(page.locator("main .card", has_text=text)).to_have_count(2)
