"""What a person declares is kept with the words, told to the public and required; facts carry who checked them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from calendar_app import checking, declaring, filming, wording
from calendar_app.declaring import Declared, Paid
from calendar_app.filming import Film
from calendar_app.models import Post, PostFact, PostPicture, PostVersion
from calendar_app.words import of_version, words_of
from channels_app.models import Media
from policy import setting
from policy.models import Firing
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_media, make_topic

pytestmark = pytest.mark.django_db
TEXT = "The library is open again from Monday."


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London")


@pytest.fixture
def channel():
    return make_channel()


@pytest.fixture
def writer():
    return make_user("publisher", name="Amara Osei")


def send(by, channel, post: Post | None = None, **form):
    client = Client()
    client.force_login(by)
    data = {"text": TEXT, "kind": "news", "topic": make_topic().pk, "benefit": "learn", "unplanned": "on"}
    data |= {"channels": [str(channel.key)], "key": str(uuid.uuid4()), "situation": "everyday", **form}
    if post is not None:
        data |= {"version": post.version}
        return client.post(f"/calendar/posts/{post.key}/edit/", data)
    return client.post("/calendar/posts/new/", data)


def the_post() -> Post:
    return Post.objects.whole().get()


def test_a_picture_made_with_ai_is_told_and_taking_the_sentence_out_stops_the_post(writer, channel):
    media = make_media()
    picture = {"picture": [str(media.key)], f"alt_{media.key}": "A drawing of the new reading room with tall windows"}
    answer = send(writer, channel, **picture, **{f"declared_{media.key}": ["ai"]})
    assert answer.status_code == 302
    assert the_post().text.endswith("Picture made with AI.")
    assert words_of(the_post()).pictures[0].declared == Declared(ai=True)
    looked = Client()
    looked.force_login(writer)
    shown = looked.post(
        "/calendar/posts/look/",
        {"text": TEXT, "kind": "news", "channels": [str(channel.key)], "key": str(the_post().key), "version": 1}
        | picture
        | {f"declared_{media.key}": ["ai"]},
    ).content.decode()
    assert "must fix" in shown
    assert ">H2<" in shown


def test_what_was_paid_for_says_so_first(writer, channel):
    send(writer, channel, paid="on", partner="Mill Bakery")
    assert the_post().text == f"Paid partnership with Mill Bakery. {TEXT}"
    assert words_of(the_post()).paid == Paid(True, "Mill Bakery")
    assert not Firing.objects.filter(rule="H1").exists()


def test_words_in_a_picture_have_to_be_heard_as_well(writer, channel):
    media = make_media()
    declared = {f"declared_{media.key}": ["has_text"], f"text_{media.key}": "Saturday 5 December, 3 pm, Town Hall"}
    alt = {"picture": [str(media.key)], f"alt_{media.key}": "A poster with a lantern on it"}
    send(writer, channel, text="Bring a lantern and your neighbours.", **alt, **declared)
    assert {"A07", "A08"} <= set(Firing.objects.filter(level="must").values_list("rule", flat=True))
    words = "Lantern walk: Saturday 5 December, 3 pm, Town Hall."
    send(writer, channel, the_post(), text=words, **alt, **declared)
    assert not Firing.objects.filter(rule__in=["A07", "A08"], gone_at=None).exists()


def test_somebody_looks_whether_words_in_a_picture_stand_out(writer, channel):
    media = make_media()
    picture = {"picture": [str(media.key)], f"alt_{media.key}": "Poster: lantern walk on the bridge tonight"}
    picture |= {f"declared_{media.key}": ["has_text"], f"text_{media.key}": "Lantern walk"}
    for looked, level in (("", "consider"), ("no", "should"), ("yes", None)):
        send(writer, channel, **picture, **{f"contrast_{media.key}": looked}, text="Lantern walk tonight at 6 pm.")
        post = Post.objects.whole().latest("pk")
        assert words_of(post).pictures[0].declared.contrast == looked
        said = [one.finding.level for one in checking.of_post(post, setting.at(NOON)) if one.finding.rule == "A31"]
        assert said == ([level] if level else [])


WELSH = "Mae'r llyfrgell ar agor eto o ddydd Llun ac mae croeso i chi yn y bore ac yn y prynhawn."


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        (WELSH, "en", "These words are in Welsh, and are marked as English."),
        (f"{TEXT} It is warm and the new books are here for you.\n{WELSH}", "en", "A paragraph in Welsh"),
        (WELSH, "cy", None),
        (TEXT, "en", None),
    ],
)
def test_words_are_marked_with_their_language(writer, channel, text, language, words):
    send(writer, channel, text=text, language=language)
    post = the_post()
    assert post.language == language
    assert wording.payload(wording.said(post.placements.get(), post))["language"] == language
    said = [one.finding.words for one in checking.of_post(post, setting.at(NOON)) if one.finding.rule == "A33"]
    assert [words in one for one in said] == ([True] if words else [])


def test_a_decorative_picture_needs_no_alt_text(writer, channel):
    media = make_media()
    send(writer, channel, picture=[str(media.key)], **{f"declared_{media.key}": ["decorative"]})
    assert not Firing.objects.filter(rule="A01").exists()


def test_a_declaration_comes_back_with_its_version(writer, channel):
    media = make_media()
    send(writer, channel, picture=[str(media.key)], **{f"declared_{media.key}": ["decorative", "edited"]})
    kept = of_version(PostVersion.objects.order_by("n").first())
    assert kept.pictures[0].declared == Declared(decorative=True, edited=True)


def test_versions_from_before_declarations_are_read_as_they_are(writer, channel):
    send(writer, channel)
    old = PostVersion.objects.get()
    for name in ("situation", "paid", "facts"):
        old.words.pop(name)
    assert of_version(old).situation == "everyday"
    assert of_version(old).facts == ()


def test_a_figure_without_a_source_is_flagged_until_it_has_one_and_the_record_shows_who_checked(writer, channel):
    text = "We planted 214 trees along the river."
    send(writer, channel, text=text)
    assert Firing.objects.filter(rule="V23", gone_at=None).exists()
    send(writer, channel, the_post(), text=text, new_fact="214 trees", new_source="Parks count, May 2026", act="fact")
    assert not Firing.objects.filter(rule="V23", gone_at=None).exists()
    assert PostFact.objects.get().checked_by is None
    rows = {"fact": ["214 trees"], "source": ["Parks count, May 2026"]}
    send(writer, channel, the_post(), text=text, fact_checked="0", **rows)
    assert (PostFact.objects.get().checked_by, PostFact.objects.get().checked_at) == (writer, NOON)
    reader = Client()
    reader.force_login(make_user("manager"))
    assert "Checked by Amara Osei" in reader.get(f"/calendar/posts/{the_post().key}/").content.decode()


def test_a_form_cannot_say_that_somebody_checked_and_changed_words_are_unchecked(writer, channel):
    rows = {"fact": ["214 trees"], "source": ["Parks count"], "checker": [str(writer.key)], "at": [NOON.isoformat()]}
    send(writer, channel, **rows)
    assert PostFact.objects.get().checked_by is None
    send(writer, channel, the_post(), fact_checked="0", **rows)
    assert PostFact.objects.get().checked_by == writer
    send(writer, channel, the_post(), fact=["215 trees"], source=["Parks count"])
    assert PostFact.objects.get().checked_by is None


def test_typing_does_not_lose_who_checked_a_fact(writer, channel):
    send(writer, channel, fact=["214 trees"], source=["Parks count"], fact_checked="0")
    post = the_post()
    client = Client()
    client.force_login(writer)
    form: dict[str, Any] = {
        "text": TEXT + " Come in.",
        "kind": "news",
        "channels": [str(channel.key)],
        "key": str(post.key),
    }
    form |= {"version": post.version, "fact": ["214 trees"], "source": ["Parks count"]}
    assert client.post("/calendar/posts/look/", form).status_code == 200
    assert the_post().text.endswith("Come in.")
    assert PostFact.objects.get().checked_by == writer


@pytest.mark.parametrize(
    ("text", "first", "last", "put"),
    [
        ("Hello.", [], [], "Hello."),
        ("Hello.", ["Ad."], [], "Ad. Hello."),
        ("Hello.", [], ["Edited."], "Hello.\n\nEdited."),
        ("Ad. Hello.\n\nEdited.", ["Ad."], ["Edited."], "Ad. Hello.\n\nEdited."),
        ("", ["Ad."], ["Edited."], ""),
    ],
)
def test_a_sentence_is_put_in_once_and_never_into_nothing(text, first, last, put):
    assert declaring.put(text, first, last) == put


def test_a_film_that_nobody_described_is_not_known_and_not_denied():
    film = Film(PostPicture(media=Media(name="weir.mp4", kind="video")), None, "none")
    seen = filming.as_checked(film)
    assert (seen.captions, seen.described, seen.flashes) == ("none", None, None)
    film.media.described, film.hung.declared = "no", {"flashes": True}
    told = filming.as_checked(replace(film, standing="auto"))
    assert (told.captions, told.described, told.flashes) == ("auto", False, True)
