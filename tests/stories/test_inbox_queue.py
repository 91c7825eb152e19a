"""The queue as it is narrowed, searched, kept as views, put off, and worked through many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Scope, User
from accounts.refusals import IllegalMove, Invalid
from channels_app.models import Channel
from engagement import finding, handling, queue, ranking
from engagement.models import BLOCK, Conversation, Label, SavedView
from engagement.queue import Wish
from tests.factories import make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive
from tests.factories_queue import make_view
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FRAGMENT = {"HX-Request": "true"}
POLL = FRAGMENT | {"X-Parley-Poll": "1"}


@pytest.fixture
def now():
    make_town()
    return clock.now().replace(microsecond=0)


@pytest.fixture
def channel(scripted: Scripted, now) -> Channel:
    return make_channel("mastodon", name="Fernhill Council")


@pytest.fixture
def officer(channel: Channel) -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def address(conversation: Conversation, act: str = "conversation") -> str:
    return reverse(f"inbox:{act}", args=[conversation.key])


def shown(user: User, now, **wish: str) -> list[Conversation]:
    return list(queue.page(Wish(**{"tab": "team"} | wish), user, now).rows)


def text(answer) -> str:
    return answer.content.decode()


# Filters


def test_filters_add_up(channel, officer, now):
    parks, roads = (Scope.objects.create(kind="department", name=name) for name in ("Parks", "Roads"))
    one = make_conversation(channel, "Le parc est ferme", language="fr", at=now)
    two = make_conversation(channel, "Le pont est ferme", language="fr-CA", at=now)
    make_conversation(channel, "The park is shut", language="en", at=now)
    Conversation.objects.filter(pk=one.pk).update(department=parks, priority=30)
    Conversation.objects.filter(pk=two.pk).update(department=roads)
    handling.label(one, [Label.objects.create(name="Parks")], by=officer, now=now)
    handling.assign(one, officer, by=officer, now=now)
    assert set(shown(officer, now, language="fr")) == {one, two}
    everything = {"language": "fr", "label": "Parks", "department": "Parks", "priority": "urgent"}
    everything |= {"channel": str(channel.key), "holder": str(officer.key), "person": str(one.key)}
    assert shown(officer, now, **everything) == [one]
    assert shown(officer, now, **everything | {"department": "Roads"}) == []
    assert shown(officer, now, department="Nowhere") == []
    assert shown(officer, now, person=str(two.key)) == [two]


def test_the_address_holds_every_filter_and_each_has_a_chip_that_removes_it(desk, channel, now):
    make_conversation(channel, "Le parc", language="fr", at=now)
    body = text(desk.get("/inbox/?tab=team&language=fr&priority=high&snoozed=1&q=parc"))
    for words in ("French", "High", "Snoozed", "“parc”"):
        assert f"Remove the filter {words}" in body
    assert "?tab=team&amp;language=fr&amp;priority=high&amp;snoozed=1" in body
    assert "Nothing fits this filter" in body


def test_the_language_follows_the_newest_message_that_names_one(channel, now):
    first = make_incoming("Bonjour", language="fr", at=now)
    talk = receive(channel, first)[0].conversation
    receive(channel, make_incoming("Hello", language="en-GB", parent_id=first.remote_id, at=now + MINUTE))
    receive(channel, make_incoming("?", parent_id=first.remote_id, at=now + 2 * MINUTE))
    assert fresh(talk).language == "en"


def test_every_tab_shows_its_own_and_counts_it(channel, officer, now):
    mention = make_conversation(channel, at=now)
    comment = make_conversation(channel, kind="comment", at=now)
    Conversation.objects.filter(pk=comment.pk).update(escalated=True)
    assert shown(officer, now, tab="mentions") == [mention]
    assert shown(officer, now, tab="escalated") == [comment]
    counts = queue.counts(officer, now)
    assert (counts["mentions"], counts["escalated"], counts["team"]) == ("1", "1", "2")
    handling.close(comment, "spam", by=officer, now=now)
    assert shown(officer, now, tab="escalated") == []


def test_the_page_asks_few_questions_whatever_is_filtered(desk, channel, officer, now):
    talk = make_conversation(channel, "Le parc", language="fr", at=now)
    wishes = ["/inbox/?tab=team", f"/inbox/?tab=team&language=fr&priority=normal&label=x&person={talk.key}"]
    wishes += [f"/inbox/?tab=team&channel={channel.key}&holder={officer.key}&q=parc", address(talk)]
    for path in wishes:
        desk.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(path).status_code == 200
        assert len(asked) <= 12, (path, len(asked))


# Search


def test_words_in_messages_and_names_are_found(channel, officer, now):
    other = make_channel("x")
    pool = make_conversation(channel, "When does the pool open?", author_name="Ken Adeyemi", at=now)
    receive(channel, make_incoming("And the sauna?", parent_id=pool.messages.get().remote_id, at=now + MINUTE))
    bins = make_conversation(other, "100% of the bins", author_name="Rosa Poole", at=now)
    assert shown(officer, now, q="SAUNA") == [pool]
    assert set(shown(officer, now, q="pool")) == {pool, bins}
    assert shown(officer, now, q="100%") == [bins]
    assert shown(officer, now, q="1_0") == []
    assert shown(officer, now, q="pool", channel=str(other.key)) == [bins]
    assert shown(officer, now, q="pool", tab="done") == []
    stranger = make_user("officer", scope=other.scope)
    assert shown(stranger, now, q="sauna") == []


def test_two_letters_are_too_few_and_the_page_says_so(desk, channel, now):
    make_conversation(channel, "ab", at=now)
    assert "Type at least three letters" in text(desk.get("/inbox/?tab=team&q=ab"))


def test_what_is_found_comes_in_pages(channel, officer, now):
    receive(channel, *[make_incoming(f"The market, number {n}", at=now - n * MINUTE) for n in range(40)])
    first = queue.page(Wish(tab="team", q="market"), officer, now)
    second = queue.page(Wish(tab="team", q="market", after=first.after), officer, now)
    assert (len(first.rows), len(second.rows)) == (30, 10)
    assert not set(first.rows) & set(second.rows)


# Priority


def test_a_priority_is_set_with_a_reason_that_stays_in_the_audit(desk, channel, officer, now):
    talk = make_conversation(channel, at=now)
    assert "Say why" in text(desk.post(address(talk, "rank"), {"priority": "30", "reason": ""}))
    body = text(desk.post(address(talk, "rank"), {"priority": "30", "reason": "A child is alone there"}, follow=True))
    assert "Dana Whitlock set the priority to Urgent: A child is alone there" in body
    assert fresh(talk).priority == 30
    data = AuditEntry.objects.get(act="ranked").data
    assert (data["was"], data["became"], data["reason"]) == ("Normal", "Urgent", "A child is alone there")
    assert "Urgent" in text(desk.get("/inbox/?tab=team"))


def test_the_most_urgent_come_first_when_sorted_so(channel, officer, now):
    early, late = make_conversation(channel, at=now - 5 * HOUR), make_conversation(channel, at=now)
    ranking.rank(late, 30, "Fire", by=officer, now=now)
    assert shown(officer, now) == [early, late]
    assert shown(officer, now, sort="priority") == [late, early]


# Snooze


def test_a_snoozed_one_is_out_of_sight_until_then_and_its_clock_runs_on(desk, channel, officer, now):
    talk = make_conversation(channel, at=now)
    due = fresh(talk).due_at
    ranking.snooze(talk, now + DAY, "The depot counts the lids", by=officer, now=now)
    assert (fresh(talk).state, fresh(talk).due_at, fresh(talk).clock) == ("open", due, "running")
    for tab in ("unassigned", "team"):
        assert shown(officer, now, tab=tab) == []
        assert queue.counts(officer, now)[tab] == "0"
    assert shown(officer, now, snoozed="1") == [talk]
    body = text(desk.get(address(talk)))
    assert "Snoozed until" in body
    assert "The depot counts the lids. Its clock runs on" in body
    assert shown(officer, now + DAY + MINUTE) == [talk]


def test_a_new_message_of_the_resident_brings_it_back_and_ours_does_not(channel, officer, now):
    first = make_incoming(at=now)
    talk = receive(channel, first)[0].conversation
    ranking.snooze(talk, now + DAY, "Waits for the depot", by=officer, now=now)
    receive(channel, make_own(channel, parent_id=first.remote_id, at=now + MINUTE))
    assert fresh(talk).snoozed_until
    receive(channel, make_incoming("Well?", parent_id=first.remote_id, author_id=first.author_id, at=now + 2 * MINUTE))
    assert fresh(talk).snoozed_until is None


def test_a_snooze_ends_by_hand_and_with_the_conversation(desk, channel, officer, now):
    talk = make_conversation(channel, at=now)
    ranking.snooze(talk, now + DAY, "Later", by=officer, now=now)
    desk.post(address(talk, "end-snooze"))
    assert fresh(talk).snoozed_until is None
    ranking.snooze(talk, now + DAY, "Later", by=officer, now=now)
    handling.close(talk, "thanks", by=officer, now=now)
    assert fresh(talk).snoozed_until is None
    with pytest.raises(IllegalMove):
        ranking.snooze(talk, now + DAY, "Later", by=officer, now=now)


@pytest.mark.parametrize("until", [timedelta(0), -HOUR, timedelta(days=91)])
def test_a_snooze_lies_ahead_and_not_too_far(channel, officer, now, until):
    with pytest.raises(Invalid):
        ranking.snooze(make_conversation(channel, at=now), now + until, "Later", by=officer, now=now)


def test_the_form_asks_what_it_waits_for_and_loses_nothing(desk, channel, now):
    talk = make_conversation(channel, at=now)
    body = text(
        desk.post(address(talk, "snooze"), {"when": "other", "reason": "The crew comes back"}, headers=FRAGMENT)
    )
    assert "Choose the day and the time." in body
    assert "The crew comes back" in body
    body = text(desk.post(address(talk, "snooze"), {"when": "tomorrow", "reason": ""}))
    assert "Say what it waits for" in body
    assert desk.post(address(talk, "snooze"), {"when": "monday", "reason": "Crew"}).status_code == 302
    assert fresh(talk).snooze_reason == "Crew"


# Saved views


def test_a_view_is_kept_beside_the_tabs_and_found_again(desk, officer, channel, now):
    make_conversation(channel, "Le parc", language="fr", at=now)
    answer = desk.post(
        "/inbox/views/save/", {"name": "French", "query": "tab=team&language=fr&after=zz", "shared": "on"}
    )
    assert answer.url == "/inbox/?tab=team&language=fr"
    body = text(desk.get(answer.url))
    assert 'aria-current="page">French' in body
    colleague = Client()
    colleague.force_login(make_user("officer"))
    assert ">French</a>" in text(colleague.get("/inbox/"))


def test_an_own_view_is_seen_and_changed_by_nobody_else(desk, officer):
    mine, theirs = make_view(officer, name="Mine alone"), make_view(name="Theirs", shared=True)
    body = text(desk.get("/inbox/views/"))
    assert "Mine alone" in body
    assert "Theirs" in body
    for act in ("change", "delete"):
        assert desk.post(f"/inbox/views/{theirs.key}/{act}/", {"name": "Stolen"}).status_code == 404
    desk.post(f"/inbox/views/{mine.key}/change/", {"name": "Ours now", "shared": "on"})
    mine.refresh_from_db()
    assert (mine.name, mine.shared) == ("Ours now", True)
    desk.post(f"/inbox/views/{mine.key}/delete/")
    assert list(SavedView.objects.all()) == [theirs]


def test_a_view_needs_a_name_of_its_own(desk, officer):
    make_view(officer, name="One")
    two = make_view(officer, name="Two")
    assert desk.post(f"/inbox/views/{two.key}/change/", {"name": "One"}).status_code == 422
    assert desk.post("/inbox/views/save/", {"name": " ", "query": "tab=team"}).status_code == 422


# Many at once


def test_many_are_closed_at_once_and_what_could_not_be_says_why(desk, channel, officer, now):
    one, two, done = (make_conversation(channel, f"Thanks {n}", at=now) for n in range(3))
    handling.close(done, "thanks", by=officer, now=now)
    picks = [str(talk.key) for talk in (one, two, done)]
    form = text(desk.get("/inbox/many/", {"act": "close", "pick": picks}))
    assert "Why are these done: 3 conversations" in form
    body = text(desk.post("/inbox/many/", {"act": "close", "pick": picks, "outcome": "thanks"}))
    assert "Closed 2 conversations." in body
    assert "Thanks 2" in body
    assert "This conversation is done already." in body
    assert [fresh(talk).state for talk in (one, two)] == ["closed", "closed"]


@pytest.mark.parametrize(
    ("act", "said", "column", "value"),
    [
        ("assign", {"to": "officer"}, "assignee__name", "Dana Whitlock"),
        ("label", {"new": "Market"}, "labels__name", "Market"),
        ("priority", {"priority": "20", "reason": "Market day"}, "priority", 20),
        ("snooze", {"when": "tomorrow", "reason": "Market day"}, "snooze_reason", "Market day"),
        ("close", {"outcome": "not_for_us"}, "outcome", "not_for_us"),
    ],
)
def test_every_act_on_many(desk, channel, officer, now, act: str, said: dict, column: str, value: object):
    talks = [make_conversation(channel, at=now) for _ in range(2)]
    said = {name: officer.pk if given == "officer" else given for name, given in said.items()}
    sent = {"act": act, "pick": [str(talk.key) for talk in talks], "back": "tab=team", **said}
    answer = desk.post("/inbox/many/", sent)
    assert (answer.status_code, answer.url) == (302, "/inbox/?tab=team")
    assert set(Conversation.objects.values_list(column, flat=True)) == {value}


def test_labels_are_added_to_those_that_are_there(desk, channel, officer, now):
    talk = make_conversation(channel, at=now)
    handling.label(talk, [Label.objects.create(name="Parks")], by=officer, now=now)
    desk.post("/inbox/many/", {"act": "label", "pick": str(talk.key), "new": "Roads"})
    assert set(talk.labels.values_list("name", flat=True)) == {"Parks", "Roads"}


def test_what_one_may_not_do_is_left_and_what_one_does_not_see_is_not_named(client, channel, now):
    other = make_channel("x", name="Library")
    mine, hidden = make_conversation(channel, "Mine", at=now), make_conversation(other, "A secret", at=now)
    approver = make_user("approver", scope=channel.scope)
    client.force_login(approver)
    sent = {"act": "close", "pick": [str(mine.key), str(hidden.key)], "outcome": "spam"}
    body = text(client.post("/inbox/many/", sent))
    assert "You may not do this on" in body
    assert "1 of the ticked conversation" in body
    assert "A secret" not in body
    assert not Conversation.objects.filter(state="closed").exists()


def test_nothing_ticked_says_what_to_do(desk):
    for answer in (desk.get("/inbox/many/?act=close&pick=nonsense"), desk.post("/inbox/many/", {"act": "close"})):
        assert "Tick conversations in the queue first" in text(answer)
    assert answer.status_code == 422


def test_a_form_with_a_mistake_keeps_what_was_ticked(desk, channel, now):
    talk = make_conversation(channel, at=now)
    answer = desk.post("/inbox/many/", {"act": "close", "pick": str(talk.key)}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert f'name="pick" value="{talk.key}"' in text(answer)
    assert "Choose why this is done." in text(answer)


PLACES = {  # in which blocks of messages a word is
    "weir": [0, 3, 6, 8, 9],  # now and then
    "oak": [*range(10)],  # often
    "ash": [0, 1, 2],  # not for long
    "elm": [0, 3, 9],  # once lately
}


@pytest.mark.parametrize("often", [1, 3, 5])
@pytest.mark.parametrize("word", [*PLACES, "fir"])
def test_the_newest_with_a_word_are_found_wherever_they_are(
    monkeypatch: pytest.MonkeyPatch, word: str, often: int
) -> None:
    for name, value in {"MOST": 3, "NEWEST": 4, "SAMPLE": 9, "OFTEN": often}.items():
        monkeypatch.setattr(finding, name, value)
    officer, channel, talks = make_user("officer"), make_channel(), {}
    for block in range(10):
        with connection.cursor() as cursor:  # so many messages later
            cursor.execute(
                "SELECT max(nextval(pg_get_serial_sequence('engagement_message', 'id'))) FROM generate_series(1, %s)",
                [2**BLOCK],
            )
        for said in [name for name, places in PLACES.items() if block in places]:
            talks[said, block] = make_conversation(channel, text=f"the {said} by the mill")
            handling.close(talks[said, block], "thanks", by=officer, now=clock.now())
    found = set(Conversation.objects.filter(finding.saying(word, "done")))
    assert found == {talks[word, block] for block in PLACES.get(word, [])[-3:]}


@pytest.mark.parametrize(
    ("met", "newest", "asked"),
    [
        (0, 200, [[]]),
        (1, 200, [[*range(145, 201)], []]),
        (29, 200, [[*range(198, 201)], []]),
        (3, 10, [[]]),  # a town so young that all is no more than what would be asked for
        (3, 200, [[*range(181, 201)], []]),
    ],
)
def test_as_many_blocks_are_asked_for_as_should_hold_enough(met: int, newest: int, asked: list[list[int]]) -> None:
    assert list(finding.further(met, newest)) == asked
