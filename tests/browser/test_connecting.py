"""Connecting in a browser: from the desk to each platform's own page and back, one person through all the doors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from channels_app.platforms import doors
from tests.browser import doing, looking
from tests.browser.conftest import Again, Open
from tests.browser.desk import Desk
from tests.browser.watching import Watch


@dataclass(frozen=True)
class Person:
    """Whom the platform's page offers to sign in as, and which of their accounts is picked back here, if any."""

    name: str
    account: str = ""


def alone(desk: Desk, platform: str) -> Person:
    """The town's account itself signs in."""
    handle = handle_of("parks")
    desk.emulator.create_account(platform, handle, name=f"Fernhill {handle}")
    return Person(f"Fernhill {handle}")


def with_pages(desk: Desk, platform: str) -> Person:
    """Somebody who manages two pages; the second is wanted."""
    names = [doing.once("Pool"), doing.once("Museum")]
    pages = [desk.emulator.create_account(platform, handle_of(one), name=one)["id"] for one in names]
    person = doing.once("Inge")
    desk.emulator.create_account(platform, handle_of(person), name=person, kind="manager", extra={"pages": pages})
    return Person(person, names[1])


def behind_a_page(desk: Desk, platform: str) -> Person:
    """Instagram's account stands behind a Page, and whoever manages that signs in on Facebook."""
    handle, person = handle_of("pond"), doing.once("Inge")
    desk.emulator.create_account(platform, handle, name=f"Fernhill {handle}")
    desk.emulator.create_account("facebook", handle_of(person), name=person, kind="manager")
    return Person(person, f"@{handle}")


def handle_of(name: str) -> str:
    return (name if " " in name else doing.once(name)).replace(" ", "")


WAYS: dict[str, tuple[Callable[[Desk, str], Person], str]] = {  # who comes, and which right they keep to themselves
    "x": (alone, "media.write"),
    "facebook": (with_pages, "read_insights"),
    "instagram": (behind_a_page, "instagram_manage_messages"),
    "linkedin": (with_pages, ""),
    "youtube": (alone, "https://www.googleapis.com/auth/yt-analytics.readonly"),
    "pinterest": (alone, ""),
    "vimeo": (alone, "interact"),
    "mastodon": (alone, ""),
}


def enter_app(page: Page, again: Again, platform: str) -> None:
    """The practice app's keys, where they are not there yet."""
    button = page.get_by_role("link", name="Enter the app's keys")
    if not button.count():
        return
    button.click()
    again(page, "administrator")
    expect(page.get_by_label("Enter it there exactly like this")).to_have_value(re.compile("/channels/connect/back/$"))
    first, second = page.locator("main input[type=password]").all()[:2]
    app = doors.DOORS[platform].app_platform
    first.fill(f"practice-app-{app}")
    second.fill(f"practice-secret-{app}")
    page.get_by_role("button", name="Keep these keys").click()
    expect(page.locator("body")).to_contain_text("They are not shown again")


def go(page: Page, desk: Desk, platform: str) -> None:
    """Over the last page here, which says what will be asked, to the platform's own."""
    page.get_by_role("button", name="Go on").click()
    asked = page.get_by_role("region", name="What Parley asks for").locator("code")
    expect(asked).to_have_text([scope.name for scope in doors.DOORS[platform].scopes])
    page.get_by_role("link", name="Go to the sign-in page").click()
    expect(page).to_have_url(re.compile(re.escape(desk.environment["EMULATOR_URL"]) + "/_web/"))


def deny(page: Page, desk: Desk, watch: Watch) -> None:
    """The page on the way is fit to be seen, and who does not want to loses nothing."""
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On to X")
    page.wait_for_load_state()
    looking.look_at(page, page.reload(), watch, phone=True)
    page.get_by_role("link", name="Go to the sign-in page").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.locator("main")).to_contain_text("You did not let Parley in on X")
    page.get_by_role("link", name="Begin again").click()


def allow(page: Page, who: str, left_out: str) -> None:
    page.get_by_role("radio", name=re.compile(re.escape(who))).check()
    if left_out:
        page.get_by_role("checkbox", name=left_out, exact=True).uncheck()
    page.get_by_role("button", name="Allow").click()


def pick(page: Page, account: str) -> None:
    """With the keyboard alone."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Which account?")
    offered = page.locator("main").get_by_role("radio").all()
    wanted = page.get_by_role("radio", name=re.compile(re.escape(account)))
    offered[0].focus()
    page.keyboard.press("Space")
    for _ in offered:
        if wanted.is_checked():
            break
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()
    page.keyboard.press("Enter")


def granted(page: Page, platform: str, left_out: str) -> None:
    """What was granted is held against what is needed, in words."""
    rights = doors.DOORS[platform].scopes
    expect(page.locator("#trial")).to_contain_text("Connected", timeout=doing.HEARD)
    given, lacking = page.get_by_role("region", name="Granted"), page.get_by_role("region", name="Will not work")
    expect(given.locator("code")).to_have_text([one.name for one in rights if one.name != left_out])
    for one in rights:
        kept = one.name == left_out
        expect(lacking if kept else given).to_contain_text(f"Parley may not {one.words}" if kept else one.words[1:])
    assert lacking.count() == bool(left_out)


def test_every_platform_lets_parley_in_and_what_was_left_out_is_named(
    desk: Desk, open_as: Open, again: Again, watch: Watch
) -> None:
    assert set(WAYS) == set(doors.DOORS)
    page = open_as("administrator", "/channels/connect/")
    found: dict[str, tuple[str, Person]] = {}
    for platform, (who, left_out) in WAYS.items():
        person = who(desk, platform)
        page.goto(f"/channels/connect/{platform}/")
        again(page, "administrator")
        enter_app(page, again, platform)
        if platform == "x":
            deny(page, desk, watch)
        go(page, desk, platform)
        allow(page, person.name, left_out)
        if person.account:
            if platform == "facebook":
                expect(page.get_by_role("heading", level=1)).to_have_text("Which account?")
                looking.look_at(page, None, watch, phone=True)
            pick(page, person.account)
        expect(page).to_have_url(re.compile(r"/channels/[0-9a-f-]{36}/access/(#_=_)?$"))  # Facebook adds that
        found[platform] = (page.url, person)
    for platform, (address, person) in found.items():  # their keys were tried meanwhile
        page.goto(address)
        granted(page, platform, WAYS[platform][1])
        expect(page.get_by_role("heading", level=1)).to_contain_text(person.account)
    # The platform's page is another host; nothing else may have been one.
    watch.seen[:] = [one for one in watch.seen if f"{desk.environment['EMULATOR_URL']}/_web/" not in one]
