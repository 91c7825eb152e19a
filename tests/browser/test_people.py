"""People and their rights in a real browser: training on a phone, a leaver's list, rights in bulk, a passkey."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from accounts import lessons
from tests.browser import looking
from tests.browser.conftest import Again, Open
from tests.browser.desk import Desk
from tests.browser.watching import Watch

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def seen(page: Page, watch: Watch) -> None:
    """Look at it in every width, and go on at the one it had."""
    before = page.viewport_size
    looking.look_at(page, None, watch)
    if before:
        page.set_viewport_size(before)


def answer(page: Page, slug: str, *, right: bool) -> None:
    """Tick the right options of every question, or the first wrong one of each."""
    lesson = next(one.lesson for one in lessons.shipped() if one.slug == slug)
    for n, question in enumerate(lesson.questions):
        wrong = next(m for m in range(len(question.options)) if m not in question.right)
        for place in question.right if right else (wrong,):
            page.locator(f"input[name=q-{n}][value='{place}']").check()
    page.get_by_role("button", name="Hand in").click()


def test_somebody_whose_training_has_lapsed_passes_it_again_on_a_phone(open_as: Open, watch: Watch) -> None:
    page = open_as("untrained", "/training/", **PHONE)
    expect(page.locator("main")).to_contain_text("the right to publish, answer and sign off rests")
    page.get_by_role("link", name="Take: Personal data").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_contain_text("Question 1 has no answer")
    seen(page, watch)
    answer(page, "personal-data", right=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Not yet: Personal data")
    page.get_by_role("link", name="Read it and try again").click()
    answer(page, "personal-data", right=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed: Personal data")
    page.get_by_role("link", name="Back to your training").click()
    expect(page.locator("main")).to_contain_text("You have passed everything your roles ask for.")


def test_a_leavers_list_is_worked_through(open_as: Open, again: Again, watch: Watch) -> None:
    page = open_as("administrator", "/settings/leavers/")
    page.get_by_role("link", name="Petra Lind").click()
    left = page.get_by_role("button", name=re.compile("^Tick off"))
    before = left.count()
    assert before
    left.first.click()
    expect(page.get_by_role("alert")).to_contain_text("Say what proves it.")
    page.get_by_label("What proves it").first.fill("Handed over on Monday, list signed by both")
    left.first.click()
    expect(left).to_have_count(before - 1)
    expect(page.locator("main")).to_contain_text("Handed over on Monday, list signed by both")


def test_many_rights_are_given_and_taken_back(open_as: Open, again: Again, watch: Watch) -> None:
    page = open_as("administrator", "/account/reauthenticate/?next=/settings/people/rights/")
    again(page, "administrator")
    page.get_by_label("Choose Tom Birch").check()
    page.get_by_label("Choose Dev Patel").check()
    page.locator("thead").get_by_label("Parks", exact=True).check()
    page.locator("#id_role").select_option("contributor")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change 2 rights?")
    seen(page, watch)
    page.get_by_role("button", name="Change them").click()
    expect(page.locator("main")).to_contain_text("Rights of 2 people: 2 changed")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)


def test_a_passkey_lets_its_owner_in_without_a_password(desk: Desk, open_as: Open, watch: Watch) -> None:
    """Browsers keep passkeys for names, not for addresses: so by the name localhost."""
    port = desk.url.rsplit(":", 1)[1]
    watch.url = f"http://localhost:{port}"
    page = open_as("", "/account/login/", base_url=watch.url)
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    facts = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    facts |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    key.send("WebAuthn.addVirtualAuthenticator", {"options": facts})
    address, password = desk.people["records officer"]
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/account/second-factor/passkeys/add/")
    seen(page, watch)
    page.get_by_label("Sign in with it alone, without a password").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button").first.click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marcus")
    page.goto("/account/second-factor/passkeys/")
    page.get_by_role("link", name="Remove My passkey").click()
    seen(page, watch)
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("main")).to_contain_text("None yet.")
