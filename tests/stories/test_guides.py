"""The town's guides: adopted, read, changed by two people or alone, and asked “can I…?”."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from policy import asking, editing, guides, nagging
from policy.models import Clause, GuideVersion, PolicyChoices
from tests.factories import NOON, make_town, make_user

pytestmark = pytest.mark.django_db
REVIEW = date(2027, 11, 18)
DAY = timedelta(days=1)


def adopted() -> GuideVersion:
    return editing.adopt("policy", REVIEW, by=make_user("administrator"), now=NOON)


def changed(by_role: str = "manager") -> tuple[GuideVersion, object]:
    """A draft that says something else about emergencies, waiting for approval."""
    writer = make_user(by_role)
    draft = editing.begin("policy", by=writer, now=NOON)
    was = next(one for one in guides.words_of(draft) if one.anchor == "emergencies")
    editing.save_clause(draft, replace(was, text="Call."), editing.content_of(was), by=writer, now=NOON)
    editing.ask(draft, "Shorter on emergencies.", by=writer, now=NOON)
    draft.refresh_from_db()
    return draft, writer


def test_until_the_town_adopts_a_guide_the_shipped_clauses_explain_and_bind_nobody() -> None:
    officer = make_user("officer")
    assert guides.owed(officer, NOON) == []
    clause = guides.clauses_by_rule()["sign_off"]
    assert (clause.label, clause.anchor) == ("Policy 5.1", "sign-off")
    assert clause.url.endswith("/policy/guides/policy/#sign-off")


def test_the_shipped_text_is_adopted_by_one_person_and_asks_everybody_else_to_read_it() -> None:
    chief, officer = make_user("administrator"), make_user("officer")
    version = editing.adopt("policy", REVIEW, by=chief, now=NOON)
    assert (version.state, version.second_look, version.approved_by) == ("approved", False, chief)
    assert guides.owed(chief, NOON) == []
    assert guides.owed(officer, NOON) == [version]
    assert guides.acknowledged(officer, NOON + 13 * DAY)
    assert not guides.acknowledged(officer, NOON + 15 * DAY)
    assert officer.notifications.filter(event="policy.to_read").count() == 1
    guides.acknowledge(version, by=officer, now=NOON + DAY)
    guides.acknowledge(version, by=officer, now=NOON + DAY)
    assert guides.acknowledged(officer, NOON + 15 * DAY)
    with pytest.raises(IllegalMove):
        editing.adopt("policy", REVIEW, by=chief, now=NOON)


def test_whoever_joins_later_reads_before_they_publish() -> None:
    adopted()
    late = make_user("officer", joined_at=NOON + 30 * DAY)
    assert not guides.acknowledged(late, NOON + 30 * DAY)


def test_a_changed_clause_makes_a_version_lists_the_rules_and_asks_everybody_again() -> None:
    version = adopted()
    officer = make_user("officer")
    guides.acknowledge(version, by=officer, now=NOON)
    draft, _ = changed()
    second = make_user("manager")
    done = editing.approve(draft, REVIEW, by=second, now=NOON + DAY)
    assert (done.number, done.approved_by, done.second_look) == (2, second, False)
    assert guides.find("policy", "emergencies").text == "Call."
    assert guides.owed(officer, NOON + DAY) == [done]
    page = client_of(second).get("/policy/guides/policy/versions/2/").content.decode()
    assert "<del>" in page
    assert "Emergency mode" in page
    assert "V24" in page
    old = client_of(officer).get("/policy/guides/policy/versions/1/").content.decode()
    assert "everything that is scheduled waits" in old


def test_nobody_approves_their_own_draft_while_somebody_else_can() -> None:
    adopted()
    draft, writer = changed()
    with pytest.raises(NotAllowed, match="own draft"):
        editing.approve(draft, REVIEW, by=writer, now=NOON + 2 * DAY)


def test_alone_the_writer_looks_again_after_the_wait_and_the_version_says_so() -> None:
    draft, writer = changed()
    with pytest.raises(NotAllowed, match="after the wait"):
        editing.approve(draft, REVIEW, by=writer, now=NOON + timedelta(hours=23))
    done = editing.approve(draft, REVIEW, by=writer, now=NOON + timedelta(hours=24))
    assert done.second_look


def test_a_draft_that_leaves_a_rule_without_a_clause_is_not_put_forward() -> None:
    writer = make_user("manager")
    draft = editing.begin("policy", by=writer, now=NOON)
    editing.remove_clause(draft, "sign-off", by=writer, now=NOON)
    with pytest.raises(Invalid, match="rest on no clause"):
        editing.ask(draft, "Less.", by=writer, now=NOON)


def test_two_people_at_one_clause_lose_nothing() -> None:
    one, two = make_user("manager"), make_user("administrator")
    draft = editing.begin("policy", by=one, now=NOON)
    was = next(row for row in guides.words_of(draft) if row.anchor == "purpose")
    seen = editing.content_of(was)
    editing.save_clause(draft, replace(was, text="Mine."), seen, by=one, now=NOON)
    with pytest.raises(LostRace):
        editing.save_clause(draft, replace(was, text="Yours."), seen, by=two, now=NOON)
    answer = client_of(two).post(
        "/policy/guides/policy/draft/clauses/purpose/",
        {"chapter": "Why we are here", "title": "Purpose", "text": "Yours.", "seen": seen},
    )
    assert answer.status_code == 409
    assert "Yours." in answer.content.decode()
    assert "Mine." in answer.content.decode()


def test_approved_words_never_change_whoever_asks() -> None:
    version = adopted()
    for change in (
        lambda: Clause.objects.filter(version=version).update(text="Other words."),
        lambda: Clause.objects.filter(version=version).delete(),
        lambda: GuideVersion.objects.filter(pk=version.pk).update(summary="Other."),
        lambda: version.acknowledgements.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_public_sees_the_version_in_force_where_the_town_wants_it_and_only_there() -> None:
    make_town(name="Fernhill")
    version, stranger = adopted(), Client()
    assert stranger.get("/policy/public/policy/").status_code == 404
    PolicyChoices.objects.update(public_policy=True)
    page = stranger.get("/policy/public/policy/")
    assert page.status_code == 200
    assert "Fernhill uses social media" in page.content.decode()
    assert "{town}" not in page.content.decode()
    assert stranger.get("/policy/public/voice/").status_code == 404
    assert stranger.get("/policy/guides/policy/").status_code == 302
    text = client_of(version.approved_by).get("/policy/guides/policy/export.md").content.decode()
    assert "### 4.6 Photos of children need a parent's consent" in text


def test_managers_hear_that_a_review_is_due_and_only_them() -> None:
    editing.adopt("policy", date(2026, 11, 19), by=make_user("administrator"), now=NOON)
    for role, told in (("manager", True), ("officer", False)):
        page = client_of(make_user(role)).get("/policy/guides/policy/").content.decode()
        assert ("review is due" in page) is told


@pytest.mark.parametrize(
    ("asked", "anchor"),
    [
        ("photo of child", "photos-of-children"),
        ("Can I delete a bad comment?", "criticism"),
        ("emoji", "emoji"),
        ("how many hashtags", "hashtags"),
        ("swear", "house-rules"),
        ("election", "elections"),
        ("approve my own post", "sign-off"),
        ("chatgpt", "honest-pictures"),
        ("phone numb", "personal-data"),
    ],
)
def test_can_i_finds_the_clause(asked: str, anchor: str) -> None:
    assert asking.ask(asked)[0].ref.anchor == anchor


def test_can_i_says_so_when_no_clause_speaks_of_it() -> None:
    assert asking.ask("xyzzyx") == []
    assert asking.ask("a") == []
    page = client_of(make_user("officer")).get("/policy/ask/?ask=xyzzyx").content.decode()
    assert "No clause speaks of that" in page


def test_enter_opens_the_best_clause_beside_the_words_and_without_javascript_on_a_page() -> None:
    officer = client_of(make_user("officer"))
    fragment = officer.get("/policy/ask/?ask=photo+of+child&open=1", headers={"HX-Request": "true"}).content.decode()
    assert fragment.index("clause-beside") < fragment.index("ask-list")
    assert "written consent of a parent" in fragment
    assert "<html" in officer.get("/policy/ask/?ask=photo+of+child").content.decode()


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_whose_grace_ends_is_reminded_once_and_managers_of_a_review_once_a_month() -> None:
    officer, manager = make_user("officer"), make_user("manager")
    version = editing.adopt("policy", (NOON + 12 * DAY).date(), by=make_user("administrator"), now=NOON)
    guides.acknowledge(version, by=manager, now=NOON)
    told = {}
    for days in (1, 11, 11, 12, 15, 15):
        nagging.nag(NOON + days * DAY)
        told[days] = [officer.notifications.count(), manager.notifications.filter(event="policy.review").count()]
    assert told == {1: [1, 0], 11: [2, 0], 12: [2, 1], 15: [3, 2]}


def test_asking_is_two_statements_before_and_after_the_town_adopted_a_guide(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for adopt in (False, True):
        if adopt:
            adopted()
        asking.ask("photo of child")  # what is kept of the guides' words is read once
        with django_assert_num_queries(2):
            assert asking.ask("photo of child")
