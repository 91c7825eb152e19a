"""Fernhill asks its neighbours and works with others: questions with their answers, a call, partners, outreach, thanks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import Town, User
from accounts.refusals import Refusal
from channels_app import connecting, platforms
from channels_app.emulator.client import Emulator
from channels_app.models import Channel
from channels_app.platforms.base import Outgoing
from config.trial.desk_life import Desk
from engagement import (
    calls,
    handling,
    kickstarts,
    outreach,
    relations,
    stakeholders,
    suggestions,
    supporting,
    timelog,
)  # fmt: skip
from engagement.models import Conversation, InputCall, Message, Relationship
from policy.models import Objective

HOURS_AGO = timedelta(hours=4)
SOME_TIME_AGO = timedelta(days=18)  # after the staff got their rights, however short the trial's past is
MARKET = "How was the autumn market for you, from 1 to 10? One number is enough; a word on why is welcome."
LIGHTS = "Shall we keep the pond path lit until midnight this winter? Yes or no, and why. The parks meeting decides it."
TO_MARKET = (
    ("brook", "8/10, loved the cider press"), ("oakley", "nine from me"), ("hetty", "7"), ("sunny", "7 or 8"),
    ("piet", "10 out of 10!"), ("rosa", "6, too few places to sit"), ("brook", "make that a 9, I forgot the soup"),
    ("marlow", "I'd say 8"), ("wren", "Was there parking?"), ("edda", "maybe 5"),
)  # fmt: skip
TO_LIGHTS = (
    ("jo.ames", "Yes please"), ("kim.lo", "Yes, I walk there after work"), ("ray.p", "No. Think of the bats"),
    ("tess", "No thanks"), ("amin.k", "Yes, but only until ten"), ("dot", "Aye"), ("lars", "Yes! Safer for my mum"),
    ("viv", "No, the herons need the dark"), ("sol", "maybe"),
)  # fmt: skip
PARTNERS: tuple[dict[str, Any], ...] = (
    {"kind": "organisation", "name": "Fernhill Food Bank", "about": "Food and advice, Tuesdays and Fridays",
     "reach": 1900, "reach_source": "followers, counted this month", "handles": [("mastodon", "fernhillfoodbank")]},
    {"kind": "group", "name": "Mill Road neighbours", "about": "A street's own group", "reach": 640,
     "reach_source": "members, as the group says", "handles": [("facebook", "millroadneighbours")], "quiet_days": 14},
    {"kind": "organisation", "name": "St Anne's School", "about": "Primary school by the pond", "reach": 420,
     "reach_source": "families", "handles": [("x", "stannesfernhill")]},
    {"kind": "role", "name": "Harbour and pond warden", "about": "Keeps the sluice and the path",
     "basis": "A public office named on our site", "handles": []},
)  # fmt: skip
OF_THE_FOOD_BANK = "@fernhill could you share our winter list? Tins, nappies and gloves are what we need most."
STAKES = ((0, 0, 5, "They asked for a shared winter page"), (1, 1, 3, "214 answers came from this street"),
          (2, 1, 4, "The school walked the route with us"))  # fmt: skip


def ask(emulator: Emulator, channels: dict[str, Channel], now: datetime) -> None:
    """Some hours ago two questions went out by hand, and neighbours answered; the food bank wrote."""
    begin = max(float(emulator.clock()["epoch"]), (now - HOURS_AGO).timestamp())
    pause = min(90.0, max(0.0, (now.timestamp() - begin) / (2 * len(TO_MARKET + TO_LIGHTS))))
    emulator.advance(to=begin)
    for platform, words, answers in (("mastodon", MARKET, TO_MARKET), ("facebook", LIGHTS, TO_LIGHTS)):
        account = connecting.account_of(channels[platform])
        sent = platforms.get(platform).send(account, Outgoing("post", text=words, language="en"))
        for by, text in answers:
            emulator.advance(pause)
            emulator.say(platform, text, by=by, reply_to=sent.remote_id)
    emulator.say("mastodon", OF_THE_FOOD_BANK, by="fernhillfoodbank")


def keep_company(desk: Desk, now: datetime) -> None:
    """What the team made of it by this morning, and whom it works with."""
    amara, tom = desk.staff["amara"], desk.staff["tom"]
    one = _call(amara, now)
    _put("mastodon", MARKET, "scale", "How was the autumn market, 1 to 10?", None, amara, now)
    _put("facebook", LIGHTS, "yes_no", "Keep the pond path lit until midnight?", one, amara, now)
    _late_call(amara, now)
    partners = [_partner(facts, tom, now) for facts in PARTNERS]
    _work_with(partners, tom, now)
    _calm(tom, now)
    _ideas(tom, now)


def _call(by: User, now: datetime) -> InputCall:
    today = Town.here()
    day = now.astimezone(today.tz).date()
    told = {
        "question": "Should the pond path stay lit until midnight?",
        "decision": "Parks meeting on the winter lights",
        "level": "consult",
        "decider": "The parks committee",
        "returns": "A reply to everybody who answered, and a post on Facebook",
        "closes_on": day + timedelta(days=5),
        "heard_on": day + timedelta(days=12),
    }
    one = calls.open_up(calls.draft(told, by=by, now=now), by=by, now=now)
    for name in ("Safer on foot", "Bats and herons"):
        calls.add_theme(one, name, by=by, now=now)
    return one


def _late_call(by: User, now: datetime) -> None:
    """One that was forgotten: it closed some days ago, and nobody was told what was heard."""
    before = now - SOME_TIME_AGO
    day = before.date()
    told = {
        "question": "Which street should get this year's lantern?",
        "decision": "Where the lantern hangs",
        "level": "empower",
        "decider": "Whoever answers: most votes",
        "returns": "A post on every channel",
        "closes_on": day + timedelta(days=7),
        "heard_on": day + timedelta(days=14),
    }
    calls.open_up(calls.draft(told, by=by, now=before), by=by, now=before)
    calls.draft({"question": "What should the new bus shelter have?", "level": "involve"}, by=by, now=now)


def _put(platform: str, words: str, shape: str, question: str, call: InputCall | None, by: User, now: datetime) -> None:
    row = Message.objects.filter(channel__platform=platform, kind="post", text__startswith=words[:60]).first()
    post = kickstarts.find_post(row.channel.key, row.remote_id, by, now) if row else None
    if post:
        until = now.astimezone(Town.here().tz).date() + timedelta(days=5)
        kickstarts.put(post, shape, question, until, call, by=by, now=now)


def _partner(facts: dict[str, Any], by: User, now: datetime) -> Relationship:
    told = {
        "language": "English",
        "owner": by,
        "basis": "",
        "reach": None,
        "reach_source": "",
        "quiet_days": 90,
    } | facts
    host = Channel.objects.filter(platform="mastodon").values_list("host", flat=True).first()
    handles = [(name, f"{handle}@{host}" if name == "mastodon" else handle) for name, handle in facts["handles"]]
    return relations.add(told, handles, by=by, now=now - SOME_TIME_AGO)


def _work_with(partners: list[Relationship], by: User, now: datetime) -> None:
    day = now.astimezone(Town.here().tz).date()
    food, _, school, warden = partners
    relations.note_contact(
        food, "met", "Tea at the hall; they want one winter page", day - timedelta(days=9), by=by, now=now
    )
    relations.note_contact(
        school, "called", "The head asked for a crossing count", day - timedelta(days=11), by=by, now=now
    )
    relations.follow_up(school, day + timedelta(days=2), "Send the crossing count", by=by, now=now)
    relations.snooze(warden, day + timedelta(days=60), "On sick leave until spring", by=by, now=now)
    aims = list(Objective.objects.filter(active=True).order_by("pk"))
    for which, aim, openness, evidence in STAKES:
        stakeholders.add(partners[which], aims[aim % len(aims)], openness, evidence, "", by=by, now=now)
    stakeholders.set_weights({aims[0]: 3}, by=by, now=now)
    facts = {"name": "Mill Road neighbours, on Facebook", "url": "https://www.facebook.com/groups/millroad"}
    facts |= {"house_rules": "No adverts. Say where you are from.", "disclosure": "I work for Fernhill Council."}
    place = outreach.add(facts | {"relationship": None}, [by], by=by, now=now)
    words = (
        "I work for Fernhill Council. The water main will be done by Friday noon; buses 4 and 11 go round until then."
    )
    outreach.log(place, words, "https://www.facebook.com/groups/millroad/1", day - timedelta(days=3), by=by, now=now)
    outreach.note_follow(food.handles.get(), True, day - timedelta(days=50), day - timedelta(days=48), by=by, now=now)
    outreach.note_follow(school.handles.get(), True, day - timedelta(days=20), None, by=by, now=now)
    for kind, name, why in (
        ("ambassador", "St Anne's walking bus", "Shares our road news with 40 families"),
        ("thanks", "Kai", "Nine years of the Friday youth club"),
        ("thanks", "Edna Marsh", "Her story of the last winter of the mill"),
    ):
        told: dict[str, Any] = {
            "kind": kind,
            "name": name,
            "why": why,
            "relationship": school if kind == "ambassador" else None,
        }
        told |= {"consent": "By e-mail to the desk", "consent_on": day - timedelta(days=25)}
        supporting.add(told, by=by, now=now)
    for activity, minutes in (("solving", 90), ("complaints", 45), ("behaviour", 60)):
        timelog.log(activity, minutes, day, "", by=by, now=now)


def _ideas(by: User, now: datetime) -> None:
    """Two messages that read like an idea; the newest ones where none does."""
    theirs = Message.objects.filter(ours=False, gone_at=None, visibility="public").order_by("-at")
    ideas = theirs.filter(Q(text__icontains="could we ") | Q(text__icontains="what about"))[:2]
    for message in list(ideas) or theirs[:2]:
        one = suggestions.mark(message, by=by, now=now)
    suggestions.change(one, "considered", by, "Goes to the parks meeting on Wednesday.", by=by, now=now)


def _calm(by: User, now: datetime) -> None:
    """Answers to the two questions need no reply of their own."""
    under = Message.objects.filter(kind="post", text__startswith=MARKET[:60])
    under |= Message.objects.filter(kind="post", text__startswith=LIGHTS[:60])
    rows = Conversation.objects.filter(root_id__in=under.values("remote_id")).exclude(state="closed")
    for row in rows:
        try:
            handling.close(row, "thanks", by=by, now=now)
        except Refusal:
            continue
