"""Checks stop; an override with a reason goes on, alone or with a second signature; no door goes round them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from accounts.refusals import Invalid, NotAllowed
from calendar_app import checking, deciding, releasing, scheduling, signoff, wording
from calendar_app.models import Placement, Post
from calendar_app.readiness import NotReady
from channels_app.models import Delivery
from engagement import checking as answers
from engagement import replies, signing
from engagement import wording as answering
from engagement.models import Reply
from policy import judging, records, setting
from policy.models import Firing, Judgement, ModeSpan
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_post
from tests.factories_inbox import make_conversation
from tests.factories_voice import change_voice, make_position

pytestmark = pytest.mark.django_db
FANCY = "The library is 𝐎𝐏𝐄𝐍 again."
LAWSUIT = "We accept liability for the fall on the stairs."


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London")


def whole(post: Post) -> Post:
    return Post.objects.whole().get(pk=post.pk)


def schedule(post: Post, by, now=NOON) -> scheduling.Outcome:
    at = releasing.moment((now + timedelta(hours=2)).replace(tzinfo=None), "Europe/London", 0, now)
    return scheduling.schedule(whole(post), list(whole(post).placements.all()), at, by=by, now=now)


def musts(post: Post) -> list[Any]:
    return [row.finding for row in checking.of_post(whole(post), setting.at(NOON)) if row.judged.stops]


def override_all(post: Post, by, reason: str = "It is the name of the hall.") -> list[Judgement]:
    about = checking.about_post(post)
    return [judging.override(about, one, reason, by=by, now=NOON) for one in musts(post)]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_a_matter_of_access_goes_out_on_one_persons_reason_that_is_kept():
    writer = make_user("publisher")
    post = make_post(author=writer, text=FANCY)
    with pytest.raises(NotReady, match="look-alike"):
        schedule(post, writer)
    [made] = override_all(post, writer)
    assert not made.signed
    assert len(schedule(post, writer).going) == 1
    assert AuditEntry.objects.filter(act="overrode", data__reason="It is the name of the hall.").exists()
    [kept] = records.find(records.Wanted(kind="override"))
    assert kept.body.payload["rule"] == "A18"
    shown = signed_in(writer).get(f"/calendar/posts/{post.key}/").content.decode()
    assert "It is the name of the hall." in shown


def test_what_touches_the_law_needs_a_second_person_who_reads_the_reason():
    writer, approver = make_user("publisher"), make_user("approver")
    post = make_post(author=writer, text=LAWSUIT)
    assert {one.rule for one in musts(post)} == {"V12"}
    override_all(post, writer, "Our insurer wrote this sentence.")
    outcome = schedule(post, writer)
    assert (outcome.going, len(outcome.asked)) == ([], 1)
    assert not Delivery.objects.exists()
    queue = signed_in(approver).get("/sign-off/").content.decode()
    assert "overrode a check" in queue
    assert "Our insurer wrote this sentence." in queue
    [placement] = outcome.asked
    with pytest.raises(NotAllowed, match="own words"):
        signoff.approve(placement, wording.content_hash(placement), by=writer_who_signs(writer), now=NOON)
    signoff.approve(placement, wording.content_hash(placement), by=approver, now=NOON)
    assert Delivery.objects.get().state == "scheduled"


def writer_who_signs(writer):
    from tests.factories import give  # noqa: PLC0415

    give(writer, "approver")
    return writer


def test_what_a_platform_would_refuse_cannot_be_overridden():
    post = make_post(text="x" * 600, channels=[make_channel("mastodon")])
    [finding] = [one for one in musts(post) if one.rule == "L2"]
    with pytest.raises(NotAllowed, match="cannot be overridden"):
        judging.override(checking.about_post(post), finding, "It fits", by=make_user("publisher"), now=NOON)


def test_an_override_wants_a_reason_and_can_be_taken_back():
    writer = make_user("publisher")
    post = make_post(author=writer, text=FANCY)
    with pytest.raises(Invalid, match="reason"):
        override_all(post, writer, "  ")
    [made] = override_all(post, writer)
    judging.take_back(checking.about_post(post), made.mark, by=writer, now=NOON)
    with pytest.raises(NotReady):
        schedule(post, writer)
    assert list(Judgement.objects.values_list("what", flat=True)) == ["overridden", "taken_back"]


def test_an_override_is_of_these_words_and_not_of_the_next():
    writer = make_user("publisher")
    post = make_post(author=writer, text=FANCY)
    override_all(post, writer)
    Post.objects.filter(pk=post.pk).update(text="The pool is 𝐂𝐋𝐎𝐒𝐄𝐃 again.")
    with pytest.raises(NotReady):
        schedule(post, writer)


def test_the_checks_run_again_when_an_approver_signs():
    writer, approver = make_user("officer"), make_user("approver")
    post = make_post(author=writer, text="The pool is open again, with wibble for all.")
    [placement] = schedule(post, writer).asked
    change_voice(levels={"V01": "must"}, lists={"banned": banned("wibble")})
    with pytest.raises(NotReady, match="We do not say"):
        signoff.approve(placement, wording.content_hash(placement), by=approver, now=NOON)


def banned(word: str):
    from policy.checks.house import Entry  # noqa: PLC0415
    from policy.profile import Changes  # noqa: PLC0415

    return Changes(added=(Entry(word),))


def test_the_checks_run_again_when_something_held_back_is_sent_after_all():
    writer = make_user("publisher")
    post = make_post(author=writer, text="The pool is open again, with wibble for all.")
    [placement] = schedule(post, writer).going
    Delivery.objects.update(state="missed", next_action_at=None)
    change_voice(levels={"V01": "must"}, lists={"banned": banned("wibble")})
    placement = Placement.objects.select_related("post", "channel__scope", "delivery").get(pk=placement.pk)
    with pytest.raises(NotReady, match="We do not say"):
        deciding.decide(placement, "send", by=writer, now=NOON, version=placement.delivery.version)


def test_a_signed_post_that_is_moved_is_checked_before_it_is_released():
    writer, approver = make_user("officer"), make_user("approver")
    post = make_post(author=writer, text="The pool is open again, with wibble for all.")
    [placement] = schedule(post, writer).asked
    late = NOON + timedelta(hours=3)
    signoff.approve(placement, wording.content_hash(placement), by=approver, now=late)
    assert not Delivery.objects.exists()
    change_voice(levels={"V01": "must"}, lists={"banned": banned("wibble")})
    at = releasing.moment((late + timedelta(hours=2)).replace(tzinfo=None), "Europe/London", 0, late)
    rows = list(whole(post).placements.all())
    with pytest.raises(NotReady, match="We do not say"):
        scheduling.move_to(whole(post), rows, at, rows[0].due_at, by=writer, now=late)


def test_a_mode_forces_the_situation_whatever_was_chosen():
    post = make_post(text="We are so sorry for the families. 🎉", channels=[make_channel()])
    before = {one.rule for one in musts(post)}
    ModeSpan.objects.create(mode="mourning", starts_at=NOON, reason="A death", by=make_user("manager"))
    assert setting.at(NOON).situation("everyday", None) == "condolence"
    assert {one.rule for one in musts(post)} - before == {"V24"}


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer():
    return make_user("officer", name="Dana Whitlock")


def answer(conversation, by, text: str) -> Reply:
    return replies.release(conversation, replies.Sending(text), by=by, now=NOON)


def test_an_answer_with_a_persons_data_is_stopped_and_kept_as_a_draft(scripted, officer):
    conversation = make_conversation(at=NOON)
    with pytest.raises(Invalid, match="personal|looks like"):
        answer(conversation, officer, "Ring Mrs Hale on 07700 900123.")
    assert Reply.objects.get().state == "draft"
    assert Firing.objects.filter(kind="reply", rule="V15").exists()


def test_words_a_position_forbids_wait_for_an_approver_and_go_out_when_signed(scripted, officer):
    make_position(words=("incinerator",), never=("the decision is made",))
    conversation, approver = make_conversation(at=NOON), make_user("approver")
    words = "On the incinerator: the decision is made."
    kept = answering.save(conversation, words, by=officer, now=NOON)
    checked = answers.look(kept.parent, kept.text, "", reply=kept, by=officer, now=NOON)
    assert {one.rule for one in checked.musts} == {"V13"}
    for one in checked.musts:
        judging.override(answers.about(kept), one, "The council voted last night.", by=officer, now=NOON)
    reply = answer(conversation, officer, words)
    assert (reply.state, Delivery.objects.count()) == ("in_review", 0)
    page = signed_in(approver).get("/sign-off/").content.decode()
    assert "The council voted last night." in page
    assert f'value="{signing.seal(reply)}"' in page
    done = signed_in(approver).post(
        f"/inbox/{conversation.key}/approve/", {"reply": reply.key, "seen": signing.seal(reply)}
    )
    assert done.status_code == 302
    delivery = Delivery.objects.get()
    assert (delivery.approval.by, delivery.payload["text"]) == (approver, f"{words} ^DW")


def in_review(officer) -> Reply:
    make_position(words=("incinerator",), never=("the decision is made",))
    conversation = make_conversation(at=NOON)
    kept = answering.save(conversation, "On the incinerator: the decision is made.", by=officer, now=NOON)
    for one in answers.look(kept.parent, kept.text, "", reply=kept, by=officer, now=NOON).musts:
        judging.override(answers.about(kept), one, "The council voted.", by=officer, now=NOON)
    return answer(conversation, officer, kept.text)


def test_nobody_signs_their_own_answer_nor_words_they_have_not_seen(scripted, officer):
    reply, approver = in_review(officer), make_user("approver")
    for by in (officer, writer_who_signs(officer)):
        with pytest.raises(NotAllowed):
            replies.approve(reply, signing.seal(reply), by=by, now=NOON)
    with pytest.raises(Exception, match="changed while you were reading"):
        replies.approve(reply, "another seal", by=approver, now=NOON)


def test_an_answer_is_sent_back_with_a_reason_or_taken_back_by_its_writer(scripted, officer):
    reply, approver = in_review(officer), make_user("approver")
    client = signed_in(approver)
    assert (
        client.post(f"/inbox/{reply.conversation.key}/send-back/", {"reason": "Say it is planned."}).status_code == 302
    )
    reply.refresh_from_db()
    assert (reply.state, "Say it is planned." in reply.why) == ("draft", True)
    again = answer(reply.conversation, officer, reply.text)
    assert again.state == "in_review"
    signed_in(officer).post(f"/inbox/{reply.conversation.key}/withdraw/")
    again.refresh_from_db()
    assert again.state == "draft"


def test_a_simple_answer_goes_straight_out(scripted, officer):
    assert answer(make_conversation(at=NOON), officer, "We open at nine tomorrow.").state == "released"


def test_how_an_answer_is_signed_is_the_towns_choice(scripted, officer):
    from policy.checks.house import Manner  # noqa: PLC0415

    parent = make_conversation(at=NOON).messages.get()
    said = []
    for sign_off in ("initials", "first_name", "never"):
        change_voice(manners={"reply": {"": Manner("any", sign_off)}})
        said.append(answering.signed(parent, "We open at nine.", officer))
    assert said == ["We open at nine. ^DW", "We open at nine. – Dana", "We open at nine."]


def test_the_same_words_in_two_places_are_overridden_with_the_reason_given_at_either():
    writer = make_user("publisher")
    post = make_post(author=writer, text="𝐎𝐏𝐄𝐍 at nine, 𝐎𝐏𝐄𝐍 until five.")
    found = musts(post)
    mark = judging.mark_of(found[0])
    told = judging.numbered([judging.shown(one) for one in judging.judged(found, {})])
    assert [one["id"] for one in told] == [mark, f"{mark}-2"]
    form = {"override": f"{mark}-2", f"why_{mark}": "", f"why_{mark}-2": "It is the name of the hall."}
    assert judging.decide(checking.about_post(post), found, form, by=writer, now=NOON)
    assert musts(post) == []
