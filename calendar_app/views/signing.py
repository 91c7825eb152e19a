"""The sign-off queue: read, then sign these exact words or send them back with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app import checking, drafting, filming, remarks, reminding, signoff, wording
from calendar_app.authors import writers
from calendar_app.filming import Player
from calendar_app.models import Placement, Post, Remark, SignReminder
from calendar_app.remarks import Change
from calendar_app.views.finding import chosen, find_post, now_of
from channels_app import media
from policy import setting, signing
from policy.second_looks import SecondLook
from policy.signing import Step


@dataclass
class Asked:
    """One post in the queue: the wordings with the channels they are for, the pictures, what the checks say."""

    post: Post
    placements: list[Placement]
    wordings: list[tuple[str, list[Placement]]] = field(default_factory=list)
    raw: list[tuple[str, list[Placement]]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    film: Player | None = None
    findings: list[dict[str, object]] = field(default_factory=list)
    overrides: list[dict[str, object]] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)
    rule: str = ""
    own: bool = False
    look: SecondLook | None = None
    late: bool = False
    named: str = ""
    signed_by: list[str] = field(default_factory=list)
    reminder: SignReminder | None = None
    changes: list[Change] = field(default_factory=list)
    thread: list[Remark] = field(default_factory=list)


def waiting(request: HttpRequest) -> dict[str, object]:
    """The posts that wait for a signature: mine to give, the earliest moment first; and those I asked for."""
    user, now = person(request), now_of(request)
    asked = _by_post(signoff.queue(user, now))
    return {
        "asked": [_dressed(request, one) for one in asked],
        "may_sign": may(user, "approve_post", now),
        "mine": [_with_look(one, now) for one in _by_post(signoff.asked_by(user, now))],
        "too_late": _by_post(signoff.signed_late(user, now)),
        "about": Remark.ABOUT,
    }


@allow("approve_post")
@require_POST
def approve_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """Sign every placement the form names; each with the hash of the words that were on the page."""
    post = find_post(request, key)
    seen = dict(seal.split(":", 1) for seal in request.POST.getlist("seen") if ":" in seal)
    rows = [one for one in chosen(request, post, seen) if one.state == "in_review"]
    if not rows:
        raise Invalid("Nothing of this waits for a signature any more.", next_step="Load the queue again.")
    for placement in rows:
        remark = request.POST.get("remark", "")[:500]
        signoff.approve(placement, seen[str(placement.key)], by=person(request), now=now_of(request), remark=remark)
    messages.success(request, f"Signed: “{post}” on {wording.places(rows)}.{signed_words(rows, now_of(request))}")
    return redirect("desk:sign-off")


def signed_words(rows: Iterable[Placement], now: datetime) -> str:
    """What a signature did not do by itself: others sign too, or it came too late."""
    fresh = Placement.objects.filter(pk__in=[one.pk for one in rows])
    if fresh.filter(state="in_review").exists():
        return " Somebody else has to sign it too."
    if fresh.filter(state="approved", delivery=None, due_at__lte=now).exists():
        return " Its time has passed, so it does not go out by itself; whoever asked chooses: now, or a new time."
    return ""


@allow("approve_post")
@require_POST
def send_back_post(request: HttpRequest, key: UUID) -> HttpResponse:
    post = find_post(request, key)
    rows = [one for one in chosen(request, post, request.POST.getlist("placement")) if one.state == "in_review"]
    for placement in rows:
        signoff.send_back(
            placement,
            request.POST.get("reason", ""),
            by=person(request),
            now=now_of(request),
            about=request.POST.get("about", "words"),
            quote=request.POST.get("quote", ""),
        )
    messages.success(request, f"Sent back: “{post}”.")
    return redirect("desk:sign-off")


@allow("write_post")
@require_POST
def look_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """The writer's own second look at what waits, where nobody else can sign it."""
    post = find_post(request, key)
    seen = dict(seal.split(":", 1) for seal in request.POST.getlist("seen") if ":" in seal)
    rows = [one for one in chosen(request, post, seen) if one.state == "in_review"]
    if not rows:
        raise Invalid("Nothing of this waits for a second look any more.", next_step="Load the page again.")
    for placement in rows:
        signoff.look_again(placement, seen.get(str(placement.key), ""), by=person(request), now=now_of(request))
    messages.success(request, f"Looked at again: “{post}” on {wording.places(rows)}.")
    going = all(one.due_at and one.due_at > now_of(request) for one in rows)
    return redirect("desk:sign-off") if going else redirect("calendar:post", key=post.key)


