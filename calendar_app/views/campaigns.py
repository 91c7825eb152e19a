"""Campaigns: posts and other activities under one objective, the notices they carry, and whom they reach."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app import campaigns as planning
from calendar_app import coverage
from calendar_app.campaign_forms import ActivityForm, CarryForm, NoticeForm, PlanForm
from calendar_app.models import Activity, Campaign, Notice, Placement, Post
from calendar_app.views.finding import now_of
from channels_app import links


@allow("see_calendar")
def all_campaigns(request: HttpRequest) -> HttpResponse:
    living = Q(posts__dropped_at=None, posts__isnull=False)
    rows = Campaign.objects.select_related("objective").order_by("-active", "name")
    rows = rows.annotate(
        post_count=Count("posts", filter=living, distinct=True),
        activity_count=Count("activities", filter=Q(activities__dropped_at=None), distinct=True),
    )
    context = {"here": "campaigns", "rows": rows, "may_plan": may(person(request), "plan_campaign", now_of(request))}
    return render(request, "campaigns/all.html", context)


@allow("see_calendar")
def campaign(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _found(key)
    if request.method == "POST":
        form = PlanForm(request.POST, instance=_found(key))
        if not may(person(request), "plan_campaign", now_of(request)):
            raise Invalid("Writers and managers plan campaigns.")
        if not form.is_valid():
            return _page(request, found, plan_form=form)
        planning.change(found, form.cleaned_data, by=person(request), now=now_of(request))
        messages.success(request, "Saved.")
        return redirect("campaigns:campaign", key=key)
    return _page(request, found)


@allow("plan_campaign")
@require_POST
def add_activity(request: HttpRequest, key: UUID) -> HttpResponse:
    found, form = _found(key), ActivityForm(request.POST, prefix="activity")
    if not form.is_valid():
        return _page(request, found, activity_form=form)
    planning.add_activity(found, form.cleaned_data, by=person(request), now=now_of(request))
    messages.success(request, "Planned.")
    return redirect(reverse("campaigns:campaign", args=[key]) + "#what")


@allow("plan_campaign")
@require_POST
def settle_activity(request: HttpRequest, key: UUID) -> HttpResponse:
    """It took place, or it will not."""
    row = get_object_or_404(Activity.objects.select_related("campaign"), key=key)
    planning.settle_activity(row, request.POST.get("done") == "yes", by=person(request), now=now_of(request))
    return redirect(reverse("campaigns:campaign", args=[row.campaign.key]) + "#what")


@allow("plan_campaign")
@require_POST
def add_notice(request: HttpRequest, key: UUID) -> HttpResponse:
    found, form = _found(key), NoticeForm(request.POST, prefix="notice")
    if not form.is_valid():
        return _page(request, found, notice_form=form)
    row = planning.add_notice(found, **form.cleaned_data, by=person(request), now=now_of(request))
    return redirect("campaigns:notice", key=row.key)


@allow("plan_campaign")
def notice(request: HttpRequest, key: UUID) -> HttpResponse:
    """Which posts and activities say it."""
    row = get_object_or_404(Notice.objects.select_related("campaign"), key=key)
    seen = _posts(request, row.campaign)
    lists = {"posts": seen, "activities": row.campaign.activities.filter(dropped_at=None)}
    had = {
        "posts": list(row.posts.values_list("key", flat=True)),
        "activities": list(row.activities.values_list("key", flat=True)),
    }
    form = CarryForm(request.POST if request.method == "POST" else None, initial=had, **lists)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        planning.carry(row, data["posts"], data["activities"], seen, by=person(request), now=now_of(request))
        messages.success(request, "Saved.")
        return redirect(reverse("campaigns:campaign", args=[row.campaign.key]) + "#coverage")
    context = {"here": "campaigns", "notice": row, "campaign": row.campaign, "form": form, "seen": seen}
    return render(request, "campaigns/notice.html", context, status=422 if form.errors else 200)


@allow("plan_campaign")
@require_POST
def drop_notice(request: HttpRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(Notice.objects.select_related("campaign"), key=key)
    planning.drop_notice(row, by=person(request), now=now_of(request))
    return redirect(reverse("campaigns:campaign", args=[row.campaign.key]) + "#coverage")


@allow("plan_campaign")
@require_POST
def complete(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that it is planned to its end, or take that back."""
    found = _found(key)
    try:
        if request.POST.get("open"):
            coverage.reopen(found, by=person(request), now=now_of(request))
        else:
            coverage.complete(found, by=person(request), now=now_of(request))
            messages.success(request, "Complete: every mandatory notice has a way to everybody.")
    except Invalid as why:
        messages.error(request, f"Not complete. {why.words} {why.next_step}")
    return redirect(reverse("campaigns:campaign", args=[key]) + "#coverage")


def _page(
    request: HttpRequest,
    found: Campaign,
    plan_form: PlanForm | None = None,
    activity_form: ActivityForm | None = None,
    notice_form: NoticeForm | None = None,
) -> HttpResponse:
    user, now = person(request), now_of(request)
    rows = coverage.matrix(found)
    wrong = plan_form or activity_form or notice_form
    seen = Placement.objects.visible_to(user, now).planned().filter(post__campaign=found)
    context = {
        "here": "campaigns",
        "campaign": found,
        "placements": seen.select_related("post__objective", "channel", "delivery").order_by("due_at", "pk")[:200],
        "activities": coverage.activities_of(found),
        "rows": rows,
        "audiences": [cell.audience for cell in rows[0].cells] if rows else [],
        "missing": coverage.missing(rows),
        "plan": coverage.plan(found),
        "kits": [(kit, links.clicks_of("kit", kit.key)) for kit in found.kits.all()],
        "plan_form": plan_form or PlanForm(instance=found),
        "activity_form": activity_form or ActivityForm(prefix="activity"),
        "notice_form": notice_form or NoticeForm(prefix="notice"),
        "may_plan": may(user, "plan_campaign", now),
        "may_share": may(user, "share_kit", now),
        "may_see_effect": may(user, "see_objectives", now),
        "wrong": wrong,
    }
    return render(request, "campaigns/campaign.html", context, status=422 if wrong else 200)


def _found(key: UUID) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("objective", "completed_by"), key=key)


def _posts(request: HttpRequest, found: Campaign) -> QuerySet[Post]:
    seen = Post.objects.visible_to(person(request), now_of(request)).living()
    return seen.filter(campaign=found).order_by("-changed_at")
