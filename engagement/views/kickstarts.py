"""Kick-starters: all of them, putting one under a post, one with its count, and the replies a person reads."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.refusals import Invalid, LostRace
from accounts.tables import as_csv
from engagement import kickstarts
from engagement.asking_forms import KickStarterForm
from engagement.hearing import VALUES
from engagement.models import KickStarter, Message
from engagement.views.asking import now_of

PAGE = 30
USUAL = timedelta(days=7)
NAMES = ("Written", "Reply", "How it counts", "Answer", "Read by a person")


@allow("see_inbox")
def kickstarters(request: HttpRequest) -> HttpResponse:
    """What was asked, with how many answered, and our newest posts that could carry a question."""
    user, now = person(request), now_of(request)
    rows = KickStarter.objects.visible_to(user, now).select_related("channel", "call")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for one in page:
        found = kickstarts.count(one)
        one.people, one.waiting = found.tally.people, len(found.unclear)  # type: ignore[attr-defined]
    may_ask = may(user, "note", now)
    posts = kickstarts.own_posts(user, now)[:12] if may_ask and page.number == 1 else []
    context = {"here": "kickstarters", "page": page, "posts": posts, "now": now, "may_ask": may_ask}
    return render(request, "people/kickstarters.html", context)


@allow("note")
@require_http_methods(["GET", "POST"])
def ask_kickstarter(request: HttpRequest) -> HttpResponse:
    """Put a question under the post that the address names."""
    user, now = person(request), now_of(request)
    channel, _, remote_id = request.GET.get("post", "").partition(":")
    post = kickstarts.find_post(channel, remote_id, user, now) if _is_key(channel) and remote_id else None
    if post is None:
        return redirect("inbox:kickstarters")
    asked = KickStarter.objects.filter(channel=post.channel, remote_id=post.remote_id).first()
    if asked is not None:
        return redirect("inbox:kickstarter", key=asked.key)
    kickstarts.refuse_one_way(post.channel)
    today = timezone.localdate(now)
    form = KickStarterForm(today, request.POST or None, initial={"closes_on": today + USUAL, "shape": "yes_no"})
    if request.method == "POST" and form.is_valid():
        try:
            one = kickstarts.put(post, **form.cleaned_data, by=user, now=now)
        except (Invalid, LostRace) as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "Asked. Replies to the post are counted as they come in.")
            return redirect("inbox:kickstarter", key=one.key)
    context = {"here": "kickstarters", "form": form, "post": post}
    return render(request, "people/kickstarter_form.html", context, status=422 if form.errors else 200)


@allow("see_inbox")
def kickstarter(request: HttpRequest, key: UUID) -> HttpResponse:
    """The question, its count, and every reply by where it stands."""
    one, now = _one(request, key), now_of(request)
    found = kickstarts.count(one)
    context = {
        "here": "kickstarters",
        "one": one,
        "found": found,
        "most": max([n for _, n in found.bars], default=0),
        "average": kickstarts.average(one, found.tally),
        "values": VALUES[one.shape],
        "answers": dict(VALUES[one.shape]),
        "open": one.closes_at > now,
        "may_read": may(person(request), "note", now, one.channel.scope),
        "not_representative": kickstarts.NOT_REPRESENTATIVE,
        "how_counted": kickstarts.HOW_COUNTED,
    }
    return render(request, "people/kickstarter.html", context)


@allow("see_inbox")
@after_password
def kickstarter_table(request: HttpRequest, key: UUID) -> HttpResponse:
    """The replies for a spreadsheet; that they were taken away is in the audit trail."""
    one = _one(request, key)
    rows = kickstarts.table(one)
    audit.record("exported_kickstarter", one, by=person(request), now=now_of(request), rows=len(rows))
    return as_csv("kick-starter.csv", NAMES, [*rows, [], [kickstarts.NOT_REPRESENTATIVE]])


@allow("note")
@require_POST
def close_kickstarter(request: HttpRequest, key: UUID) -> HttpResponse:
    one = _one(request, key, "note")
    kickstarts.close(one, by=person(request), now=now_of(request))
    messages.success(request, "Closed. What is written from now on does not count.")
    return redirect("inbox:kickstarter", key=one.key)


@allow("note")
@require_POST
def read_reply(request: HttpRequest, key: UUID) -> HttpResponse:
    """A person says what one reply means."""
    one, asked = _one(request, key, "note"), request.POST
    named = asked.get("reply", "")
    message = Message.objects.filter(pk=int(named), channel=one.channel).first() if named.isdecimal() else None
    if message is None:
        raise Invalid("Choose the reply first.")
    kickstarts.rule(one, message, asked.get("value", ""), by=person(request), now=now_of(request))
    messages.success(request, "Noted.")
    return redirect("inbox:kickstarter", key=one.key)


def _one(request: HttpRequest, key: UUID, act: str = "see_inbox") -> KickStarter:
    rows = KickStarter.objects.visible_to(person(request), now_of(request), act)
    return get_object_or_404(rows.select_related("channel__scope", "call", "by"), key=key)


def _is_key(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True
