"""A video in a post: it goes where it is taken, with the captions and the title that were signed, and is read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid
from calendar_app import checking, composing, drafting, picking, pictures, previewing, receipts, scheduling, wording
from calendar_app.models import Placement, Post, Readback
from calendar_app.readiness import NotReady
from calendar_app.words import Alt, of_version, with_pictures, words_of
from channels_app import captioning, directions, outbox, platforms, rights
from channels_app.models import Delivery
from channels_app.platforms.base import Account, Incoming, Limits, Outgoing, Shown, VideoLimits
from config import arrived
from policy import setting
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_media, make_post, whole
from tests.factories_films import VTT, film_upload, make_captions, make_film, take_film
from tests.stage import Stage, live
from tests.stories.test_scheduling import LATER, at

pytestmark = pytest.mark.django_db
MP4 = VideoLimits(5_000_000, 1, 140, frozenset({"video/mp4"}), captions=True)


@dataclass
class Screen(Stage):
    """A platform whose posts are videos with a title; it takes captions, and keeps what it was given."""

    CAN: frozenset[str] = frozenset({"publish", "delete", "images", "video", "captions", "title"})
    takes: VideoLimits = MP4
    beside: dict[str, Any] = field(default_factory=dict)
    given: list[Outgoing] = field(default_factory=list)

    def limits(self, account: Account | None) -> Limits:
        plain = Limits(500, 4, 1_000_000, 1500, frozenset({"image/jpeg"}), video=self.takes, title=20)
        return replace(plain, **self.beside)

    def steps(self, account: Account, outgoing: Outgoing) -> Sequence[str]:
        video = outgoing.video
        return (
            [f"part:{n}" for n in range(-(-video.size // 2_000))] + ["captions"] * bool(video.captions) if video else []
        )

    def prepare(self, account: Account, outgoing: Outgoing, step: str) -> str:
        self.given.append(outgoing)
        return super().prepare(account, outgoing, step)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    make_town(zone="Europe/London")
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def screen(monkeypatch) -> Screen:
    """YouTube is the screen, and every other platform a stage that takes no video."""
    there, plain = Screen(), Stage()
    monkeypatch.setattr(platforms, "get", lambda name: there if name == "youtube" else plain)
    return there


@pytest.fixture
def sam():
    return make_user("publisher", name="Sam Okoro")


def desk_of(user) -> Client:
    desk = Client()
    desk.force_login(user)
    return desk


def with_film(sam, film, *, title: str = "The new weir", names: Sequence[str] = ("youtube",), **facts: Any) -> Post:
    post = make_post(
        author=sam, text="The new weir is open.", channels=[make_channel(n) for n in names], pictures=[film]
    )
    Placement.objects.filter(post=post, channel__platform="youtube").update(title=title)
    return whole(post)


def on(post: Post, platform: str = "youtube") -> Placement:
    return next(one for one in whole(post).placements.all() if one.channel.platform == platform)


def rules(post: Post, platform: str = "youtube") -> set[str]:
    return {row.finding.rule for row in checking.of_placements(post, [on(post, platform)], setting.at(NOON))}


# --- what is signed --------------------------------------------------------------------------------------------------


def test_the_signature_covers_the_video_its_captions_its_description_and_the_title(screen, sam):
    film = make_film()
    post = with_film(sam, film)
    seen = [wording.content_hash(on(post))]
    make_captions(film)
    seen.append(wording.content_hash(on(post)))
    make_captions(film)
    seen.append(wording.content_hash(on(post)))
    for changes in ({"title": "Another"}, {}):
        Placement.objects.filter(post=post).update(**changes) if changes else post.pictures.update(alt="A weir")
        seen.append(wording.content_hash(on(post)))
    assert len(set(seen)) == 5


def test_a_post_without_a_video_is_frozen_as_it_always_was(stage, sam):
    payload = wording.payload(wording.said(make_post(author=sam).placements.get()))
    assert not {"video", "title"} & set(payload)


def test_it_goes_out_in_steps_with_the_very_captions_that_were_signed(screen, sam, folder: Path):
    film = take_film(sam)
    first = make_captions(film, by=sam)
    post = with_film(sam, film)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=sam, now=NOON)
    make_captions(film, text=VTT.replace("weir", "mill"), by=sam)
    delivery = on(post).delivery
    assert delivery.payload["video"] == {
        "media": str(film.key), "alt": "The library with its doors open", "captions": str(first.key),
    }  # fmt: skip
    delivery = live(delivery, *(LATER + timedelta(seconds=n) for n in range(8)))
    assert delivery.state == "published"
    assert screen.uploaded == [*(f"part:{n}" for n in range(-(-film.bytes // 2_000))), "captions"]
    given, sent = screen.given[0].video, screen.sent[0]
    assert (given.path, given.size, given.captions.text) == (str(folder / film.file), film.bytes, VTT)
    assert (sent.title, sent.video.path, sent.video.seconds, sent.pictures) == ("The new weir", "", film.seconds, [])


def test_a_video_that_is_gone_ends_the_delivery_with_a_sentence(screen, sam, folder: Path):
    film = take_film(sam)
    post = with_film(sam, film)
    make_captions(film, by=sam)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=sam, now=NOON)
    (folder / film.file).unlink()
    delivery = live(on(post).delivery, LATER)
    assert delivery.state == "failed"
    assert "video of this post is no longer there" in outbox.words_for(delivery, LATER).detail


def test_a_platform_that_fetches_files_is_given_a_sealed_address(screen, sam, settings, client: Client):
    settings.PRACTICE_URL = "https://desk.fernhill.example"
    film = take_film(sam)
    make_captions(film, by=sam)
    post = with_film(sam, film)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=sam, now=NOON)
    live(on(post).delivery, LATER)
    assert screen.given[0].video.url.startswith(f"https://desk.fernhill.example/channels/media/{film.key}/whole/")


def test_a_consent_that_is_taken_back_stops_the_video_at_the_last_moment(screen, sam):
    film = take_film(sam)
    make_captions(film, by=sam)
    row = rights.agree(film, "Kai", "Signed form", NOON.date(), None, by=sam, now=NOON)
    post = with_film(sam, film)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=sam, now=NOON)
    rights.withdraw(row, by=sam, now=NOON)
    delivery = live(on(post).delivery, LATER)
    assert delivery.state == "blocked"
    assert "Take the video out" in outbox.words_for(delivery, LATER).detail
    assert pictures.uses(film, sam, NOON)[0][0].problem


# --- what the checks say ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "beside", "found"),
    [
        ({}, {}, set()),
        ({"bytes": 6_000_000}, {}, {"L7"}),
        ({"seconds": 141}, {}, {"L7"}),
        ({"seconds": 0.6}, {}, {"L7"}),
        ({"mime": "video/webm"}, {}, {"L7"}),
        ({}, {"video": replace(MP4, captions=False)}, {"L11"}),
        ({"burned": True}, {"video": replace(MP4, captions=False)}, set()),
        ({}, {"must": frozenset({"picture"})}, {"L8"}),
        ({}, {"title": 5}, {"L12"}),
        ({"described": "no"}, {}, {"A10"}),
        ({"flashes": "yes"}, {}, {"A13"}),
    ],
)
def test_what_a_platform_does_not_take_is_found_beside_the_words(screen, sam, facts, beside, found):
    film = make_film(**facts)
    make_captions(film)
    screen.beside = beside
    assert rules(with_film(sam, film)) & {f"L{n}" for n in range(7, 13)} | rules(with_film(sam, film)) & {
        "A09", "A10", "A13",
    } == found  # fmt: skip


def test_captions_that_are_missing_or_that_nobody_read_are_found_where_they_would_go_along(screen, sam):
    film = make_film()
    post = with_film(sam, film)
    assert "A09" in rules(post)
    row = make_captions(film, read=False)
    assert "A09" in rules(post)
    captioning.note_read(row, by=sam, now=NOON)
    assert "A09" not in rules(post)


def test_pictures_and_a_video_do_not_go_together_where_the_platform_shows_one(screen, sam):
    film = make_film()
    make_captions(film)
    post = with_film(sam, film)
    words = with_pictures(words_of(post), [make_media(alt="A pond")])
    post = composing.save(post, words, post.version, by=sam, now=NOON).post
    assert "L9" in rules(post)
    screen.beside = {"together": True}
    assert "L9" not in rules(post)
    with pytest.raises(Invalid, match="one video"):
        with_pictures(words_of(post), [make_film()])


def test_what_the_platform_refuses_cannot_be_scheduled(screen, sam):
    film = make_film(seconds=900)
    make_captions(film)
    post = with_film(sam, film, title="")
    with pytest.raises(NotReady) as stop:
        scheduling.schedule(post, list(post.placements.all()), at(LATER), by=sam, now=NOON)
    assert any("15 minutes" in one for one in stop.value.problems)
    assert any("no title" in one for one in stop.value.problems)


# --- where it is not taken -------------------------------------------------------------------------------------------


def test_where_no_video_is_taken_it_is_left_out_and_its_link_is_offered(screen, sam):
    film = make_film(watch_at="https://fernhill.example/weir")
    post = with_film(sam, film, names=("youtube", "facebook"))
    assert "video" not in wording.payload(wording.said(on(post, "facebook")))
    assert "L10" in rules(post, "facebook")
    desk, key = desk_of(sam), str(on(post, "facebook").channel.key)
    page = desk.get(reverse("calendar:edit-post", args=[post.key])).content.decode()
    assert "takes no video from Parley" in page
    assert f'name="film_link" value="{key}"' in page
    assert f'name="title_{on(post).channel.key}" value="The new weir"' in page
    assert f'name="title_{key}"' not in page
    words = picking.with_link_of_film(words_of(post), key)
    assert words.own[key] == "The new weir is open.\n\nhttps://fernhill.example/weir"
    assert picking.with_link_of_film(words, key) == words


def test_the_composer_takes_a_video_from_the_library_with_a_title_for_each_channel(screen, sam):
    film, channel = make_film(alt="Water falls over a weir"), make_channel("youtube")
    post = make_post(author=sam, channels=[channel])
    desk, address = desk_of(sam), reverse("calendar:edit-post", args=[post.key])
    picker = desk.get(reverse("media:library"), {"pick": post.key}, headers={"HX-Request": "true"}).content.decode()
    assert "0:12" in picker
    form = {"key": str(post.key), "text": "The weir.", "kind": "news", "version": post.version, "benefit": "learn"}
    form |= {"topic": post.topic_id, "objective": post.objective.key, "channels": [str(channel.key)]}
    desk.post(address, {**form, "pick": str(film.key), f"title_{channel.key}": "  The new \n weir "})
    post = whole(post)
    assert [one.media for one in words_of(post).pictures] == [str(film.key)]
    assert on(post).title == "The new weir"
    page = desk.get(address).content.decode()
    assert "no captions" in page
    assert "preview-play" in page
    assert of_version(post.versions.order_by("-n").first()).more[str(channel.key)].title == "The new weir"
    shown = desk.get(reverse("calendar:post", args=[post.key])).content.decode()
    assert "<video" in shown
    answer = desk.post(
        address, {**form, "version": post.version, "pictures": [film_upload()], "picture": str(film.key)}
    )
    assert answer.status_code == 302
    assert len(words_of(whole(post)).pictures) == 1


def test_a_channel_without_titles_never_gets_one(stage, sam):
    post = make_post(author=sam)
    key = str(on(post, "mastodon").channel.key)
    words = words_of(post).but(more={key: drafting.More(title="A title")}, text="Changed")
    post = composing.save(post, words, post.version, by=sam, now=NOON).post
    assert on(post, "mastodon").title == ""


# --- as the public sees it -------------------------------------------------------------------------------------------


def read_back(sam, screen: Screen, videos: Sequence[Shown] | None) -> Readback:
    film = take_film(sam)
    make_captions(film, by=sam)
    post = with_film(sam, film)
    scheduling.schedule(post, list(post.placements.all()), at(LATER), by=sam, now=NOON)
    delivery = live(on(post).delivery, *(LATER + timedelta(seconds=n) for n in range(8)))
    screen.reads = [
        Incoming("post", delivery.remote_id, "1", "", "", "", "", "", "The new weir is open.", LATER, "", videos=videos)
    ]
    assert receipts.read_due(LATER + timedelta(minutes=1)) == 1
    return Readback.objects.get()


@pytest.mark.parametrize(
    ("videos", "lost", "told"),
    [
        (None, [], None),
        ([], ["video"], None),
        ([Shown("https://y.example/1", ["en-GB"])], [], "with captions in en-GB"),
        ([Shown("https://y.example/1", ["cy"])], ["captions"], "with captions in cy"),
        ([Shown("https://y.example/1", [])], ["captions"], "without captions"),
        ([Shown("https://y.example/1")], [], "is not told"),
    ],
)
def test_the_receipt_tells_of_the_video_and_its_captions(screen, sam, videos, lost, told):
    row = read_back(sam, screen, videos)
    assert [one["what"] for one in row.lost] == lost
    page = desk_of(sam).get(reverse("calendar:post", args=[row.placement.post.key])).content.decode()
    assert (told or "As the public sees it") in page
    sent, back = arrived._captions(Delivery.objects.get(pk=row.delivery_id))
    assert sent is True
    assert back is (None if told in (None, "is not told") else bool(videos[0].captions))


def test_a_part_that_follows_has_neither_video_nor_title(screen, sam):
    screen.CAN = screen.CAN | {"thread"}
    film = make_film()
    post = with_film(sam, film)
    Placement.objects.filter(post=post).update(parts=["The path opens on Saturday."])
    first, second = wording.pieces(wording.said(on(post)))
    assert (first.film is not None, second.film, second.more.title) == (True, None, "")
    assert outbox.most_parts(screen) > 0
    assert "L12" not in {row.finding.rule for row in checking.of_post(whole(post), setting.at(NOON)) if row.part}


def test_a_copy_and_a_replacement_keep_to_their_kind(screen, sam):
    film, other, photo = make_film(), make_film(name="mill.mp4"), make_media(name="pond.jpg")
    page = desk_of(sam).get(reverse("media:picture", args=[film.key])).content.decode()
    assert f'value="{other.key}"' in page
    assert f'value="{photo.key}"' not in page
    assert Alt(str(film.key)) in with_pictures(words_of(make_post(author=sam)), [film]).pictures


def test_a_blog_takes_the_captions_along_and_pinterest_says_that_it_takes_none(sam):
    film = make_film()
    make_captions(film, by=sam)
    post = with_film(sam, film, names=("wordpress", "pinterest"))
    Placement.objects.filter(post=post).update(title="The new weir")
    assert rules(post, "wordpress") & {"L7", "L8", "L9", "L10", "L11"} == set()
    assert rules(post, "pinterest") & {"L7", "L8", "L9", "L10", "L11"} == {"L11"}
    shown = {one.channel.platform: previewing.preview(wording.said(one), NOON) for one in whole(post).placements.all()}
    assert {name: one.film and one.film.words for name, one in shown.items()} == {
        "wordpress": "with captions, read by a person",
        "pinterest": "no captions there",
    }
    words = with_pictures(words_of(post), [make_media(alt="A pond")])
    post = composing.save(post, words, post.version, by=sam, now=NOON).post
    assert ("L9" in rules(post, "wordpress"), "L9" in rules(post, "pinterest")) == (False, True)
    for name in ("wordpress", "pinterest"):
        assert "videos" in directions.abilities(platforms.get(name))[0]
        page = desk_of(make_user("administrator")).get(f"/channels/{on(post, name).channel.key}/").content.decode()
        assert ("its captions go along" in page) == (name == "wordpress")
        assert ("have to be part of the picture" in page) == (name == "pinterest")
