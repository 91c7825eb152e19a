"""The matrix holds at every door: what needs a signature gets one, what is not permitted stays in, words and all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.refusals import Invalid, NotAllowed
from calendar_app import deciding, scheduling, signoff, wording
from calendar_app.models import Placement, Post
from calendar_app.models.posts import KINDS
from channels_app import outbox
from channels_app.models import Channel, Delivery
from engagement import replies
from engagement.replies import Sending
from policy import approvals, permitted, second_looks, tiers
from policy.models import Approval, PolicyChoices
from tests.factories import NOON, make_channel, make_payload, make_user
from tests.factories_calendar import make_placement, make_post, make_topic
from tests.factories_inbox import make_conversation
from tests.factories_people import make_attempt, make_module
from tests.security.access import Route, table
from tests.stage import live
from tests.stories.test_scheduling import LATER, at

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def chief() -> User:
    return make_user("manager")


@pytest.fixture
def channel() -> Channel:
    return make_channel()


def steps(kind: str, author: User, channel: Channel, **facts: Any) -> list[str]:
    payload = make_payload(facts.pop("text", "The pool opens on Monday."), **facts.pop("parts", {}))
    return [step.rule for step in approvals.steps_for(kind, author, channel, NOON, payload, **facts)]


# --- what the rows mean ----------------------------------------------------------------------------------------------


def test_without_a_row_roles_decide_as_they_always_did(channel: Channel) -> None:
    publisher, officer = make_user("publisher"), make_user("officer")
    assert steps("post", publisher, channel, post_kind="quote") == []
    assert steps("post", officer, channel, post_kind="quote") == ["second_pair_of_eyes"]
    assert steps("post", publisher, channel, post_kind="correction") == ["correction"]
    assert steps("reply", officer, channel) == []


def test_a_row_narrows_and_can_never_widen(chief: User, channel: Channel) -> None:
    permitted.decide("post:quote", "publisher", "sign", by=chief, now=NOON)
    publisher = make_user("publisher")
    assert steps("post", publisher, channel, post_kind="quote") == ["permitted"]
    assert steps("post", publisher, channel, post_kind="news") == []
    with pytest.raises(Invalid, match="do not include"):
        permitted.decide("post:quote", "officer", "yes", by=chief, now=NOON)


def test_what_is_not_permitted_is_refused_with_its_clause_and_the_next_step(chief: User, channel: Channel) -> None:
    permitted.decide("post:quote", "publisher", "no", by=chief, now=NOON)
    with pytest.raises(NotAllowed) as refused:
        steps("post", make_user("publisher"), channel, post_kind="quote")
    assert (refused.value.rule, "kept" in refused.value.next_step) == ("permitted", True)


def test_a_topic_and_a_channel_narrow_only_there(chief: User, channel: Channel) -> None:
    topic, publisher = make_topic(), make_user("publisher")
    permitted.decide("post:news", "publisher", "sign", by=chief, now=NOON, topic=topic)
    permitted.decide("post:event", "publisher", "sign", by=chief, now=NOON, scope=channel.scope)
    assert steps("post", publisher, channel, post_kind="news", topic=topic) == ["permitted"]
    assert steps("post", publisher, channel, post_kind="news", topic=make_topic()) == []
    assert steps("post", publisher, channel, post_kind="event") == ["permitted"]
    assert steps("post", publisher, make_channel(), post_kind="event") == []


def test_of_two_roles_the_one_that_may_most_counts(chief: User, channel: Channel) -> None:
    permitted.decide("reply:2", "officer", "sign", by=chief, now=NOON)
    officer = make_user("officer")
    assert steps("reply", officer, channel, text="Thank you, Ruth.") == ["permitted"]
    officer.grants.create(role="publisher", starts_at=NOON - MINUTE)
    assert steps("reply", officer, channel, text="Thank you, Ruth.") == []


def test_tier_one_goes_straight_out_and_tier_three_does_not(chief: User, channel: Channel) -> None:
    officer = make_user("officer")
    assert steps("reply", officer, channel, text="The library is open from 9 to 5.") == []
    permitted.decide("reply:3", "officer", "sign", by=chief, now=NOON)
    assert steps("reply", officer, channel, text="You will get compensation.") == ["reply_tier"]
    assert steps("reply", officer, channel, text="Thank you.", tier=tiers.Tier(3, "a label")) == ["reply_tier"]


# --- every door ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(channel: Channel) -> tuple[Client, User]:
    client, publisher = Client(), make_user("publisher")
    client.force_login(publisher)
    return client, publisher


STATES = ("draft", "in_review", "failed", "missed", "needs_attention")


def things(channel: Channel, author: User, states: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """One of everything that has a door, in each state that could lead out."""
    for state in states:
        post = make_post(author=author, channels=[channel], kind="quote")
        placement = make_placement(state, post=post, due_at=clock.now() + timedelta(days=1), asked_by=author)
        yield "POST", {"key": post.key}
        yield "VERSION", {"key": post.key, "n": 1}
        yield "PLACEMENT", {"key": placement.key}
    yield "", {}


def forms(channel: Channel, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every field any of the doors reads, for each of the buttons there are."""
    placements = Placement.objects.filter(post__key=values.get("key"))
    one = {
        "version": 1,
        "text": "Mill Road is shut on Tuesday, says Ruth.",
        "kind": "quote",
        "quote_words": "Mill Road is shut on Tuesday",
        "quote_by": "Ruth",
        "quote_source": "Council",
        "benefit": "learn",
        "topic": make_topic().pk,
        "unplanned": "on",
        "channels": [str(channel.pk), str(channel.key)],
        "at": f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "was": "",
        "language": "en",
        "reason": "I looked on the platform.",
        "url": "https://social.fernhill.example/@fernhill/1",
        "seen": [f"{row.key}:{wording.content_hash(row)}" for row in placements],
    }
    for act, decision in (("schedule", "send"), ("publish", "reschedule")):
        yield one | {"act": act, "decision": decision}


