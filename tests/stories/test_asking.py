"""Asking: a question under a post is counted, feeds a call, and its result goes back to each who answered, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from channels_app import outbox
from channels_app.platforms.base import Receipt
from engagement import calls, kickstarts, returning, suggestions, wording
from engagement.models import InputCall, KickStarter, Reply, Returned, Suggestion
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_asking import answer, make_call, make_kickstarter, make_suggestion
from tests.factories_inbox import make_conversation, make_incoming, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def officer(db):
    make_town(zone="UTC")
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def channel(scripted: Scripted):
    return make_channel("mastodon", name="Fernhill Council")


def seat(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- kick-starters ---------------------------------------------------------------------------------------------------


def test_replies_under_the_post_are_counted_once_per_person_until_it_closes(officer, channel):
    one = make_kickstarter(channel, by=officer)
    answer(one, "yes", "ada")
    answer(one, "No, never", "ada", at=NOON + HOUR)
    answer(one, "yes please", "bo")
    answer(one, "maybe", "cy")
    answer(one, "yes", "late", at=one.closes_at + HOUR)
    answer(one, "yes", "di", visibility="private")
    answer(make_kickstarter(channel, by=officer), "yes", "elsewhere")
    found = kickstarts.count(one)
    assert found.bars == [("Yes", 1), ("No", 1)]
    assert (len(found.unclear), len(found.replaced), found.late) == (1, 1, 1)


def test_a_deleted_reply_counts_no_more_and_an_edit_after_closing_changes_nothing(officer, channel):
    one = make_kickstarter(channel, by=officer)
    kept, gone = answer(one, "yes", "ada"), answer(one, "yes", "bo")
    type(gone).objects.filter(pk=gone.pk).update(gone_at=NOON + HOUR)
    kept.versions.create(n=2, text="no", seen_at=one.closes_at + HOUR)
    type(kept).objects.filter(pk=kept.pk).update(text="no", edited_at=one.closes_at + HOUR)
    assert kickstarts.count(one).bars == [("Yes", 1), ("No", 0)]


def test_what_a_person_read_counts_until_the_reply_is_edited(officer, channel):
    one = make_kickstarter(channel, by=officer)
    reply = answer(one, "if it is free, why not", "ada")
    kickstarts.rule(one, reply, "yes", by=officer, now=NOON + HOUR)
    assert kickstarts.count(one).tally.counts == {"yes": 1, "no": 0}
    type(reply).objects.filter(pk=reply.pk).update(edited_at=NOON + 2 * HOUR)
    assert len(kickstarts.count(one).unclear) == 1
    kickstarts.rule(one, reply, "", by=officer, now=NOON + 3 * HOUR)
    assert not one.rulings.exists()
    with pytest.raises(Invalid):
        kickstarts.rule(one, reply, "11", by=officer, now=NOON)
    with pytest.raises(Invalid):
        kickstarts.rule(one, answer(make_kickstarter(channel), "yes"), "yes", by=officer, now=NOON)


def test_a_post_carries_one_question_and_only_those_who_work_there_ask_it(officer, channel):
    one = make_kickstarter(channel, by=officer)
    post = kickstarts.find_post(channel.key, one.remote_id, officer, NOON)
    with pytest.raises(LostRace):
        kickstarts.put(post, "scale", "How good?", NOON.date(), None, by=officer, now=NOON)
    with pytest.raises(Invalid):
        kickstarts.put(post, "scale", "How good?", NOON.date() - DAY, None, by=officer, now=NOON)
    stranger = make_user("officer", scope=make_channel().scope)
    assert kickstarts.find_post(channel.key, one.remote_id, stranger, NOON) is None
    with pytest.raises(NotAllowed):
        kickstarts.close(one, by=stranger, now=NOON)


def test_the_page_always_says_that_the_answers_stand_for_nobody_else(officer, channel):
    one = make_kickstarter(channel, shape="scale", by=officer)
    desk = seat(officer)
    for text in ("", "8/10"):
        if text:
            answer(one, text)
        page = desk.get(reverse("inbox:kickstarter", args=[one.key])).content.decode()
        assert "They do not stand for the whole town" in page
        assert "the last clear one" in page
    assert "8.0 of 10 on average" in page
    table = desk.get(reverse("inbox:kickstarter-table", args=[one.key])).content.decode()
    assert "Counted,8" in table
    assert "no survey" in table


def test_a_question_is_put_under_a_post_from_the_list_and_read_by_hand(officer, channel):
    first = make_kickstarter(channel, by=officer)
    where, remote_id = first.channel.key, first.remote_id
    first.delete()
    desk, address = seat(officer), f"{reverse('inbox:ask-kickstarter')}?post={where}:{remote_id}"
    assert f"post={where}:{remote_id}" in desk.get(reverse("inbox:kickstarters")).content.decode()
    typed = {"shape": "do_dont", "question": "Do or don’t: oaks?", "closes_on": "2020-01-01"}
    wrong = desk.post(address, typed)
    assert wrong.status_code == 422
    assert "That day is over" in wrong.content.decode()
    assert "Do or don’t: oaks?" in wrong.content.decode()
    assert desk.post(address, typed | {"closes_on": "2099-01-01"}).status_code == 302
    one = KickStarter.objects.get()
    reply = answer(one, "yes")
    desk.post(reverse("inbox:read-reply", args=[one.key]), {"reply": reply.pk, "value": "do"})
    assert kickstarts.count(one).tally.counts == {"do": 1, "dont": 0}
    assert desk.get(address).status_code == 302
    desk.post(reverse("inbox:close-kickstarter", args=[one.key]))
    assert "Closed since" in desk.get(reverse("inbox:kickstarter", args=[one.key])).content.decode()


# --- input calls -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["decider", "closes_on", "heard_on", "decision", "returns"])
def test_a_call_is_not_opened_before_people_know_who_decides_and_when(officer, missing):
    one = make_call(by=officer, opened=False, **{missing: None if missing.endswith("_on") else ""})
    with pytest.raises(Invalid, match="Missing"):
        calls.open_up(one, by=officer, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        InputCall.objects.filter(pk=one.pk).update(state="open")


def test_an_open_call_keeps_its_promise_and_only_the_day_moves(officer):
    one = make_call(by=officer)
    facts = {name: getattr(one, name) for name in calls.FACTS}
    with pytest.raises(IllegalMove):
        calls.amend(one, facts | {"decider": "Nobody"}, one.version, by=officer, now=NOON)
    calls.amend(one, facts | {"heard_on": one.heard_on + DAY}, one.version, by=officer, now=NOON)
    with pytest.raises(LostRace):
        calls.amend(one, facts, one.version, by=officer, now=NOON)


def heard_call(officer, channel):
    """A call that closed for answers, with three people's replies under two themes, and told what was heard."""
    one = make_call(by=officer)
    kick = make_kickstarter(channel, shape="open", call=one, by=officer)
    ada, bo, cy = (answer(kick, text, who) for who, text in (("ada", "Benches"), ("bo", "Shade"), ("cy", "Hello")))
    shade, benches = (calls.add_theme(one, name, by=officer, now=NOON) for name in ("Shade", "Benches"))
    calls.group(one, [ada.pk], str(benches.key), by=officer, now=NOON)
    calls.group(one, [bo.pk], str(shade.key), by=officer, now=NOON)
    calls.group(one, [cy.pk], "none", by=officer, now=NOON)
    calls.settle(benches, "did", "Two benches stand there since Monday.", by=officer, now=NOON)
    calls.settle(shade, "cant", "the pipes are too near for roots.", by=officer, now=NOON)
    later = NOON + 8 * DAY
    calls.say_heard(one, "Benches and shade.", "", by=officer, now=later)
    one.refresh_from_db()
    return one, later


