"""When something is wrong: publishing stopped by hand, keys that do not work, no connection to the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import doing
from tests.browser.conftest import Again, Open
from tests.browser.desk import Desk
from tests.browser.watching import Watch


@pytest.fixture
def goes_on(open_as: Open, again: Again) -> Iterator[None]:
    """Whatever happens in the test, publishing goes on before and after it."""

    def resume() -> None:
        page = open_as("manager", "/channels/")
        button = page.get_by_role("button", name="Let publishing go on")
        if button.count():
            press(page, button, again, "manager")

    resume()
    yield
    resume()


def press(page: Page, button: Locator, again: Again, role: str) -> None:
    """What is well protected wants a password given lately, and then the button once more; no word is lost by it."""
    button.click()
    page.wait_for_load_state()
    if "reauthenticate" in page.url:
        again(page, role)
        button.click()


def test_all_publishing_is_stopped_and_resumed(desk: Desk, open_as: Open, again: Again, goes_on: None) -> None:
    page = open_as("publisher", "/channels/")
    stop = page.get_by_role("button", name="Stop all publishing now")
    page.get_by_text("Stop all publishing", exact=True).click()
    page.get_by_label("Reason").fill("A false post went round.")
    press(page, stop, again, "publisher")
    expect(page.locator(".band")).to_contain_text("A false post went round.")
    text = doing.once("The market is on Saturday as always.")
    planned(page, text)
    page.wait_for_timeout(9_000)
    assert doing.posts_saying(desk, text) == []
    expect(doing.states(page).first).not_to_contain_text("Published")

    manager = open_as("manager", "/channels/")
    expect(manager.locator("main")).to_contain_text("A false post went round.")
    press(manager, manager.get_by_role("button", name="Let publishing go on"), again, "manager")
    doing.toast(manager, "Publishing goes on.")
    expect(manager.locator(".band")).to_have_count(0)
    for pill in doing.states(page).all():
        expect(pill).to_contain_text("Published", timeout=60_000)
    assert len(doing.posts_saying(desk, text)) == 3


def planned(page: Page, text: str) -> None:
    page.goto("/calendar/posts/new/")
    doing.write_post(page, text)
    page.get_by_label("Day and time").fill(doing.town_time(timedelta(seconds=6)))
    page.get_by_role("button", name="Schedule").click()
    doing.toast(page, "Scheduled for")


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("social.fernhill.example", "does not accept this access token"),
        ("10.0.0.7", "practice"),
        ("mastodon.social", "practice"),
    ],
)
def test_a_channel_with_wrong_keys_or_a_wrong_server_gets_a_sentence(
    open_as: Open, again: Again, host: str, words: str
) -> None:
    page = open_as("administrator", "/channels/connect/mastodon/")
    again(page, "administrator")
    page.get_by_text("I have a token").click()
    form = page.locator("details", has_text="I have a token")
    form.get_by_label("Name in Parley").fill("Second account")
    form.get_by_label("Server").fill(host)
    form.get_by_label("Access token").fill("wrong-token-wrong-token")
    form.get_by_role("button", name="Connect").click()
    said = page.locator("main .notice[data-tone=alarm], main [role=alert]")
    expect(said).to_contain_text(words, timeout=30_000, ignore_case=True)
    assert "wrong-token" not in page.content()


def test_a_lost_connection_is_said_and_words_stay(desk: Desk, open_as: Open, watch: Watch) -> None:
    page = open_as("publisher", "/calendar/posts/new/")
    watch.offline = True
    page.context.set_offline(True)
    page.get_by_label("Text", exact=True).fill("Typed while the line was down.")
    expect(page.locator("#lost")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#lost")).to_be_hidden()
    doing.toast(page, "Connected again.")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Typed while the line was down.")
