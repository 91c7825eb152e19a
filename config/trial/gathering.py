"""What Fernhill's staff gather by hand: samples they read, what people were asked, what was paid for, what is known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import Town, User
from calendar_app.models import Audience, Campaign
from metrics import behaviour, knowing, paying, sampling
from metrics.models import Sample
from metrics.outside import bringing_in
from policy.models import Objective

VISITS, BESIDE = "Visits to warm rooms", "Visits to the library in Newbridge"
BEFORE, AFTER = (41, 38, 44, 40), (57, 63, 60, 66)
SOURCE = "Tally sheets of the libraries"
GLAD = ("thank", "great", "lovely", "well done", "brilliant")
CROSS = ("still", "again", "nobody", "why", "disgrace", "waste of", "never", "fed up")


def gather(staff: dict[str, User], now: datetime) -> None:
    """Two samples, one of them still being read; a campaign that is to change something; the paid register; cards."""
    today = now.astimezone(Town.here().tz).date()
    _samples(staff, today, now)
    campaign = Campaign.objects.get(name="Winter ready")
    _campaign(campaign, staff, today, now)
    _paid(campaign, staff, today, now)
    _cards(staff["amara"], today, now)


def _samples(staff: dict[str, User], today: date, now: datetime) -> None:
    dev, day = staff["dev"], timedelta(days=1)
    for first, last, done in ((28, 8, True), (7, 1, False)):
        days = (today - first * day, today - last * day)
        if sampling.among(*days).count() < sampling.FEWEST:
            continue
        one = sampling.draw(*days, 60 if done else 30, 20, by=dev, now=now)
        _read(one, staff["amara"], 7 if done else 0, now, None if done else 12)
        if done:
            _read(one, staff["tom"], 5, now, None)
            sampling.finish(one, by=dev, now=now)


def _read(one: Sample, by: User, otherwise: int, now: datetime, most: int | None) -> None:
    """A person reads what waits for them; one in `otherwise` they read in another way than most would."""
    for n, drawn in enumerate(sampling.waiting_for(one, by, now)[:most], 1):
        words = drawn.message.text.casefold()
        tone = "praise" if any(word in words for word in GLAD) else "criticism" if any(
            word in words for word in CROSS) else "neutral"  # fmt: skip
        sampling.code(drawn, "unclear" if otherwise and n % otherwise == 0 else tone, by=by, now=now)


def _campaign(campaign: Campaign, staff: dict[str, User], today: date, now: datetime) -> None:
    monday, week = behaviour.monday_of(today), timedelta(weeks=1)
    before, after = monday - 10 * week, monday - 5 * week
    told = {
        "behaviour": "People who are cold at home spend the afternoon in a warm room",
        "wanted": "more",
        "counted": VISITS,
        "topic": None,
        "compared": BESIDE,
        "compared_topic": None,
        "target": 60.0,
        "before_first": before,
        "before_last": before + 3 * week,
        "after_first": after,
        "after_last": after + 3 * week,
    }
    behaviour.settle(campaign, told, by=staff["dev"], now=now)
    days = [start + n * week for start in (before, after) for n in range(4)]
    rows = [f"{day},{VISITS},{value}" for day, value in zip(days, BEFORE + AFTER, strict=True)]
    rows += [f"{day},{BESIDE},{120 + day.toordinal() // 7 % 5}" for day in days]
    _bring_in("counts", "visits.csv", "Week,What is counted,How many", rows, staff["dev"], now)
    asked = {"question": "Where is the nearest warm room?", "on": today - timedelta(days=4), "asked": 80, "knew": 31}
    asked |= {"how": "At the market, everybody who passed the stall", "source": "Tally of the housing team"}
    behaviour.note_recall(campaign, asked, by=staff["tom"], now=now)


def _bring_in(kind: str, name: str, heads: str, rows: list[str], by: User, now: datetime) -> None:
    file = bringing_in.take("\n".join([heads, *rows]).encode(), name, kind, by=by, now=now)
    bringing_in.set_up(file, file.read, file.columns, SOURCE, by=by, now=now)
    bringing_in.bring_in(file, by=by, now=now)


def _paid(campaign: Campaign, staff: dict[str, User], today: date, now: datetime) -> None:
    amara, day = staff["amara"], timedelta(days=1)
    aim = Objective.objects.order_by("id").first()
    plain = {"objective": aim, "campaign": campaign, "post": None, "channel": None, "supplier": "Meta"}
    plain |= {"shown_to": "Adults within five miles of Fernhill", "left_out": "Everybody under 18", "label": ""}
    plain |= {"disclaimer": "Paid for by Fernhill Council.", "outcome": "clicks on the list of warm rooms"}
    warm = plain | {"kind": "advert", "title": "Where the warm rooms are", "budget": Decimal(120)}
    warm |= {"text": "Cold at home? The library, the Drill Hall and St Anne's are warm until nine. Come in."}
    row = paying.register(warm | {"starts_on": today - 14 * day, "ends_on": today + 7 * day}, by=amara, now=now)
    paying.start(row, by=amara, now=now)
    paying.add(row, "spent", today - 7 * day, Decimal("38.40"), "Ads manager, week to Sunday", by=amara, now=now)
    paying.add(row, "spent", today - day, Decimal("41.10"), "Ads manager, week to Sunday", by=amara, now=now)
    paying.add(row, "outcome", today - day, Decimal(212), "Ads manager", by=amara, now=now)
    vote = plain | {"kind": "boost", "title": "Vote by post", "budget": Decimal(60), "campaign": None}
    vote |= {"text": "You can vote by post. Ask for the form until Friday.", "outcome": "forms asked for"}
    paying.register(vote | {"starts_on": today + 7 * day, "ends_on": today + 21 * day}, by=amara, now=now)
    rows = [f"{today - 7 * day},AD-1,38.40", f"{today - day},AD-1,45.00"]
    _bring_in("invoices", "invoices.csv", "Day,Reference,Amount", rows, staff["dev"], now)


def _cards(by: User, today: date, now: datetime) -> None:
    audience = Audience.objects.filter(active=True).order_by("pk").first()
    if audience is None:
        return
    for kind, words, source, days in (
        ("networks", "Two in three use Facebook, mostly the Fernhill groups; few use X.", "Residents' survey", 90),
        (
            "languages",
            "Polish is the first language of about one household in twelve.",
            "Census 2021, table TS024",
            500,
        ),
        ("access", "Many read on a phone with a small data plan.", "", 30),
        ("offline", "The noticeboard at the surgery is read by nearly everybody over 70.", "", 420),
    ):
        knowing.claim(audience, kind, words, source, today - timedelta(days=days), by=by, now=now)
