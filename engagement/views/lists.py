"""The queue: the page, and the part of it that renews itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import allow, person
from accounts.sessions import is_poll
from channels_app.models import Channel
from engagement import queue, words
from engagement.queue import Wish
from engagement.views.asking import is_fragment, now_of, open_key

EMPTY = {
    "mine": ("done", "Nothing waits for you", "Take something from Unassigned when you are ready for it."),
    "unassigned": ("inbox", "Everything has somebody", "What residents write next appears here by itself."),
    "team": ("inbox", "No conversation is open", "What residents write next appears here by itself."),
    "waiting": ("paper", "We wait for nobody", "Conversations that wait for the resident are kept here."),
    "done": ("paper", "Nothing is done yet", "Closed conversations are kept here."),
}


@allow("see_inbox")
def show_queue(request: HttpRequest) -> HttpResponse:
    """The list of conversations; a poll of an unchanged list is answered with nothing."""
    if is_fragment(request):
        if is_poll(request) and request.GET.get("beat") == queue.beat(person(request), now_of(request)):
            return HttpResponse(status=204)
        return render(request, "engagement/_queue_news.html", list_context(request, open_key(request)))
    return render(request, "engagement/inbox.html", with_filters(request, list_context(request)) | {"show": "queue"})


def list_context(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Rows, tabs and counts for what the address bar asks."""
    user, now = person(request), now_of(request)
    look = queue.look(user, now)
    wish = Wish.of(request.GET, next((tab for tab in ("mine", "unassigned") if look.counts[tab] != "0"), "team"))
    shown = queue.page(wish, user, now)
    for row in shown.rows:
        row.pill = words.pill(row, now)  # type: ignore[attr-defined]
        row.last_words = words.when(row.last_at, now)  # type: ignore[attr-defined]
    drawing, title, sentence = EMPTY[wish.tab]
    if wish.channel or wish.label:
        drawing, title, sentence = "search", "Nothing fits this filter", "Remove a filter to see more."
    return {
        "wish": wish,
        "query": wish.query(),
        "rows": shown.rows,
        "more": wish.query(after=shown.after) if shown.after else "",
        "tabs": _tabs(wish, look.counts),
        "current": current,
        "beat": look.beat,
        "known_labels": look.labels,
        "channels": look.channels,
        "empty": {"drawing": drawing, "title": title, "words": sentence},
    }


def with_filters(request: HttpRequest, listed: dict[str, Any]) -> dict[str, Any]:
    """The list's context and the menus over it, with the chips of what is chosen in them."""
    wish = Wish.of(request.GET)
    here = reverse("inbox:queue")
    channels: list[Channel] = listed["channels"]
    chosen = [channel for channel in channels if str(channel.key) == wish.channel]
    chips = [{"words": str(channel), "url": f"{here}?{wish.query(channel='')}"} for channel in chosen]
    if wish.label:
        chips.append({"words": wish.label, "url": f"{here}?{wish.query(label='')}"})
    return listed | {
        "chips": chips,
        "channel_items": [
            {"words": str(one), "url": f"{here}?{wish.query(channel=str(one.key))}", "current": one in chosen}
            for one in channels
        ],
        "label_items": [
            {"words": name, "url": f"{here}?{wish.query(label=name)}", "current": name == wish.label}
            for name in listed["known_labels"]
        ],
        "sort_items": [
            {"words": name, "url": f"{here}?{wish.query(sort=key)}", "current": key == wish.order}
            for key, name in queue.SORTS.items()
        ],
        "sort_name": queue.SORTS[wish.order],
    }


def _tabs(wish: Wish, counts: dict[str, str]) -> list[dict[str, object]]:
    here = reverse("inbox:queue")
    return [
        {
            "name": name,
            "url": f"{here}?{wish.query(tab=key)}",
            "count": counts.get(key, "") if counts.get(key) != "0" else "",
            "active": key == wish.tab,
        }
        for key, name in queue.TABS.items()
    ]