def unsigned() -> list[str]:
    """What could go out now, made at one of the doors, without a signature."""
    rows = Delivery.objects.filter(state="scheduled", approval__by=None, approval__second_look_by=None, kind="post")
    return [row.payload["text"] for row in rows.exclude(approval__rule="made before") if still_goes(row)]


def still_goes(row: Delivery) -> bool:
    return deciding.recheck(row, clock.now()) is None


def walk(client: Client, author: User, channel: Channel, *states: str) -> set[str]:
    """Post to every door there is; the names of those that put something on its way without a signature."""
    through = set()
    for about, values in list(things(channel, author, states or STATES)):
        for route in doors(about):
            both = route.name in {"calendar:new-post", "calendar:edit-post", "calendar:decide"}
            for form in list(forms(channel, values))[: 2 if both else 1]:
                with transaction.atomic():
                    client.post(reverse(route.name, kwargs=values), form)
                    if unsigned():
                        through.add(route.name)
                    transaction.set_rollback(True)
    return through


def doors(about: str) -> list[Route]:
    rows = (row for row in table().values() if row.about == about and "POST" in row.methods)
    return [row for row in rows if row.name.startswith("calendar:") and "P" in row.who]


def test_no_door_leads_round_a_signature(chief: User, channel: Channel, desk: tuple[Client, User]) -> None:
    """The same walk, with the kind permitted and then needing sign-off: doors that were open are shut."""
    client, publisher = desk
    was_open = walk(client, publisher, channel, "draft", "needs_attention")
    assert {"calendar:publish-post", "calendar:schedule-post"} <= was_open
    permitted.decide("post:quote", "publisher", "sign", by=chief, now=NOON)
    assert walk(client, publisher, channel) == set()
    permitted.decide("post:quote", "publisher", "no", by=chief, now=NOON)
    assert walk(client, publisher, channel, "draft", "missed") == set()


def test_what_was_scheduled_before_is_held_at_the_last_moment(chief: User, channel: Channel) -> None:
    publisher = make_user("publisher")
    post = make_post(author=publisher, channels=[channel], kind="quote")
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=publisher, now=NOON)
    delivery = Delivery.objects.get()
    assert deciding.recheck(delivery, LATER) is None
    permitted.decide("post:quote", "publisher", "sign", by=chief, now=NOON)
    block = deciding.recheck(delivery, LATER)
    assert block is not None
    assert (block.code, "sign-off" in block.words) == ("permitted", True)


