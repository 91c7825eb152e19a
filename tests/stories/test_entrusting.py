"""Whose matter a conversation is: what a rule said is shown, can be changed and taken back, and is looked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.refusals import IllegalMove, Invalid
from engagement import entrusting, handing
from engagement.models import Conversation
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import fresh, make_conversation
from tests.factories_listening import make_rule
from tests.factories_replies import make_department, make_handed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def publisher(client: Client):
    user = make_user("publisher", name="Amara Osei")
    client.force_login(user)
    return user


def test_what_a_rule_said_is_shown_changed_and_taken_back_on_the_page(client: Client, publisher):
    parks, roads = make_department("Parks")[0], make_department("Roads")[0]
    make_rule("bin*", department=parks)
    conversation = make_conversation(text="The bins are full")
    page = reverse("inbox:conversation", args=[conversation.key])
    act = reverse("inbox:entrust", args=[conversation.key])
    assert fresh(conversation).department == parks
    assert f'<dd>Parks · <a href="{act}' in client.get(page).content.decode()
    assert "Whose matter is this?" in client.get(act).content.decode()
    client.post(act, {"to": roads.pk})
    assert fresh(conversation).department == roads
    queue = reverse("inbox:queue")
    assert "The bins are full" in client.get(f"{queue}?tab=team&department=Roads").content.decode()
    assert "The bins are full" not in client.get(f"{queue}?tab=team&department=Parks").content.decode()
    client.post(act, {"to": ""})
    assert fresh(conversation).department is None
    told = client.get(page).content.decode()
    assert "Amara Osei set the department to Roads" in told
    assert "Amara Osei set the department to none" in told
    kept = AuditEntry.objects.filter(act="entrusted").order_by("pk").values_list("data", flat=True)
    assert list(kept) == [{"was": "Parks", "became": "Roads"}, {"was": "Roads", "became": "none"}]


def test_a_department_that_is_asked_keeps_it_until_it_has_answered(client: Client, publisher):
    parks, lena = make_department("Parks")
    conversation = make_conversation(at=NOON - HOUR)
    asked = make_handed(conversation=conversation, department=parks)
    Conversation.objects.filter(pk=conversation.pk).update(department=parks)
    with pytest.raises(IllegalMove, match="Parks is asked here and has not answered yet"):
        entrusting.entrust(conversation, None, by=publisher, now=NOON)
    wrong = client.post(reverse("inbox:entrust", args=[conversation.key]), {"to": ""})
    assert wrong.status_code == 422
    assert "Take the question back first." in wrong.content.decode()
    handing.answer(asked, "On Monday.", by=lena, now=NOON)
    roads = make_department("Roads")[0]
    before = fresh(conversation).version
    assert entrusting.entrust(conversation, roads, by=publisher, now=NOON).department == roads
    assert fresh(conversation).version == before + 1


def test_only_a_department_that_is_there_can_have_it(publisher):
    gone = make_department("Pool")[0]
    type(gone).objects.filter(pk=gone.pk).update(closed_at=NOON)
    gone.refresh_from_db()
    for scope in (gone, make_channel().scope):
        with pytest.raises(Invalid):
            entrusting.entrust(make_conversation(), scope, by=publisher, now=NOON)
