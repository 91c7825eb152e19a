"""/styleguide/: every component in every state, with the kind of content a town has. Only in DEBUG and practice."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow
from config import styleguide_samples as samples

# address → (name, what it shows)
PAGES: dict[str, tuple[str, str]] = {
    "index": ("Start here", "Conventions, colours, type and space"),
    "elements": ("Elements", "Buttons, badges, avatars, channels, menus, dialogs"),
    "states": ("States", "Deliveries, countdowns, bands, toasts, empty lists"),
    "forms": ("Forms", "Fields, choices, mistakes, counters, progress"),
    "lists": ("Lists", "Tables, tabs, filters, pages, facts"),
    "numbers": ("Numbers", "Stats, charts, bars"),
    "words": ("Words", "Time lines, changes, checks, documents"),
    "today": ("Today", "The four blocks of the first page"),
    "inbox": ("Inbox", "Queue, thread, context"),
    "calendar": ("Calendar", "Month and agenda"),
    "composer": ("Composer", "Words, plan, checks, previews"),
    "signoff": ("Sign-off", "What an approver decides, on a phone too"),
    "settings": ("Settings", "Side navigation and a form"),
}


@allow("see_styleguide")
def page(request: HttpRequest, name: str = "index") -> HttpResponse:
    """One page of the guide; not there at all in a real installation."""
    if name not in PAGES or not (settings.DEBUG or settings.PRACTICE):
        raise Http404
    links = [
        {"name": title, "url": f"/styleguide/{slug}/" if slug != "index" else "/styleguide/", "active": slug == name}
        for slug, (title, _) in PAGES.items()
    ]
    title, about = PAGES[name]
    context = {"pages": links, "heading": title, "about": about, **samples.everything(request)}
    return render(request, f"styleguide/{name}.html", context)
