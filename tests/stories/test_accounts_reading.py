"""The policy is read before the keys work: the same rule as the guides' own, asked with the rights in one query."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import access
from policy import editing, guides
from policy.models import PolicyChoices
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_rights_rest_for_whoever_has_not_acknowledged_the_guide_in_force() -> None:
    here, later = make_user("officer", joined_at=NOON - 90 * DAY), make_user("officer", joined_at=NOON + DAY)
    assert access.may(here, "answer", NOON)
    version = editing.adopt("policy", date(2027, 11, 1), by=make_user("manager"), now=NOON)
    assert access.may(here, "answer", NOON + 14 * DAY - timedelta(seconds=1))
    for user, now in ((here, NOON + 14 * DAY), (later, NOON + 2 * DAY)):
        assert not guides.acknowledged(user, now)
        assert not access.may(user, "answer", now)
        assert access.may(user, "write_post", now)
        assert user not in access.who_may("answer", now)
        with pytest.raises(access.Untrained, match="not acknowledged the policy"):
            access.require(user, "answer", now)
        guides.acknowledge(version, by=user, now=now)
        assert guides.acknowledged(user, now)
        assert access.may(user, "answer", now)


def test_the_grace_is_the_towns_choice_and_asking_still_costs_one_query() -> None:
    officer = make_user("officer", joined_at=NOON - 90 * DAY)
    editing.adopt("voice", date(2027, 11, 1), by=make_user("manager"), now=NOON)
    PolicyChoices.here()
    PolicyChoices.objects.update(grace_days=3)
    with CaptureQueriesContext(connection) as asked:
        assert access.may(officer, "answer", NOON + 2 * DAY)
    assert len(asked) == 1
    assert not access.may(officer, "answer", NOON + 3 * DAY)
