"""A colleague who is named in a note is told once, and only one who sees the conversation."""

from __future__ import annotations

import pytest

from accounts.models import Notification
from engagement import handling, mentioning
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import make_conversation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@Ruth Calder is this so?", {"Ruth Calder"}),
        ("Ask @ruth and @Tom Birch, and @Tom Birch again", {"Ruth Calder", "Tom Birch"}),
        ("@tom: which one?", set()),  # two of that name
        ("@Tom Birchwood knows", set()),
        ("write to ruth@fernhill.example", set()),
        ("Ruth Calder knows", set()),
    ],
)
def test_whom_a_note_names(text, whom):
    people = [make_user("officer", name=name) for name in ("Ruth Calder", "Tom Birch", "Tom Webb")]
    assert {one.name for one in mentioning.named(text, people)} == whom


def test_they_are_told_once_and_only_who_sees_it_and_is_not_the_writer():
    conversation, by = make_conversation(), make_user("officer", name="Amara Osei")
    ruth = make_user("approver", name="Ruth Calder")
    make_user("officer", name="Eli Stern", scope=make_channel().scope)
    make_user(name="Nobody Here")
    handling.note(conversation, "@Ruth Calder, @Ruth: so? @Eli Stern @Nobody Here @Amara Osei", by=by, now=NOON)
    told = Notification.objects.get()
    assert (told.user, told.url) == (ruth, f"/inbox/{conversation.key}/")
    assert told.words.startswith("Amara Osei asks you in a note: @Ruth Calder")
