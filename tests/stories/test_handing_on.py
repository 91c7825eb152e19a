"""Somebody leaves: what they had in the inbox is somebody else's at once, or a named thing to be done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import leaving
from accounts.models import Departure, Notification, User
from engagement import handling
from engagement.models import Conversation, Decision, Handed, Note, Promise, Reply
from tests.factories import NOON, give, make_channel, make_town, make_user
from tests.factories_asking import make_suggestion
from tests.factories_deciding import make_decision, make_say
from tests.factories_inbox import fresh, make_conversation, make_incoming, receive
from tests.factories_listening import make_rule
from tests.factories_promises import make_promise
from tests.factories_relations import make_outreach_place, make_relationship
from tests.factories_replies import make_department, make_handed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def admin(db) -> User:
    make_town(zone="UTC", pack="none")
    return make_user("administrator", name="Inge Larsson")


@pytest.fixture
def tom(admin) -> User:
    return make_user("officer", name="Tom Birch")


def left(user: User, admin: User) -> Departure:
    return leaving.leave(user, by=admin, now=NOON)


def to_do(departure: Departure) -> str:
    return " | ".join(departure.tasks.values_list("words", flat=True))


def test_conversations_and_what_was_begun_go_back_to_everybody_and_each_is_named(admin, tom):
    channel = make_channel(name="Fernhill")
    one, done = make_conversation(channel, "Where is my bin?"), make_conversation(channel, "Thank you")
    for home in (one, done):
        handling.assign(home, tom, by=tom, now=NOON)
    handling.close(done, "thanks", by=tom, now=NOON)
    facts = {"author": tom, "visibility": "public", "at": NOON}
    Reply.objects.create(conversation=one, parent=one.messages.get(), text="It comes on Friday.", **facts)
    departure = left(tom, admin)
    assert fresh(one).assignee is None
    assert f"Back to everybody, on {channel}: “Where is my bin?”" in departure.done_here
    note = Note.objects.get(conversation=one)
    assert (note.author, note.text) == (admin, "Tom Birch, who has left, had begun to answer: It comes on Friday.")
    assert fresh(done).assignee == tom
    receive(channel, make_incoming("And when?", parent_id=done.messages.get().remote_id, at=NOON + HOUR))
    assert (fresh(done).state, fresh(done).assignee) == ("open", None)


def test_a_promise_is_given_to_whoever_has_the_conversation_else_to_a_manager_who_is_told(admin, tom):
    amara, manager = make_user("publisher", name="Amara Osei"), make_user("manager", name="Dev Patel")
    taken, free = make_conversation(), make_conversation()
    handling.assign(taken, amara, by=amara, now=NOON)
    first, second = (make_promise(home, by=tom, what=what) for home, what in ((taken, "A lamp"), (free, "A bench")))
    done = left(tom, admin).done_here
    assert [Promise.objects.get(pk=row.pk).owner for row in (first, second)] == [amara, manager]
    assert "Amara Osei sees to this promise now, due 20 November: “A lamp”" in done
    assert "Dev Patel sees to this promise now, due 20 November: “A bench”" in done
    assert [note.user for note in Notification.objects.filter(event="promise.yours").order_by("pk")] == [amara, manager]


def test_a_promise_without_an_heir_is_a_thing_to_be_done(admin, tom):
    row = make_promise(make_conversation(), by=tom)
    assert f"Find somebody who keeps this promise, due 20 November: “{row}”" in to_do(left(tom, admin))


def test_what_a_department_was_asked_comes_back_to_somebody_who_is_there(admin, tom):
    amara, (parks, _) = make_user("publisher", name="Amara Osei"), make_department("Parks")
    row = make_handed(department=parks, asked_by=tom)
    departure = left(tom, admin)
    assert Handed.objects.get().back_to == amara
    assert f"What Parks was asked comes back to Amara Osei: “{row}”" in departure.done_here
    assert Notification.objects.get(user=amara, event="inbox.handed_back").url == f"/inbox/handed/{row.key}/"


def test_a_department_whose_last_one_leaves_is_named_with_what_waits_there(admin, tom):
    parks, lena = make_department("Parks")
    make_handed(department=parks, asked_by=tom)
    other = make_user(name="Ola")
    assert "Give somebody a right over Parks: nobody is left there" in to_do(left(lena, admin))
    second = make_user(name="Mo")
    for one in (other, second):
        give(one, "contributor", parks)
    departure = left(second, admin)
    assert "Parks" not in to_do(departure)
    assert any(words.startswith("This question to Parks is answered by Ola:") for words in departure.done_here)


def test_what_lay_with_them_to_decide_moves_on_at_once(admin, tom):
    ruth, dev = make_user("approver", name="Ruth Calder"), make_user("approver", name="Noor Haddad")
    make_say("Housing", holder=ruth, deputy=dev)
    row = make_decision(subject="Housing", by=tom)
    rehearsed = leaving.rehearse(ruth, by=admin, now=NOON)
    assert Decision.objects.get().holder == ruth
    said = f"Noor Haddad decides on this now: “{row}”"
    assert said in rehearsed.done_here
    assert said in left(ruth, admin).done_here
    assert Decision.objects.get().holder == dev
    assert "Find somebody who may sign answers" in to_do(left(dev, admin))


def test_what_they_asked_to_be_decided_needs_another_asker(admin, tom):
    ruth = make_user("approver", name="Ruth Calder")
    make_say("Housing", holder=ruth)
    row = make_decision(subject="Housing", by=tom)
    assert f"Ask in your own name what they asked Ruth Calder; signed, it would not go out: “{row}”" in to_do(
        left(tom, admin)
    )


def test_what_they_looked_after_is_named_one_by_one(admin, tom):
    make_relationship("Food bank", by=tom)
    make_suggestion(by=tom)
    make_rule("bin*", assignee=tom, name="Bins")
    make_rule("road*", notify=[tom], name="Roads")
    place = make_outreach_place(by=tom)
    departure = left(tom, admin)
    for words in (
        "Choose who keeps in touch with Food bank instead of Tom Birch.",
        "Choose who looks after this idea instead of Tom Birch: “Why not put a tap on the green?”",
        "Change the rule “Bins”: it gives conversations to Tom Birch.",
        "Change the rule “Roads”: it tells Tom Birch.",
    ):
        assert words in to_do(departure), words
    assert f"They are off the list of those who write at {place}." in departure.done_here
    assert not place.may_post.exists()


def test_a_rehearsal_says_the_same_and_changes_nothing(admin, tom):
    make_user("manager", name="Dev Patel")
    home = make_conversation()
    handling.assign(home, tom, by=tom, now=NOON)
    make_promise(home, by=tom)
    make_handed(conversation=home, department=make_department()[0], asked_by=tom, back_to=tom)
    before = (fresh(home), Promise.objects.get().owner, Handed.objects.get().back_to)
    drill = leaving.rehearse(tom, by=admin, now=NOON)
    assert (fresh(home), Promise.objects.get().owner, Handed.objects.get().back_to) == before
    assert Conversation.objects.get(pk=home.pk).assignee == tom
    real = left(tom, admin)
    assert set(drill.done_here) <= set(real.done_here)
