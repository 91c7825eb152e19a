"""Drawing the composer: the whole page, and the part beside the words that answers while one types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import may, person
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app import attending, carrying, carrying_forms, drafting, leading, linking, readiness, releasing
from calendar_app.balance import Share
from calendar_app.carrying import MINUTES, Can, More
from calendar_app.declaring import CONTRAST
from calendar_app.forms import PostForm
from calendar_app.models import Placement, Post
from calendar_app.releasing import Moment
from calendar_app.views.finding import now_of, seen_placements, town_of
from calendar_app.words import MOST_PICTURES, Words
from channels_app import service_links
from channels_app.models import Channel
from policy.models import PlanLimits
from policy.situations import EVERYDAY

A_WHILE = timedelta(minutes=30)


@dataclass(frozen=True)
class Kept:
    """What became of words while one types: the post, the version they are in or were begun on, and what to say."""

    post: Post | None
    version: int
    words: str
    done: bool = False  # the post has these very words


def page(
    request: HttpRequest, form: PostForm, post: Post | None, words: Words | None, *, status: int = 200
) -> HttpResponse:
    if words is None:
        words = typed(form)
    if post is not None:
        attending.here(post, person(request), now_of(request))
    context = {**_context(request, form, post, words), "other": _other_hand(request, post)}
    return render(request, "calendar_app/composer.html", context, status=status)


def side(request: HttpRequest, form: PostForm, post: Post | None, words: Words | None, kept: Kept) -> HttpResponse:
    """The fragment for what one is typing; where the first save has just made the post, its address comes along."""
    context = _context(request, form, kept.post or post, words or typed(form))
    context |= {"saved": kept.words, "kept": kept.done}
    context |= {"version": kept.version or form.data.get("version", ""), "fragment": True}
    response = render(request, "calendar_app/_beside.html", context)
    if kept.post is not None and post is None:
        response["HX-Replace-Url"] = reverse("calendar:edit-post", args=[kept.post.key])
    return response


def typed(form: PostForm) -> Words:
    """As much of a form with mistakes as can be shown."""
    valid = getattr(form, "cleaned_data", {})
    chosen = [key for key in form.data.getlist("channels") if key in form.channels]  # type: ignore[attr-defined]
    return Words(
        text=form.data.get("text", ""),
        link=valid.get("link") or "",
        language=valid.get("language") or "",
        kind=valid.get("kind") or "news",
        own={key: form.data.get(f"own_{key}", "") for key in chosen},
        pictures=form.pictures(),
        facts=form.facts(),
        situation=valid.get("situation") or EVERYDAY,
        more={key: carrying_forms.more_of(form.data, key) for key in chosen},
    )


def _context(request: HttpRequest, form: PostForm, post: Post | None, words: Words) -> dict[str, object]:
    by, now = person(request), now_of(request)
    form.fields["at"].help_text = f"On the clocks of {town_of(request).zone}"
    form.fields["unplanned"].help_text = _unplanned_words(now)
    placements = {str(one.channel.key): one for one in seen_placements(post, by, now)} if post else {}
    hours = attending.hours([one for key, one in form.channels.items() if key in words.own])
    return {
        "form": form,
        "post": post,
        "key": post.key if post else form.data.get("key") or uuid4(),
        "words": words,
        "contrast": CONTRAST,
        "version": post.version if post else 0,
        "beside": drafting.beside(words, form.channels, post, by, now, _moment(request, form)),
        "channels": [
            {
                "channel": channel,
                "key": key,
                "tab": _tab(channel, form.channels.values()),
                "chosen": key in words.own,
                "field": form[f"own_{key}"],
                "placement": placements.get(key),
                "fixed": _is_fixed(placements.get(key)),
                **_carried(channel, words.more.get(key, More())),
            }
            for key, channel in form.channels.items()
        ],
        "minutes": MINUTES,
        "card": words.quote.card,
        "consent": _consent(words),
        "hours": hours,
        "young": [one for one in hours if not one.best and one.missing != 0],
        "good": any(one.best for one in hours),
        "here": attending.others(post, by, now) if post else [],
        "going": [one for one in placements.values() if one.state in {"in_review", "approved"} and not one.is_out],
        "out": [one for one in placements.values() if one.is_out],
        "may_schedule": any(may(by, "schedule_post", now, one.scope) for one in form.channels.values()),
        "may_upload": may(by, "upload_media", now),
        "may_override": may(by, "override_check", now),
        "facts": _facts(words),
        "series": linking.beside(post, by, now) if post else None,
        "zone": town_of(request).zone,
        "most": MOST_PICTURES,
        "services": service_links.offered(),
        "link_note": leading.note(),
        "dead_links": leading.dead_links(post) if post else [],
    }


def _unplanned_words(now: datetime) -> str:
    """How many posts serve no objective already, and how many the town bears."""
    part, whole = readiness.recent(now)
    share = Share(part, whole, PlanLimits.here().unplanned_share)
    if share.percent is None:
        return f"At most {share.ceiling} % of posts may serve none."
    return f"{share.percent} % of the last {whole} posts serve none; the town's ceiling is {share.ceiling} %."


def _carried(channel: Channel, more: More) -> dict[str, object]:
    """What can be written for this channel beside its wording, with one empty field for the next part."""
    able: Can = carrying.can(channel)
    parts = more.parts[: able.parts]
    options = more.poll.options if more.poll else ()
    return {
        "can": able,
        "parts": [*parts, ""][: max(able.parts, 0)],
        "has_parts": bool(parts),
        "options": [*options, *[""] * 10][: able.poll.options] if able.poll else [],
        "open_for": more.poll.minutes if more.poll else 24 * 60,
        "has_poll": more.poll is not None,
        "title": more.title,
        "lengths": [(minutes, name) for minutes, name in MINUTES if able.poll and minutes <= able.poll.most],
    }


def _consent(words: Words) -> dict[str, object]:
    """Who recorded it, and when; empty while nobody has."""
    who = User.objects.filter(key=words.consent.by).first() if words.consent.recorded else None
    return {"by": who.name, "at": _moment_of(words.consent.at)} if who else {}


def _moment(request: HttpRequest, form: PostForm) -> Moment:
    """When these words would go out, as far as the form says; now where it says nothing usable."""
    zone, now = town_of(request).zone, now_of(request)
    wall = getattr(form, "cleaned_data", {}).get("at") if form.is_bound else form.initial.get("at")
    try:
        return releasing.moment(wall, zone, 0, now) if wall else releasing.right_now(zone, now)
    except Invalid:
        return releasing.right_now(zone, now)


def _facts(words: Words) -> list[dict[str, object]]:
    """The facts with the names of those who checked them."""
    names = {
        str(one.key): one.name for one in User.objects.filter(key__in=[f.checker for f in words.facts if f.checker])
    }
    return [
        {"words": one.words, "source": one.source, "by": names.get(one.checker, ""), "at": _moment_of(one.at)}
        for one in words.facts
    ]


def _moment_of(told: str) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _tab(channel: Channel, beside: Iterable[Channel]) -> str:
    """The platform's name, or the account's where the town has several there."""
    alone = sum(one.platform == channel.platform for one in beside) == 1
    return channel.get_platform_display() if alone else channel.name


def _is_fixed(placement: Placement | None) -> bool:
    """A channel that is planned already is taken out on the post's page, where it is said what that does."""
    return placement is not None and placement.state in {"in_review", "approved"}


def _other_hand(request: HttpRequest, post: Post | None) -> object:
    """A colleague's save of the last half hour, so that two people at one post know of each other."""
    if post is None:
        return None
    last = post.versions.select_related("by").order_by("-n").first()
    if last is None or last.by == person(request) or last.at < now_of(request) - A_WHILE:
        return None
    return last
