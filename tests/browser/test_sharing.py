"""What partners see of a share kit, in a real browser and without a sign-in."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import looking
from tests.browser.conftest import Open
from tests.browser.desk import Desk
from tests.browser.pages import KIT
from tests.browser.watching import Watch


def test_a_partner_opens_a_share_kit_by_its_private_address(desk: Desk, open_as: Open, watch: Watch) -> None:
    amara = open_as("publisher", f"/calendar/campaigns/kits/{desk.one(KIT)}/")
    address = amara.locator("a[href*='/kits/']").last.get_attribute("href") or ""
    page = open_as("", "/" + address.split("/", 3)[-1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Warm rooms this winter")
    looking.look_at(page, page.reload(), watch, phone=True, frame=False)
    assert all(page.locator("img").evaluate_all("all => all.map(one => one.alt)"))
