"""Rules of the inbox: tried before they act, once per message, and each act can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification, Scope
from accounts.refusals import IllegalMove, Invalid, LostRace
from engagement import filing, handling
from engagement.models import Conversation, Label, Message, Reply, Rule, RuleFiring, RuleTrial
from engagement.rules import keeping, trying
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive
from tests.factories_listening import make_rule

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def town(db):
    return make_town(zone="Europe/London")


@pytest.fixture
def channel(town):
    return make_channel()


@pytest.fixture
def manager(db):
    return make_user("manager")


def label(name="Bins"):
    return Label.objects.get_or_create(name=name)[0]


def names(conversation):
    return sorted(conversation.labels.values_list("name", flat=True))


def test_a_rule_does_what_it_says_as_a_message_comes_in(channel):
    tom, depot, amara = (
        make_user("officer"),
        Scope.objects.create(kind="department", name="Depot"),
        make_user("officer"),
    )
    make_rule("bin*", labels=[label()], assignee=tom, department=depot, priority=30, notify=[amara])
    home = fresh(make_conversation(channel, "The bins were left again"))
    assert (names(home), home.assignee, home.department, home.priority) == (["Bins"], tom, depot, 30)
    told = {one.user: one.event for one in Notification.objects.all()}
    assert told == {tom: "inbox.assigned", amara: "inbox.rule"}
    firing = RuleFiring.objects.get()
    assert (firing.matched, firing.version.n, firing.message.text) == ("bin*", 1, "The bins were left again")


def test_what_does_not_fit_is_left_alone(channel):
    make_rule("bin", labels=[label()])
    home = make_conversation(channel, "When does the pool open?")
    assert (names(home), RuleFiring.objects.count()) == ([], 0)


def test_reading_the_same_again_does_nothing_again(channel):
    rule = make_rule("bin", notify=[make_user("officer")])
    item = make_incoming("the bin")
    for _ in range(3):
        receive(channel, item)
    assert (rule.firings.count(), Notification.objects.count()) == (1, 1)


def test_a_crash_while_filing_leaves_neither_message_nor_act(channel, monkeypatch):
    make_rule("bin", labels=[label()])
    item = make_incoming("the bin")
    monkeypatch.setattr(filing.threads, "beat", lambda channel: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        receive(channel, item)
    assert (Message.objects.count(), RuleFiring.objects.count()) == (0, 0)
    monkeypatch.undo()
    receive(channel, item)
    assert (Message.objects.count(), RuleFiring.objects.count()) == (1, 1)


def test_our_own_words_and_what_is_older_than_the_channel_are_not_asked_about(channel):
    make_rule("bin", labels=[label()])
    receive(channel, make_own(channel, "the bin", kind="post"))
    receive(channel, make_incoming("the bin", at=channel.created_at - 2 * DAY), now=NOON)
    assert RuleFiring.objects.count() == 0


def test_in_their_order_the_first_to_give_it_away_has_given_it(channel):
    tom, amara = make_user("officer"), make_user("officer")
    make_rule("bin", assignee=tom, priority=30, labels=[label("Bins")])
    second = make_rule("bin", assignee=amara, priority=20, labels=[label("Waste"), label("Bins")])
    home = fresh(make_conversation(channel, "the bin"))
    assert (home.assignee, home.priority, names(home)) == (tom, 30, ["Bins", "Waste"])
    assert second.firings.get().did == {"labels": [[label("Waste").pk, "Waste"]]}


def test_nobody_gets_what_they_may_not_answer(channel):
    elsewhere = make_user("officer", scope=make_channel().scope)
    rule = make_rule("bin", assignee=elsewhere, notify=[elsewhere])
    home = fresh(make_conversation(channel, "the bin"))
    assert home.assignee is None
    assert "does not answer on" in rule.firings.get().did["not"]
    assert Notification.objects.count() == 0


def test_a_rule_never_answers_hides_or_closes(channel):
    make_rule("bin", labels=[label()], priority=20)
    home = fresh(make_conversation(channel, "the bin"))
    assert (home.state, home.clock, Reply.objects.count()) == ("open", "running", 0)


def test_a_flood_is_told_of_once_and_costs_the_same_few_questions(channel, django_assert_max_num_queries):
    rule = make_rule("bin", labels=[label()], priority=20, notify=[make_user("officer")])
    items = [make_incoming(f"bin {n}") for n in range(200)]
    with django_assert_max_num_queries(66):
        receive_all(channel, items)
    assert rule.firings.count() == 200
    assert [one.words for one in Notification.objects.all()] == [f"{rule}: 200 conversations"]


def receive_all(channel, items):
    filing.file(channel, items, NOON + MINUTE)


def test_a_dry_run_tells_what_it_would_have_done_and_changes_nothing(channel, manager):
    tom = make_user("officer")
    taken = make_conversation(channel, "the bin is full")
    handling.assign(taken, tom, by=manager, now=NOON)
    make_conversation(channel, "the bin is gone", at=NOON - 29 * DAY)
    make_conversation(channel, "the bin of old", at=NOON - 31 * DAY)
    make_conversation(channel, "the pool")
    rule = make_rule("bin", on=False, labels=[label()], assignee=make_user("officer", name="Ada"))
    trial = trying.run(rule, by=manager, now=NOON + HOUR)
    assert (trial.looked, trial.fitted, trial.whole) == (3, 2, True)
    first, second = trying.rows_of(trial, manager, NOON + HOUR)
    assert (first.conversation, first.matched) == (taken, "bin")
    assert first.would == ["label Bins", f"{tom.name} has it already"]
    assert second.would == ["label Bins", "give it to Ada"]
    assert (names(taken), RuleFiring.objects.count()) == ([], 0)


def test_a_dry_run_shows_only_what_its_reader_may_see(channel, manager):
    make_conversation(channel, "the bin")
    trial = trying.run(make_rule("bin", on=False), by=manager, now=NOON + HOUR)
    assert trial.fitted == 1
    assert trying.rows_of(trial, make_user("officer", scope=make_channel().scope), NOON) == []


def test_it_is_switched_on_only_after_its_dry_run_and_off_by_every_change(channel, manager):
    rule = make_rule("bin", on=False)
    with pytest.raises(Invalid, match="no dry run"):
        keeping.switch_on(rule, by=manager, now=NOON)
    trying.run(rule, by=manager, now=NOON)
    rule = keeping.switch_on(rule, by=manager, now=NOON)
    rule = keeping.change(rule, "Lids", {"words": ["lid"], "priority": 20}, 1, by=manager, now=NOON)
    assert (rule.state, rule.name, rule.newest.n, rule.versions.count()) == ("off", "Lids", 2, 2)
    make_conversation(channel, "the bin and its lid")
    assert RuleFiring.objects.count() == 0
    with pytest.raises(Invalid, match="no dry run"):
        keeping.switch_on(rule, by=manager, now=NOON)
    trying.run(rule, by=manager, now=NOON)
    with pytest.raises(Invalid, match="more than a month"):
        keeping.switch_on(rule, by=manager, now=NOON + 31 * DAY)


def test_two_people_changing_a_rule_do_not_overwrite_each_other(manager):
    rule = make_rule("bin", on=False)
    keeping.change(rule, "A", {"words": ["a"], "priority": 20}, 1, by=manager, now=NOON)
    with pytest.raises(LostRace):
        keeping.change(rule, "B", {"words": ["b"], "priority": 20}, 1, by=manager, now=NOON)


def test_what_one_firing_did_is_taken_back_and_what_people_did_since_stays(channel, manager):
    tom, ada = make_user("officer"), make_user("officer")
    rule = make_rule("bin", labels=[label()], assignee=tom, priority=30)
    home = make_conversation(channel, "the bin")
    handling.assign(home, ada, by=manager, now=NOON)
    undone = keeping.undo(rule.firings.get(), by=manager, now=NOON + HOUR)
    home = fresh(home)
    assert (home.assignee, home.priority, names(home)) == (ada, 10, [])
    assert (undone.undone_by, undone.undone_at) == (manager, NOON + HOUR)
    with pytest.raises(IllegalMove):
        keeping.undo(undone, by=manager, now=NOON + HOUR)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"priority": 20}, "Say when"),
        ({"words": ["bin"]}, "Say what"),
        ({"hours": "any", "labels": []}, "Say when"),
    ],
)
def test_a_rule_has_a_condition_and_an_act(manager, said, words):
    with pytest.raises(Invalid, match=words):
        keeping.make("Empty", said, by=manager, now=NOON)


def test_rules_are_put_in_order(manager):
    first, second, third = (make_rule("bin", on=False, name=name) for name in ("a", "b", "c"))
    keeping.reorder(third, True, by=manager, now=NOON)
    keeping.reorder(first, True, by=manager, now=NOON)
    assert [one.name for one in Rule.objects.all()] == ["a", "c", "b"]
    assert second.name == "b"


# --- the pages -------------------------------------------------------------------------------------------------------


def seat(user):
    client = Client()
    client.force_login(user)
    return client


def test_from_the_form_to_the_act_by_the_pages_alone(channel, manager):
    client, now = seat(manager), clock.now()
    make_conversation(channel, "the bin is full", at=now - HOUR)
    typed = {"name": "Bins", "words": "bin\nbins", "hours": "any", "new_label": "Bins", "priority": 20}
    made = client.post(reverse("inbox:new-rule"), typed, follow=True).content.decode()
    rule = Rule.objects.get()
    assert "It is off until it was tried" in made
    assert "Switch it on" not in made
    refused = client.post(reverse("inbox:switch-rule", args=[rule.key]))
    assert refused.status_code == 422
    assert "no dry run" in refused.content.decode()
    tried = client.post(reverse("inbox:try-rule", args=[rule.key]), follow=True).content.decode()
    assert "1 of 1 messages" in tried
    assert "label Bins, priority high" in tried
    client.post(reverse("inbox:switch-rule", args=[rule.key]))
    home = make_conversation(channel, "bins again", at=now)
    assert names(home) == ["Bins"]
    page = seat(make_user("officer")).get(handling.address(home)).content.decode()
    assert "Done by rules" in page
    assert "label Bins, priority high" in page
    firing = RuleFiring.objects.get()
    client.post(reverse("inbox:undo-firing", args=[home.key, firing.key]))
    assert names(home) == []
    assert "(taken back)" in client.get(handling.address(home)).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"name": "", "words": "bin", "priority": 20}, "Give the rule a name"),
     ({"name": "A", "words": "bin"}, "Say what the rule does"),
     ({"name": "A", "priority": 20}, "Say when the rule holds"),
     ({"name": "A", "words": "bin", "priority": 20, "hours": "between", "opens": "18:00"}, "Say from when"),
     ({"name": "A", "words": "bin", "priority": 20, "languages": "Welsh!"}, "is no language code")],
)  # fmt: skip
def test_a_form_with_a_mistake_says_which_and_keeps_what_was_typed(manager, typed, words):
    answer = seat(manager).post(reverse("inbox:new-rule"), {"hours": "any", "without": "kept words"} | typed)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert words in body
    assert "kept words" in body
    assert Rule.objects.count() == 0


def test_a_change_by_the_form_keeps_the_old_version_and_switches_off(manager):
    rule, client = make_rule("bin", name="Bins", by=manager), seat(manager)
    page = client.get(reverse("inbox:edit-rule", args=[rule.key])).content.decode()
    assert 'name="version" value="1"' in page
    typed = {"name": "Bins", "words": "lid", "hours": "any", "priority": 30, "version": "1"}
    body = client.post(reverse("inbox:edit-rule", args=[rule.key]), typed, follow=True).content.decode()
    assert "Earlier versions (1)" in body
    assert Rule.objects.get().state == "off"
    stale = client.post(reverse("inbox:edit-rule", args=[rule.key]), typed)
    assert "Somebody else changed this rule" in stale.content.decode()


def test_the_list_says_what_each_rule_does_and_whose_it_is(manager):
    make_rule("bin", name="Bins at night", by=manager, hours="outside")
    make_rule("pool", name="Pool", on=False)
    body = seat(make_user("officer")).get(reverse("inbox:rules")).content.decode()
    assert "If it says “bin”, and it was written outside service hours: priority high." in body
    assert manager.name in body
    assert "Needs a dry run" in body
    assert "New rule" not in body


def test_a_rule_that_is_taken_away_acts_no_more_and_is_remembered(channel, manager):
    rule = make_rule("bin")
    home = make_conversation(channel, "the bin")
    seat(manager).post(reverse("inbox:drop-rule", args=[rule.key]))
    make_conversation(channel, "another bin")
    assert RuleFiring.objects.count() == 1
    assert seat(manager).get(reverse("inbox:rule", args=[rule.key])).status_code == 404
    assert rule.name in seat(manager).get(handling.address(home)).content.decode()
    assert (RuleTrial.objects.count(), Conversation.objects.count()) == (1, 2)
