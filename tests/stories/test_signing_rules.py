"""The town's own rules on who signs: where they fit, whom they name, several at once, and the time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from accounts.refusals import Invalid, LostRace, NotAllowed
from calendar_app import reminding, scheduling, signoff
from calendar_app.models import Placement, SignReminder
from channels_app.models import Delivery
from policy import approvals, choosing, signing
from policy.models import ModeSpan, PolicyChoices, SigningRule
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_post, make_topic, whole
from tests.stories.test_scheduling import LATER, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db):
    return make_user("manager")


def rule(manager, **facts):
    return signing.add({"hours": 6, "why": "The ward members asked for it", **facts}, by=manager, now=NOON)


def asked(by, **facts) -> Placement:
    post = make_post(author=by, **facts)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=by, now=NOON)
    return Placement.objects.get(post=post)


def sign(placement, by, now=NOON):
    placement.refresh_from_db()
    steps = signoff.steps_for(placement, placement.asked_by, now)
    return signoff.approve(placement, signoff.seal(placement, steps), by=by, now=now)


def test_a_rule_asks_only_where_everything_it_names_fits(manager):
    publisher, topic, channel = make_user("publisher"), make_topic(), make_channel()
    facts = {"kind": "post:event", "topic": topic, "scope": channel.scope, "author": publisher}
    rule(manager, **facts)
    fits = {"by": publisher, "kind": "event", "topic": topic, "channels": [channel]}
    for other in (
        {"kind": "news"},
        {"topic": make_topic()},
        {"channels": [make_channel()]},
        {"by": make_user("publisher")},
    ):
        assert asked(**{**fits, **other}).shown_state == "scheduled"
    assert asked(**fits).state == "in_review"


def test_a_rule_of_a_mode_asks_while_the_mode_is_on(manager):
    rule(manager, mode="mourning")
    publisher = make_user("publisher")
    assert asked(publisher).shown_state == "scheduled"
    ModeSpan.objects.create(
        mode="mourning", starts_at=NOON - timedelta(hours=1), reason="The mayor has died.", by=manager
    )
    assert [step.rule for step in approvals.steps_for("post", publisher, make_channel(), NOON, {"text": "A"})] == [
        "sign_off"
    ]


def test_who_is_named_signs_and_nobody_else_while_they_can(manager):
    ruth, dev, other = (make_user("approver") for _ in range(3))
    rule(manager, signer=ruth, deputy=dev)
    placement = asked(make_user("publisher"))
    assert Notification.objects.filter(event="post.to_sign").count() == 1
    with pytest.raises(NotAllowed, match="names who signs"):
        sign(placement, other)
    sign(placement, dev)
    assert Delivery.objects.get().approval.by == dev


def test_a_named_signer_who_is_gone_holds_nothing_up(manager):
    ruth, other = make_user("approver"), make_user("approver")
    rule(manager, signer=ruth)
    placement = asked(make_user("publisher"))
    ruth.is_active = False
    ruth.save()
    assert sign(placement, other).state == "approved"


def test_two_rules_want_two_people(manager):
    ruth, dev = make_user("approver"), make_user("approver")
    rule(manager, signer=ruth)
    rule(manager, signer=dev, why="Money is in it")
    placement = asked(make_user("publisher"))
    assert sign(placement, ruth).state == "in_review"
    assert not Delivery.objects.exists()
    assert sign(placement, dev).state == "approved"
    assert Delivery.objects.get().approval.by == dev


def test_where_the_time_is_signed_a_moved_post_is_signed_anew(manager):
    rule(manager, timed=True)
    publisher, approver = make_user("publisher"), make_user("approver")
    placement = asked(publisher)
    with pytest.raises(LostRace, match="Its time was changed"):
        signoff.approve(placement, signoff.seal(placement, []), by=approver, now=NOON)
    placement = sign(placement, approver)
    assert placement.approval.timed_for == LATER
    scheduling.move_to(placement.post, [placement], at(LATER + timedelta(days=1)), LATER, by=publisher, now=NOON)
    placement.refresh_from_db()
    assert (placement.state, Delivery.objects.get().state) == ("in_review", "cancelled")
    assert sign(placement, approver).approval.timed_for == LATER + timedelta(days=1)


def test_an_ended_rule_asks_for_nothing_and_a_new_one_holds_back_what_was_not_signed(manager):
    publisher = make_user("publisher")
    placement = asked(publisher)
    one = rule(manager)
    assert "an approver signs" in approvals.obstacle(
        placement.approval, "post", publisher, placement.channel, NOON, {"text": ""}
    )
    signing.end(one, by=manager, now=NOON)
    assert asked(publisher).shown_state == "scheduled"
    with pytest.raises(LostRace):
        signing.end(one, by=manager, now=NOON)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"why": " "}, "Say why"),
        ({"deputy": "approver"}, "name who signs first"),
        ({"signer": "officer"}, "no approver"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(manager, facts, words):
    people = {name: make_user(role) for name, role in facts.items() if name != "why"}
    with pytest.raises(Invalid, match=words):
        rule(manager, **{**facts, **people})


def test_signer_and_deputy_are_reminded_once_at_the_limit(manager):
    ruth, dev = make_user("approver"), make_user("approver")
    rule(manager, signer=ruth, deputy=dev, hours=2)
    asked(make_user("publisher"))
    assert reminding.send_due(NOON + timedelta(hours=1)) == 0
    assert reminding.send_due(NOON + timedelta(hours=2)) == 2
    assert reminding.send_due(NOON + timedelta(hours=3)) == 0
    assert "Still waiting" in ruth.notifications.order_by("-pk")[0].words
    assert "You are the deputy" in dev.notifications.get().words


def test_what_was_decided_meanwhile_reminds_nobody(manager):
    approver, deputy = make_user("approver"), make_user("approver")
    choosing.change({"sign_deputy": deputy}, PolicyChoices.here().version, by=manager, now=NOON)
    placement = asked(make_user("officer"))
    assert SignReminder.objects.count() == 2
    signoff.send_back(placement, "Name the street.", by=approver, now=NOON)
    assert reminding.send_due(NOON + timedelta(days=2)) == 0
    scheduling.schedule(
        whole(placement.post), [placement], at(LATER), by=placement.post.author, now=NOON + timedelta(minutes=5)
    )
    assert reminding.send_due(NOON + timedelta(days=2)) == 3  # both approvers, and the deputy once more


def test_the_page_adds_and_ends_rules(manager):
    desk = Client()
    desk.force_login(manager)
    add, page = reverse("policy:add-signing-rule"), reverse("policy:signing-rules")
    assert desk.post(add, {"hours": "0"}).status_code == 422
    desk.post(add, {"kind": "post:event", "hours": "4", "why": "Events are promises"})
    one = SigningRule.objects.get()
    assert "Events are promises" in desk.get(page).content.decode()
    desk.post(reverse("policy:end-signing-rule", args=[one.key]))
    assert not SigningRule.objects.in_force().exists()
    assert "Rules that have ended (1)" in desk.get(page).content.decode()
