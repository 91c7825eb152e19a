"""The versions of a post: what changed from one to the next, and the way back to any of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import LostRace
from calendar_app import composing
from calendar_app.models import PostVersion
from calendar_app.views.finding import find_post, now_of
from calendar_app.words import of_version
from channels_app.models import Channel
from policy import comparing

SHOWN = 40


@allow("write_post")
def versions(request: HttpRequest, key: UUID) -> HttpResponse:
    """All versions, the latest first; `compare` sets one beside what the post says now."""
    post = find_post(request, key)
    rows = list(post.versions.select_related("by").order_by("-n")[: SHOWN + 1])
    wanted = request.GET.get("compare", "")
    other = next((one for one in rows if str(one.n) == wanted), None)
    now_said = next((one for one in rows if one.n == post.version), None)
    context = {
        "post": post,
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "other": other,
        "now_said": now_said,
        "clash": bool(other and other.beside),
        "mine": bool(other and other.by == person(request)),
        "parts": comparing.parts(now_said.words["text"], other.words["text"]) if other and now_said else [],
        "wordings": _wordings(now_said, other) if other and now_said else [],
        "alts": _alts(now_said, other) if other and now_said else [],
    }
    return render(request, "calendar_app/versions.html", context, status=409 if request.GET.get("clash") else 200)


@allow("write_post")
@require_POST
def use_version(request: HttpRequest, key: UUID, n: int) -> HttpResponse:
    """Put the words of a version into the post; what it says now stays a version too."""
    post = find_post(request, key)
    version = get_object_or_404(PostVersion, post=post, n=n)
    seen = request.POST.get("version", "")
    if seen != str(post.version):
        raise LostRace("The post was saved again meanwhile.", next_step="Compare once more, then choose.")
    saved = composing.save(post, of_version(version), post.version, by=person(request), now=now_of(request))
    for one in saved.back:
        messages.info(request, f"{one.channel} is a draft again: its words changed.")
    messages.success(request, f"The post says what version {n} said.")
    return redirect("calendar:edit-post", key=post.key)


def _alts(now_said: PostVersion, other: PostVersion) -> list[str]:
    """In a sentence each: what differs besides the text."""
    told = []
    for name in ("link", "kind", "topic", "campaign", "benefit"):
        if now_said.words[name] != other.words[name]:
            told.append(f"{name.capitalize()}: {now_said.words[name] or 'none'} → {other.words[name] or 'none'}")
    if set(now_said.words["own"]) != set(other.words["own"]):
        told.append("The choice of channels differs.")
    if now_said.words["pictures"] != other.words["pictures"]:
        told.append("The pictures or their alt texts differ.")
    return told


def _wordings(now_said: PostVersion, other: PostVersion) -> list[tuple[str, list[dict[str, str]]]]:
    """Word by word what differs on single channels: the own wording, what follows it, and the poll."""
    before, after = _by_channel(now_said), _by_channel(other)
    changed = [key for key in sorted({*before, *after}) if before.get(key, "") != after.get(key, "")]
    names = {str(one.key): str(one) for one in Channel.objects.filter(key__in=changed)}
    return [(names.get(key, "A channel"), comparing.parts(before.get(key, ""), after.get(key, ""))) for key in changed]


def _by_channel(version: PostVersion) -> dict[str, str]:
    more = version.words.get("more", {})
    return {key: "\n\n".join([own, *_more(more.get(key, {}))]).strip() for key, own in version.words["own"].items()}


def _more(kept: dict[str, Any]) -> list[str]:
    poll, title = kept.get("poll"), kept.get("title")
    asked = [f"Poll: {', '.join(poll['options'])}"] if poll else []
    return [*([f"Title: {title}"] if title else []), *kept.get("parts", []), *asked]
