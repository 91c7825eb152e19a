"""The two guided forms: a promise with its day, and a no with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification, User
from accounts.refusals import Invalid
from channels_app import outbox
from engagement import considered, replies, wording
from engagement.considered import Fix, No
from engagement.models import Considered, Conversation, Promise, Reply
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NO = No("money", "the council has no money for trees this year", next_step="Ask again in spring")


@pytest.fixture
def officer() -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    make_town()
    return make_conversation(at=NOON)


def test_the_words_go_behind_what_was_typed_and_can_be_edited(asked, officer):
    draft = considered.compose(asked, NO, "Thank you.", by=officer, now=NOON)
    assert draft.text == (
        "Thank you. Sorry, we can't do that, because the council has no money for trees this year. Ask again in spring."
    )
    changed = "Sorry, no: there is no money this year, the council says."
    assert replies.release(asked, Sending(changed), by=officer, now=NOON).text == changed


def test_a_no_is_not_sent_without_its_reason_until_the_form_is_dropped(asked, officer):
    considered.compose(asked, NO, "", by=officer, now=NOON)
    with pytest.raises(Invalid, match="says no and does not say why any more"):
        replies.release(asked, Sending("Sorry, we can't do that."), by=officer, now=NOON)
    draft = wording.draft_of(asked, officer)
    considered.drop(draft)
    assert replies.release(asked, Sending("Thank you for asking."), by=officer, now=NOON).state == "released"


def test_reasons_are_counted_once_the_answer_is_out(asked, officer):
    draft = considered.compose(asked, NO, "", by=officer, now=NOON)
    replies.release(asked, Sending(draft.text), by=officer, now=NOON)
    everything = Reply.objects.all()
    assert considered.counted(everything, NOON - DAY)[0][2] == 0
    outbox.step(NOON)
    assert considered.counted(everything, NOON - DAY)[0] == ("money", "No money set aside for it", 1)
    assert considered.counted(everything, NOON + DAY)[0][2] == 0


def test_a_fix_begins_when_the_resident_was_told_and_only_once(asked, officer, scripted):
    told = Fix("mend the light", officer, NOON.date() + 3 * DAY, "FE-1", public=False)
    draft = considered.compose(asked, told, "", by=officer, now=NOON)
    assert "We will mend the light by Saturday" in draft.text
    replies.release(asked, Sending(draft.text), by=officer, now=NOON)
    assert Considered.objects.get().opened_at is None
    outbox.step(NOON)
    held = Considered.objects.get()
    assert (held.opened_at, held.owner, held.what, held.public) == (NOON, officer, "mend the light", False)
    considered.settle(held.reply, NOON + DAY)
    assert Considered.objects.get().opened_at == NOON
    begun = Promise.objects.get()
    assert (begun.what, begun.owner, begun.due_on, begun.public) == ("mend the light", officer, told.due_on, False)
    assert begun.reply == held.reply


def test_a_promise_whose_owner_has_left_meanwhile_is_told_of_and_the_answer_stays_out(asked, officer):
    owner = make_user("officer", name="Ada Byrne")
    draft = considered.compose(asked, Fix("mend it", owner, NOON.date() + DAY), "", by=officer, now=NOON)
    replies.release(asked, Sending(draft.text), by=officer, now=NOON)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    outbox.step(NOON)
    assert Reply.objects.get().state == "published"
    assert not Promise.objects.exists()
    assert "nobody is reminded of it" in Notification.objects.get(user=officer, event="promise.yours").words


def test_a_day_that_has_passed_is_no_promise(asked, officer):
    with pytest.raises(Invalid, match="has passed"):
        considered.compose(asked, Fix("mend it", officer, NOON.date() - DAY), "", by=officer, now=NOON)
    assert not Reply.objects.exists()


def test_the_forms_by_their_pages(client: Client, officer, scripted):
    make_town()
    client.force_login(officer)
    now = clock.now().replace(microsecond=0)
    here = make_conversation(make_channel(), at=now - DAY / 24)
    url = reverse("inbox:conversation", args=[here.key])
    empty = client.post(f"{url}no/", {"code": "money", "reason": " ", "alternative": "a bench"})
    assert empty.status_code == 422
    assert "is not sent without its reason" in empty.content.decode()
    assert "a bench" in empty.content.decode()
    assert not Reply.objects.exists()
    gone = client.post(f"{url}no/", {"code": "money", "reason": "there is no money this year"})
    assert gone["Location"] == f"{url}#reply"
    body = client.get(url).content.decode()
    assert "because there is no money this year.</textarea>" in body
    assert "begun with “Sorry, we can&#x27;t, because”" in body
    client.post(f"{url}drop-form/")
    assert not Considered.objects.exists()
    due = (now.date() + 9 * DAY).isoformat()
    told = {"what": "mend the light", "owner": officer.pk, "due_on": due, "public": "on"}
    assert client.post(f"{url}fix/", told).status_code == 302
    assert Considered.objects.get().kind == "fix"
    assert "No such answer in this time" in client.get("/inbox/reasons/").content.decode()
    replies.release(here, Sending(wording.draft_of(here, officer).text), by=officer, now=now)
    outbox.step(now)
    assert Considered.objects.get().opened_at is not None