def test_what_was_signed_still_goes_out_unless_it_is_not_permitted_any_more(chief: User, channel: Channel) -> None:
    officer = make_user("officer")
    post = make_post(author=officer, channels=[channel], kind="quote")
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=officer, now=NOON)
    placement = Placement.objects.get(post=post)
    signoff.approve(placement, wording.content_hash(placement), by=make_user("approver"), now=NOON)
    assert deciding.recheck(Delivery.objects.get(), LATER) is None
    permitted.decide("post:quote", "officer", "no", by=chief, now=NOON)
    assert deciding.recheck(Delivery.objects.get(), LATER) is not None


def test_the_composer_keeps_the_words_that_are_not_permitted(
    chief: User, channel: Channel, desk: tuple[Client, User]
) -> None:
    permitted.decide("post:quote", "publisher", "no", by=chief, now=NOON)
    form = next(forms(channel, {"key": None})) | {"channels": [str(channel.key)]}
    answer = desk[0].post(reverse("calendar:new-post"), form)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "not permitted" in shown
    assert "Policy 4.1" in shown
    assert "Mill Road is shut on Tuesday" in shown
    assert Post.objects.get().text.startswith("Mill Road")


def test_taking_down_can_be_not_permitted_but_never_waits(chief: User, channel: Channel) -> None:
    permitted.decide("delete", "publisher", "no", by=chief, now=NOON)
    with pytest.raises(NotAllowed):
        outbox.take_down(channel, "1", origin="post", by=make_user("publisher"), now=NOON)
    with pytest.raises(Invalid):
        permitted.decide("delete", "publisher", "sign", by=chief, now=NOON)


# --- one person ------------------------------------------------------------------------------------------------------


def look(author: User, channel: Channel, now: Any, **how: Any) -> Approval:
    found = approvals.steps_for("post", author, channel, NOON, make_payload(), post_kind="correction")
    found = [*found, *how.pop("more", [])]
    facts: dict[str, Any] = {"writers": {author.pk}, "scope": channel.scope, "asked_at": NOON}
    return second_looks.look_again("x" * 64, found, by=author, now=now, **(facts | how))


def test_alone_a_person_looks_again_after_the_wait_and_it_says_so(channel: Channel) -> None:
    author = make_user("publisher")
    PolicyChoices.here()
    with pytest.raises(NotAllowed, match="Somebody else"):
        look(author, channel, NOON + 60 * MINUTE)
    PolicyChoices.objects.update(alone=True, look_minutes=20)
    with pytest.raises(NotAllowed, match="not over"):
        look(author, channel, NOON + 19 * MINUTE)
    approval = look(author, channel, NOON + 20 * MINUTE)
    assert (approval.by, approval.second_look_by, approval.first_look_at, approval.signed) == (None, author, NOON, True)


def test_the_second_look_is_gone_as_soon_as_somebody_else_can_sign(channel: Channel) -> None:
    PolicyChoices.here()
    PolicyChoices.objects.update(alone=True)
    make_user("approver", scope=channel.scope)
    with pytest.raises(NotAllowed, match="Somebody else"):
        look(make_user("publisher"), channel, NOON + 60 * MINUTE)


def test_law_and_personal_data_are_never_passed_by_a_second_look(channel: Channel) -> None:
    PolicyChoices.here()
    PolicyChoices.objects.update(alone=True)
    with pytest.raises(NotAllowed, match="not enough"):
        look(
            make_user("publisher"),
            channel,
            NOON + 60 * MINUTE,
            more=[approvals.Step("override", "V15", "approve_post")],
        )


@pytest.mark.parametrize("role", ["contributor", "officer"])
def test_a_second_look_gives_no_right_that_the_person_does_not_have(role: str, channel: Channel) -> None:
    PolicyChoices.here()
    PolicyChoices.objects.update(alone=True)
    author = make_user(role, scope=channel.scope)
    post = make_post(author=author, channels=[channel])
    asked = scheduling.schedule(post, list(post.placements.all()), at(LATER), by=author, now=NOON).asked[0]
    assert signoff.second_look(asked, NOON + 60 * MINUTE) is None
    with pytest.raises(NotAllowed):
        signoff.look_again(asked, wording.content_hash(asked), by=author, now=NOON + 60 * MINUTE)
    assert not Delivery.objects.exists()


