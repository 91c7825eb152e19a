"""What the services sent to the desk, what was asked of a post before its signature, and a mistake that was put right."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from accounts.models import User
from accounts.refusals import Refusal
from calendar_app import composing, corrections, ideas, releasing, remarks, scheduling, signoff
from calendar_app.corrections import Told as Mistake
from calendar_app.ideas import Photo, Told
from calendar_app.models import ContributorCard, Placement, Post
from calendar_app.words import words_of
from channels_app.models import Media
from config.trial import pictures
from config.trial.desk_life import Desk
from policy import choosing, signing
from policy.models import PolicyChoices, Topic

CARD = {"service": "Parks", "about": "Trees, playgrounds, what flowers when", "reach": "01632 960 140, mornings"}
WAITS = (
    "The new reed bed at Mill Pond is in flower and the heron nests in it. Joy, our ranger, is there every morning and "
    "likes to talk."
)
DECLINED = "Could you post the whole tree inspection list?"
TAKEN = "Plot 31 grew a pumpkin of 88 kilos. They give slices away on Saturday at the gate."
MISTAKE = Mistake(
    wrong="green lids on Tuesday and Wednesday",
    right="Green lids are emptied on Wednesday and Thursday this week.",
    reached="About 1,400 people; the depot had 11 calls",
    lesson="Ask the depot for the round sheet before the weekly post, not after.",
    decision="correct",
)


def contribute(desk: Desk, now: datetime) -> None:
    """Lena's ideas over a fortnight, one in each state, and her card."""
    lena, amara = desk.staff["lena"], desk.staff["amara"]
    ContributorCard.objects.create(user=lena, changed_at=now - timedelta(days=20), **CARD)
    no = ideas.send(Told(DECLINED), by=lena, now=now - timedelta(days=9))
    reason = "The list is on the website with a search. A tree that was saved, with its story, would work well."
    ideas.decline(no, reason, by=amara, now=now - timedelta(days=8))
    plots = Topic.objects.filter(name="Allotments").first()
    taken = ideas.send(
        Told(TAKEN, topic=plots, photos=(_photo(desk, "plots", now),)), by=lena, now=now - timedelta(days=2)
    )
    ideas.take_up(taken, by=amara, now=now - timedelta(days=1))
    pond = Topic.objects.filter(name="Mill Pond wildlife").first()
    why = "People ask about the heron every day."
    photos = (_photo(desk, "heron", now),)
    ideas.send(Told(WAITS, why, topic=pond, photos=photos), by=lena, now=now - timedelta(hours=5))


def _photo(desk: Desk, name: str, now: datetime) -> Photo:
    drawn: Media = desk.picture(name, now)
    return Photo(drawn, pictures.ALT[name], "nobody", "")


def sign_off(desk: Desk, now: datetime) -> None:
    """Ruth asked for a change in Tom's post, and he came back with it; the town has a rule and a deputy."""
    tom, ruth, dev = (desk.staff[name] for name in ("tom", "ruth", "dev"))
    rows = Placement.objects.filter(state="in_review", asked_by=tom).select_related("post").order_by("-pk")
    waiting = rows.first()
    if waiting is not None:
        _change(waiting.post, tom, ruth, now)
    choosing.change({"sign_deputy": dev, "public_corrections": True}, PolicyChoices.here().version, by=dev, now=now)
    money = Topic.objects.filter(name="Money and council tax").first()
    rule = {"topic": money, "signer": ruth, "hours": 6, "why": "A wrong figure about a bill costs people money"}
    signing.add(rule, by=dev, now=now)


def _change(post: Post, tom: User, ruth: User, now: datetime) -> None:
    rows = list(post.placements.filter(state="in_review"))
    first = next((one for one in rows if one.wall_at and one.due_at), None)
    if first is None or first.wall_at is None or first.due_at is None:
        return
    at = releasing.Moment(first.wall_at, first.zone, first.due_at)
    for one in rows:
        signoff.send_back(
            one,
            "Say by when people can answer; the vote is on the 12th.",
            by=ruth,
            now=now,
            quote="We read every answer",
        )
    fresh = Post.objects.whole().get(pk=post.pk)
    words = words_of(fresh).but(text=fresh.text.replace("every answer", "every answer sent by 10 December"))
    composing.save(fresh, words, fresh.version, by=tom, now=now + timedelta(minutes=15))
    fresh = Post.objects.whole().get(pk=post.pk)
    remarks.add(fresh, "Added. Does the date belong in the first sentence?", by=tom, now=now + timedelta(minutes=20))
    with suppress(Refusal):
        scheduling.schedule(fresh, list(fresh.placements.all()), at, by=tom, now=now + timedelta(minutes=21))


def correct(desk: Desk, now: datetime) -> None:
    """The bin days were wrong: noted, and the correction waits for its signature."""
    amara = desk.staff["amara"]
    out = Placement.objects.filter(
        delivery__state="published", post__kind="service", post__text__startswith="Bin day"
    ).order_by("-due_at")
    first = out.select_related("post").first()
    if first is None:
        return
    post = Post.objects.whole().get(pk=first.post_id)
    row = corrections.decide(post, list(post.placements.all()), MISTAKE, by=amara, now=now)
    if row.post is not None:
        wall = (now + timedelta(days=1)).astimezone(desk.town.tz).replace(tzinfo=None, hour=9, minute=0, second=0)
        at = releasing.moment(wall.replace(microsecond=0), desk.town.zone, 0, now)
        made = Post.objects.whole().get(pk=row.post.pk)
        with suppress(Refusal):  # a check that would stop it leaves it a draft
            scheduling.schedule(made, list(made.placements.all()), at, by=amara, now=now)
