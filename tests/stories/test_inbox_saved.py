"""Words that are used again: saved replies with fields, and the library of approved answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification, User
from accounts.refusals import Invalid, LostRace
from channels_app import outbox
from channels_app.models import ServiceLink
from engagement import library, picking, replies, saved, signing, wording
from engagement.models import Answer, Conversation, Reply, SavedReply, Used
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation
from tests.factories_replies import make_answer, make_decider, make_saved, make_topic_with_decider
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def officer() -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    make_town(name="Fernhill")
    return make_conversation(author_name="Ken Adeyemi", at=NOON)


def words(text: str = "Bins go out on Thursdays.", **facts) -> library.Words:
    told = {"question": "When is bin day?", "text": text, "topic": None, "review_on": NOON.date() + 90 * DAY}
    return library.Words(**(told | facts))


# --- saved replies ---------------------------------------------------------------------------------------------------


def test_ones_own_are_seen_by_oneself_and_shared_ones_by_all(officer):
    other = make_user("officer")
    own, shared = make_saved(owner=officer), make_saved()
    assert set(saved.visible_to(officer)) == {own, shared}
    assert set(saved.visible_to(other)) == {shared}


def test_shared_ones_are_changed_by_those_with_the_right_over_the_desk(officer):
    shared = make_saved("Old words")
    with pytest.raises(Invalid, match="Shared replies are changed by publishers"):
        saved.keep(saved.Words(shared.name, "New words", True), by=officer, now=NOON, held=shared)
    with pytest.raises(Invalid, match="Shared replies"):
        saved.keep(saved.Words("Mine for all", "Words", True), by=officer, now=NOON)
    with pytest.raises(Invalid, match="Shared replies"):
        saved.put_away(shared, by=officer, now=NOON)
    manager = make_user("manager")
    saved.keep(saved.Words(shared.name, "New words", True), by=manager, now=NOON, held=shared, version=1)
    with pytest.raises(LostRace, match="A colleague changed"):
        saved.keep(saved.Words(shared.name, "Other words", True), by=manager, now=NOON, held=shared, version=1)
    assert SavedReply.objects.get().text == "New words"


def test_a_name_is_used_once(officer):
    saved.keep(saved.Words("Bins", "Words"), by=officer, now=NOON)
    with pytest.raises(Invalid, match="There is a saved reply called “Bins” already"):
        saved.keep(saved.Words("Bins", "Words"), by=officer, now=NOON)
    saved.put_away(SavedReply.objects.get(), by=officer, now=NOON)
    saved.keep(saved.Words("Bins", "Words"), by=officer, now=NOON)


def test_search_finds_every_word_in_name_or_text(officer):
    make_saved("Collected on Thursdays", name="Bin day")
    make_saved("Open until six", name="Library")
    assert [one.name for one in saved.search("thursday bin", officer)] == ["Bin day"]
    assert not saved.search("thursday library", officer)


def test_what_is_put_in_is_filled_and_counted_once_sent(asked, officer):
    ServiceLink.objects.create(name="Bin day", url="https://fernhill.example/bins", next_check_at=NOON)
    held = make_saved("Dear {name}, see {link:bin-day}. {me} at {town}")
    draft = picking.put(asked, "saved", held.key, "Hello ;", 7, by=officer, now=NOON)
    assert draft.text == "Hello Dear Ken Adeyemi, see https://fernhill.example/bins. Dana at Fernhill"
    assert saved.visible_to(officer).values_list("sent", flat=True).get() == 0
    replies.release(asked, Sending(draft.text), by=officer, now=NOON)
    outbox.step(NOON)
    assert saved.visible_to(officer).values_list("sent", flat=True).get() == 1


def test_a_field_with_nothing_to_fill_it_stops_the_answer_and_is_named(asked, officer):
    held = make_saved("Ask {department} about {moon}")
    draft = picking.put(asked, "saved", held.key, "", None, by=officer, now=NOON)
    assert draft.text == "Ask {department} about {moon}"
    with pytest.raises(Invalid, match=r"\{department\}, \{moon\} are not filled in"):
        replies.release(asked, Sending(draft.text), by=officer, now=NOON)
    assert wording.draft_of(asked, officer).text == draft.text
    replies.release(asked, Sending("Ask the parks team about it"), by=officer, now=NOON)


def test_anothers_own_and_what_is_put_away_cannot_be_put_in(asked, officer):
    other = make_saved(owner=make_user("officer"))
    with pytest.raises(Invalid, match="not there any more"):
        picking.put(asked, "saved", other.key, "", None, by=officer, now=NOON)
    with pytest.raises(Invalid, match="not there any more"):
        picking.put(asked, "answer", make_answer("draft").key, "", None, by=officer, now=NOON)


# --- the library -----------------------------------------------------------------------------------------------------


def test_a_sent_answer_becomes_a_draft_and_whoever_has_the_say_approves_it(asked, officer):
    topic, ruth = make_topic_with_decider()
    replies.release(asked, Sending("On Thursdays."), by=officer, now=NOON)
    with pytest.raises(Invalid, match="Only an answer that was sent"):
        library.make(words(), by=officer, now=NOON, source=Reply.objects.get())
    outbox.step(NOON)
    made = library.make(words(topic=topic), by=officer, now=NOON, source=Reply.objects.get())
    assert (made.state, made.review_on) == ("draft", NOON.date() + 90 * DAY)
    made = library.ask(made, by=officer, now=NOON)
    assert Notification.objects.get(user=ruth).event == "reply.answer_to_approve"
    with pytest.raises(Invalid, match="You do not decide on this"):
        library.approve(made, made.version, by=make_user("approver"), now=NOON)
    made = library.approve(made, made.version, by=ruth, now=NOON)
    assert (made.state, made.approver, made.said_by) == ("approved", ruth, "Ruth Calder decides on Bins and recycling.")
    assert list(library.search("thursdays bin")) == [made]


def test_without_anybody_named_nothing_is_asked(officer):
    with pytest.raises(Invalid, match="Nobody is named"):
        library.ask(make_answer("draft", author=officer), by=officer, now=NOON)


def test_nobody_approves_their_own_answer(officer):
    make_decider()
    ruth = make_decider("Parks")
    topic = make_topic_with_decider("Trees")[0]
    held = make_answer("draft", author=library.deciders(topic, NOON)[0][0], topic=topic)
    held = library.ask(held, by=held.author, now=NOON)
    with pytest.raises(Invalid, match="Nobody approves their own words"):
        library.approve(held, held.version, by=held.author, now=NOON)
    assert ruth


def test_words_changed_meanwhile_are_not_approved(officer):
    ruth = make_decider()
    held = library.ask(make_answer("draft", author=officer), by=officer, now=NOON)
    with pytest.raises(LostRace):
        library.approve(held, held.version - 1, by=ruth, now=NOON)
    back = library.send_back(held, "Say from when", held.version, by=ruth, now=NOON)
    assert (back.state, back.why) == ("draft", "Ruth Calder: Say from when")


def test_other_words_take_the_place_of_approved_ones_when_they_are_approved(officer):
    ruth, old = make_decider(), make_answer()
    draft = library.change(old, words("On Fridays now."), old.version, by=officer, now=NOON)
    assert list(library.search("")) == [old]
    draft = library.ask(draft, by=officer, now=NOON)
    new = library.approve(draft, draft.version, by=ruth, now=NOON)
    old.refresh_from_db()
    assert (list(library.search("")), old.state) == ([new], "retired")


def test_an_answer_past_its_review_is_offered_with_a_mark_and_is_signed_before_it_goes_out(asked, officer):
    old = make_answer(review_on=NOON.date() - DAY)
    offer = picking.offers("bin", asked, by=officer, now=NOON)[0]
    assert (offer.overdue, offer.more) == (True, "Review was due on 17 November 2026")
    draft = picking.put(asked, "answer", old.key, "", None, by=officer, now=NOON)
    sent = replies.release(asked, Sending(draft.text), by=officer, now=NOON)
    assert sent.state == "in_review"
    assert "which is past its review of 17 November 2026" in signing.steps_for(sent, NOON)[0].words


def test_one_within_its_review_goes_straight_out_and_is_listed_where_it_was_used(asked, officer):
    held = make_answer()
    draft = picking.put(asked, "answer", held.key, "", None, by=officer, now=NOON)
    assert list(library.used_in(held)) == []
    assert replies.release(asked, Sending(draft.text), by=officer, now=NOON).state == "released"
    assert [one.reply for one in library.used_in(held)] == [draft]
    assert Used.objects.count() == 1


def test_reviews_are_nagged_about_once_a_month_and_renewed_by_whoever_decides(officer):
    ruth = make_decider()
    held = make_answer(review_on=NOON.date() - DAY)
    for _ in range(2):
        library.nag(NOON)
    assert list(Notification.objects.values_list("user", "event")) == [(ruth.pk, "reply.answer_review")]
    with pytest.raises(Invalid, match="You do not decide"):
        library.renew(held, NOON.date() + 90 * DAY, held.version, by=officer, now=NOON)
    library.renew(held, NOON.date() + 90 * DAY, held.version, by=ruth, now=NOON)
    assert not library.is_overdue(Answer.objects.get(), NOON.date())


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def here(client: Client, officer: User, scripted: Scripted):
    make_town(name="Fernhill")
    client.force_login(officer)
    return make_conversation(
        make_channel(), author_name="Ken Adeyemi", at=clock.now().replace(microsecond=0) - DAY / 24
    )


def test_without_javascript_the_words_are_kept_chosen_and_put_in(client, here, officer):
    held = make_saved("Dear {name}, on Thursdays.", name="Bin day")
    url = reverse("inbox:conversation", args=[here.key])
    gone = client.post(f"{url}reply/", {"text": "Thank you.", "go": "pick"})
    assert gone["Location"] == f"{url}pick/"
    body = client.get(f"{url}pick/?q=thursdays").content.decode()
    assert "Dear Ken Adeyemi, on Thursdays." in body
    assert "Thank you." in body
    back = client.post(f"{url}put/", {"offer": f"saved:{held.key}"})
    assert back["Location"] == f"{url}#reply"
    assert "Thank you. Dear Ken Adeyemi, on Thursdays.</textarea>" in client.get(url).content.decode()


def test_with_it_they_come_into_the_box_where_the_cursor_is(client, here):
    held = make_saved("on Thursdays")
    url = reverse("inbox:conversation", args=[here.key])
    asked = {"offer": f"saved:{held.key}", "text": "It is ; as ever", "place": "7"}
    body = client.post(f"{url}put/", asked, headers={"HX-Request": "true"}).content.decode()
    assert "It is on Thursdays as ever</textarea>" in body
    gone = client.post(f"{url}put/", asked | {"offer": "saved:x"}, headers={"HX-Request": "true"})
    assert (gone.status_code, "Choose one of those offered." in gone.content.decode()) == (422, True)


def test_the_pages_of_saved_replies_and_answers(client, here, officer):
    make_saved(name="Bin day")
    late = make_answer(review_on=clock.now().date() - DAY)
    page = client.get("/inbox/saved/").content.decode()
    assert "Bin day" in page
    assert "Not sent yet" in page
    wrong = client.post("/inbox/saved/new/", {"name": "Odd", "text": "Dear {colour}"})
    assert (wrong.status_code, "{colour} is not a field Parley knows" in wrong.content.decode()) == (422, True)
    assert client.post("/inbox/saved/new/", {"name": "Odd", "text": "Dear {name}"}).status_code == 302
    assert SavedReply.objects.get(name="Odd").owner == officer
    assert "Review overdue" in client.get("/inbox/answers/?tab=review").content.decode()
    assert "Its review is overdue" in client.get(f"/inbox/answers/{late.key}/").content.decode()


def test_from_a_sent_answer_to_an_approved_one_by_the_pages(client, here, officer):
    ruth = make_decider()
    url = reverse("inbox:conversation", args=[here.key])
    now = clock.now()
    replies.release(here, Sending("On Thursdays."), by=officer, now=now)
    outbox.step(now)
    assert "Make our answer reusable" in client.get(url).content.decode()
    form = client.get(f"{url}reusable/").content.decode()
    assert "On Thursdays." in form
    told = {"question": "Bin day?", "text": "On Thursdays.", "review_on": (now.date() + 90 * DAY).isoformat()}
    made = client.post(f"{url}reusable/", told)["Location"]
    client.post(f"{made}ask/")
    held = Answer.objects.get()
    assert held.source == Reply.objects.get()
    assert "It waits for Ruth Calder" in client.get(made).content.decode()
    client.force_login(ruth)
    assert client.post(f"{made}approve/", {"version": held.version}).status_code == 302
    assert Answer.objects.get().state == "approved"
