"""A question to a department: asked with a day, answered for the desk, brought back to whoever writes the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification, User
from accounts.refusals import Invalid, NotAllowed
from engagement import handing
from engagement.handing import Question
from engagement.models import Conversation, Handed, Message
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation
from tests.factories_replies import make_department, make_handed
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def officer() -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    make_town()
    return make_conversation(text="When is the path mended?", at=NOON)


def question(department, officer, **facts) -> Question:
    told = {"question": "When does the crew come?", "due_at": NOON + DAY, "back_to": officer}
    return Question(department, **(told | facts))


def events(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("id").values_list("event", flat=True))


def test_it_goes_there_is_answered_and_comes_back_and_the_resident_reads_nothing(asked, officer):
    parks, lena = make_department("Parks")
    made = handing.hand(asked, question(parks, officer), by=officer, now=NOON)
    assert (events(lena), fresh(asked).department) == (["inbox.handed"], parks)
    handing.answer(made, "Next Thursday, weather permitting.", by=lena, now=NOON + HOUR)
    made.refresh_from_db()
    assert (made.state, made.answered_by, fresh(asked).department) == ("answered", lena, None)
    assert events(officer) == ["inbox.handed_back"]
    assert not Message.objects.filter(ours=True).exists()
    assert fresh(asked).clock == "running"
    handing.finish(made, by=officer, now=NOON + HOUR)
    assert Handed.objects.get().state == "done"


def test_a_department_has_one_open_question_of_a_conversation(asked, officer):
    parks, _ = make_department()
    handing.hand(asked, question(parks, officer), by=officer, now=NOON)
    with pytest.raises(Invalid, match="is asked already"):
        handing.hand(asked, question(parks, officer), by=officer, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_handed(conversation=asked, department=parks)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"question": " "}, "Write what the department"),
        ({"due_at": NOON}, "still to come"),
        ({"due_at": NOON + 100 * DAY}, "within three months"),
    ],
)
def test_what_cannot_be_asked_says_why(asked, officer, facts, words):
    with pytest.raises(Invalid, match=words):
        handing.hand(asked, question(make_department()[0], officer, **facts), by=officer, now=NOON)


def test_it_comes_back_to_somebody_who_answers_here(asked, officer):
    with pytest.raises(NotAllowed, match="does not answer here"):
        handing.hand(asked, question(make_department()[0], make_user("manager")), by=officer, now=NOON)


def test_others_than_the_department_and_the_desk_do_not_see_or_answer_it(asked, officer):
    parks, lena = make_department()
    _, other = make_department()
    made = handing.hand(asked, question(parks, officer), by=officer, now=NOON)
    seen = [user for user in (lena, other, officer) if Handed.objects.visible_to(user, NOON).exists()]
    assert seen == [lena, officer]
    with pytest.raises(Invalid, match="answer this"):
        handing.answer(made, "Words", by=other, now=NOON)
    with pytest.raises(Invalid, match="Whoever answers the resident decides"):
        handing.take_back(made, by=lena, now=NOON)


def test_what_is_overdue_nags_the_department_daily_and_the_asker_once(asked, officer):
    parks, lena = make_department()
    handing.hand(asked, question(parks, officer), by=officer, now=NOON)
    for hours in (23, 25, 26, 50):
        handing.nag(NOON + hours * HOUR)
    assert events(lena) == ["inbox.handed", "inbox.handed_late", "inbox.handed_late"]
    assert events(officer) == ["inbox.handed_late"]


def test_it_can_be_asked_once_more_and_taken_back(asked, officer):
    parks, lena = make_department()
    made = handing.hand(asked, question(parks, officer), by=officer, now=NOON)
    made = handing.answer(made, "Soon.", by=lena, now=NOON)
    made = handing.ask_again(made, "On which day?", NOON + 2 * DAY, by=officer, now=NOON)
    assert (made.state, made.question) == ("asked", "When does the crew come?\n\nStill open: On which day?")
    assert events(lena) == ["inbox.handed", "inbox.handed"]
    assert handing.take_back(made, by=officer, now=NOON).state == "taken_back"


def test_by_the_pages_from_the_desk_to_the_department_and_back(client: Client, officer, scripted):
    make_town()
    parks, lena = make_department("Parks")
    now = clock.now().replace(microsecond=0)
    here = make_conversation(make_channel(), "Private matter", at=now - HOUR, visibility="direct", kind="direct")
    url = reverse("inbox:conversation", args=[here.key])
    client.force_login(officer)
    assert "Ask a department" in client.get(f"{url}hand/").content.decode()
    due = (now + DAY).strftime("%Y-%m-%dT%H:%M")
    told = {"department": parks.pk, "question": "When?", "due": due, "back_to": officer.pk}
    assert client.post(f"{url}hand/", told).status_code == 302
    made = Handed.objects.get()
    assert "Parks is asked" in client.get(url).content.decode()
    client.force_login(lena)
    mine = client.get("/inbox/handed/").content.decode()
    assert "For you to answer" in mine
    page = client.get(f"/inbox/handed/{made.key}/").content.decode()
    assert "This is not published" in page
    assert "Private matter" not in page
    assert client.get(url).status_code == 403
    empty = client.post(f"/inbox/handed/{made.key}/answer/", {"answer": " "})
    assert (empty.status_code, "Write the answer first" in empty.content.decode()) == (422, True)
    client.post(f"/inbox/handed/{made.key}/answer/", {"answer": "On Thursday."})
    client.force_login(officer)
    body = client.get(url).content.decode()
    assert "Parks answered, for the desk only" in body
    assert "The resident has not read this" in body
    assert "Lena Novak answered for Parks, for the desk only" in body
