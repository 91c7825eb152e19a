"""Campaigns: posts and other activities for one objective, whom they reach, what is made, what partners pass on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.refusals import Invalid
from calendar_app import campaigns, coverage, kits, production
from calendar_app.models import Activity, Asset, Audience, Campaign, Notice, ShareKit
from policy.models import PolicyChoices
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_campaign, make_media, make_objective, make_placement, make_post

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello\n"


@pytest.fixture
def amara():
    return make_user("publisher", name="Amara Osei")


@pytest.fixture
def desk(amara, client: Client) -> Client:
    client.force_login(amara)
    return client


def audience(name: str, by, **shares: int) -> Audience:
    row = campaigns.add_audience(name, 1000, by=by, now=NOON)
    campaigns.set_reach(row, shares, by=by, now=NOON)
    return row


def activity(campaign: Campaign, by, way: str = "dropin") -> Activity:
    told = {"way": way, "name": "Warm room drop-in", "on": date(2026, 12, 1), "place": "Drill Hall"}
    return campaigns.add_activity(campaign, told, by=by, now=NOON)


def test_a_drop_in_session_and_three_posts_stand_under_one_objective(amara, desk: Client):
    aim, campaign = make_objective(sentence="Nobody sits in the cold."), make_campaign(name="Winter ready")
    campaigns.change(campaign, {"objective": aim, "brief": "", "audiences": []}, by=amara, now=NOON)
    told = {"activity-way": "dropin", "activity-name": "Warm room drop-in", "activity-on": "2026-12-01"}
    desk.post(reverse("campaigns:add-activity", args=[campaign.key]), told)
    for number in range(3):
        make_post(author=amara, text=f"Warm rooms, part {number}", campaign=campaign, objective=aim)
    assert Activity.objects.get().objective == aim
    page = desk.get(reverse("campaigns:campaign", args=[campaign.key])).content.decode()
    for words in ("Nobody sits in the cold.", "Drop-in session", "part 0", "part 1", "part 2"):
        assert words in page
    assert "Objective:" not in page


def test_one_post_on_one_channel_is_told_to_be_too_little(amara, desk: Client):
    campaign = make_campaign()
    make_post(author=amara, campaign=campaign)
    page = desk.get(reverse("campaigns:campaign", args=[campaign.key])).content.decode()
    assert "One post on one channel, said once: most people will miss it." in page


def test_a_mandatory_notice_that_misses_an_audience_is_shown_empty_and_keeps_the_campaign_open(amara, desk: Client):
    channel, campaign = make_channel(name="Fernhill Town"), make_campaign()
    online = audience("Families", amara, **{str(channel.key): 50})
    offline = audience("Households without internet", amara, letter=95)
    told = {"objective": None, "brief": "", "audiences": [online, offline]}
    campaigns.change(campaign, told, by=amara, now=NOON)
    post = make_post(author=amara, channels=[channel], campaign=campaign)
    notice = campaigns.add_notice(campaign, "Bin days change", True, by=amara, now=NOON)
    campaigns.carry(notice, [post], [], [post], by=amara, now=NOON)
    row = coverage.matrix(campaign)[0]
    assert [bool(cell.ways) for cell in row.cells] == [True, False]
    answer = desk.post(reverse("campaigns:complete", args=[campaign.key]), follow=True).content.decode()
    assert "has no way to: Households without internet." in answer
    campaign.refresh_from_db()
    assert campaign.completed_at is None
    letter = activity(campaign, amara, "letter")
    campaigns.carry(notice, [post], [letter], [post], by=amara, now=NOON)
    coverage.complete(campaign, by=amara, now=NOON)
    campaigns.settle_activity(letter, False, by=amara, now=NOON)
    campaign.refresh_from_db()
    assert campaign.completed_at is None
    assert [one.share for one in coverage.plan(campaign).unseen] == [85, 100]


def test_a_post_that_is_cancelled_or_dropped_reaches_nobody(amara):
    channel, campaign = make_channel(), make_campaign()
    families = audience("Families", amara, **{str(channel.key): 50})
    campaign.audiences.add(families)
    notice = campaigns.add_notice(campaign, "Bin days change", False, by=amara, now=NOON)
    post = make_post(author=amara, channels=[channel], campaign=campaign)
    notice.posts.add(post)
    assert coverage.matrix(campaign)[0].gaps == []
    make_placement("cancelled", post=post)
    assert coverage.matrix(campaign)[0].gaps == ["Families"]


def test_posts_on_channels_one_does_not_see_stay_with_a_notice(amara, client: Client):
    own, campaign = make_channel(), make_campaign()
    hidden = make_post(author=amara, campaign=campaign)
    seen = make_post(author=amara, channels=[own], campaign=campaign)
    notice = Notice.objects.create(campaign=campaign, words="Bin days change")
    notice.posts.set([hidden, seen])
    client.force_login(make_user("officer", scope=own.scope))
    client.post(reverse("campaigns:notice", args=[notice.key]), {})
    assert list(notice.posts.all()) == [hidden]


# --- production ------------------------------------------------------------------------------------------------------


def asset(kind: str, by, **facts: object) -> Asset:
    return production.ask({"title": "A thing", "kind": kind, **facts}, by=by, now=NOON)


@pytest.mark.parametrize(
    ("kind", "without", "with_it"),
    [
        ("video", {"captions": VTT}, {"captions": VTT, "transcript": "Hello"}),
        ("video", {"transcript": "Hello"}, {"captions": VTT, "transcript": "Hello"}),
        ("audio", {}, {"transcript": "Hello"}),
        ("infographic", {}, {"text_version": "Tuesday: green. Thursday: brown."}),
        ("paper", {}, {"text_version": "https://fernhill.example/guide"}),
    ],
)
def test_nothing_is_done_before_everybody_can_use_it(amara, kind: str, without: dict, with_it: dict):
    row = asset(kind, amara, **without)
    with pytest.raises(Invalid, match="is not done without"):
        production.take_to(row, "done", by=amara, now=NOON)
    row = production.change(row, {"title": "A thing", "kind": kind, **with_it}, by=amara, now=NOON)
    row = production.take_to(row, "done", by=amara, now=NOON)
    with pytest.raises(Invalid, match="It is done and cannot lose"):
        production.change(row, dict.fromkeys(with_it, ""), by=amara, now=NOON)


def test_the_database_knows_no_finished_video_without_captions(amara):
    row = asset("video", amara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset.objects.filter(pk=row.pk).update(state="done")


def test_captions_come_as_a_file_and_a_wrong_one_is_told_line_by_line(desk: Client):
    told = {"title": "How to bleed a radiator", "kind": "video", "maker": "Joy", "hours": "12", "cost": "380"}
    wrong = SimpleUploadedFile("film.vtt", b"1\n00:00:01,000 --> 00:00:02,000\nSRT\n")
    answer = desk.post(reverse("production:new-asset"), {**told, "file": wrong})
    assert answer.status_code == 422
    assert "must begin with the word WEBVTT" in answer.content.decode()
    assert "How to bleed a radiator" in answer.content.decode()
    desk.post(reverse("production:new-asset"), {**told, "file": SimpleUploadedFile("film.vtt", VTT.encode())})
    row = Asset.objects.get()
    assert row.captions == VTT
    answer = desk.post(reverse("production:move-asset", args=[row.key]), {"state": "done"}, follow=True)
    assert "is not done without a transcript" in answer.content.decode()
    board = desk.get(reverse("production:board")).content.decode()
    assert "How to bleed a radiator" in board
    assert "Needs a transcript" in board


def test_a_transcript_comes_as_a_text_file(desk: Client):
    told = {"title": "How to bleed a radiator", "kind": "audio"}
    wrong = SimpleUploadedFile("talk.txt", b"\xff\xfe\x00talk")
    answer = desk.post(reverse("production:new-asset"), {**told, "transcript_file": wrong})
    assert answer.status_code == 422
    assert "not a text file in UTF-8" in answer.content.decode()
    right = SimpleUploadedFile("talk.txt", "\ufeffJoy: let it cool.\r\nThen turn it.".encode())
    desk.post(reverse("production:new-asset"), {**told, "transcript_file": right})
    assert Asset.objects.get().transcript == "Joy: let it cool.\nThen turn it."


def test_the_board_sums_hours_and_cost_and_shows_the_most_urgent_first(amara):
    late = asset("image", amara, hours=2, cost=50, due_on=date(2026, 11, 1))
    later = asset("image", amara, hours=3, due_on=date(2026, 12, 1))
    never = asset("image", amara)
    column = production.board(NOON.date())[0]
    assert (column.rows, column.hours, column.cost) == ([late, later, never], 5, 50)


# --- share kits ------------------------------------------------------------------------------------------------------


def kit(by, **facts: object) -> ShareKit:
    told = {"title": "Warm rooms", "words": "Warm rooms are open.", "url": "https://fernhill.example/warm", **facts}
    return kits.make(make_campaign(), told, by=by, now=NOON)


def opened(kit: ShareKit, client: Client | None = None):
    return (client or Client()).get(kits.address(kit).split("://")[-1][kits.address(kit).split("://")[-1].find("/") :])


def allow(yes: bool = True) -> None:
    PolicyChoices.here()
    PolicyChoices.objects.update(share_kits=yes)


def test_a_partner_opens_a_kit_without_a_sign_in_and_gets_alt_text_with_each_picture(amara):
    allow()
    picture = make_media(alt="A gritting lorry in the snow", credit="Photo: R. Amin")
    row = kit(amara, media=[picture], dates="Until 31 March", short="Cold? Come in.", partners="Food bank\nChurch")
    page = opened(row)
    assert page.status_code == 200
    for words in ("Warm rooms are open.", "Cold? Come in.", "Until 31 March", "https://fernhill.example/warm"):
        assert words in page.content.decode()
    assert 'alt="A gritting lorry in the snow"' in page.content.decode()
    assert "Food bank" not in page.content.decode()
    assert row.names == ["Food bank", "Church"]


def test_where_the_town_does_not_allow_it_a_kit_wants_a_sign_in(amara, desk: Client):
    row = kit(amara)
    assert opened(row)["Location"].startswith("/account/login/")
    assert opened(row, desk).status_code == 200


def test_a_kit_that_was_taken_back_opens_nothing_and_its_old_address_stays_dead(amara, desk: Client):
    allow()
    row = kit(amara)
    old = kits.address(row)
    desk.post(reverse("campaigns:give-kit", args=[row.key]))
    row.refresh_from_db()
    assert opened(row).status_code == 410
    assert "Warm rooms are open." not in opened(row).content.decode()
    desk.post(reverse("campaigns:give-kit", args=[row.key]))
    row.refresh_from_db()
    assert opened(row).status_code == 200
    assert kits.address(row) != old
    assert Client().get(reverse("open-kit", args=[row.key, old.rstrip("/").rsplit("/", 1)[-1]])).status_code == 404


def test_a_picture_goes_along_only_with_alt_text_and_only_while_it_may_be_used(amara):
    allow()
    with pytest.raises(Invalid, match="has no alt text yet"):
        kit(amara, media=[make_media(alt="", name="bare.png")])
    picture = make_media(alt="A lorry")
    row = kit(amara, media=[picture])
    type(picture).objects.filter(pk=picture.pk).update(rights_until=NOON.date() - timedelta(days=1))
    assert "A lorry" not in opened(row).content.decode()


def test_the_one_address_of_a_kit_counts_its_clicks(amara, settings, desk: Client):
    settings.PUBLIC_URL = "https://talk.fernhill.example"
    allow()
    row = kit(amara)
    short = kits.shown_url(row)
    assert short.startswith("https://talk.fernhill.example/go/")
    Client().get(short.removeprefix("https://talk.fernhill.example"))
    page = desk.get(reverse("campaigns:kit", args=[row.key])).content.decode()
    assert "followed 1 time" in page
