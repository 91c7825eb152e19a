"""The media library: found by words, never used against a right or a consent, and whoever planned it is told."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification
from accounts.refusals import Invalid
from calendar_app import composing, deciding, pictures, releasing, scheduling
from calendar_app.models import PostPicture
from calendar_app.readiness import NotReady
from calendar_app.words import Alt, words_of
from channels_app import rights
from channels_app.models import Media
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_media, make_post, make_upload, picture_bytes, whole

pytestmark = pytest.mark.django_db
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def amara():
    return make_user("publisher", name="Amara Osei")


@pytest.fixture
def desk(amara, client: Client) -> Client:
    client.force_login(amara)
    return client


def agreed(media: Media, by, until: date | None = None):
    return rights.agree(media, "Kai", "Signed form", date(2026, 1, 5), until, by=by, now=NOON)


def planned(amara, media: Media):
    """A post with this picture, scheduled for tomorrow."""
    post = make_post(author=amara, pictures=[media])
    at = releasing.moment(TOMORROW.replace(tzinfo=None), "UTC", 0, NOON)
    scheduling.schedule(post, list(post.placements.all()), at, by=amara, now=NOON)
    return whole(post)


@pytest.mark.parametrize("words", ["pond", "HERON", "amin", "reeds birds", "heron.png"])
def test_a_picture_is_found_by_words_of_its_alt_text_name_credit_and_tags(amara, words: str):
    found = make_media(name="heron.png", alt="A heron at the pond", credit="Photo: R. Amin", tags="birds, reeds")
    make_media(name="bins.png", alt="Three bins")
    assert list(pictures.search(amara, NOON, words)) == [found]


def test_the_lists_show_what_ends_soon_what_has_no_alt_text_and_what_was_put_away(amara):
    soon = make_media(alt="a", rights_until=NOON.date() + timedelta(days=5))
    bare = make_media(alt="")
    gone = make_media(alt="c", retired_at=NOON)
    fine = make_media(alt="d", rights_until=NOON.date() + timedelta(days=300))
    shown = {name: set(pictures.search(amara, NOON, "", name)) for name, _ in pictures.SHOWS}
    assert shown["ending"] == {soon}
    assert shown["no-alt"] == {bare}
    assert shown["away"] == {gone}
    assert shown[""] == {soon, bare, fine}


def test_who_only_contributes_sees_the_own_pictures(client: Client):
    lena = make_user("contributor")
    mine, theirs = make_media(by=lena), make_media(by=make_user("officer"))
    client.force_login(lena)
    assert client.get(reverse("media:picture", args=[mine.key])).status_code == 200
    assert client.get(reverse("media:picture", args=[theirs.key])).status_code == 404


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"rights_until": NOON.date() - timedelta(days=1)}, "The rights to"),
        ({"people": "yes"}, "no consent is noted"),
        ({"retired_at": NOON, "retired_why": "the old logo"}, "the old logo"),
    ],
)
def test_what_may_not_be_used_is_refused_by_name(amara, facts: dict[str, object], told: str):
    media, post = make_media(name="old.png", **facts), make_post(author=amara)
    words = words_of(post).but(pictures=(Alt(str(media.key), "Old"),))
    with pytest.raises(Invalid, match=told):
        composing.save(post, words, post.version, by=amara, now=NOON)
    assert not PostPicture.objects.exists()


def test_an_ended_consent_is_refused_and_a_new_one_of_the_same_person_makes_it_good(amara):
    media, post = make_media(), make_post(author=amara)
    agreed(media, amara, until=NOON.date() - timedelta(days=1))
    words = words_of(post).but(pictures=(Alt(str(media.key), "Kai"),))
    with pytest.raises(Invalid, match="the consent of Kai ends on 17 November 2026"):
        composing.save(post, words, post.version, by=amara, now=NOON)
    rights.agree(media, "Kai", "New form", NOON.date(), None, by=amara, now=NOON + timedelta(seconds=1))
    assert composing.save(post, words, post.version, by=amara, now=NOON).changed


def test_nothing_is_scheduled_for_a_day_after_the_consent_ends(amara):
    media = make_media()
    agreed(media, amara, until=NOON.date())
    with pytest.raises(NotReady, match="the consent of Kai ends"):
        planned(amara, media)


def test_a_withdrawn_consent_is_told_at_once_and_holds_back_what_was_scheduled(amara, desk: Client):
    tom, media = make_user("officer"), make_media()
    row = agreed(media, amara)
    post = planned(amara, media)
    delivery = post.placements.get().delivery
    assert deciding.recheck(delivery, NOON) is None
    type(post).objects.filter(pk=post.pk).update(created_at=NOON, author=tom)
    type(delivery.release.placement).objects.update(due_at=clock.now() + timedelta(days=1))
    answer = desk.post(reverse("media:withdraw-consent", args=[media.key, row.pk]), follow=True)
    assert "1 planned post has it." in answer.content.decode()
    block = deciding.recheck(delivery, NOON)
    assert block
    assert "Kai withdrew their consent" in block.words
    assert {note.user for note in Notification.objects.filter(event="post.picture")} == {tom, amara}
    pictures.tell_of(media, clock.now())
    assert Notification.objects.filter(event="post.picture").count() == 2
    assert "Kai withdrew their consent" in desk.get(reverse("calendar:post", args=[post.key])).content.decode()


def test_an_end_that_comes_before_the_post_is_told_days_ahead_and_once(amara):
    media = make_media()
    planned(amara, media)
    assert pictures.watch(NOON) == 0
    Media.objects.update(rights_until=NOON.date())
    assert pictures.watch(NOON) == 1
    assert pictures.watch(NOON + timedelta(hours=1)) == 1
    assert Notification.objects.filter(user=amara, event="post.picture").count() == 1


def test_putting_a_picture_away_leaves_published_and_planned_posts_alone(amara, desk: Client):
    media, new = make_media(alt="Old"), make_media(alt="New")
    post = planned(amara, media)
    answer = desk.post(
        reverse("media:put-away", args=[media.key]), {"why": "Old logo", "instead": new.key}, follow=True
    )
    page = answer.content.decode()
    assert "It was put away: Old logo" in page
    assert new.name in page
    assert deciding.recheck(post.placements.get().delivery, NOON) is None
    assert media not in pictures.search(amara, NOON)
    desk.post(reverse("media:take-up", args=[media.key]))
    assert media in pictures.search(amara, NOON)


def test_a_picture_says_which_posts_show_it_and_counts_those_one_does_not_see(amara, client: Client):
    media, own = make_media(), make_channel()
    seen = make_post(author=make_user(), channels=[own], pictures=[media], text="Seen here")
    make_post(author=make_user(), pictures=[media], text="Seen elsewhere")
    found, more = pictures.uses(media, make_user("officer", scope=own.scope), NOON)
    assert [one.placement.post for one in found] == [seen]
    assert more == 1


def test_an_upload_comes_to_its_own_page_and_what_cannot_be_used_is_named(desk: Client):
    answer = desk.post(reverse("media:add"), {"pictures": [make_upload(picture_bytes(), "pond.jpg")]})
    media = Media.objects.get()
    assert answer["Location"] == reverse("media:picture", args=[media.key])
    answer = desk.post(reverse("media:add"), {"pictures": [make_upload(b"%PDF-1.7", "plan.jpg")]}, follow=True)
    assert "is a PDF" in answer.content.decode()


def test_a_full_library_says_so_in_a_sentence(desk: Client, settings):
    make_media(bytes=900)
    settings.MEDIA_QUOTA_BYTES = 1000
    assert "The room for pictures is full." not in desk.get(reverse("media:library")).content.decode()
    settings.MEDIA_QUOTA_BYTES = 900
    assert "The room for pictures is full." in desk.get(reverse("media:library")).content.decode()
    answer = desk.post(reverse("media:add"), {"pictures": [make_upload(picture_bytes(), "pond.jpg")]}, follow=True)
    assert "The room for pictures is full" in answer.content.decode()


def test_what_is_said_about_a_picture_is_kept_and_a_credit_is_asked_for_where_the_licence_wants_one(desk: Client):
    media = make_media(name="heron.png", alt="")
    told = {"name": "heron.png", "alt": "A heron", "licence": "cc_by", "people": "no"}
    answer = desk.post(reverse("media:picture", args=[media.key]), told)
    assert answer.status_code == 422
    assert "This licence wants a credit." in answer.content.decode()
    assert "A heron" in answer.content.decode()
    desk.post(reverse("media:picture", args=[media.key]), {**told, "credit": "R. Amin"})
    media.refresh_from_db()
    assert (media.alt, media.credit, media.licence) == ("A heron", "R. Amin", "cc_by")


def test_the_composer_takes_a_picture_of_the_library_with_its_alt_text(amara, desk: Client):
    media, post = make_media(alt="A heron at the pond"), make_post(author=amara)
    fragment = desk.get(reverse("media:library"), {"pick": post.key}, headers={"HX-Request": "true"}).content.decode()
    assert f'form="composer" name="pick" value="{media.key}"' in fragment
    told = {"text": post.text, "kind": "news", "version": post.version, "pick": str(media.key), "act": "save"}
    answer = desk.post(reverse("calendar:edit-post", args=[post.key]), told)
    assert answer["Location"].endswith("#pictures")
    assert post.pictures.get().alt == "A heron at the pond"


def test_without_scripts_the_library_puts_a_picture_into_a_post(amara, desk: Client):
    media, post = make_media(alt="A heron"), make_post(author=amara)
    page = desk.get(reverse("media:library"), {"pick": post.key}).content.decode()
    assert reverse("media:put-into", args=[media.key]) in page
    for _ in range(2):
        desk.post(reverse("media:put-into", args=[media.key]), {"post": post.key})
    assert [one.media for one in PostPicture.objects.filter(post=post)] == [media]
