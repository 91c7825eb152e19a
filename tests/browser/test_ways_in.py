"""The pages one reaches only by doing something first: invitation, new password, second factor, refusals, errors."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from tests.browser import doing, looking
from tests.browser.conftest import Again, Open, sign_in
from tests.browser.desk import Desk
from tests.browser.watching import Watch


class Mailbox:
    """The practice mailbox, and what comes into it from now on."""

    def __init__(self, open_as: Open, subject: str) -> None:
        self.page = open_as("administrator", "/mailbox/")
        self.letters = self.page.locator("details", has=self.page.locator("summary", has_text=subject))
        self.known = self.letters.count()

    def link(self) -> str:
        """The address of the desk in the next letter."""
        doing.wait_for(lambda: self.page.reload() and self.letters.count() > self.known)
        link = self.letters.first.locator("a").first.get_attribute("href")
        return re.sub(r"^https?://[^/]+", "", link or "")


def code(secret: str) -> str:
    """What an authenticator shows now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mixed = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = mixed[-1] & 15
    return f"{(struct.unpack('>I', mixed[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def seen(page: Page, watch: Watch, *, frame: bool = True) -> None:
    looking.look_at(page, page.reload(), watch, frame=frame)


def test_an_invited_person_comes_in(desk: Desk, open_as: Open, again: Again, watch: Watch) -> None:
    mailbox = Mailbox(open_as, "nvit")
    inge = open_as("administrator", "/settings/people/invite/")
    again(inge, "administrator")
    address = f"{doing.once('new').replace(' ', '.')}@fernhill.example"
    inge.get_by_label("E-mail address").fill(address)
    inge.get_by_role("radio", name=re.compile("Contributor")).check()
    inge.locator("main").get_by_role("button").last.click()
    expect(inge.locator("main")).to_contain_text(address)
    page = open_as("", mailbox.link())
    seen(page, watch, frame=False)
    page.get_by_label("Your name").fill("Nora New")
    for box in page.locator("input[type=password]").all():
        box.fill("heron-weir-and-lantern")
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nora New")


def test_a_forgotten_password(desk: Desk, open_as: Open, watch: Watch) -> None:
    mailbox = Mailbox(open_as, "assword")
    page = open_as("", "/account/password/reset/")
    page.get_by_label("E-mail address").fill(desk.people["contributor"][0])
    page.locator("main").get_by_role("button").click()
    expect(page).to_have_url(re.compile("/password/reset/done/"))
    page.goto(mailbox.link())
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a new password")
    looking.look_at(page, None, watch, frame=False)
    page.goto("/account/password/reset/key/1-never-was/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    looking.look_at(page, None, watch, frame=False)


def test_the_second_factor(desk: Desk, open_as: Open, watch: Watch) -> None:
    address, password = desk.people["records officer"]
    page = open_as("", "/account/login/")
    sign_in(page, address, password)
    page.goto("/account/second-factor/set-up/")
    seen(page, watch)
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("main")).not_to_contain_text("Not set up")
    try:
        for path in ("", "recovery-codes/new/", "recovery-codes/", "again/", "remove/"):
            looking.look_at(page, page.goto(f"/account/second-factor/{path}"), watch, frame=path != "again/")
        other = open_as("", "/account/login/")
        other.get_by_label("E-mail address").fill(address)
        other.get_by_label("Password").fill(password)
        other.get_by_role("button", name="Sign in", exact=True).click()
        expect(other).to_have_url(re.compile("/account/second-factor/code/"))
        seen(other, watch, frame=False)
    finally:
        page.goto("/account/second-factor/remove/")
        page.get_by_role("button", name="Remove it").click()
    expect(page.locator("main")).to_contain_text("Not set up")


def test_signing_out(desk: Desk, open_as: Open, watch: Watch) -> None:
    page = open_as("", "/account/login/")
    sign_in(page, *desk.people["records officer"])
    page.goto("/account/logout/")
    seen(page, watch, frame=False)
    page.get_by_role("button", name="Sign out").click()
    page.goto("/")
    expect(page).to_have_url(re.compile("/account/login/"))


STRAYED = [("publisher", "/nowhere/"), ("contributor", "/settings/"), ("", "/nowhere/")]


@pytest.mark.parametrize(("who", "path"), STRAYED)
def test_what_is_not_there_or_not_allowed_is_said_on_a_page_of_ours(
    open_as: Open, watch: Watch, who: str, path: str
) -> None:
    page = open_as(who, path)
    looking.look_at(page, None, watch, frame=page.locator("nav.rail").count() > 0)
    expect(page.locator("main a:visible").first).to_be_visible()


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "429.html", "500.html"])
def test_error_pages(desk: Desk, open_as: Open, watch: Watch, name: str) -> None:
    """Shown without a database or a session; here under the desk's own address, so that its styles are found."""
    page = open_as("", "/health/live")
    body = render_to_string(name)
    page.route("**/error/", lambda route: route.fulfill(status=200, content_type="text/html", body=body))
    looking.look_at(page, page.goto("/error/"), watch, frame=False)
