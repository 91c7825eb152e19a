"""Writing a post: no save is lost, none wins unseen, and changed words take back what was to go out."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.refusals import Invalid, NotAllowed
from calendar_app import composing, scheduling
from calendar_app.models import Placement, Post, PostVersion
from calendar_app.releasing import Moment
from calendar_app.words import Alt, words_of
from channels_app.models import Channel, Delivery
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_media, make_placement, make_post, whole

LATER = NOON + timedelta(hours=3)
AT = Moment(LATER.replace(tzinfo=None), "Europe/London", LATER)


@pytest.fixture
def writer(db):
    return make_user("publisher", name="Sam Okoro")


@pytest.fixture
def colleague(db):
    return make_user("publisher", name="Jo Webb")


def save(post: Post, by, version: int | None = None, **changes) -> composing.Saved:
    words = words_of(whole(post)).but(**changes)
    return composing.save(post, words, post.version if version is None else version, by=by, now=NOON)


def scheduled(writer, channels=None) -> Post:
    post = make_post(author=writer, channels=channels or [make_channel()])
    scheduling.schedule(post, list(post.placements.all()), AT, by=writer, now=NOON)
    return whole(post)


def test_a_post_is_made_with_its_placements_and_first_version(writer):
    channel = make_channel()
    words = words_of(make_post(author=writer, channels=[])).but(text="Hello", own={str(channel.key): "Hello there"})
    post = composing.create(words, by=writer, now=NOON)
    assert [one.text for one in post.placements.all()] == ["Hello there"]
    assert post.versions.get().words["text"] == "Hello"


def test_every_save_is_a_version(writer):
    post = make_post(author=writer)
    post = save(post, writer, text="Second").post
    post = save(post, writer, text="Third").post
    assert list(post.versions.order_by("n").values_list("n", flat=True)) == [1, 2, 3]
    assert (post.text, post.version) == ("Third", 3)


def test_saving_the_same_words_again_makes_nothing(writer):
    post = make_post(author=writer)
    saved = save(post, writer)
    assert (saved.changed, saved.post.version, post.versions.count()) == (False, 1, 1)


def test_the_later_of_two_people_is_told_and_both_texts_are_kept(writer, colleague):
    post = make_post(author=writer)
    save(post, writer, text="Sam's words")
    saved = save(post, colleague, version=1, text="Jo's words")
    assert saved.beside is not None
    assert saved.beside.words["text"] == "Jo's words"
    assert whole(post).text == "Sam's words"
    kept = {one.words["text"] for one in PostVersion.objects.filter(post=post)}
    assert {"Sam's words", "Jo's words"} <= kept


def test_after_comparing_the_later_one_may_still_win_and_the_first_is_kept(writer, colleague):
    post = make_post(author=writer)
    first = save(post, writer, text="Sam's words").post
    save(post, colleague, version=1, text="Jo's words")
    saved = save(whole(post), colleague, version=first.version, text="Jo's words")
    assert saved.beside is None
    assert whole(post).text == "Jo's words"
    assert PostVersion.objects.filter(post=post, words__text="Sam's words").exists()


def test_ones_own_earlier_save_is_nobody_elses(writer):
    post = make_post(author=writer)
    save(post, writer, text="Kept by itself")
    saved = save(post, writer, version=1, text="Saved by hand a moment later")
    assert saved.beside is None
    assert whole(post).text == "Saved by hand a moment later"


@pytest.mark.usefixtures("transactional_db")
def test_of_two_saves_at_once_one_wins_and_none_is_lost():
    sam, jo = make_user("publisher", name="Sam"), make_user("publisher", name="Jo")
    post = make_post(author=make_user("publisher"))
    start = threading.Barrier(2)

    def run(by, text):
        start.wait()
        save(post, by, version=1, text=text)
        connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in [(sam, "Sam's"), (jo, "Jo's")]]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    rows = PostVersion.objects.filter(post=post, n__gt=1)
    assert {one.words["text"] for one in rows} == {"Sam's", "Jo's"}
    assert sorted(one.beside for one in rows) == [False, True]


def test_changed_words_call_off_what_was_scheduled(writer):
    post = scheduled(writer)
    saved = save(post, writer, text="Other words")
    placement = Placement.objects.get(post=post)
    assert (placement.state, placement.approval) == ("draft", None)
    assert Delivery.objects.get().state == "cancelled"
    assert [one.pk for one in saved.back] == [placement.pk]


def test_a_changed_topic_calls_nothing_off(writer):
    post = scheduled(writer)
    saved = save(post, writer, topic=None, kind="event")
    assert (saved.changed, saved.back) == (True, ())
    assert Delivery.objects.get().state == "scheduled"


def test_only_the_channel_whose_wording_changed_goes_back(writer):
    one, other = make_channel(), make_channel("x")
    post = scheduled(writer, [one, other])
    saved = save(post, writer, own={str(one.key): "", str(other.key): "Own words for X"})
    assert [back.channel for back in saved.back] == [other]
    assert Placement.objects.get(channel=one).shown_state == "scheduled"


def test_a_changed_alt_text_is_a_changed_message(writer):
    media = make_media()
    post = make_post(author=writer, pictures=[media])
    scheduling.schedule(post, list(post.placements.all()), AT, by=writer, now=NOON)
    saved = save(whole(post), writer, pictures=(Alt(str(media.key), "Another description of the library"),))
    assert len(saved.back) == 1


def test_what_is_out_keeps_its_words(writer):
    placement = make_placement("published", post=make_post(author=writer))
    saved = save(whole(placement.post), writer, text="Other words")
    placement.refresh_from_db()
    assert (placement.shown_state, [one.pk for one in saved.kept]) == ("published", [placement.pk])


def test_what_is_being_sent_goes_out_as_it_was_and_the_save_says_so(writer):
    placement = make_placement("sending", post=make_post(author=writer))
    saved = save(whole(placement.post), writer, text="Other words")
    assert saved.changed
    assert [one.pk for one in saved.kept] == [placement.pk]


def test_nobody_changes_what_goes_out_where_they_do_not_write(writer):
    mine, theirs = make_channel(), make_channel("x")
    post = scheduled(writer, [mine, theirs])
    only_mine = make_user("publisher", scope=mine.scope)
    with pytest.raises(NotAllowed, match="where you do not write"):
        save(post, only_mine, text="Other words")
    assert whole(post).text == post.text


def test_channels_of_others_stay_whatever_the_form_says(writer):
    mine, theirs = make_channel(), make_channel("x")
    post = make_post(author=writer, channels=[theirs])
    only_mine = make_user("publisher", scope=mine.scope)
    saved = save(post, only_mine, own={str(mine.key): "", str(theirs.key): "Taken over"})
    assert {one.channel: one.text for one in saved.post.placements.all()} == {mine: "", theirs: ""}


def test_a_channel_leaves_a_draft_but_not_a_plan(writer):
    one, other = make_channel(), make_channel("x")
    draft = make_post(author=writer, channels=[one, other])
    assert save(draft, writer, own={str(one.key): ""}).post.placements.count() == 1
    with pytest.raises(Invalid, match="planned already"):
        save(scheduled(writer, [one]), writer, own={})


def test_a_picture_that_was_refused_cannot_be_hung(writer):
    post = make_post(author=writer)
    with pytest.raises(Invalid, match="cannot be used"):
        save(post, writer, pictures=(Alt(str(make_media(state="refused").key)),))


def test_a_dropped_post_calls_everything_off_and_can_be_taken_up(writer):
    post = scheduled(writer)
    composing.drop(post, by=writer, now=NOON)
    assert Delivery.objects.get().state == "cancelled"
    with pytest.raises(Invalid, match="dropped"):
        save(whole(post), writer, text="More")
    composing.take_up(whole(post), by=writer, now=NOON)
    assert Placement.objects.get().state == "draft"


def test_versions_are_never_changed(writer):
    from django.db import DatabaseError, transaction  # noqa: PLC0415

    post = make_post(author=writer)
    with pytest.raises(DatabaseError), transaction.atomic():
        PostVersion.objects.filter(post=post).update(words={})


def test_a_channel_whose_keys_never_worked_is_no_place_to_write_for(writer):
    good, hopeless = make_channel(), make_channel(state="needs_reconnect", remote_id="")
    assert set(composing.writable_channels(writer, NOON)) == {str(good.key)}
    assert hopeless in Channel.objects.living()
