"""What an answer ends with is the channel's to say: in the box, in the count of characters and in what goes out."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid
from channels_app import outbox, sign_offs
from channels_app.models import Channel
from engagement import replies, wording
from engagement.replies import Sending
from policy.checks.house import Manner
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import make_conversation
from tests.factories_voice import change_voice
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TEXT = "On Thursday."


@pytest.fixture
def square(scripted: Scripted) -> Channel:
    return make_channel(name="Fernhill")


@pytest.mark.parametrize(
    ("own", "by_voice", "mark"),
    [
        ("", "any", "^AO"),
        ("", "never", ""),
        ("", "first_name", "– Amara"),
        ("initials", "never", "^AO"),
        ("first_name", "initials", "– Amara"),
        ("never", "initials", ""),
    ],
)
def test_the_channels_word_counts_before_the_voices_in_box_count_and_what_goes_out(
    client: Client, scripted: Scripted, square: Channel, own: str, by_voice: str, mark: str
):
    change_voice(manners={"reply": {"": Manner(), "mastodon": Manner(sign_off=by_voice)}})
    square.sign_off = own
    square.save()
    asked, officer = make_conversation(square, at=NOON), make_user("officer", name="Amara Okafor")
    parent = wording.last_asked(asked)
    assert parent is not None
    added = len(f" {mark}") if mark else 0
    assert wording.measure(parent, TEXT, officer).used == wording.measure(parent, TEXT, officer, "").used + added
    client.force_login(officer)
    page = client.get(reverse("inbox:conversation", args=[asked.key])).content.decode()
    assert ("; signed " in page, f"; signed {mark}<" in page) == (bool(mark), bool(mark))
    replies.release(asked, Sending(TEXT), by=officer, now=NOON + HOUR)
    outbox.step(NOON + HOUR)
    assert scripted.sent[0].text == f"{TEXT} {mark}".strip()


def test_the_channels_page_shows_it_and_an_administrator_changes_it(client: Client, square: Channel):
    client.force_login(make_user("administrator"))
    there, form = reverse("channels:channel", args=[square.key]), reverse("channels:set-sign-off", args=[square.key])
    page = client.get(there).content.decode()
    told = page.partition("<dt>Answers end with</dt><dd>")[2].partition("</dd>")[0]
    assert unescape(told) == "The writer's initials, as our voice says for Scripted"
    page = client.post(form, {"sign_off": "never"}, follow=True).content.decode()
    assert "end with nothing" in page
    assert "<dt>Answers end with</dt><dd>Nothing</dd>" in page
    assert "said what answers end with" in page
    page = client.post(form, {"sign_off": ""}, follow=True).content.decode()
    assert "initials, as our voice says" in unescape(page)


def test_nothing_else_can_be_chosen(client: Client, square: Channel):
    client.force_login(make_user("administrator"))
    answer = client.post(reverse("channels:set-sign-off", args=[square.key]), {"sign_off": "seal"})
    assert answer.status_code >= 400
    with pytest.raises(Invalid):
        sign_offs.choose(square, "seal", by=make_user("administrator"), now=NOON)
    square.refresh_from_db()
    assert square.sign_off == ""
