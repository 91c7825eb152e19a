"""Trust in numbers, each counted from what happened, and what cannot be counted said as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import allow, may, person
from accounts.models import User
from calendar_app.models import Placement, PostFact
from channels_app.models import Channel
from engagement import promises_kept, promising, triaging
from engagement.models import ClockEvent, Conversation, Promise
from policy.models import Firing, Judgement

DAYS = 90


@dataclass(frozen=True)
class Indicator:
    """One number with what it is counted from; `value` None means that it cannot be known, and `words` say why."""

    name: str
    value: str | None
    words: str
    counted: str
    url: str = ""


@allow("see_policy")
def trust(request: HttpRequest) -> HttpResponse:
    user, now = person(request), request.now  # type: ignore[attr-defined]
    channels = list(Channel.objects.visible_to(user, now, "see_calendar").values_list("pk", "scope_id"))
    since = now - timedelta(days=DAYS)
    places, scopes = [pk for pk, _ in channels], [scope for _, scope in channels]
    indicators = [
        *_answers(places, since),
        *_corrections(places, since),
        *_facts(places, since),
        *_checks(scopes, since),
        _promises(user, now),
        _support(places, since, now),
    ]
    known = [one for one in indicators if one.value is not None]
    context = {"here": "trust", "known": known, "missing": [one for one in indicators if one.value is None]}
    return render(request, "policy/trust.html", context | {"days": DAYS})


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %"


def _answers(places: list[int], since: datetime) -> list[Indicator]:
    events = ClockEvent.objects.filter(conversation__channel__in=places, at__gte=since)
    asked = events.filter(kind="started").values("conversation").distinct().count()
    answered = events.filter(kind="answered").values("conversation").distinct().count()
    counted = "Clock events of conversations: started, answered"
    if not asked:
        return [Indicator("Answers given", None, "Nobody has asked anything in this time.", counted)]
    now = since + timedelta(days=DAYS)
    late = Conversation.objects.filter(channel__in=places, state="open", clock="running", due_at__lt=now)
    words = f"{answered} of {asked} people who wrote got an answer. {late.count()} wait past their time now."
    return [Indicator("Answers given", _share(min(answered, asked), asked), words, counted, reverse("inbox:queue"))]


def _promises(user: User, now: datetime) -> Indicator:
    name, counted = "Promises kept", "Promises by the day that was promised first; more time is not the same as kept"
    today = promising.today_of(now)
    seen = Promise.objects.visible_to(user, now).filter(first_due_on__gte=today - timedelta(days=DAYS))
    found = promises_kept.tally(seen, today)
    if not found.due:
        return Indicator(name, None, "No promise has fallen due in this time.", counted)
    words = f"{found.kept} of {found.due} promises were kept by the day that was promised."
    url = reverse("promises:all") if may(user, "see_inbox", now) else ""
    return Indicator(name, f"{found.percent} %", words, counted, url)


def _support(places: list[int], since: datetime, now: datetime) -> Indicator:
    name, counted = "Residents who stood up for us", "Critical threads in which a message of a resident is marked"
    supported, critical = triaging.support(places, since, now)
    if not critical:
        return Indicator(name, None, "No thread was marked as critical in this time.", counted)
    words = f"In {supported} of {critical} critical threads a resident corrected what was wrong or supported the town."
    return Indicator(name, _share(supported, critical), words, counted)


def _corrections(places: list[int], since: datetime) -> list[Indicator]:
    out = Placement.objects.filter(channel__in=places, delivery__state="published", delivery__published_at__gte=since)
    made = out.filter(post__kind="correction").values("post").distinct().count()
    words = "Mistakes that were put right where they were made." if made else "No correction went out in this time."
    speed = "A correction does not say yet which post it corrects, so the time between them is not known."
    return [
        Indicator("Corrections made in public", str(made), words, "Published posts of the kind correction"),
        Indicator("How fast a mistake is corrected", None, speed, "Corrections"),
    ]


def _facts(places: list[int], since: datetime) -> list[Indicator]:
    published = Q(post__placements__channel__in=places, post__placements__delivery__state="published")
    facts = PostFact.objects.filter(published, post__changed_at__gte=since).distinct()
    total, checked = facts.count(), facts.exclude(checked_by=None).count()
    counted = "Facts with a source in published posts"
    if not total:
        return [
            Indicator(
                "Facts that somebody checked", None, "No published post carries a fact with a source yet.", counted
            )
        ]
    words = f"{checked} of {total} facts in published posts were checked by a named person."
    return [Indicator("Facts that somebody checked", _share(checked, total), words, counted)]


def _checks(scopes: list[int], since: datetime) -> list[Indicator]:
    rows = Firing.objects.filter(scope__in=scopes, at__gte=since, level="must", off=False)
    found = rows.count()
    overridden = Judgement.objects.filter(what="overridden", at__gte=since, ref__in=rows.values("ref")).count()
    fixed = rows.exclude(gone_at=None).count()
    counted = "Must-findings, what became of them, and overrides"
    if not found:
        return [Indicator("Mended before it went out", None, "No check has stopped anything in this time.", counted)]
    words = f"{fixed} of {found} things the checks stopped were mended; {overridden} were overridden with a reason."
    return [Indicator("Mended before it went out", _share(fixed, found), words, counted)]
