"""One running desk for all browser tests, a sign-in for each role, and a watch on everything a page does."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import desk as desks
from tests.browser.desk import Desk
from tests.browser.watching import Watch

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"),
    "--force-color-profile=srgb",
]
Open = Callable[..., Page]
Again = Callable[[Page, str], None]
expect.set_options(timeout=30_000)  # a page asks for news every 15 s, and many share two processors here


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium without a window of its own takes less than half the work; where it is not installed, the whole one."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return browser_type_launch_args | {"executable_path": program, "args": FLAGS}


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The trial, freshly made; PARLEY_DESK names the home of one that runs already, to be used instead."""
    if running := os.environ.get("PARLEY_DESK"):
        yield desks.met(Path(running))
        return
    with desks.running(tmp_path_factory.mktemp("desk") / "home") as started:
        yield started


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], desk: Desk) -> dict[str, Any]:
    return browser_context_args | {
        "base_url": desk.url,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def state_of(browser: Browser, desk: Desk) -> Callable[[str], Any]:
    """The cookies of somebody with this role, signed in once in a run."""
    known: dict[str, Any] = {}

    def state(role: str) -> Any:
        if role not in known:
            context = browser.new_context(base_url=desk.url)
            sign_in(context.new_page(), *desk.people[role])
            known[role] = context.storage_state()
            context.close()
        return known[role]

    return state


def sign_in(page: Page, address: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"://[^/]+/$"))


@pytest.fixture(scope="session")
def again(desk: Desk) -> Again:
    """Types the password once more where a page asks for it before a grave act."""

    def typed(page: Page, role: str) -> None:
        if "reauthenticate" in page.url:
            page.get_by_label("Password").fill(desk.people[role][1])
            page.locator("main").get_by_role("button").click()

    return typed


@pytest.fixture
def watch(desk: Desk) -> Iterator[Watch]:
    """Fails the test for whatever a page did that no page may do."""
    watch = Watch(desk.url)
    yield watch
    assert watch.seen == []


@pytest.fixture
def open_as(
    browser: Browser, browser_context_args: dict[str, Any], state_of: Callable[[str], Any], watch: Watch
) -> Iterator[Open]:
    """`open_as("publisher", "/inbox/")`: a page of a browser in which that person is signed in; "" is a stranger."""
    contexts: list[BrowserContext] = []

    def opened(role: str, path: str = "/", **options: Any) -> Page:
        known = {"storage_state": state_of(role)} if role else {}
        context = browser.new_context(**(browser_context_args | known | options))
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
