"""What Fernhill has around its posts: described pictures, services, audiences, a whole campaign, things being made."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from calendar_app import campaigns, kits, pictures, production
from calendar_app.models import Audience, Campaign, Notice, Placement
from channels_app import rights, service_links
from channels_app.models import Channel, Media
from config.trial.pictures import ALT
from policy.models import Objective, PolicyChoices, Topic

SERVICES = (
    ("Bin day by street", "https://fernhill.example/bins", "Bins and recycling"),
    ("Report a pothole", "https://fernhill.example/report", "Roads and pavements"),
    ("Pay council tax", "https://fernhill.example/pay", "Money and council tax"),
    ("Book a swimming class", "https://fernhill.example/classes", "Events in town"),
)
# An audience, about how many people, and what reaches how many in a hundred of them.
AUDIENCES = (
    ("Households with children", 3100, {"facebook": 55, "x": 15, "letter": 95, "email": 30}),
    ("People over 75", 1900, {"facebook": 12, "letter": 95, "noticeboard": 25, "radio": 45}),
    ("Households without internet", 640, {"letter": 95, "noticeboard": 20, "member": 10}),
    ("People who rent", 5200, {"facebook": 40, "x": 18, "mastodon": 4, "leaflet": 50}),
)
ASSETS = (
    ("How to bleed a radiator", "video", "Joy Ames, parks", 12, "380.00", 9, "making"),
    ("Which day is my bin day?", "infographic", "Tom Birch", 5, None, 4, "checking"),
    ("Warm rooms, read aloud", "audio", "Local radio volunteers", 3, None, -2, "asked"),
    ("Winter checklist for the fridge", "paper", "Amara Osei", 4, "60.00", 1, "done"),
)
CAPTIONS = "WEBVTT\n\n00:00:00.000 --> 00:00:03.500\nTurn the heating off and let it cool.\n"
WORDS = "Warm rooms are open in the library, the Drill Hall and St Anne's: tea, sockets, somebody to talk to."


def furnish(staff: dict[str, User], now: datetime) -> None:
    """Everything that people have prepared around their posts by now."""
    amara, dev = staff["amara"], staff["dev"]
    _describe(amara, now)
    for name, url, topic in SERVICES:
        service_links.add(name, url, Topic.objects.filter(name=topic).first(), by=dev, now=now)
    campaign = Campaign.objects.get(name="Winter ready")
    audiences = _audiences(dev, now)
    _plan(campaign, audiences, amara, now)
    _kit(campaign, amara, now)
    _make(campaign, amara, now)


def _describe(by: User, now: datetime) -> None:
    """Alt text and rights for every drawing; one shows somebody whose consent ends soon."""
    day = now.date()
    for media in Media.objects.filter(state="ready"):
        alt = ALT.get(media.name.removesuffix(".png"))
        if alt is None:
            continue
        facts: dict[str, object] = {"alt": alt, "owner": "Fernhill", "licence": "own", "people": "no"}
        if media.name == "heron.png":
            facts |= {
                "owner": "R. Amin",
                "licence": "cc_by",
                "credit": "Photo: R. Amin, CC BY 4.0",
                "tags": "pond, bird",
            }
        if media.name == "lights.png":
            facts |= {"owner": "Lantern Society", "licence": "given", "rights_until": day + timedelta(days=20)}
        pictures.describe(media, facts, by=by, now=now)
        if media.name == "youth.png":
            proof = "Signed form, folder Youth club 2026"
            rights.agree(media, "Kai", proof, day - timedelta(days=340), day + timedelta(days=25), by=by, now=now)


def _audiences(by: User, now: datetime) -> list[Audience]:
    channels = {one.platform: str(one.key) for one in Channel.objects.all()}
    made = []
    for name, size, shares in AUDIENCES:
        row = campaigns.add_audience(name, size, by=by, now=now)
        campaigns.set_reach(row, {channels.get(way, way): share for way, share in shares.items()}, by=by, now=now)
        made.append(row)
    return made


def _plan(campaign: Campaign, audiences: list[Audience], by: User, now: datetime) -> None:
    aim = Objective.objects.order_by("id").first()
    told = {"objective": aim, "brief": WORDS, "audiences": audiences}
    campaigns.change(campaign, told, by=by, now=now)
    day = now.date()
    for way, name, days, place in (
        ("dropin", "Warm room drop-in with energy advice", 6, "Drill Hall"),
        ("letter", "Letter about bin days at Christmas", 10, ""),
        ("radio", "Five minutes on Fernhill FM", 3, ""),
    ):
        row = {"way": way, "name": name, "on": day + timedelta(days=days), "place": place, "owner": by}
        campaigns.add_activity(campaign, row, by=by, now=now)
    posts = {one.post for one in Placement.objects.planned().filter(post__campaign=campaign).select_related("post")}
    for words, mandatory, ways in (
        ("Bin days change in Christmas week", True, ("letter",)),
        ("Where the warm rooms are", True, ("dropin", "radio")),
    ):
        notice = campaigns.add_notice(campaign, words, mandatory, by=by, now=now)
        _carry(notice, [one for one in posts if ("bin" in one.text.lower()) == ("letter" in ways)], ways, by, now)


def _carry(notice: Notice, posts: list[object], ways: tuple[str, ...], by: User, now: datetime) -> None:
    done = notice.campaign.activities.filter(way__in=ways)
    campaigns.carry(notice, posts[:2], done, posts[:2], by=by, now=now)  # type: ignore[arg-type]


def _kit(campaign: Campaign, by: User, now: datetime) -> None:
    """Fernhill lets partners open its kits."""
    PolicyChoices.here()
    PolicyChoices.objects.filter(pk=1).update(share_kits=True)
    told = {
        "title": "Warm rooms this winter",
        "words": f"{WORDS} No questions asked. All three are open every weekday from 9 am to 6 pm.",
        "short": "Cold at home? Warm rooms are open in the library, the Drill Hall and St Anne's.",
        "spoken": "If your home is cold, come to a warm room: the library, the Drill Hall or St Anne's, every weekday.",
        "dates": "Weekdays, 9 am to 6 pm, until 31 March",
        "url": "https://fernhill.example/warm-rooms",
        "partners": "St Anne's Church\nFernhill Food Bank",
        "media": Media.objects.filter(name__in=["grit.png", "bins.png"], state="ready"),
    }
    kits.make(campaign, told, by=by, now=now)


def _make(campaign: Campaign, by: User, now: datetime) -> None:
    for title, kind, maker, hours, cost, days, state in ASSETS:
        told = {
            "title": title,
            "kind": kind,
            "maker": maker,
            "hours": hours,
            "cost": cost,
            "due_on": now.date() + timedelta(days=days),
            "campaign": campaign,
            "captions": CAPTIONS if kind == "video" else "",
            "text_version": "A list of eleven things to do before the first frost." if state == "done" else "",
        }
        row = production.ask(told, by=by, now=now)
        if state != "asked":
            production.take_to(row, state, by=by, now=now)