def test_the_result_goes_back_to_each_who_answered_once(officer, channel, scripted):
    one, later = heard_call(officer, channel)
    sent = returning.give_back(one, by=officer, now=later)
    assert (sent.told, sent.left, list(sent.refused)) == (2, 0, [])
    assert returning.give_back(one, by=officer, now=later).told == 0
    words = {row.person.remote_id: row.reply.text for row in Returned.objects.select_related("person", "reply")}
    assert "We did it: Two benches" in words["ada"]
    assert "We can’t, because the pipes" in words["bo"]
    assert Reply.objects.filter(state="released").count() == 2
    with pytest.raises(IllegalMove, match="No reply with the result is published yet"):
        calls.close(one, "", by=officer, now=later)
    for n in range(2):
        scripted.answers = [Receipt(f"out-{n}", "https://social.fernhill.example/out", later)]
        outbox.step(later + n * HOUR)
    assert calls.close(one, "", by=officer, now=later + DAY).state == "closed"


def test_it_stays_open_until_everything_is_read_decided_and_told(officer, channel):
    one = make_call(by=officer)
    kick = make_kickstarter(channel, shape="open", call=one, by=officer)
    answer(kick, "Benches", "ada")
    calls.add_theme(one, "Benches", by=officer, now=NOON)
    wrong = " ".join(calls.hindrances(one, NOON))
    for words in ("People can still answer", "1 reply is not under a theme", "No outcome yet for: Benches", "What we"):
        assert words in wrong
    with pytest.raises(IllegalMove):
        calls.say_heard(one, "Benches.", "", by=officer, now=NOON)
    with pytest.raises(IllegalMove):
        returning.give_back(one, by=officer, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        InputCall.objects.filter(pk=one.pk).update(state="closed")


def test_whoever_cannot_be_told_is_named_with_the_reason_and_no_draft_is_left(officer, channel):
    one, later = heard_call(officer, channel)
    groupings = calls.owed(one)
    home = next(iter(groupings.values()))[-1].message.conversation
    wording.save(home, "I was writing this", by=officer, now=later)
    sent = returning.give_back(one, by=officer, now=later)
    assert (sent.told, sent.left, [row.why for row in sent.refused]) == (
        1, 1, ["You have a draft in this conversation. Send or drop it first."]
    )  # fmt: skip
    assert wording.draft_of(home, officer).text == "I was writing this"
    page = seat(officer).post(reverse("inbox:give-back", args=[one.key]))
    assert page.status_code == 422
    assert "You have a draft in this conversation" in page.content.decode()


def test_what_we_heard_overdue_stands_on_its_page_and_on_today(officer, client):
    now = NOON - 300 * DAY
    late = make_call(by=officer, now=now)
    make_call(by=officer, question="Not late")
    assert calls.overdue(NOON.date()) == [late]
    assert calls.overdue(late.heard_on) == []
    desk = seat(officer)
    for name in ("inbox:calls", "desk:today"):
        page = desk.get(reverse(name)).content.decode()
        assert "“What we heard” is overdue" in page
        assert late.question in page
    assert "Overdue" in desk.get(reverse("inbox:call", args=[late.key])).content.decode()


def test_how_the_calls_kept_their_word_is_told(officer, channel):
    one, later = heard_call(officer, channel)
    make_call(by=officer, now=NOON - 60 * DAY)
    assert calls.kept(later.date()) == calls.Kept(over=2, told=1, days=1)


def test_a_call_is_made_opened_sorted_and_exported_from_its_pages(officer, channel):
    desk = seat(officer)
    typed: dict[str, object] = {"question": "Where should the trees go?", "level": "consult"}
    typed |= {"closes_on": "2099-01-10", "decider": ""}
    assert desk.post(reverse("inbox:new-call"), typed | {"heard_on": "2099-01-01"}).status_code == 422
    desk.post(reverse("inbox:new-call"), typed)
    one = InputCall.objects.get()
    assert desk.post(reverse("inbox:open-call", args=[one.key])).status_code == 422
    typed |= {"decision": "Vote", "decider": "Council", "returns": "A reply", "heard_on": "2099-01-20", "version": 1}
    assert desk.post(reverse("inbox:change-call", args=[one.key]), typed).status_code == 302
    assert desk.post(reverse("inbox:open-call", args=[one.key])).status_code == 302
    reply = answer(make_kickstarter(channel, shape="open", call=one, by=officer), "Benches", "ada")
    desk.post(reverse("inbox:add-theme", args=[one.key]), {"name": "Benches"})
    assert desk.post(reverse("inbox:add-theme", args=[one.key]), {"name": "benches"}).status_code == 422
    theme = one.themes.get()
    desk.post(reverse("inbox:group-replies", args=[one.key]), {"reply": reply.pk, "to": theme.key})
    wrong = desk.post(reverse("inbox:settle-theme", args=[theme.key]), {"outcome": "did", "words": ""})
    assert wrong.status_code == 422
    desk.post(reverse("inbox:settle-theme", args=[theme.key]), {"outcome": "did", "words": "They are there."})
    assert "We did it" in desk.get(reverse("inbox:call", args=[one.key])).content.decode()
    table = desk.get(reverse("inbox:call-table", args=[one.key])).content.decode()
    assert "Benches,Benches,We did it,They are there." in table
    assert "ada" not in table.lower()


def test_replies_on_channels_one_does_not_see_are_only_counted(officer, channel):
    one = make_call(by=officer)
    answer(make_kickstarter(channel, shape="open", call=one, by=officer), "Benches by the pond", "ada")
    elsewhere = make_user("officer", scope=make_channel().scope)
    page = seat(elsewhere).get(reverse("inbox:call", args=[one.key])).content.decode()
    assert "Benches by the pond" not in page
    assert "1 reply is on channels you do not see" in page


# --- the idea box ----------------------------------------------------------------------------------------------------


def test_a_comment_marked_as_an_idea_is_in_the_box_with_status_and_owner(officer, channel):
    home = make_conversation(channel, "Why not put a tap on the green?")
    desk = seat(officer)
    desk.post(reverse("inbox:mark-idea", args=[home.key]))
    page = desk.get(reverse("inbox:idea-box")).content.decode()
    for words in ("Why not put a tap on the green?", "New", "Dana Whitlock looks after it"):
        assert words in page
    one = Suggestion.objects.get()
    typed = {"state": "declined", "owner": officer.pk, "words": ""}
    assert desk.post(reverse("inbox:change-suggestion", args=[one.key]), typed).status_code == 422
    desk.post(reverse("inbox:change-suggestion", args=[one.key]), typed | {"words": "No water there."})
    one.refresh_from_db()
    assert (one.state, one.words) == ("declined", "No water there.")
    with pytest.raises(LostRace):
        suggestions.mark(one.message, by=officer, now=NOON)


def test_an_idea_is_seen_and_given_only_where_one_works(officer, channel):
    one = make_suggestion(channel, by=officer)
    stranger = make_user("officer", scope=make_channel().scope)
    assert not suggestions.visible_to(stranger, NOON).exists()
    with pytest.raises(NotAllowed):
        suggestions.change(one, "considered", stranger, "", by=officer, now=NOON)
    with pytest.raises(NotAllowed):
        suggestions.mark(receive(channel, make_incoming("Another"))[0], by=stranger, now=NOON)
