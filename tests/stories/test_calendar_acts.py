"""Acts on the calendar's pages, as a browser without JavaScript sends them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from calendar_app.models import Placement, Post, PostVersion
from channels_app import outbox
from channels_app.models import Delivery, Media
from tests.factories import NOON, give, make_channel, make_town, make_user
from tests.factories_calendar import make_objective, make_placement, make_post, make_topic, make_upload, whole

pytestmark = pytest.mark.django_db
LATER = "2026-11-18T15:00"


@pytest.fixture(autouse=True)
def town(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    settings.MEDIA_ROOT = tmp_path
    return make_town(zone="Europe/London")


@pytest.fixture
def publisher():
    return make_user("publisher", name="Sam Okoro")


@pytest.fixture
def desk(publisher) -> Client:
    client = Client()
    client.force_login(publisher)
    return client


def fields(channels, **changes) -> dict[str, object]:
    made = {
        "text": "The library is open again from Monday.",
        "kind": "news",
        "topic": make_topic().pk,
        "benefit": "learn",
        "objective": str(make_objective().key),
        "channels": [str(channel.key) for channel in channels],
    }
    return {**made, **changes}


def edit(desk: Client, post: Post, **changes):
    words: dict[str, object] = {"text": post.text, "kind": "news", "topic": post.topic_id, "benefit": "learn"}
    words |= {"version": post.version}
    words |= {"objective": str(post.objective.key), "channels": [str(one.channel.key) for one in post.placements.all()]}
    return desk.post(reverse("calendar:edit-post", args=[post.key]), {**words, **changes})


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_writing_and_scheduling_in_one_go(desk: Client):
    channels = [make_channel("x"), make_channel("facebook")]
    answer = desk.post("/calendar/posts/new/", fields(channels, act="schedule", at=LATER), follow=True)
    assert "Scheduled for Wed 18 November, 15:00" in text(answer)
    assert {one.due_at for one in Delivery.objects.all()} == {NOON + timedelta(hours=3)}


def test_a_failing_schedule_keeps_the_words_and_says_all(desk: Client):
    answer = desk.post("/calendar/posts/new/", fields([make_channel("x")], act="schedule", at=LATER, text="Ä" * 281))
    assert answer.status_code == 422
    assert "1 too many for X: 281 of 280." in text(answer)
    assert Post.objects.get().text == "Ä" * 281
    assert reverse("calendar:edit-post", args=[Post.objects.get().key]) in text(answer)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("2026-11-18T11:00", "11:00 on 18 November 2026 is over"),
        ("2027-03-28T01:30", "01:30 does not exist on 28 March 2027"),
        ("2027-10-31T01:30", "01:30 comes twice on 31 October 2027"),
        ("soon", "Enter a day and a time"),
        ("", "Choose a day and a time first."),
    ],
)
def test_a_time_that_cannot_be_is_said_and_changes_nothing(desk: Client, at: str, sentence: str):
    answer = desk.post("/calendar/posts/new/", fields([make_channel()], act="schedule", at=at))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Delivery.objects.exists()


def test_a_time_that_comes_twice_is_chosen(desk: Client):
    when = {"act": "schedule", "at": "2027-10-31T01:30", "fold": "1"}
    desk.post("/calendar/posts/new/", fields([make_channel()], **when))
    assert Delivery.objects.get().due_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_the_later_of_two_people_sees_both_texts_and_chooses(desk: Client):
    post = make_post(author=make_user("publisher", name="Jo Webb"))
    other = Client()
    other.force_login(post.author)
    edit(other, post, text="Jo's words")
    answer = edit(desk, post, text="Sam's words")
    assert "compare=3" in answer["Location"]
    shown = text(desk.get(answer["Location"]))
    assert "Two people saved this post" in shown
    assert "Jo Webb saved it while you were writing" in shown
    use = reverse("calendar:use-version", args=[post.key, 3])
    desk.post(use, {"version": whole(post).version})
    assert whole(post).text == "Sam's words"
    assert PostVersion.objects.filter(post=post, words__text="Jo's words").exists()


def test_typing_saves_a_draft_and_gives_it_an_address(desk: Client):
    words = fields([make_channel()], text="First words", key="", version=0)
    answer = desk.post(reverse("calendar:look"), words, headers={"HX-Request": "true"})
    post = Post.objects.get()
    assert answer["HX-Replace-Url"] == reverse("calendar:edit-post", args=[post.key])
    words |= {"text": "First words and more", "key": str(post.key), "version": 1}
    shown = text(desk.post(reverse("calendar:look"), words, headers={"HX-Request": "true"}))
    assert 'name="version" id="version" value="2"' in shown
    assert (Post.objects.count(), Post.objects.get().text) == (1, "First words and more")


def test_a_double_click_on_a_new_post_makes_one_post_and_one_delivery(desk: Client):
    words = fields([make_channel()], key=str(uuid4()), version=0, act="schedule", at=LATER)
    for _ in range(2):
        assert desk.post("/calendar/posts/new/", words).status_code == 302
    assert (Post.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_save_by_itself_that_comes_late_does_not_put_back_what_the_writer_saved_since(desk: Client):
    channel, key = make_channel(), str(uuid4())
    desk.post("/calendar/posts/new/", fields([channel], text="The whole sentence.", key=key, version=0, act="save"))
    late = fields([channel], text="The whole sen", key=key, version=0)
    assert "This post was saved elsewhere" in text(desk.post(reverse("calendar:look"), late))
    assert Post.objects.get().text == "The whole sentence."


def test_typing_over_a_colleagues_save_keeps_the_version_it_was_begun_on(desk: Client):
    post = make_post(author=make_user("publisher"))
    other = Client()
    other.force_login(post.author)
    edit(other, post, text="Theirs")
    words = fields([post.placements.get().channel], text="Mine", key=str(post.key), version=1)
    shown = text(desk.post(reverse("calendar:look"), words))
    assert "This post was saved elsewhere" in shown
    assert 'name="version" id="version" value="1"' in shown
    assert whole(post).text == "Theirs"


def test_typing_never_takes_back_what_is_scheduled(desk: Client, publisher):
    post = make_post(author=publisher)
    edit(desk, post, act="schedule", at=LATER)
    words = fields([post.placements.get().channel], text="Other words", key=str(post.key), version=1)
    assert "Not saved by itself" in text(desk.post(reverse("calendar:look"), words))
    assert Delivery.objects.get().state == "scheduled"


def test_one_click_mends_what_a_check_found(desk: Client, publisher):
    post = make_post(author=publisher, text="Tonight #binday")
    edit(desk, post, fix="all:A14:8:15")
    assert whole(post).text == "Tonight #BinDay"


def test_pictures_come_with_their_alt_text_in_order_and_go(desk: Client, publisher):
    post = make_post(author=publisher)
    edit(desk, post, pictures=[make_upload(name="one.jpg"), make_upload(name="two.jpg")])
    one, two = (str(row.media.key) for row in whole(post).pictures.all())
    both = {"picture": [one, two], f"alt_{one}": "The doors are open", f"alt_{two}": "Children on the stairs"}
    edit(desk, whole(post), earlier=two, **both)
    assert [row.alt for row in whole(post).pictures.all()] == ["Children on the stairs", "The doors are open"]
    edit(desk, whole(post), remove=one, **both)
    assert [row.alt for row in whole(post).pictures.all()] == ["Children on the stairs"]


def test_an_svg_gets_a_sentence_and_the_words_stay(desk: Client, publisher):
    post = make_post(author=publisher)
    upload = make_upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg")
    answer = edit(desk, post, text="Kept", pictures=[upload])
    assert "is an SVG drawing" in text(desk.get(answer["Location"]))
    assert (whole(post).text, Media.objects.count()) == ("Kept", 0)


def test_publishing_shows_first_what_goes_out_and_a_double_click_sends_once(desk: Client, publisher):
    post = make_post(author=publisher, channels=[make_channel("x"), make_channel("facebook"), make_channel()])
    path = reverse("calendar:publish-post", args=[post.key])
    assert "Publish to 3 channels now" in text(desk.get(path))
    keys = [str(one.key) for one in post.placements.all()]
    for _ in range(2):
        assert desk.post(path, {"version": post.version, "placement": keys}).status_code == 302
    assert Delivery.objects.count() == 3


def test_words_changed_since_the_look_are_not_published(desk: Client, publisher):
    post = make_post(author=publisher)
    answer = desk.post(reverse("calendar:publish-post", args=[post.key]), {"version": post.version - 1})
    assert answer.status_code == 409
    assert "The words were changed since you looked" in text(answer)
    assert not Delivery.objects.exists()


def test_a_foreign_placement_in_the_form_is_refused(desk: Client, publisher):
    post, other = make_post(author=publisher), make_post(author=publisher)
    key = str(other.placements.get().key)
    answer = desk.post(reverse("calendar:publish-post", args=[post.key]), {"version": 1, "placement": key})
    assert answer.status_code == 422
    assert not Delivery.objects.exists()


def test_moving_goes_back_to_the_calendar_as_it_was(desk: Client):
    placement = make_placement(due_at=NOON + timedelta(hours=1))
    path = reverse("calendar:move-post", args=[placement.post.key])
    assert 'value="2026-11-18T13:00"' in text(desk.get(path))
    when = {"at": "2026-11-20T09:00", "was": placement.due_at.isoformat(), "placements": str(placement.key)}
    answer = desk.post(path, {**when, "back": "/calendar/?month=2026-11&state=scheduled"})
    assert answer["Location"] == "/calendar/?month=2026-11&state=scheduled"
    assert Delivery.objects.get().due_at.isoformat() == "2026-11-20T09:00:00+00:00"
    elsewhere = {**when, "was": "2026-11-20T09:00:00+00:00", "back": "https://evil.example/calendar/"}
    assert desk.post(path, elsewhere)["Location"] == "/calendar/"


def test_a_drag_can_be_undone(desk: Client):
    placement = make_placement(due_at=NOON + timedelta(hours=1))
    path = reverse("calendar:move-post", args=[placement.post.key])
    when = {"at": "2026-11-20T13:00", "was": placement.due_at.isoformat(), "placements": str(placement.key)}
    answer = desk.post(path, when, headers={"HX-Request": "true"})
    assert answer["HX-Trigger-After-Swap"] == '{"calendar-changed": true}'
    undo = reverse("calendar:undo-move", args=[answer.context["moving"].key])
    assert undo in text(answer)
    assert "1 post moved back" in text(desk.post(undo, headers={"HX-Request": "true"}))
    placement.refresh_from_db()
    assert placement.due_at == NOON + timedelta(hours=1)


def test_a_decision_wants_its_reason_and_stands_with_the_name(desk: Client, publisher):
    open_one = {"intent_at": NOON - timedelta(hours=1), "settle_from": NOON - timedelta(hours=1)}
    placement = make_placement("needs_attention", **open_one)
    path = reverse("calendar:decide", args=[placement.key])
    assert "It is there" in text(desk.get(path))
    there = {"decision": "it_is_there", "version": 1, "url": "https://x.com/fernhill/1"}
    answer = desk.post(path, there)
    assert answer.status_code == 422
    assert "Say how you know" in text(answer)
    desk.post(path, {**there, "reason": "I see it on the page."})
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.stated_by) == ("published", publisher)
    assert "does not wait for a decision any more" in text(desk.get(path))


def test_a_missed_one_gets_another_time(desk: Client):
    placement = make_placement("missed", due_at=NOON - timedelta(hours=2))
    path = reverse("calendar:decide", args=[placement.key])
    desk.post(path, {"decision": "reschedule", "version": 1, "at": LATER})
    placement.refresh_from_db()
    assert (placement.shown_state, placement.due_at) == ("scheduled", NOON + timedelta(hours=3))


def test_deleting_goes_through_the_outbox_once(desk: Client):
    placement = make_placement("published")
    path = reverse("calendar:delete-post", args=[placement.key])
    assert "Delete it on Mastodon now" in text(desk.get(path))
    for _ in range(2):
        desk.post(path, {"ground": "over", "reason": "The sale is over."})
    takedown = Delivery.objects.get(kind="delete")
    assert (takedown.payload["target"], takedown.approval.rule) == (placement.delivery.remote_id, "own_delete")


def test_who_may_decide_is_led_to_the_page_of_the_post(desk: Client, publisher):
    placement = make_placement("scheduled", due_at=NOON)
    outbox.step(NOON + timedelta(minutes=31))
    assert publisher.notifications.get().url == reverse("calendar:post", args=[placement.post.key])


def test_only_what_failed_can_be_sent_again(desk: Client):
    assert desk.post(reverse("calendar:send-again", args=[make_placement("unknown").key])).status_code == 422
    failed = make_placement("failed", post=make_post())
    desk.post(reverse("calendar:send-again", args=[failed.key]))
    failed.refresh_from_db()
    assert failed.shown_state == "scheduled"


def test_signing_on_the_page(publisher):
    officer, approver = make_user("officer", name="Jo Webb"), make_user("approver")
    writing, signing = Client(), Client()
    writing.force_login(officer)
    signing.force_login(approver)
    writing.post("/calendar/posts/new/", fields([make_channel()], act="schedule", at=LATER))
    post = Post.objects.get()
    shown = signing.get("/sign-off/")
    assert "Jo Webb asks." in text(shown)
    assert "What you asked for" in text(writing.get("/sign-off/"))
    seals = shown.context["asked"][0].seals
    assert writing.post(reverse("calendar:approve-post", args=[post.key]), {"seen": seals}).status_code == 403
    signing.post(reverse("calendar:approve-post", args=[post.key]), {"seen": seals})
    assert Placement.objects.get().shown_state == "scheduled"


def test_a_link_to_the_composer_fills_it_in(desk: Client):
    channel = make_channel()
    query = f"?text=Fixed:+the+lamp&kind=fix&day=2026-11-20&channel={channel.key}&link=https://fernhill.example/"
    shown = text(desk.get(f"/calendar/posts/new/{query}"))
    for part in ("Fixed: the lamp", 'value="fix" selected', "2026-11-20T10:00", "https://fernhill.example/"):
        assert part in shown


def test_nonsense_in_the_form_is_refused_in_words(desk: Client):
    wrong = fields([make_channel()], campaign="not-a-key", link="javascript:alert(1)", kind="poll")
    answer = desk.post("/calendar/posts/new/", wrong)
    assert answer.status_code == 422
    assert not Post.objects.exists()
    assert desk.post("/calendar/posts/new/", {"key": "not-a-key"}).status_code == 422


def test_the_same_words_within_two_days_are_pointed_out(desk: Client, publisher):
    channel = make_channel()
    edit(desk, make_post(author=publisher, channels=[channel], text="Twice the same"), act="schedule", at=LATER)
    again = make_post(author=publisher, channels=[channel], text="Twice  the same")
    shown = text(desk.get(reverse("calendar:edit-post", args=[again.key])))
    assert "The same words go out on Mastodon on Wed 18 November, 15:00." in shown
    far = {"at": "2026-11-25T15:00", "key": str(again.key), "version": 1}
    words = fields([channel], text="Twice the same", **far)
    assert "The same words go out" not in text(desk.post(reverse("calendar:look"), words))


def test_an_approver_sees_whose_words_are_their_own():
    both = make_user("officer")
    give(both, "approver")
    client = Client()
    client.force_login(both)
    client.post("/calendar/posts/new/", fields([make_channel()], act="schedule", at=LATER))
    assert "These are your own words" in text(client.get("/sign-off/"))
