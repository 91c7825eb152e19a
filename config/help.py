"""Help inside the desk: what the words mean for everybody, how Parley is run for its administrators."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow, may, person


@dataclass(frozen=True)
class Topic:
    """One page: `templates/help/<name>.html`."""

    name: str
    title: str
    words: str
    icon: str


EVERYBODY = (
    Topic("publishing", "What happens to a post", "What each word beside a post means, and what to do.", "send"),
    Topic("videos", "Videos and captions", "How a video reaches everybody, and what each platform takes.", "captions"),
    Topic("channels", "How a channel stays alive", "Its case, its kit, its health, its keys, and its review.", "plug"),
    Topic("emergency", "In an emergency", "The first ten minutes, until it is over, and afterwards.", "siren"),
)
RUNNING = (
    Topic("monitoring", "Watching over it", "What each alarm means, and what a monitor may ask.", "activity"),
    Topic("backups", "Backups and the key ring", "What is saved each hour, and what must be kept apart.", "archive"),
    Topic("restoring", "Bringing a backup back", "Step by step, and why nothing is sent afterwards.", "history"),
    Topic("copies", "Copies of this installation", "A test copy, a move to another machine, a clone.", "copy"),
    Topic(
        "upgrading",
        "Upgrading",
        "One command, a minute without publishing, and the way back.",
        "circle-arrow-up",
    ),
)


def index(request: HttpRequest) -> HttpResponse:
    return show(request, "index")


def page(request: HttpRequest, name: str) -> HttpResponse:
    return one_of(EVERYBODY, request, name)


@allow("run_parley")
def running(request: HttpRequest, name: str) -> HttpResponse:
    return one_of(RUNNING, request, name)


def one_of(topics: tuple[Topic, ...], request: HttpRequest, name: str) -> HttpResponse:
    found = next((topic for topic in topics if topic.name == name), None)
    if found is None:
        raise Http404
    return show(request, name, topic=found)


def show(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    runs = may(person(request), "run_parley", request.now)  # type: ignore[attr-defined]
    known = {"everybody": EVERYBODY, "running": RUNNING if runs else (), "version": settings.VERSION}
    return render(request, f"help/{template}.html", known | context)
