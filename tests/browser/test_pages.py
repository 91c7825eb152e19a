"""Every page in a real browser: accessible in both colour schemes, well built, and asking nobody but the desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import looking
from tests.browser.conftest import Again, Open
from tests.browser.desk import Desk
from tests.browser.pages import ACTS, NO_PAGES, ON_THE_WAY, PAGES, VISITS, Visit, title
from tests.browser.watching import Watch
from tests.test_access import ROUTES


def test_every_route_is_looked_at_or_has_a_reason() -> None:
    named = [set(PAGES), ON_THE_WAY, set(NO_PAGES), ACTS]
    assert set.union(*named) == set(ROUTES)
    assert sum(map(len, named)) == len(ROUTES)


@pytest.mark.parametrize("visit", VISITS, ids=title)
def test_page(visit: Visit, desk: Desk, open_as: Open, again: Again, watch: Watch) -> None:
    name, wanted = visit
    address = wanted.address(name, desk)
    page = open_as(wanted.who, "/health/live")
    answer = page.goto(address)
    if "reauthenticate" in page.url and name != "account_reauthenticate":
        again(page, wanted.who)
        expect(page).to_have_url(desk.url + address)
        answer = page.reload()
    assert answer
    assert answer.status == 200, address
    assert page.url == desk.url + address
    looking.look_at(page, answer, watch, phone=wanted.phone, frame=wanted.who != "")
