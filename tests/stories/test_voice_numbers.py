"""What the checks did in a month, how the channels' words lie beside the voice, and trust: counted, never by person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from calendar_app import checking
from calendar_app.models import Post
from config import drift
from policy import judging, setting
from policy.models import Firing
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_placement, make_post
from tests.factories_inbox import make_conversation
from tests.factories_voice import change_voice

pytestmark = pytest.mark.django_db
MONTH = "/policy/month/?month=2026-11"


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def note(post: Post, at=NOON) -> list[checking.Checked]:
    """The checks looked at this post when somebody saved it."""
    here = setting.at(at)
    rows = checking.of_post(post, here)
    checking.note_firings(post, rows, here, at)
    return rows


def shouting(**facts) -> Post:
    return make_post(text="The library is OPENED again on the first floor.", **facts)


def test_a_firing_is_noted_once_and_is_fixed_when_the_words_are_mended():
    post = shouting()
    note(post)
    note(post, NOON + timedelta(hours=1))
    assert Firing.objects.filter(rule="A20").count() == 1
    Post.objects.filter(pk=post.pk).update(text="The library is open again on the first floor.")
    note(Post.objects.whole().get(pk=post.pk), NOON + timedelta(hours=2))
    shown = signed_in(make_user("manager")).get(MONTH).content.decode()
    assert "A20 No words in capitals" in shown
    assert "end=fixed" in shown


def test_every_number_opens_its_rows_and_the_spreadsheet_has_the_same():
    channel = make_channel(name="Fernhill on Mastodon")
    posts = [shouting(channels=[channel]) for _ in range(3)]
    for post in posts:
        row = next(one for one in note(post) if one.finding.rule == "A20")
    judging.dismiss(checking.about_post(posts[2]), row.finding, by=make_user("officer"), now=NOON)
    client = signed_in(make_user("manager"))
    page = client.get(MONTH)
    [line] = [one for one in page.context["by_rule"] if one["key"] == "A20"]
    numbers = dict(zip(["fired", "fixed", "overridden", "dismissed", "open", "off"], line["cells"], strict=True))
    assert [numbers[name][0] for name in ("fired", "dismissed", "open")] == [3, 1, 2]
    for name in ("fired", "dismissed", "open"):
        assert len(client.get(numbers[name][1]).context["rows"]) == numbers[name][0]
    rows = client.get("/policy/month.csv?month=2026-11&rule=A20&end=fired").content.decode().splitlines()
    assert len(rows) == 4
    assert "Fernhill on Mastodon" in page.content.decode()


def test_an_override_stands_with_its_reason():
    post = shouting()
    finding = next(one.finding for one in note(post) if one.finding.rule == "A20")
    with pytest.raises(Exception, match="cannot be overridden"):
        judging.override(checking.about_post(post), finding, "We like it", by=make_user("officer"), now=NOON)
    change_voice(levels={"A20": "must"})
    finding = next(one.finding for one in note(post) if one.finding.rule == "A20")
    judging.override(
        checking.about_post(post), finding, "It is the name of the hall.", by=make_user("officer"), now=NOON
    )
    assert "It is the name of the hall." in signed_in(make_user("manager")).get(MONTH).content.decode()


def test_what_a_rule_that_is_off_would_have_said_is_counted_and_shown_to_nobody():
    from policy.profile import Off  # noqa: PLC0415

    change_voice(off={"A20": Off("Our posters shout.")})
    post = shouting()
    assert "A20" not in {row.finding.rule for row in note(post)}
    assert Firing.objects.get(rule="A20").off
    [line] = [one for one in signed_in(make_user("manager")).get(MONTH).context["by_rule"] if one["key"] == "A20"]
    assert [number for number, _ in line["cells"]] == [0, 0, 0, 0, 0, 1]


def test_no_page_of_numbers_says_who_wrote_the_words():
    writer = make_user("officer", name="Winifred Quill")
    note(shouting(author=writer))
    client = signed_in(make_user("administrator"))
    for path in (MONTH, f"{MONTH}&rows=1", "/policy/month.csv?month=2026-11", "/policy/drift/", "/policy/trust/"):
        assert "Winifred" not in client.get(path).content.decode(), path


def test_who_has_a_right_over_one_channel_sees_its_numbers_alone():
    own, other = make_channel(name="Own"), make_channel(name="Other")
    note(shouting(channels=[own]))
    note(shouting(channels=[other]))
    shown = signed_in(make_user("manager", scope=own.scope)).get(MONTH).content.decode()
    assert "Own" in shown
    assert "Other" not in shown
    assert signed_in(make_user("officer")).get(MONTH).status_code == 403


@pytest.mark.parametrize("month", ["2026-13", "abc", "0000-00", "99999-01"])
def test_a_month_that_is_none_shows_this_one(month):
    assert "November 2026" in signed_in(make_user("manager")).get(f"/policy/month/?month={month}").content.decode()


def published(author, channel, count: int) -> None:
    for number in range(count):
        text = f"We're mending path {number} today. You can walk round it by the pond!"
        post = make_post(author=author, channels=[channel], text=text)
        make_placement("published", post=post, text=text)


def test_under_ten_messages_nothing_is_said_about_a_channel():
    channel, writer = make_channel(), make_user("publisher")
    published(writer, channel, 9)
    client = signed_in(make_user("manager"))
    assert "not enough to say anything" in client.get("/policy/drift/").content.decode()
    published(writer, channel, 1)
    shown = client.get("/policy/drift/").content.decode()
    assert "above the band" in shown
    assert "not enough to say anything" not in shown


def test_ones_own_writing_is_seen_by_oneself_alone_whoever_asks():
    writer, channel = make_user("publisher"), make_channel()
    published(writer, channel, 10)
    assert [one["n"] for one in signed_in(writer).get("/policy/my-writing/").context["parts"]] == [10, 0]
    for role in ("administrator", "manager", "records_officer"):
        client = signed_in(make_user(role))
        for query in ("", f"?user={writer.pk}", f"?key={writer.key}", f"?person={writer.email}"):
            assert [one["n"] for one in client.get(f"/policy/my-writing/{query}").context["parts"]] == [0, 0]
        assert client.get(f"/policy/my-writing/{writer.key}/").status_code == 404


def test_trust_counts_what_happened_and_says_what_is_missing():
    client = signed_in(make_user("manager"))
    empty = client.get("/policy/trust/")
    assert "Nobody has asked anything" in empty.content.decode()
    assert "Promises kept" in {one.name for one in empty.context["missing"]}
    make_conversation(at=NOON - timedelta(hours=3))
    make_placement("published", post=make_post(kind="correction", channels=[make_channel()]))
    known = {one.name: one.value for one in client.get("/policy/trust/").context["known"]}
    assert known["Answers given"] == "0 %"
    assert known["Corrections made in public"] == "1"


def test_a_measure_beside_its_band_is_told_in_words():
    from policy import voice  # noqa: PLC0415

    texts = ["We mend the path today. You can walk round it."] * 10
    said = {one.band.name: one.said for one in drift.measured(texts, voice.house())}
    assert said["exclamations"] == "within the band"
    assert said["contractions"] == "below the band"
    assert {one.said for one in drift.measured(texts[:9], voice.house())} == {"not enough yet"}
