"""What the frame around every page needs: the rail, the bands that warn, the counts.

Everything is worked out when a template asks for it, so a fragment without a frame costs nothing. A whole page costs
at most three queries beside the sign-in: the person's rights, one row of facts, and the channels without a connection
where there are any.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.access import allow, lapses_of, may, person, remember
from accounts.models import User
from config import bands


@dataclass(frozen=True)
class Door:
    """One entry of the rail: where it leads, which act opens it, which fact it counts and what is counted.

    `unless`: the act of those who reach it from a page of their own.
    """

    name: str
    path: str
    icon: str
    act: str
    count: str = ""
    count_words: str = ""
    unless: str = ""


DOORS = [
    Door("Today", "/", "sun", "see_today"),
    Door("Inbox", "/inbox/", "inbox", "see_inbox", "mine", "yours and due"),
    Door("Asked of us", "/inbox/handed/", "message-circle-question-mark", "answer_handed", unless="see_inbox"),
    Door("Calendar", "/calendar/", "calendar-days", "see_calendar"),
    Door("Media", "/media/", "images", "see_media"),
    Door("Sign-off", "/sign-off/", "signature", "see_signoff", "to_sign", "to sign"),
    Door("Channels", "/channels/", "radio-tower", "see_channels"),
    Door("Promises", "/promises/", "handshake", "see_inbox"),
    Door("Listening", "/listening/", "ear", "see_listening"),
    Door("Objectives", "/objectives/", "target", "see_objectives"),
    Door("Reports", "/reports/", "file-chart-column", "see_measures"),
    Door("Policy & voice", "/policy/", "book-open", "see_policy"),
    Door("People", "/settings/people/", "users", "see_people"),
    Door("Audit trail", "/audit/", "scroll-text", "see_audit"),
    Door("Settings", "/settings/", "settings", "see_settings"),
]
EMERGENCY = "/emergency/"


@lru_cache(maxsize=64)
def exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def frame(request: HttpRequest) -> dict[str, object]:
    """The context of every template; see Frame."""
    common = {"town": getattr(request, "town", None), "practice": settings.PRACTICE}
    if not getattr(getattr(request, "user", None), "is_authenticated", False) or not hasattr(request, "now"):
        return common | {"nav": [], "bands": [], "unread": 0, "can_write_post": False, "can_ask": False}
    built = Frame(request)
    return common | {
        "nav": lambda: built.nav,
        "bands": lambda: built.bands,
        "unread": lambda: built.facts.unread,
        "can_write_post": lambda: built.may("write_post"),
        "may_see_checks": lambda: built.may("see_checks"),
        "emergency_url": lambda: built.emergency_url,
        "can_ask": lambda: built.may("see_policy"),
        "frame_seen": lambda: built.seen,
    }


@allow("see_notifications")
def live(request: HttpRequest) -> HttpResponse:
    """What of the frame changes by itself; nothing while the page has it already, so that nothing is read out twice."""
    if request.GET.get("seen") == Frame(request).seen:
        return HttpResponse(status=204)
    return render(request, "frame/_live.html")


class Frame:
    """What one request's page shows around itself, read at most once."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now: datetime = request.now  # type: ignore[attr-defined]

    @cached_property
    def user(self) -> User:
        user = person(self.request)
        remember(user, self.now)
        return user

    def may(self, act: str) -> bool:
        return may(self.user, act, self.now)

    @cached_property
    def facts(self) -> bands.Facts:
        return bands.facts(self.user, self.now)

    @cached_property
    def nav(self) -> list[dict[str, object]]:
        """The rail: only what exists and is allowed."""
        doors = [door for door in DOORS if exists(door.path) and self.may(door.act)]
        doors = [door for door in doors if not (door.unless and self.may(door.unless))]
        here = max((door.path for door in doors if self._is_at(door.path)), key=len, default="")
        return [
            {
                "name": door.name,
                "url": door.path,
                "icon": door.icon,
                "count": getattr(self.facts, door.count) if door.count else 0,
                "count_words": door.count_words,
                "active": door.path == here,
            }
            for door in doors
        ]

    @property
    def emergency_url(self) -> str:
        """The way to the switch, for those who may use it and those the town chose."""
        return EMERGENCY if self.may("issue_emergency") or (self.facts.issues and self.may("see_emergency")) else ""

    @cached_property
    def seen(self) -> str:
        """A short mark of what `live` shows: another one when any of it changed."""
        return f"{zlib.crc32(repr((self.bands, self.facts.unread)).encode()):08x}"

    def _is_at(self, path: str) -> bool:
        return self.request.path == "/" if path == "/" else self.request.path.startswith(path)

    @cached_property
    def bands(self) -> list[bands.Band]:
        found = bands.from_facts(self.facts, self.now)
        if self.facts.channel_lost and self.may("see_channels"):
            found += bands.of_channels(self.user, self.now)
        if self.facts.to_read or self.facts.review_on or self.facts.not_set_up:
            today = timezone.localtime(self.now).date()
            acts = {"reads": "see_policy", "writes": "write_policy", "sets_up": "set_up"}
            found += bands.of_policy(self.facts, today, **{name: self.may(act) for name, act in acts.items()})
        by = getattr(self.request, "second_factor_by", None)
        found += [bands.untrained(lapse) for lapse in lapses_of(self.user, self.now) if lapse.module]
        return [*found, *([bands.second_factor(by)] if by else [])]
