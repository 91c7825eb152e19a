"""Outreach: groups and pages of others, what we wrote there, the weekly goal, and the follow plan."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person, who_may
from engagement import outreach
from engagement.models import OutreachPlace, PeopleChoices, RelationshipHandle
from engagement.people_forms import ChoicesForm, FollowForm, OutreachForm, PlaceForm
from engagement.views.asking import now_of
from engagement.views.telling import tried

GET_OR_POST = ["GET", "POST"]


@allow("see_inbox")
def outreach_log(request: HttpRequest) -> HttpResponse:
    """Where we take part, what was written lately, and how the week's goal stands."""
    return _page(request)


@allow("change_lists")
@require_POST
def choose_outreach(request: HttpRequest) -> HttpResponse:
    """The town's choices about reaching out."""
    form = ChoicesForm(request.POST)
    if form.is_valid():
        outreach.choose(**form.cleaned_data, by=person(request), now=now_of(request))
        messages.success(request, "Saved.")
        return redirect("inbox:outreach")
    return _page(request, form)


@allow("note")
@require_http_methods(GET_OR_POST)
def new_place(request: HttpRequest) -> HttpResponse:
    """A group or page of others."""
    by, now = person(request), now_of(request)
    form = PlaceForm(who_may("note", now), request.POST or None, initial={"may_post": [by.pk]})
    if request.method == "POST" and form.is_valid():
        one = outreach.add(form.cleaned_data, form.cleaned_data["may_post"], by=by, now=now)
        messages.success(request, "Added.")
        return redirect("inbox:place", key=one.key)
    return _form(request, form, None)


@allow("note")
@require_http_methods(GET_OR_POST)
def change_place(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct its rules, or who of us may write there."""
    one, by, now = _one(key), person(request), now_of(request)
    first = {name: getattr(one, name) for name in outreach.FACTS} | {"may_post": one.may_post.all()}
    form = PlaceForm(who_may("note", now), request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        outreach.change(one, form.cleaned_data, form.cleaned_data["may_post"], by=by, now=now)
        messages.success(request, "Saved.")
        return redirect("inbox:place", key=key)
    return _form(request, form, one)


@allow("see_inbox")
def place(request: HttpRequest, key: UUID) -> HttpResponse:
    """One group or page: its rules, and what we wrote there."""
    return _place(request, _one(key), OutreachForm(initial={"on": timezone.localdate(now_of(request))}))


@allow("note")
@require_POST
def log_outreach(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down what was said there."""
    one, form = _one(key), OutreachForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: outreach.log(one, **form.cleaned_data, by=person(request), now=now_of(request))
    ):
        messages.success(request, "Logged.")
        return redirect("inbox:place", key=key)
    return _place(request, one, form)


@allow("see_inbox")
def follow_plan(request: HttpRequest) -> HttpResponse:
    """Accounts of organisations and groups: whom we follow, and who follows back, as noted by hand."""
    rows = list(outreach.accounts_to_follow())
    followed = [row for row in rows if row.followed_on]
    context = {
        "here": "follow",
        "rows": [(row, FollowForm(initial=_follow(row), auto_id=f"follow-{row.pk}-%s")) for row in rows],
        "followed": len(followed),
        "back": sum(bool(row.back_on) for row in followed),
        "planned": sum(row.to_follow and not row.followed_on for row in rows),
        "may_change": may(person(request), "note", now_of(request)),
    }
    return render(request, "people/follow.html", context)


@allow("note")
@require_POST
def note_follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that we follow them, and that they follow us."""
    row, form = (
        get_object_or_404(RelationshipHandle.objects.select_related("relationship"), pk=pk),
        FollowForm(request.POST),
    )
    if not form.is_valid():
        messages.error(request, "Not saved: enter days such as 2026-03-05, or leave them empty.")
        return redirect("inbox:follow-plan")
    outreach.note_follow(row, *form.cleaned_data.values(), by=person(request), now=now_of(request))
    messages.success(request, "Noted.")
    return redirect("inbox:follow-plan")


def _follow(row: RelationshipHandle) -> dict[str, object]:
    return {"planned": row.to_follow, "followed_on": row.followed_on, "back_on": row.back_on}


def _one(key: UUID) -> OutreachPlace:
    return get_object_or_404(OutreachPlace.objects.select_related("relationship"), key=key)


def _page(request: HttpRequest, bound: ChoicesForm | None = None) -> HttpResponse:
    user, now, choices = person(request), now_of(request), PeopleChoices.here()
    first = {name: getattr(choices, name) for name in ("own_page_only", "weekly_goal", "community_name")}
    reached, goal = outreach.goal(now)
    context = {
        "here": "outreach",
        "places": OutreachPlace.objects.filter(active=True).select_related("relationship").prefetch_related("may_post"),
        "choices": choices,
        "reached": reached,
        "goal": goal,
        "form": bound or ChoicesForm(initial=first),
        "may_change": may(user, "note", now),
        "may_choose": may(user, "change_lists", now),
    }
    return render(request, "people/outreach.html", context, status=422 if bound else 200)


def _place(request: HttpRequest, one: OutreachPlace, form: OutreachForm) -> HttpResponse:
    user, now = person(request), now_of(request)
    people = list(one.may_post.all())
    context = {
        "here": "outreach",
        "one": one,
        "people": people,
        "posts": one.posts.select_related("by")[:50],
        "form": form,
        "own_page_only": PeopleChoices.here().own_page_only,
        "may_change": may(user, "note", now),
        "may_write": user in people,
    }
    return render(request, "people/place.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, form: PlaceForm, one: OutreachPlace | None) -> HttpResponse:
    context = {"here": "outreach", "form": form, "one": one}
    return render(request, "people/place_form.html", context, status=422 if form.errors else 200)
