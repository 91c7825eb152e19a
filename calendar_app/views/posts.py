"""A post's own page, and the list of drafts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow, may, person
from accounts.models import User
from calendar_app import filming, leading, linking, planned
from calendar_app.comment_forms import CommentWindowForm
from calendar_app.models import Placement, Post
from calendar_app.views import afterwards, commented
from calendar_app.views.finding import find_post, now_of, town_of
from calendar_app.views.standing import acts, history, mark, standings
from channels_app import links, media
from policy import judging

A_PAGE = 25


@allow("see_calendar")
def post(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where a post stands, channel by channel."""
    return page(request, find_post(request, key))


def page(request: HttpRequest, found: Post, wrong: CommentWindowForm | None = None) -> HttpResponse:
    """The page; `wrong` is a form of it that was sent with a mistake and keeps what was typed."""
    user, now = person(request), now_of(request)
    rows = standings(found, user, now)
    context = {
        **acts(found, rows, user, now),
        "post": found,
        **beside_series(found, user, now),
        "pictures": [
            (one, media.link(one.media, now))
            for one in filming.stills(found.pictures.all())
            if one.media.state == "ready"
        ],
        "film": filming.player(found.pictures.all(), now),
        "said": _said(found),
        "history": history(found, [one.placement for one in rows], now),
        "versions": found.versions.count(),
        **afterwards.beside(found, rows, user, now),
        "comments": commented.shown([one.placement for one in rows], town_of(request).zone, user, now, wrong),
        "warnings": leading.warnings(found, now),
        "clicks": links.clicks_of("post", found.key) if found.link and not links.why_off() else None,
        "overrides": [one for one in judging.judgements("post", found.key).values() if one.what == "overridden"],
    }
    return render(request, "calendar_app/post.html", context, status=422 if wrong else 200)


def beside_series(found: Post, user: User, now: datetime) -> dict[str, object]:
    """The series this post is part of, or whether this person could make one of it."""
    series = linking.beside(found, user, now)
    may_begin = series is None and not found.dropped_at and may(user, "write_post", now)
    return {
        "series": series,
        "may_begin": may_begin and any(one.state != "cancelled" for one in found.placements.all()),
    }


def _said(found: Post) -> dict[str, list[str]]:
    """The words of the post under the names of the composer's fields: what a browser kept of them may go then."""
    said = {"text": [found.text], "link": [found.link]}
    for one in found.placements.all():
        said |= {f"own_{one.channel.key}": [one.text], f"part_{one.channel.key}": list(one.parts)}
    return {name: kept for name, values in said.items() if (kept := [one for one in values if one.strip()])}


@allow("see_calendar")
def states(request: HttpRequest, key: UUID) -> HttpResponse:
    """The states again, or nothing (204) when they are as the page last saw them."""
    found = find_post(request, key)
    rows = standings(found, person(request), now_of(request))
    if request.GET.get("seen") == mark(rows):
        return HttpResponse(status=204)
    context = {**acts(found, rows, person(request), now_of(request)), "post": found}
    return render(request, "calendar_app/_standings.html", context)


@allow("write_post")
def drafts(request: HttpRequest) -> HttpResponse:
    """Everything begun and not yet on its way, the latest first."""
    user, now = person(request), now_of(request)
    placements = Placement.objects.filter(post=OuterRef("pk"))
    begun = ~Exists(placements) | Exists(placements.filter(state__in=["draft", "in_review"]))
    rows = Post.objects.visible_to(user, now).living().filter(begun)
    if request.GET.get("mine"):
        rows = rows.filter(author=user)
    whole = planned.with_thumbnail(rows).select_related(*planned.BESIDE).prefetch_related("placements__channel")
    page = Paginator(whole.order_by("-changed_at"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, planned.thumbnail(one, now)) for one in page],
        "mine": bool(request.GET.get("mine")),
        "zone": town_of(request).zone,
    }
    return render(request, "calendar_app/drafts.html", context)
