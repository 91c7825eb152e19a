"""One search over posts, conversations and the people who wrote, within what this person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import allow, may, person
from accounts.models import User
from calendar_app.models import Post
from engagement import cases, words
from engagement.models import Conversation, Message

SHORTEST, SHOWN = 3, 12


@dataclass(frozen=True)
class Hit:
    """One thing found: its title, where it is, and a line about it."""

    title: str
    url: str
    more: str
    platform: str = ""


@dataclass(frozen=True)
class Found:
    """A group of hits; `more` when there are others beyond those shown."""

    name: str
    hits: list[Hit]
    more: bool


def posts(query: str, user: User, now: datetime) -> Found:
    """Posts whose words hold the query, the last changed first."""
    rows = Post.objects.filter(text__icontains=query, dropped_at=None).visible_to(user, now)
    found = list(rows.select_related("author").order_by("-changed_at")[: SHOWN + 1])
    hits = [
        Hit(str(post), reverse("calendar:post", args=[post.key]), f"{post.author} · {words.when(post.changed_at, now)}")
        for post in found[:SHOWN]
    ]
    return Found("Posts", hits, len(found) > SHOWN)


def conversations(query: str, user: User, now: datetime) -> Found:
    """Conversations in which somebody wrote the query, or whose person is called so, the last written first."""
    if not may(user, "see_inbox", now):
        return Found("Conversations", [], False)
    said = Message.objects.filter(text__icontains=query, conversation__isnull=False)
    seen = Conversation.objects.visible_to(user, now)
    rows = seen.filter(pk__in=said.order_by("-id").values("conversation")[:1000]) | seen.filter(
        person__name__icontains=query
    )
    rows = rows | cases.found(query, seen)
    found = list(rows.select_related("person", "channel").order_by("-last_at")[: SHOWN + 1])
    hits = [
        Hit(
            str(talk.person or "Somebody"),
            reverse("inbox:conversation", args=[talk.key]),
            f"{talk.excerpt} · {words.when(talk.last_at, now)}",
            talk.channel.platform,
        )
        for talk in found[:SHOWN]
    ]
    return Found("Conversations", hits, len(found) > SHOWN)


@allow("see_today")
def search(request: HttpRequest) -> HttpResponse:
    """The page of what was found; a query that is too short says so."""
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:100]
    user, now = person(request), request.now  # type: ignore[attr-defined]
    found = [posts(query, user, now), conversations(query, user, now)] if len(query) >= SHORTEST else []
    context = {
        "query": query,
        "too_short": bool(query) and len(query) < SHORTEST,
        "groups": [group for group in found if group.hits],
        "searched": bool(found),
    }
    return render(request, "desk/search.html", context)
