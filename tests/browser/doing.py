"""What people do in several stories: hear a resident, write a post, pick a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk

ZONE = ZoneInfo("Europe/London")  # of the trial's town
HEARD = 90_000  # milliseconds until a resident's words must be on the page: read every 15 s, shown every 15 s


def once(words: str) -> str:
    """These words as nobody said them before: the same desk may be used for several runs."""
    return f"{words} {uuid4().hex[:4]}"


def wait_for(found: Callable[[], Any], patience: float = 60) -> Any:
    """What `found` gives as soon as it is not empty."""
    end = time.monotonic() + patience
    while not (result := found()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.3)
    return result


def filed(desk: Desk, words: str) -> str:
    """The address of the conversation in which a resident wrote these words."""
    question = (
        "SELECT c.key FROM engagement_conversation c JOIN engagement_message m ON m.conversation_id = c.id "
        "WHERE m.text LIKE %s ORDER BY m.id DESC"
    )
    return f"/inbox/{wait_for(lambda: desk.one(question, f'%{words}%'), 90)}/"


def replies_to(desk: Desk, message: dict[str, Any]) -> list[dict[str, Any]]:
    """What the public (or the one who wrote in private) sees as the town's answers."""
    return [one for one in desk.emulator.public(message["platform"]) if one["parent"] == message["id"]]


def posts_saying(desk: Desk, words: str) -> list[dict[str, Any]]:
    return [one for one in desk.emulator.public() if words in one["text"] and not one["parent"]]


def picture() -> dict[str, Any]:
    """A drawing to upload."""
    image = Image.new("RGB", (800, 500), "#dbe9ee")
    ImageDraw.Draw(image).ellipse((250, 100, 550, 400), fill="#14746f")
    held = BytesIO()
    image.save(held, "PNG")
    return {"name": "pond.png", "mimeType": "image/png", "buffer": held.getvalue()}


def town_time(ahead: timedelta) -> str:
    """A moment on the town's clocks as a date field holds it, to the second, so that no test waits for a minute."""
    return f"{datetime.now(ZONE) + ahead:%Y-%m-%dT%H:%M:%S}"


ON = ("Fernhill on X", "Fernhill Town Council", "Fernhill on Mastodon")  # what the stories publish on


def write_post(page: Page, text: str) -> None:
    """The fields of the composer that every post needs, and three of the town's channels."""
    for box in page.get_by_role("group", name="Channels").get_by_role("checkbox").all():
        box.set_checked(str(box.locator("xpath=..").text_content()).strip() in ON, force=True)
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_label("Topic").select_option(label="Mill Pond wildlife")
    page.get_by_label("What readers get from it").select_option(index=1)
    page.get_by_label("Objective", exact=True).select_option(index=1)


def toast(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def states(page: Page) -> Locator:
    return page.locator("#standings .state-pill")