def test_nor_one_that_rests_until_the_training_is_passed_and_not_at_the_moment_of_sending(channel: Channel) -> None:
    PolicyChoices.here()
    PolicyChoices.objects.update(alone=True, look_minutes=20)
    author, module = make_user("publisher"), make_module(roles=["publisher"])
    make_attempt(author, module, until=NOON + 40 * MINUTE)
    first, second = (make_post(author=author, channels=[channel], kind="correction") for _ in range(2))
    for post in (first, second):
        scheduling.schedule(post, list(post.placements.all()), at(LATER), by=author, now=NOON)
    asked = Placement.objects.get(post=first)
    signoff.look_again(asked, wording.content_hash(asked), by=author, now=NOON + 30 * MINUTE)
    assert live(Delivery.objects.get(), LATER).why == "rights"
    late = Placement.objects.get(post=second)
    with pytest.raises(NotAllowed, match="ended on"):
        signoff.look_again(late, wording.content_hash(late), by=author, now=NOON + 50 * MINUTE)
    third = make_post(author=author, channels=[channel]).placements.get()
    said = signoff.steps_for(third, author, NOON + 50 * MINUTE)
    assert "has let the training" in said[0].words


def test_the_page_shows_the_table_and_changes_it(chief: User) -> None:
    client = Client()
    client.force_login(chief)
    client.post(reverse("policy:permit"), {"post:quote|publisher": "sign"})
    assert permitted.table()["post:quote", "publisher"] == "sign"
    answer = client.post(reverse("policy:narrow"), {"kind": "post:news", "role": "publisher", "verdict": "no"})
    assert "Choose a topic or a channel" in answer.content.decode()
    topic = make_topic(name="Planning")
    client.post(
        reverse("policy:narrow"), {"kind": "post:news", "role": "publisher", "verdict": "no", "topic": topic.pk}
    )
    assert "Planning" in client.get(reverse("policy:permitted")).content.decode()


def test_the_kinds_of_the_matrix_are_the_kinds_of_posts() -> None:
    assert {f"post:{key}": name for key, name in KINDS} == permitted.POSTS


def test_alone_a_correction_and_a_risky_answer_go_out_after_the_second_look(
    monkeypatch: pytest.MonkeyPatch, channel: Channel, desk: tuple[Client, User]
) -> None:
    client, publisher = desk
    PolicyChoices.here()
    PolicyChoices.objects.update(alone=True, look_minutes=20)
    post = make_post(author=publisher, channels=[channel], kind="correction")
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=publisher, now=NOON)
    conversation = make_conversation(channel, "My car was damaged by a pothole, who pays?", at=NOON)
    replies.release(conversation, Sending("We will look into compensation with you."), by=publisher, now=NOON)
    monkeypatch.setattr("accounts.clock.now", lambda: NOON + 5 * MINUTE)
    early = client.get(reverse("desk:sign-off")).content.decode()
    assert early.count("Your second look opens at") == 2
    monkeypatch.setattr("accounts.clock.now", lambda: NOON + 25 * MINUTE)
    page = client.get(reverse("desk:sign-off")).content.decode()
    for form in re.findall(
        r'<form class="row" method="post" action="([^"]+look-again/)">(.*?)</form>', page, re.DOTALL
    ):
        client.post(form[0], dict(re.findall(r'name="(\w+)" value="([^"]+)"', form[1])))
    approvals_ = [row.approval for row in Delivery.objects.select_related("approval__second_look_by")]
    assert [(row.rule, row.by, row.second_look_by) for row in approvals_] == [("second_look", None, publisher)] * 2


def test_the_reply_box_tells_beside_the_words_that_an_answer_will_be_signed(channel: Channel) -> None:
    client, conversation = Client(), make_conversation(channel, "Who pays for my car?", at=NOON)
    client.force_login(make_user("officer"))
    path = reverse("inbox:draft", args=[conversation.key])
    for words, told in (("The library is open from 9 to 5.", False), ("You will get compensation.", True)):
        shown = client.post(path, {"text": words}, headers={"HX-Request": "true"}).content.decode()
        assert ("Tier 3, because" in shown) is told, words
