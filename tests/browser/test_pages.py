"""Every page in a real browser: accessible in both colour schemes, well built, and asking nobody but the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import looking
from tests.browser.conftest import Again
from tests.browser.desk import Desk
from tests.browser.pages import ACTS, NO_PAGES, ON_THE_WAY, PAGES, VISITS, Visit, title
from tests.browser.watching import Watch
from tests.test_access import ROUTES

COARSE = 0.25  # of a pixel: nobody sees what is painted here, and painting is a good part of a visit
Tour = Callable[[str], tuple[Page, Watch]]


def test_every_route_is_looked_at_or_has_a_reason() -> None:
    named = [set(PAGES), ON_THE_WAY, set(NO_PAGES), ACTS]
    assert set.union(*named) == set(ROUTES)
    assert sum(map(len, named)) == len(ROUTES)


@pytest.fixture(scope="module")
def tour(
    browser: Browser, browser_context_args: dict[str, Any], state_of: Callable[[str], Any], desk: Desk
) -> Iterator[Tour]:
    """One window for each person, kept from page to page as people do."""
    windows: dict[str, tuple[Page, Watch]] = {}

    def window(role: str) -> tuple[Page, Watch]:
        if role not in windows:
            known = {"storage_state": state_of(role)} if role else {}
            context = browser.new_context(**(browser_context_args | known), device_scale_factor=COARSE)
            watch = Watch(desk.url)
            watch.over(context)
            windows[role] = (context.new_page(), watch)
        return windows[role]

    yield window
    for page, _ in windows.values():
        page.context.close()


@pytest.mark.parametrize("visit", VISITS, ids=title)
def test_page(visit: Visit, desk: Desk, tour: Tour, again: Again) -> None:
    name, wanted = visit
    address = wanted.address(name, desk)
    page, watch = tour(wanted.who)
    watch.begin()
    answer = page.goto(address)
    if "reauthenticate" in page.url and name != "account_reauthenticate":
        again(page, wanted.who)
        expect(page).to_have_url(desk.url + address)
        answer = page.reload()
    assert answer
    assert answer.status == 200, address
    assert page.url == desk.url + address
    whole = PAGES[name][0] is wanted  # whoever else comes to the same page sees it in the same colours
    looking.look_at(page, answer, watch, phone=wanted.phone, frame=wanted.frame and wanted.who != "", dark=whole)
    assert watch.seen == []
