"""The composer beside its words: wordings in and out of step, parts and polls, consents, pictures, who else is here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid, LostRace
from calendar_app import attending, composing, deciding, further, picking, scheduling, signoff, wording
from calendar_app.carrying import Consent, More, Poll
from calendar_app.models import GoodHour, Placement, Post, Presence
from calendar_app.readiness import NotReady
from calendar_app.releasing import Moment
from calendar_app.words import Alt, words_of
from channels_app import outbox
from channels_app.models import Delivery
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_media, make_post, whole
from tests.stage import CONTENT, Stage, after

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=3)
AT = Moment(LATER.replace(tzinfo=None), "Europe/London", LATER)


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London", pack="england")


@pytest.fixture
def writer(town):
    return make_user("publisher", name="Sam Okoro")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save(post: Post, by, **changes: Any) -> Post:
    fresh = whole(post)
    return composing.save(fresh, words_of(fresh).but(**changes), fresh.version, by=by, now=NOON).post


def of(post: Post) -> Placement:
    return Placement.objects.select_related("post", "channel").get(post=post)


def form_of(post: Post, **more: Any) -> dict[str, Any]:
    fresh = whole(post)
    said = {"key": str(post.key), "text": fresh.text, "kind": fresh.kind, "version": fresh.version, "benefit": "learn"}
    return said | {"topic": fresh.topic_id, "objective": fresh.objective.key, "channels": [], **more}


# --- own wordings ----------------------------------------------------------------------------------------------------


def test_an_own_wording_is_out_of_step_from_a_change_of_the_master_until_it_is_reconciled(writer):
    channel = make_channel("x")
    key = str(channel.key)
    post = save(make_post(author=writer, channels=[channel], text="Open on Monday."), writer, own={key: "Mon: open"})
    assert not of(post).out_of_step
    post = save(post, writer, text="Open on Tuesday.")
    assert of(post).out_of_step
    page = client_of(writer).get(reverse("calendar:edit-post", args=[post.key])).content.decode()
    assert "Out of step" in page
    assert "<del>Monday.</del>" in page.replace("\n", "")

    answer = client_of(writer).post(
        reverse("calendar:edit-post", args=[post.key]),
        form_of(post, channels=[key], **{f"own_{key}": "Mon: open", "keep_own": key}),
    )
    assert answer.status_code == 302
    assert not of(post).out_of_step
    post = save(post, writer, text="Open on Friday.")
    client_of(writer).post(
        reverse("calendar:edit-post", args=[post.key]),
        form_of(post, channels=[key], **{f"own_{key}": "Mon: open", "take_master": key}),
    )
    assert (of(post).text, of(post).out_of_step) == ("", False)


def test_an_own_wording_written_anew_is_in_step_again(writer):
    channel = make_channel("x")
    post = make_post(author=writer, channels=[channel], text="One")
    post = save(post, writer, own={str(channel.key): "Own"})
    post = save(post, writer, text="Two")
    post = save(post, writer, own={str(channel.key): "Own for two"})
    assert not of(post).out_of_step


# --- threads, first comments, polls ----------------------------------------------------------------------------------


def with_more(writer, platform: str, more: More, **facts: Any) -> Post:
    channel = make_channel(platform)
    return save(make_post(author=writer, channels=[channel], **facts), writer, more={str(channel.key): more})


def test_a_thread_is_approved_whole_and_each_part_gets_a_delivery(writer):
    post = with_more(writer, "mastodon", More(("Two.", "Three.")))
    scheduling.schedule(post, list(post.placements.all()), AT, by=writer, now=NOON)
    placement = of(post)
    rows = list(Delivery.objects.order_by("part"))
    assert [(one.part, outbox.text_of(one)) for one in rows][1:] == [(1, "Two."), (2, "Three.")]
    assert {one.approval_id for one in rows} == {placement.approval_id}
    assert [deciding.recheck(one, LATER) for one in rows] == [None, None, None]
    assert {one.placement_id for one in placement.releases.all()} == {placement.pk}
    assert placement.releases.count() == 3


def test_another_word_in_a_part_takes_everything_back(writer):
    post = with_more(writer, "mastodon", More(("Two.",)))
    scheduling.schedule(post, list(post.placements.all()), AT, by=writer, now=NOON)
    key = str(of(post).channel.key)
    post = save(post, writer, more={key: More(("Two and a half.",))})
    assert of(post).state == "draft"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}


def test_who_signs_reads_every_part_and_the_poll(writer):
    officer, approver = make_user("officer"), make_user("approver")
    post = with_more(officer, "mastodon", More(("The second part.",), Poll(("The pond", "The weir"), 60)))
    scheduling.schedule(post, list(post.placements.all()), AT, by=officer, now=NOON)
    shown = client_of(approver).get(reverse("desk:sign-off")).content.decode()
    for words in ("The second part.", "The pond", "The weir", "open for 1 hour"):
        assert words in shown
    seal = wording.content_hash(of(post))
    later = save(post, officer, more={str(of(post).channel.key): More(("Another second part.",))})
    with pytest.raises(LostRace):
        signoff.approve(of(later), seal, by=approver, now=NOON)


def test_what_a_channel_cannot_do_is_neither_offered_nor_kept(writer):
    channel = make_channel("facebook")
    key = str(channel.key)
    post = make_post(author=writer, channels=[channel])
    client, address = client_of(writer), reverse("calendar:edit-post", args=[post.key])
    page = client.get(address).content.decode()
    assert "First comment" in page
    assert f'name="poll_{key}"' not in page
    asked = {f"part_{key}": ["More under the link.", "A second one"], f"poll_{key}": ["Yes", "No"]}
    client.post(address, form_of(post, channels=[key], **asked))
    assert (of(post).parts, of(post).poll) == (["More under the link."], {})


def test_a_poll_that_is_not_whole_is_said_on_the_form_and_nothing_goes_out(writer):
    channel = make_channel("x")
    key = str(channel.key)
    post = make_post(author=writer, channels=[channel])
    asked = {f"poll_{key}": ["Yes", "", ""], f"minutes_{key}": "60", "act": "schedule", "at": "2026-11-20T10:00"}
    answer = client_of(writer).post(
        reverse("calendar:edit-post", args=[post.key]), form_of(post, channels=[key], **asked)
    )
    assert answer.status_code == 422
    assert "needs at least two answers" in answer.content.decode()
    assert Delivery.objects.count() == 0
    assert of(post).poll == {"options": ["Yes"], "minutes": 60}


def test_each_part_is_counted_and_checked_by_itself(writer):
    channel = make_channel("x")
    key = str(channel.key)
    post = make_post(author=writer, channels=[channel])
    answer = client_of(writer).post(
        reverse("calendar:look"), form_of(post, channels=[key], **{f"part_{key}": ["y" * 281]})
    )
    shown = answer.content.decode()
    assert f'data-of="{key}.1"' in shown
    assert "281</span> of 280" in shown
    assert "part 2" in shown
    with pytest.raises(NotReady):
        scheduling.schedule(whole(post), [of(post)], AT, by=writer, now=NOON)


def test_what_is_too_long_is_cut_into_parts_by_one_button(writer):
    channel = make_channel("x")
    key = str(channel.key)
    text = "The weir is closed until Friday because the river trust mends the sluice. " * 5
    post = make_post(author=writer, channels=[channel], text=text)
    client_of(writer).post(reverse("calendar:edit-post", args=[post.key]), form_of(post, channels=[key], thread=key))
    placement = of(post)
    assert " ".join([placement.text, *placement.parts]).split() == text.split()
    assert len(placement.parts) == 1
    assert post.text == text


def test_a_part_that_failed_is_shown_and_sent_again_alone(writer, stage: Stage):
    stage.CAN = stage.CAN | {"thread"}
    post = with_more(writer, "mastodon", More(("Two.",)))
    scheduling.publish(post, list(post.placements.all()), zone="Europe/London", by=writer, now=NOON)
    stage.answers = [None, CONTENT]
    outbox.step(NOON)
    client, placement = client_of(writer), of(post)
    page = client.get(reverse("calendar:post", args=[post.key])).content.decode()
    assert "Send this part again now" in page
    assert client.post(reverse("calendar:send-part-again", args=[placement.key, 1])).status_code == 302
    outbox.step(after(minutes=1))
    assert [(one.text, one.reply_to) for one in stage.public] == [(post.text, ""), ("Two.", "ours-1")]
    assert further.deliveries(of(post))[1].state == "published"


def test_taking_a_thread_down_takes_every_part_down(writer, stage: Stage):
    stage.CAN = stage.CAN | {"thread"}
    post = with_more(writer, "mastodon", More(("Two.", "Three.")))
    scheduling.publish(post, list(post.placements.all()), zone="Europe/London", by=writer, now=NOON)
    outbox.step(NOON)
    deciding.delete(of(post), "over", "It is over.", by=writer, now=after(minutes=1))
    outbox.step(after(minutes=2))
    assert set(Delivery.objects.filter(kind="post").values_list("state", flat=True)) == {"removed"}


# --- consent, quote, pictures ----------------------------------------------------------------------------------------


def test_behind_the_scenes_is_not_scheduled_before_a_consent_is_recorded(writer):
    post = make_post(author=writer, kind="behind")
    with pytest.raises(NotReady, match="Behind the scenes"):
        scheduling.schedule(post, list(post.placements.all()), AT, by=writer, now=NOON)
    said = {
        "consent_people": "The crew of the mill, on file",
        "consent_safe": "on",
        "channels": [str(of(post).channel.key)],
    }
    client_of(writer).post(reverse("calendar:edit-post", args=[post.key]), form_of(post, **said))
    post = whole(post)
    assert Consent(**post.consent).by == str(writer.key)
    scheduling.schedule(post, list(post.placements.all()), AT, by=writer, now=NOON)
    assert of(post).state == "approved"


def test_the_card_of_a_quote_says_its_words_to_those_who_cannot_see_it(writer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    post = make_post(author=writer, kind="quote", text="“Water finds a way.” What would you add?")
    said = {"quote_words": "Water finds a way.", "quote_by": "Ada Pond", "quote_source": "Council, 3 May", "card": "1"}
    client_of(writer).post(
        reverse("calendar:edit-post", args=[post.key]), form_of(post, channels=[str(of(post).channel.key)], **said)
    )
    shown = whole(post).pictures.get()
    assert (shown.alt, shown.media.state) == ("Water finds a way.", "ready")
    assert whole(post).quote["card"] == str(shown.media.key)


def test_only_pictures_one_may_see_can_be_put_into_a_post(writer):
    contributor, mine = make_user("contributor"), make_media(name="mine.jpg", by=writer)
    words = words_of(make_post(author=contributor))
    with pytest.raises(Invalid, match="not there"):
        picking.with_picked(words, str(mine.key), contributor, NOON)
    page = client_of(writer).get(f"{reverse('calendar:new-post')}?pick={mine.key}&pick=nonsense").content.decode()
    assert f'name="picture" value="{mine.key}"' in page


def test_pictures_change_places_in_both_directions(writer):
    row = [make_media(), make_media(), make_media()]
    post = make_post(author=writer, pictures=row)
    for button, key, order in (("later", 0, [1, 0, 2]), ("earlier", 2, [1, 2, 0])):
        sent = [str(one.media.key) for one in whole(post).pictures.all()]
        said = {"picture": sent, button: str(row[key].key), "channels": [str(of(post).channel.key)]}
        client_of(writer).post(reverse("calendar:edit-post", args=[post.key]), form_of(post, **said))
        assert [one.media for one in whole(post).pictures.all()] == [row[number] for number in order]


# --- beside the words ------------------------------------------------------------------------------------------------


def test_two_people_at_one_post_see_each_other_and_who_types(writer):
    jo, post = make_user("publisher", name="Jo Webb"), make_post(author=writer)
    attending.here(post, jo, NOON - timedelta(seconds=5), typed=True)
    answer = client_of(writer).post(reverse("calendar:attend", args=[post.key]))
    assert "Jo Webb" in answer.content.decode()
    assert "is typing here" in answer.content.decode()
    assert [one.types for one in attending.others(post, writer, NOON + timedelta(seconds=30))] == [False]
    assert attending.others(post, writer, NOON + timedelta(minutes=2)) == []
    attending.here(post, writer, NOON + timedelta(days=2))
    assert Presence.objects.count() == 1


def test_good_hours_are_shown_only_where_they_were_measured(writer):
    known, unknown = make_channel("x"), make_channel("facebook")
    for hour, rate in ((9, 0.02), (18, 0.07), (12, 0.05), (7, 0.01)):
        GoodHour.objects.create(channel=known, weekday=1, hour=hour, rate=rate, posts=8, measured_at=NOON)
    first, second = attending.hours([known, unknown])
    assert (first.best, first.posts) == (["Tue 09:00", "Tue 12:00", "Tue 18:00"], 32)
    assert (second.best, second.posts) == ([], 0)
    page = client_of(writer).get(reverse("calendar:new-post")).content.decode()
    assert "Not enough history yet" in page


def test_versions_keep_everything_and_show_what_changed_on_a_channel(writer):
    post = with_more(writer, "mastodon", More(("The second part.",), Poll(("Yes", "No"), 60)))
    key = str(of(post).channel.key)
    post = save(post, writer, more={}, call="share")
    client = client_of(writer)
    page = client.get(reverse("calendar:versions", args=[post.key]) + "?compare=2").content.decode()
    assert "The second part." in page
    assert "Yes, No" in page.replace("</ins>", "").replace("<ins>", "")
    client.post(reverse("calendar:use-version", args=[post.key, 2]), {"version": post.version})
    assert words_of(whole(post)).more == {key: More(("The second part.",), Poll(("Yes", "No"), 60))}
    assert whole(post).call == ""


def test_a_picture_that_was_uploaded_is_offered_again_with_its_alt_text(writer):
    media = make_media(by=writer)
    post = make_post(author=writer, pictures=[media])
    words = picking.with_picked(words_of(make_post(author=writer)), str(media.key), writer, NOON)
    assert words.pictures == (Alt(str(media.key), post.pictures.get().alt),)
