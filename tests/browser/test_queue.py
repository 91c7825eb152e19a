"""The queue with five thousand open conversations, by the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from playwright.sync_api import Page, expect

from tests.browser import doing
from tests.browser.conftest import Open
from tests.browser.desk import Desk

MANY = 5_000
ADD = """
INSERT INTO engagement_conversation
  (key, channel_id, private, kind, state, outcome, root_id, excerpt, opened_at, last_at, clock, nudged, version)
SELECT gen_random_uuid(), (SELECT min(id) FROM channels_app_channel), false, 'comment', 'open', '', '',
       'Crowded queue, number ' || g, clock_timestamp(), clock_timestamp() + g * interval '1 second', 'none', 0, 1
  FROM generate_series(1, %s) g
"""
HERE = "(SELECT id FROM engagement_conversation WHERE excerpt LIKE 'Crowded queue%')"
REMOVE = [
    f"DELETE FROM engagement_conversation_labels WHERE conversation_id IN {HERE}",
    f"DELETE FROM engagement_attendance WHERE conversation_id IN {HERE}",
    "DELETE FROM engagement_conversation WHERE excerpt LIKE 'Crowded queue%'",
]


@pytest.fixture
def crowded(desk: Desk) -> Iterator[None]:
    """They stand first by newest, and are gone afterwards."""
    with closing(psycopg2.connect(desk.environment["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute(ADD, [MANY])
        connection.commit()
        yield
        for statement in REMOVE:
            cursor.execute(statement)
        connection.commit()


def at(page: Page, number: int) -> None:
    """The row of this conversation is the open one."""
    row = page.locator(".queue-row:has(.row-link[aria-current])")
    expect(row).to_contain_text(f"Crowded queue, number {number}")


@pytest.mark.usefixtures("crowded")
def test_five_thousand_are_worked_through_with_the_keyboard_alone(desk: Desk, open_as: Open) -> None:
    page = open_as("publisher", "/inbox/?tab=team&sort=newest")
    keys = page.keyboard
    expect(page.locator("#queue-tabs")).to_contain_text("99+")
    keys.press("j")
    at(page, MANY)
    keys.press("j")
    at(page, MANY - 1)
    keys.press("k")
    at(page, MANY)
    keys.press("x")
    keys.press("j")
    at(page, MANY - 1)
    keys.press("x")
    expect(page.locator("#picked")).to_have_text("2 ticked")
    keys.press("l")
    expect(page.get_by_role("dialog")).to_contain_text("Add labels to 2 conversations")
    keys.press("Space")
    keys.press("Enter")
    doing.toast(page, "Labelled 2 conversations.")
    expect(page.locator(".queue-pick :checked")).to_have_count(0)
    keys.press("a")
    expect(page.get_by_role("dialog")).to_contain_text("Who has this conversation?")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("e")
    expect(page.get_by_role("dialog")).to_contain_text("Why is this done?")
    keys.press("Space")
    keys.press("Enter")
    doing.toast(page, "Closed.")
    assert (
        desk.one("SELECT count(*) FROM engagement_conversation WHERE excerpt LIKE 'Crowded%' AND state = 'closed'") == 1
    )
    keys.press("/")
    expect(page.locator("#queue-search")).to_be_focused()
    keys.type("crowded queue nowhere")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("q=crowded"))
    expect(page.locator("#queue")).to_contain_text("Nothing fits this filter")


@pytest.mark.usefixtures("crowded")
def test_past_the_last_row_the_next_page_follows(open_as: Open) -> None:
    page = open_as("publisher", "/inbox/?tab=team&sort=newest")
    for _ in range(31):
        page.keyboard.press("j")
    expect(page.get_by_role("link", name="More conversations")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".queue-row").first).to_contain_text(f"number {MANY - 30}")