def _by_post(rows: Iterable[Placement]) -> list[Asked]:
    found: dict[int, Asked] = {}
    for one in rows:
        found.setdefault(one.post_id, Asked(one.post, [])).placements.append(one)
    return list(found.values())


def _with_look(one: Asked, now: datetime) -> Asked:
    """What somebody asked for, with the words and seals for their own second look where that is the way."""
    one.look = signoff.second_look(one.placements[0], now)
    one.reminder = reminding.next_limit(one.placements[0])
    if one.look:
        one.post = Post.objects.whole().get(pk=one.post.pk)
        steps = signoff.steps_for(one.placements[0], one.placements[0].asked_by or one.post.author, now)
        one.seals = [f"{row.key}:{signoff.seal(row, steps, one.post)}" for row in one.placements]
        one.wordings = [(wording.to_read(wording.said(row, one.post)), [row]) for row in one.placements]
    return one


def _dressed(request: HttpRequest, one: Asked) -> Asked:
    user, now = person(request), now_of(request)
    sayings = [(row, wording.said(row, one.post)) for row in one.placements]
    texts: dict[str, list[Placement]] = {}
    for row, words in sayings:
        texts.setdefault(wording.to_read(words), []).append(row)
    first = one.placements[0]
    steps = signoff.steps_for(first, first.asked_by or one.post.author, now)
    _who_signs(one, steps, user, now)
    one.wordings = list(texts.items())
    raw: dict[str, list[Placement]] = {}
    for row, words in sayings:
        raw.setdefault(words.text, []).append(row)
    one.raw = list(raw.items())
    one.pictures = [
        (media.link(each.media, now), each.alt)
        for each in filming.stills(one.post.pictures.all())
        if each.media.state == "ready"
    ]
    one.film = filming.player(one.post.pictures.all(), now)
    here = setting.at(now)
    checked = checking.of_placements(one.post, one.placements, here)
    told = [{**drafting.shown(row, len(sayings), here.links), "fix_words": ""} for row in checked]
    one.findings = [row for row in told if not row["what"]]
    one.overrides = [row for row in told if row["what"] == "overridden"]
    one.seals = [f"{row.key}:{signoff.seal(row, steps, one.post)}" for row in one.placements]
    one.changes = remarks.changes(one.post, first)
    one.thread = list(one.post.remarks.all())
    one.rule = steps[0].words if steps else "It was asked for."
    one.look = signoff.second_look(first, now)
    one.own = user.pk in {first.asked_by_id, *(version.by_id for version in one.post.versions.all())}
    one.late = any(row.due_at and row.due_at <= now for row in one.placements)
    return one


def _who_signs(one: Asked, steps: Sequence[Step], user: User, now: datetime) -> None:
    """Whose signature is still missing, where it is not this person's; who signed already; and by when."""
    first = one.placements[0]
    own, scope = writers(one.post) | {first.asked_by_id or 0}, first.channel.scope
    left = signoff.missing(first, steps, now)
    if left and user not in {who for step in left for who in signing.signers(step, scope, now, own)}:
        one.named = " and ".join(dict.fromkeys(who.name for step in left for who in step.named)) or "Another approver"
    given = first.signatures.filter(hash=wording.content_hash(first, one.post)).select_related("by")
    one.signed_by = [each.by.name for each in given]
    one.reminder = reminding.next_limit(first)
