"""The queue: the page, and the part of it that renews itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow, person
from accounts.sessions import is_poll
from engagement import queue
from engagement.queue import Wish
from engagement.views import filtering, rows
from engagement.views.asking import is_fragment, now_of, open_key
from engagement.views.many import offered

EMPTY = {
    "mine": ("done", "Nothing waits for you", "Take something from Unassigned when you are ready for it."),
    "unassigned": ("inbox", "Everything has somebody", "What residents write next appears here by itself."),
    "team": ("inbox", "No conversation is open", "What residents write next appears here by itself."),
    "waiting": ("paper", "We wait for nobody", "Conversations that wait for the resident are kept here."),
    "escalated": ("paper", "Nothing is escalated", "What waits for somebody with the final say is shown here."),
    "mentions": ("inbox", "No mention is open", "Posts that name the town appear here by themselves."),
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
    shown, query = queue.page(wish, user, now), wish.query()
    drawing, title, sentence = EMPTY[wish.tab]
    if wish.too_short:
        drawing, title, sentence = "search", "Type at least three letters", "Shorter words are not looked for."
    elif wish.narrowed:
        drawing, title, sentence = "search", "Nothing fits this filter", "Remove a filter to see more."
    return {
        "wish": wish,
        "query": query,
        "rows": [rows.row(one, user, query, current, now) for one in shown.rows],
        "more": wish.query(after=shown.after) if shown.after else "",
        "tabs": filtering.tabs(wish, look),
        "look": look,
        "current": current,
        "beat": look.beat,
        "empty": {"drawing": drawing, "title": title, "words": sentence},
    }


def with_filters(request: HttpRequest, listed: dict[str, Any]) -> dict[str, Any]:
    """The list's context and the bar over it: filters, order, search, and what can be done with many at once."""
    return listed | filtering.bar(listed["wish"], listed["look"]) | {"bulk_acts": offered(request)}
