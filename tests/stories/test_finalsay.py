"""Who has the final say is a named person, at every moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from policy import finalsay
from policy.models import FinalSay

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def someone(name: str, active: bool = True) -> User:
    return User.objects.create_user(f"{name.lower()}@town.example", name, is_active=active)


def test_the_row_in_force_decides_and_names_the_deputy():
    ana, ben, cy = someone("Ana"), someone("Ben"), someone("Cy")
    then = NOON - timedelta(days=30)
    FinalSay.objects.create(subject="planning", holder=cy, starts_at=then - timedelta(days=9), ends_at=then)
    FinalSay.objects.create(subject="planning", holder=ana, deputy=ben, starts_at=then)
    answer = finalsay.who("planning", NOON)
    assert (answer.holder, answer.deputy, answer.why) == (ana, ben, "Ana decides on planning.")
    assert finalsay.who("planning", then - timedelta(days=1)).holder == cy


def test_a_subject_without_a_name_falls_to_whoever_decides_on_anything_else():
    assert finalsay.who("parking", NOON).holder is None
    ana = someone("Ana")
    FinalSay.objects.create(subject=finalsay.ANYTHING, holder=ana, starts_at=NOON)
    assert finalsay.who("parking", NOON).holder == ana


def test_the_deputy_decides_when_the_holder_has_left():
    gone, ben = someone("Ana", active=False), someone("Ben")
    FinalSay.objects.create(subject="planning", holder=gone, deputy=ben, starts_at=NOON)
    assert finalsay.who("planning", NOON).holder == ben
    FinalSay.objects.create(subject="parks", holder=gone, starts_at=NOON)
    assert finalsay.who("parks", NOON).holder is None
