"""The policy beside the words, and one person who sets a desk up and works alone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import doing
from tests.browser.conftest import Again, Open
from tests.browser.desk import Desk
from tests.browser.test_ways_in import Mailbox

PASSWORD = "heron-weir-and-lantern"  # noqa: S105


def test_can_i_opens_the_clause_beside_the_answer_in_one_key_and_loses_nothing(desk: Desk, open_as: Open) -> None:
    page = open_as("officer", "/calendar/posts/new/")
    text = page.get_by_label("Text", exact=True)
    text.fill("Sports day at the school.")
    text.press("Alt+q")
    expect(page.locator("#ask-q")).to_be_focused()
    page.keyboard.type("photo of child")
    expect(page.locator("#ask-found .ask-title").first).to_have_text("Photos of children need a parent's consent")
    page.keyboard.press("Enter")
    expect(page.locator("#ask-found .clause-beside")).to_contain_text("written consent of a parent")
    expect(text).to_have_value("Sports day at the school.")
    page.keyboard.press("Escape")
    expect(page.locator("#ask")).to_be_hidden()
    expect(text).to_be_focused()


def test_can_i_without_javascript_is_a_page(open_as: Open) -> None:
    page = open_as("officer", "/policy/ask/", java_script_enabled=False)
    page.locator("#ask-page-q").fill("photo of child")
    page.locator("main").get_by_role("button", name="Find").click()
    page.get_by_role("link", name=re.compile("Photos of children")).click()
    expect(page.locator("main")).to_contain_text("written consent of a parent")


def test_one_person_sets_up_with_defaults_then_publishes_and_answers_alone(
    desk: Desk, open_as: Open, again: Again
) -> None:
    mailbox = Mailbox(open_as, "nvit")
    inge = open_as("administrator", "/settings/people/invite/")
    again(inge, "administrator")
    inge.get_by_label("E-mail address").fill(f"{doing.once('solo').replace(' ', '.')}@fernhill.example")
    inge.get_by_role("radio", name=re.compile("Administrator")).check()
    inge.locator("main").get_by_role("button").last.click()
    page = open_as("", mailbox.link())
    page.get_by_label("Your name").fill("Sol Alone")
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()
    for name in ("town", "hours", "pack", "mail"):
        page.goto(f"/set-up/{name}/")
        page.locator("main form").last.get_by_role("button", name=re.compile("go on", re.IGNORECASE)).click()
        expect(page).not_to_have_url(re.compile(f"/{name}/$"))
    page.goto("/set-up/policy/")
    page.get_by_label("I have read both guides").check()
    page.get_by_role("button", name="Adopt and go on").click()
    expect(page).not_to_have_url(re.compile("/policy/$"))
    page.goto("/set-up/colleague/")
    page.get_by_label("I work alone").check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page).not_to_have_url(re.compile("/colleague/$"))
    page.goto("/set-up/channel/")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready")
    for guide in ("policy", "voice"):
        page.goto(f"/policy/guides/{guide}/")
        if page.get_by_role("button", name="Acknowledge").count():
            page.get_by_role("button", name="Acknowledge").click()
    words = doing.once("The pond path is open again")
    page.goto("/calendar/posts/new/")
    doing.write_post(page, words)
    page.get_by_role("checkbox", name=re.compile("Mastodon")).first.check()
    page.get_by_role("button", name="Publish now").click()
    page.locator("main").get_by_role("button", name=re.compile("Publish")).click()
    assert doing.wait_for(lambda: doing.posts_saying(desk, words))
    question = doing.once("When does the library open?")
    message = desk.emulator.say("mastodon", question, by="early_reader")
    page.goto(doing.filed(desk, question))
    page.get_by_label("Your answer to").fill("At nine on weekdays.")
    page.get_by_role("button", name="Send", exact=True).click()
    assert doing.wait_for(lambda: doing.replies_to(desk, message))
