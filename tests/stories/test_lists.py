"""The lists of words: added by who may, named when double, put away and never lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Town
from policy.models import Topic
from tests.factories import make_town, make_user

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    make_town()
    client = Client()
    client.force_login(make_user(role))
    return client


def test_a_topic_is_added_put_away_and_taken_up_again_on_the_record() -> None:
    client = signed_in("administrator")
    client.post(reverse("desk:add-to-list", args=["topic"]), {"topic-name": "Allotments", "topic-niche": "on"})
    topic = Topic.objects.get(name="Allotments")
    assert topic.niche
    client.post(reverse("desk:put-away", args=["topic", topic.pk]))
    topic.refresh_from_db()
    assert not topic.active
    client.post(reverse("desk:put-away", args=["topic", topic.pk]))
    acts = list(AuditEntry.objects.filter(kind="topic").order_by("id").values_list("act", flat=True))
    assert acts == ["added topic", "put away topic", "took up topic"]


def test_a_word_that_is_there_already_is_named_and_nothing_is_added() -> None:
    client = signed_in("administrator")
    Topic.objects.create(name="Bins")
    answer = client.post(reverse("desk:add-to-list", args=["topic"]), {"topic-name": "Bins"})
    assert answer.status_code == 422
    assert "already exists" in answer.content.decode()
    assert Topic.objects.count() == 1


@pytest.mark.parametrize("pack", ["atlantis", "", "../england"])
def test_only_a_pack_there_is_can_be_chosen(pack: str) -> None:
    client = signed_in("administrator")
    was = Town.here().pack
    assert client.post(reverse("desk:choose-pack"), {"pack": pack}).status_code == 422
    assert Town.here().pack == was


def test_choosing_a_pack_changes_whose_holidays_count() -> None:
    signed_in("administrator").post(reverse("desk:choose-pack"), {"pack": "scotland"})
    assert Town.here().pack == "scotland"


def test_an_officer_changes_no_lists() -> None:
    client = signed_in("officer")
    assert client.post(reverse("desk:add-to-list", args=["label"]), {"label-name": "Mine"}).status_code == 403
    assert client.get(reverse("desk:lists")).status_code == 403


def test_a_list_that_is_not_there_is_not_found() -> None:
    assert signed_in("administrator").post(reverse("desk:add-to-list", args=["users"])).status_code == 404
