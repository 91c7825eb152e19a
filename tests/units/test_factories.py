"""The factories make things the database accepts."""

from __future__ import annotations

import pytest

from channels_app.models import Delivery
from tests.factories import give, make_approval, make_channel, make_delivery, make_town, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [key for key, _ in Delivery.STATES])
def test_a_delivery_can_be_made_in_every_state(state: str) -> None:
    assert make_delivery(state).state == state


def test_the_cast_can_be_made() -> None:
    assert make_town(zone="Europe/Paris").zone == "Europe/Paris"
    assert make_user().grants.count() == 0
    officer = make_user("officer", scope=make_channel("x").scope)
    give(officer, "approver")
    assert {grant.role for grant in officer.grants.all()} == {"officer", "approver"}
    assert make_approval(by=officer).by == officer
