"""What is said of a channel before it fails: access that ends, silence that is none, rights, money, a dead one."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts import clock
from accounts.models import AuditEntry, Notification
from accounts.refusals import Invalid
from calendar_app import previewing, wording
from channels_app import canary, caring, expiring, health, platforms, prices, tallies
from channels_app.models import Alarm, Channel, Price
from channels_app.platforms.base import Refused, TryLater
from config.vitals import alarms, facts, rules
from engagement import intake
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_inbox import make_incoming
from tests.scripted import Scripted
from tests.stage import Stage, after, live

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def seat(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def text_of(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


# --- access that ends ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "step"), [(30, None), (15, None), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1)]
)
def test_each_number_of_days_belongs_to_one_step(days: int, step: int | None) -> None:
    assert expiring.step(days) == step


def test_whoever_may_connect_is_told_at_fourteen_seven_three_and_one_days_once_each(stage: Stage) -> None:
    boss, other = make_user("administrator"), make_user("publisher")
    make_channel(name="Fernhill", expires_at=NOON + 20 * DAY)
    for hours in range(0, 20 * 24, 6):
        expiring.warn(NOON + timedelta(hours=hours))
    told = list(Notification.objects.filter(user=boss).order_by("id").values_list("words", flat=True))
    assert [re.search(r"ends in ([a-z0-9 ]+)\.", words)[1] for words in told] == [
        "14 days",
        "7 days",
        "3 days",
        "1 day",
    ]
    assert not Notification.objects.filter(user=other).exists()


def test_new_keys_begin_the_steps_anew_and_keys_that_renew_themselves_bother_nobody(stage: Stage) -> None:
    make_user("administrator")
    channel = make_channel(expires_at=NOON + 3 * DAY)
    expiring.warn(NOON)
    Channel.objects.update(expires_at=NOON + 14 * DAY)
    expiring.warn(NOON)
    assert Notification.objects.count() == 2
    Channel.objects.update(expires_at=NOON + timedelta(hours=2), renew_at=NOON + timedelta(minutes=90))
    expiring.warn(NOON)
    assert Notification.objects.count() == 2
    channel.refresh_from_db()
    assert health.of(channel, NOON).expiry == "Renewed by itself"
    assert facts.read(NOON).expiring == {}
    assert health.of(channel, NOON + timedelta(minutes=110)).expiry == "Access ends today"


def test_a_version_that_ends_is_told_of_in_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    make_town(zone="UTC")
    boss = make_user("administrator")
    monkeypatch.setattr(platforms, "REGISTRY", {"mastodon": "stage"})
    monkeypatch.setattr(Stage, "sunset", staticmethod(lambda: date(2026, 12, 31)), raising=False)
    monkeypatch.setattr(Stage, "LABEL", "Mastodon", raising=False)
    channel = make_channel(last_read_at=NOON)
    for days in (0, 10, 20, 40):
        expiring.warn(NOON + days * DAY)
    words = list(Notification.objects.filter(user=boss).order_by("id").values_list("words", flat=True))
    assert words == ["Mastodon ends the version Parley speaks with it on 31 December 2026. Upgrade Parley before."] * 3
    line = next(one for one in caring.of(channel, NOON).lines if one.name == "Version")
    assert (line.words, line.tone) == ("Mastodon ends this version on 31 December 2026: 43 days left.", "warn")


# --- silence that is none --------------------------------------------------------------------------------------------


def published(channel: Channel, item: str = "post-1") -> None:
    make_delivery("published", channel=channel, remote_id=item, published_at=NOON - DAY)


def test_an_answer_that_shows_nothing_of_what_is_there_is_an_alarm_until_it_shows_it_again(scripted: Scripted) -> None:
    boss, channel = make_user("administrator"), make_channel(last_read_at=NOON)
    published(channel)
    assert canary.look_due(NOON) == 1
    channel.refresh_from_db()
    assert channel.silent_since == NOON
    alarms.keep(rules.judge(facts.read(NOON)), NOON)
    alarm = Alarm.objects.open().get(kind="mute")
    assert (alarm.level, alarm.channel) == ("page", channel)
    assert "shows nothing of what is there" in Notification.objects.get(user=boss).words
    assert caring.of(channel, NOON).worst == "alarm"
    assert canary.look_due(NOON + timedelta(minutes=59)) == 0
    scripted.items = [make_incoming(kind="post", remote_id="post-1", at=NOON - DAY)]
    assert canary.look_due(NOON + timedelta(hours=1)) == 1
    channel.refresh_from_db()
    assert channel.silent_since is None
    alarms.keep(rules.judge(facts.read(NOON)), NOON)
    assert not Alarm.objects.open().filter(kind="mute").exists()
    assert canary.look_due(NOON + timedelta(hours=24)) == 0
    assert canary.look_due(NOON + timedelta(hours=25)) == 1


def test_a_post_somebody_deleted_there_is_no_silence(scripted: Scripted) -> None:
    channel = make_channel()
    published(channel)
    scripted.items = [make_incoming(kind="post", remote_id="another", at=NOON - 2 * DAY)]
    assert canary.look(channel, NOON) is True
    assert Channel.objects.get().silent_since is None


@pytest.mark.parametrize("ending", [TryLater("Busy."), Refused("Not allowed.", cause="permission")])
def test_no_answer_is_asked_for_again_in_an_hour_and_is_no_silence(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch, ending: Exception
) -> None:
    channel = make_channel()
    published(channel)

    def read(*args: object) -> None:
        raise ending

    monkeypatch.setattr(scripted, "read", read)
    assert canary.look_due(NOON) == 1
    channel.refresh_from_db()
    assert (channel.silent_since, channel.canary_at) == (None, NOON - DAY + timedelta(hours=1))


def test_where_nothing_was_published_nothing_is_expected(scripted: Scripted) -> None:
    channel = make_channel()
    assert canary.look(channel, NOON) is None
    assert scripted.calls == []


# --- a dead channel --------------------------------------------------------------------------------------------------


def test_what_waits_for_a_dead_channel_goes_on_after_reconnecting_and_late_things_ask_a_person(stage: Stage) -> None:
    channel = make_channel(state="needs_reconnect")
    soon, old = make_delivery(channel=channel, due_at=after(hours=2)), make_delivery(channel=channel)
    live(soon, NOON)
    old.refresh_from_db()
    assert (soon.state, old.state, soon.why, stage.sent) == ("blocked", "blocked", "channel", [])
    page = text_of(seat("manager").get("/channels/health/"))
    assert "Needs reconnecting" in page
    assert "2 deliveries wait here. Once it is connected again they go on" in page
    Channel.objects.update(state="ok")
    live(soon, after(hours=1))
    old.refresh_from_db()
    assert (soon.state, old.state) == ("scheduled", "missed")
    assert live(soon, after(hours=2)).state == "published"


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_health_page_says_rights_in_words_and_what_wants_somebody_stands_first() -> None:
    make_town(zone="UTC")
    now = clock.now()
    make_channel("mastodon", name="Well", scopes=["read", "write"], last_read_at=now)
    make_channel(
        "facebook",
        name="Lacking",
        scopes=["pages_show_list", "pages_manage_posts", "pages_read_engagement"],
        last_read_at=now,
    )
    make_channel("x", name="Dead", state="needs_reconnect", last_read_at=now)
    page = text_of(seat("publisher").get("/channels/health/"))
    assert page.index("Dead") < page.index("Lacking") < page.index("Well")
    wanting = ["read what residents write there", "answer, like and hide comments", "read and answer private messages"]
    wanting += ["be told at once when somebody writes", "read the Page's numbers"]
    assert f"Not granted: {', '.join(wanting)}." in page
    assert "Everything Parley needs is granted." in page
    assert "Enter another price" not in page


def test_notices_that_stopped_coming_are_named(stage: Stage) -> None:
    channel = make_channel("facebook", last_read_at=NOON)
    assert [caring.notices(channel, NOON - days * DAY, NOON)[0].tone for days in (1, 4)] == ["good", "warn"]
    assert caring.of(channel, NOON).lines[-1].words.startswith("None has come.")


def test_instagram_without_notices_is_not_all_well(stage: Stage) -> None:
    channel = make_channel("instagram", notices_at=NOON, practice=False)
    (line,) = caring.notices(channel, None, NOON)
    assert (line.tone, "who names the town in words is not heard" in line.words) == ("warn", True)
    assert caring.notices(channel, NOON, NOON)[0].tone == "good"


def test_no_active_channel_is_a_finding_on_today_and_on_the_health_page() -> None:
    make_town(zone="UTC")
    make_channel(state="archived")
    desk = seat("manager")
    assert "none is active: people have nowhere to write to the town" in text_of(desk.get("/"))
    assert "That is a finding" in text_of(desk.get("/channels/health/"))


# --- money -----------------------------------------------------------------------------------------------------------

UNLINKED, LINKED = "The pool is open.", "The pool is open: fernhill.gov/pool"


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([UNLINKED], "X charges about USD 0.015 for this post; with a link it is USD 0.20."),
        ([LINKED], "X charges about USD 0.20 for this post: USD 0.20 with a link, USD 0.015 without."),
        ([UNLINKED, LINKED], "X charges about USD 0.215 for these 2 parts: USD 0.20 with a link, USD 0.015 without."),
    ],
)
def test_what_a_post_costs_is_said_before_it_goes_out(texts: list[str], words: str) -> None:
    assert prices.said(make_channel("x"), texts, NOON.date()) == words
    assert prices.said(make_channel("mastodon"), texts, NOON.date()) == ""


def test_the_composers_preview_says_it_for_x_alone() -> None:
    for platform, cost in (("x", "X charges about USD 0.20"), ("mastodon", "")):
        words = wording.Said(make_channel(platform), UNLINKED, "https://fernhill.gov/pool")
        assert previewing.preview(words, NOON).cost.startswith(cost)


def test_a_month_is_counted_from_what_was_sent_and_read(scripted: Scripted) -> None:
    channel = make_channel("x")
    for text, kind in ((UNLINKED, "post"), (LINKED, "post"), ("Thank you.", "reply")):
        done = make_delivery("published", channel=channel, text=text, kind=kind)
        done.attempts.create(n=1, fence=1, event="published", at=NOON)
    make_delivery("published", channel=channel).attempts.create(n=1, fence=1, event="published", at=NOON - 40 * DAY)
    scripted.items = [make_incoming(at=NOON), make_incoming(at=NOON)]
    intake.ensure_cursors(NOON)
    intake.poll(channel.cursors.get(stream="mentions").pk, NOON)
    found = prices.spent(channel, NOON.date(), prices.history("x"))
    assert [(line.what, line.count, line.amount) for line in found.lines] == [
        ("post", 1, Decimal("0.015")),
        ("post_with_link", 1, Decimal("0.20")),
        ("reply", 1, Decimal("0.010")),
        ("read", 2, Decimal("0.010")),
    ]
    assert found.total == Decimal("0.235")
    assert len(prices.spent(channel, (NOON - 40 * DAY).date(), prices.history("x")).lines) == 1


def test_the_same_thing_read_again_that_day_is_not_counted_again(scripted: Scripted) -> None:
    channel = make_channel("x")
    scripted.items = [make_incoming(at=NOON)]
    intake.ensure_cursors(NOON)
    for hours in (0, 1, 2):
        intake.poll(channel.cursors.get(stream="mentions").pk, NOON + timedelta(hours=hours))
    assert tallies.read(["reads"])["reads"] == {f"{channel.key}:2026-11:others": 1}
    intake.poll(channel.cursors.get(stream="mentions").pk, NOON + DAY)
    assert tallies.read(["reads"])["reads"] == {f"{channel.key}:2026-11:others": 2}


def test_the_towns_own_price_counts_from_its_day_on_and_is_in_the_trail() -> None:
    make_town(zone="UTC")
    channel, boss = make_channel("x"), make_user("manager", name="Dev Patel")
    client = Client()
    client.force_login(boss)
    sent = {"platform": "x", "what": "post", "amount": "0.02", "currency": "usd", "good_from": "2026-12-01"}
    other = client.post("/channels/health/price/", sent | {"currency": "eur", "source": "Contract of 3 November"})
    assert (other.status_code, "other prices are in USD" in other.content.decode()) == (422, True)
    wrong = client.post("/channels/health/price/", sent)
    assert wrong.status_code == 422
    assert "0.02" in wrong.content.decode()
    page = text_of(client.post("/channels/health/price/", sent | {"source": "Contract of 3 November"}, follow=True))
    assert "The price is noted" in page
    rates = prices.history("x")
    assert prices.on(rates, date(2026, 11, 30))["post"].amount == Decimal("0.015")
    new = prices.on(rates, date(2026, 12, 1))["post"]
    assert (new.amount, new.currency, new.by) == (Decimal("0.02"), "USD", "Dev Patel")
    assert AuditEntry.objects.filter(act="entered_price").count() == 1
    with pytest.raises(Invalid, match="already"):
        prices.enter("x", "post", Decimal(1), "USD", date(2026, 12, 1), "Again", by=boss, now=NOON)
    assert Price.objects.count() == 1
    assert "0.015" in prices.said(channel, [UNLINKED], date(2026, 11, 30))


def test_a_price_of_the_next_months_first_day_leaves_this_months_reads_alone() -> None:
    channel, boss = make_channel("x"), make_user("manager")
    prices.enter("x", "read", Decimal("0.5"), "USD", date(2026, 12, 1), "Contract", by=boss, now=NOON)
    prices.count_reads(channel, NOON, others=2)
    assert prices.spent(channel, date(2026, 11, 1), prices.history("x")).total == Decimal("0.010")


def test_prices_of_one_platform_are_in_one_currency() -> None:
    with pytest.raises(Invalid, match="USD"):
        prices.enter("x", "post", Decimal(1), "EUR", date(2026, 12, 1), "Contract", by=make_user("manager"), now=NOON)


def test_prices_of_before_the_first_known_day_are_the_first_known() -> None:
    assert prices.on(prices.history("x"), date(2026, 1, 1))["reply"].amount == Decimal("0.010")
    assert prices.spent(make_channel("x"), datetime(2026, 12, 9, tzinfo=UTC).date(), prices.history("x")).lines == []
