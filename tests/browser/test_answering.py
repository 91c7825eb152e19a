"""Answering residents: once, to whom it is meant, and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import doing
from tests.browser.conftest import Open
from tests.browser.desk import Desk

TWICE = doing.once("Who sweeps the leaves in Orchard Close?")
PRIVATE = doing.once("My daughter is bullied at the youth club. Whom can I talk to?")
PLAIN = doing.once("Can I pay the allotment rent by phone?")
LATE = doing.once("When does the cemetery gate close?")
TOLD = re.compile("answered this while you were writing|once Amara Osei's is out")


@pytest.fixture(scope="module")
def letters(desk: Desk) -> dict[str, dict[str, Any]]:
    """What residents wrote, all at once, so that the tests wait for it only once."""
    say = desk.emulator.say
    return {
        TWICE: say("mastodon", TWICE, by="leaf_watcher"),
        PRIVATE: say("mastodon", PRIVATE, by="worried", visibility="direct"),
        LATE: say("mastodon", LATE, by="evening_visitor"),
        PLAIN: say("x", PLAIN, by="plotholder"),
    }


def opened(desk: Desk, open_as: Open, words: str, role: str = "publisher", **options: Any) -> Page:
    page = open_as(role, doing.filed(desk, words), **options)
    expect(page.locator("#timeline")).to_contain_text(words)
    return page


def test_a_double_click_on_send_gives_one_reply(desk: Desk, open_as: Open, letters: dict[str, Any]) -> None:
    page = opened(desk, open_as, TWICE)
    page.get_by_label("Your answer to").fill("Streets and bins do, next on Thursday.")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    doing.toast(page, "on its way")
    assert doing.wait_for(lambda: doing.replies_to(desk, letters[TWICE]))
    expect(page.locator("#timeline .state-pill")).to_contain_text("Published", timeout=40_000)
    assert len(doing.replies_to(desk, letters[TWICE])) == 1


def test_send_is_heard_while_a_draft_is_being_kept(desk: Desk, open_as: Open, letters: dict[str, Any]) -> None:
    page = opened(desk, open_as, LATE)
    page.route("**/draft/", lambda route: None)  # it is never said to be kept
    with page.expect_request("**/draft/"):
        page.get_by_label("Your answer to").fill("At seven in winter, at nine in summer.")
    page.get_by_role("button", name="Send", exact=True).click()
    doing.toast(page, "on its way")
    assert doing.wait_for(lambda: doing.replies_to(desk, letters[LATE]))


def test_two_colleagues_answer_at_once_and_the_later_one_is_told(desk: Desk, open_as: Open) -> None:
    """The resident gets one answer; the later colleague keeps what was typed and decides."""
    question = doing.once("Do the lights in Weir Street stay on all night?")
    message = desk.emulator.say("mastodon", question, by="night_walker")
    amara, tom = (opened(desk, open_as, question, role) for role in ("publisher", "officer"))
    for page, words in ((amara, "Until one in the morning."), (tom, "No, they go off at one.")):
        page.get_by_label("Your answer to").fill(words)
    amara.get_by_role("button", name="Send", exact=True).click()
    doing.toast(amara, "on its way")
    tom.get_by_role("button", name="Send", exact=True).click()
    expect(tom.locator("#answer-panel")).to_contain_text(TOLD)
    expect(amara.locator("#timeline .state-pill")).to_contain_text("Published", timeout=40_000)
    expect(tom.get_by_label("Your answer to")).to_have_value("No, they go off at one.", timeout=40_000)
    (reply,) = doing.replies_to(desk, message)
    assert "Until one in the morning." in reply["text"]


def test_a_private_message_is_answered_only_privately(desk: Desk, open_as: Open, letters: dict[str, Any]) -> None:
    page = opened(desk, open_as, PRIVATE)
    expect(page.locator(".message[data-private]").first).to_be_visible()
    expect(page.get_by_role("button", name="Send", exact=True)).to_have_count(0)
    page.get_by_label("Your answer to").fill("Please ring the youth team; they listen and tell nobody else.")
    page.get_by_role("button", name="Send privately").click()
    (reply,) = doing.wait_for(lambda: doing.replies_to(desk, letters[PRIVATE]))
    assert reply["visibility"] == "direct"
    assert "@worried" in reply["text"]


def test_answering_works_without_javascript(desk: Desk, open_as: Open, letters: dict[str, Any]) -> None:
    page = opened(desk, open_as, PLAIN, java_script_enabled=False)
    page.get_by_label("Your answer to").fill("Yes, from nine to five on 01632 960 100.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("body")).to_contain_text("on its way")
    (reply,) = doing.wait_for(lambda: doing.replies_to(desk, letters[PLAIN]))
    assert "from nine to five" in reply["text"]
    doing.wait_for(lambda: page.reload() and page.locator("#timeline .state-pill", has_text="Published").count())


def test_an_approver_decides_on_the_phone_and_exactly_her_words_go_out(desk: Desk, open_as: Open) -> None:
    question = doing.once("Are the flats in Mill Lane for people from here?")
    message = desk.emulator.say("mastodon", question, by="flat_hunter")
    tom = opened(desk, open_as, question, "officer")
    tom.get_by_role("button", name="More acts").click()
    tom.get_by_role("link", name="Escalate…").click()
    tom.get_by_label("What is to be decided?").fill("May we say who gets them?")
    tom.get_by_label("The town has no position on it yet").check()
    tom.get_by_label("Your suggestion for the answer").fill("They are let by the housing trust.")
    tom.get_by_role("button", name="Escalate", exact=True).click()
    expect(tom.locator("body")).to_contain_text("Escalated: Ruth Calder decides")
    ruth = open_as("approver", "/sign-off/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    card = ruth.locator("article.to-sign", has_text=question)
    expect(card).to_contain_text("May we say who gets them?")
    card.get_by_text("Edit and approve…").tap()
    card.get_by_label("The answer").fill("The housing trust lets them, by its own list.")
    card.get_by_role("button", name="Save these words and approve").tap()
    expect(ruth.locator("body")).to_contain_text("Signed in your words")
    assert ruth.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    (reply,) = doing.wait_for(lambda: doing.replies_to(desk, message))
    assert "The housing trust lets them, by its own list. ^TB" in reply["text"]
