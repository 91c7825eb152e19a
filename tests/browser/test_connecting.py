"""Connecting in a browser: from the desk to the platform's own page and back, for each kind of door."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import doing, looking
from tests.browser.conftest import Again, Open
from tests.browser.desk import Desk
from tests.browser.watching import Watch


def start(open_as: Open, again: Again, platform: str) -> Page:
    """The administrator on the page of a platform."""
    page = open_as("administrator", f"/channels/connect/{platform}/")
    again(page, "administrator")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Connect")
    return page


def enter_app(page: Page, again: Again, platform: str) -> None:
    """The practice app's keys, where they are not there yet."""
    button = page.get_by_role("link", name="Enter the app's keys")
    if not button.count():
        return
    button.click()
    again(page, "administrator")
    expect(page.get_by_label("Enter it there exactly like this")).to_have_value(re.compile("/channels/connect/back/$"))
    first, second = page.locator("main input[type=password]").all()[:2]
    first.fill(f"practice-app-{platform}")
    second.fill(f"practice-secret-{platform}")
    page.get_by_role("button", name="Keep these keys").click()
    expect(page.locator("body")).to_contain_text("They are not shown again")


def go(page: Page, desk: Desk) -> None:
    """Over the last page here to the platform's own."""
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Go to the sign-in page").click()
    expect(page).to_have_url(re.compile(re.escape(desk.environment["EMULATOR_URL"]) + "/_web/"))


def allow(page: Page, who: str) -> None:
    page.get_by_role("radio", name=re.compile(re.escape(who))).check()
    page.get_by_role("button", name="Allow").click()


def only_there(watch: Watch, desk: Desk) -> None:
    """The platform's page is another host; nothing else may have been one."""
    watch.seen[:] = [one for one in watch.seen if f"{desk.environment['EMULATOR_URL']}/_web/" not in one]


def connected(page: Page, watch: Watch, desk: Desk) -> None:
    expect(page).to_have_url(re.compile(r"/channels/[0-9a-f-]{36}/access/(#_=_)?$"))  # Facebook adds that
    expect(page.locator("#trial")).to_contain_text("Connected", timeout=doing.HEARD)
    only_there(watch, desk)


def test_x_is_let_in_and_what_was_left_out_is_named(desk: Desk, open_as: Open, again: Again, watch: Watch) -> None:
    handle = doing.once("Parks").replace(" ", "")
    desk.emulator.create_account("x", handle, name=f"Fernhill {handle}")
    page = start(open_as, again, "x")
    enter_app(page, again, "x")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On to X")
    page.wait_for_load_state()
    looking.look_at(page, page.reload(), watch, phone=True)
    page.get_by_role("link", name="Go to the sign-in page").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.locator("main")).to_contain_text("You did not let Parley in on X")
    page.get_by_role("link", name="Begin again").click()
    go(page, desk)
    page.get_by_role("checkbox", name="media.write").uncheck()
    allow(page, handle)
    connected(page, watch, desk)
    expect(page.locator("main")).to_contain_text("Parley may not publish pictures")


def test_a_facebook_page_is_picked_with_the_keyboard(desk: Desk, open_as: Open, again: Again, watch: Watch) -> None:
    names = [doing.once("Pool"), doing.once("Museum")]
    pages = [desk.emulator.create_account("facebook", one.replace(" ", ""), name=one)["id"] for one in names]
    person = doing.once("Inge")
    desk.emulator.create_account(
        "facebook", person.replace(" ", ""), name=person, kind="manager", extra={"pages": pages}
    )
    page = start(open_as, again, "facebook")
    enter_app(page, again, "facebook")
    go(page, desk)
    allow(page, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("Which account?")
    looking.look_at(page, None, watch, phone=True)
    page.get_by_role("radio", name=re.compile(names[0])).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile(names[1]))).to_be_checked()
    page.keyboard.press("Enter")
    connected(page, watch, desk)
    expect(page.get_by_role("heading", level=1)).to_contain_text(names[1])


def test_a_mastodon_server_gets_to_know_parley_by_itself(desk: Desk, open_as: Open, again: Again, watch: Watch) -> None:
    handle = doing.once("pond").replace(" ", "")
    desk.emulator.create_account("mastodon", handle, name=f"Fernhill {handle}")
    page = start(open_as, again, "mastodon")
    go(page, desk)
    allow(page, handle)
    connected(page, watch, desk)
    expect(page.locator("main")).not_to_contain_text("Will not work")
