"""Is it working? One page for everybody at the desk, and the same numbers for monitors that know the token."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.access import allow, may, person
from accounts.models.backups import last_good_backup
from channels_app import outbox
from channels_app.models import Alarm, Channel, Delivery
from channels_app.models.deliveries import WAITING
from config import lights, today
from config.vitals import exposition, facts, rules, twins

LATELY = timedelta(days=7)
SHOWN = 20
GOES_AT = Greatest("next_action_at", "due_at")  # what is prepared ahead is looked at before it goes out
View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Number:
    """One figure for the administrator: the same that monitors read."""

    name: str
    words: str


@allow("see_today")
def page(request: HttpRequest) -> HttpResponse:
    """What is wrong and since when, what went out last and goes out next, each part's last sign of life."""
    user, now = person(request), request.now  # type: ignore[attr-defined]
    channels = Channel.objects.visible_to(user, now, "see_today").living()
    ahead = Delivery.objects.visible_to(user, now).filter(state__in=WAITING, channel__state="ok")
    alarms = Alarm.objects.visible_to(user, now)
    backup = last_good_backup()
    context = {
        "alarms": alarms.open().order_by("level", "since"),
        "past": alarms.filter(ended_at__gt=now - LATELY).order_by("-ended_at")[:SHOWN],
        "lights": lights.health(user, now),
        "publishing": outbox.publishing_state(),
        "last": channels.filter(last_write_at__isnull=False).order_by("-last_write_at").first(),
        "next": ahead.select_related("channel").annotate(goes_at=GOES_AT).order_by("goes_at").first(),
        "trouble": today.going_out(user, now, request.town.tz).trouble,  # type: ignore[attr-defined]
        "backup": lights.ago(backup, now) if backup else "",
        "numbers": numbers(facts.read(now)) if may(user, "change_settings", now) else [],
        "monitored": bool(settings.HEALTH_TOKEN),
        "may_take_down": may(user, "delete_post", now),
        "now": now,
    }
    return render(request, "desk/working.html", context)


@allow("delete_post")
@require_POST
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete what is out twice."""
    user, now = person(request), request.now  # type: ignore[attr-defined]
    alarm = get_object_or_404(Alarm.objects.visible_to(user, now), pk=pk, kind="twice")
    twins.take_down(alarm.subject, by=user, now=now)
    messages.success(request, f"The second one on {alarm.channel} is being taken down.")
    return redirect("desk:working")


def numbers(v: facts.Vitals) -> list[Number]:
    """The vitals in words."""
    unfinished = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(v.states.items()))
    queues = ", ".join(f"{name} {depth}" for name, depth in v.queues.items()) if v.queues is not None else ""
    found = [
        ("Deliveries not at an end", unfinished or "none"),
        ("Overdue for more than a minute", str(v.overdue)),
        ("Oldest one nobody knows about", rules.lasting(v.unknown_for) if v.unknown_for else "none"),
        ("Conversations due within four hours", str(v.due_soon)),
        ("Waiting in the broker", queues or "the broker does not answer"),
        ("Clock of the database less the desk's", f"{v.clock_delta:+.1f} s"),
        ("Seals of the audit trail", f"{v.audit_head:,}"),
        ("Found late since yesterday", str(v.late_found)),
    ]
    return [Number(name, words) for name, words in found]


def for_monitors(view: View) -> View:
    """Open to whoever sends the token, and to nobody while there is none; the page is then not there at all."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        if not settings.HEALTH_TOKEN or not secrets.compare_digest(given, settings.HEALTH_TOKEN.encode()):
            return HttpResponse("not found\n", status=404, content_type="text/plain")
        return view(request)

    return guarded


@for_monitors
def deep(request: HttpRequest) -> HttpResponse:
    """Everything that is measured and what of it is wrong; 503 while somebody must act."""
    v = facts.read(clock.now())
    alerts = rules.judge(v)
    body = {
        "ok": not any(alert.level == "page" for alert in alerts),
        "at": v.now.isoformat(),
        "alerts": [{"kind": a.kind, "subject": a.subject, "level": a.level, "words": a.words} for a in alerts],
        "deliveries": v.states,
        "overdue": v.overdue,
        "overdue_seconds": v.overdue_for,
        "unknown_seconds": v.unknown_for,
        "heartbeat_seconds": v.beats,
        "poll_seconds": exposition.of_channels(v.unread),
        "token_expires_in_seconds": exposition.of_channels(v.expiring),
        "possible_duplicates": len(v.twins),
        "queues": v.queues,
        "clock_delta_seconds": v.clock_delta,
        "backup_seconds": v.backup_for,
        "late_found": v.late_found,
        "due_soon": v.due_soon,
        "audit_head": v.audit_head,
    }
    return JsonResponse(body, status=200 if body["ok"] else 503)


@for_monitors
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(exposition.text(facts.read(clock.now())), content_type="text/plain; version=0.0.4")
