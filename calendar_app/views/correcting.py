"""Mistakes that are out: noting one with its decision, and the log of corrections for the desk and the public."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import tables
from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app import corrections
from calendar_app.correct_forms import CorrectionForm
from calendar_app.models import Correction, Placement
from calendar_app.views.finding import chosen, find_placement, find_post, now_of, seen_placements
from policy.models import PolicyChoices


@allow("correct_post")
def correct_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was wrong and what is done about it; then the draft of the correction, or the way back to deleting."""
    placement = find_placement(request, key)
    post = find_post(request, placement.post.key)
    out = [one for one in seen_placements(post, person(request), now_of(request)) if _is_out(one)]
    form = CorrectionForm(request.POST or None, initial={"reached": corrections.reached_words(placement)})
    if request.method == "POST" and form.is_valid():
        try:
            rows = chosen(request, post, request.POST.getlist("placement") or [str(placement.key)])
            row = corrections.decide(post, rows, form.told(), by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            return _on(request, placement, row)
    context = {"placement": placement, "post": post, "out": out, "form": form, "then": request.GET.get("then", "")}
    return render(request, "calendar_app/correct.html", context, status=422 if form.errors else 200)


def _is_out(one: Placement) -> bool:
    return one.shown_state in {"published", "removed"}


def _on(request: HttpRequest, placement: Placement, row: Correction) -> HttpResponse:
    """To the correction's draft first: it should be out before anything is taken down."""
    if row.post is not None:
        messages.success(request, "Noted. This is the correction, begun: read it over and have it signed.")
        return redirect("calendar:edit-post", key=row.post.key)
    messages.success(request, "Noted, with the reason why there is no correction.")
    if request.GET.get("then") == "delete":
        return redirect("calendar:delete-post", key=placement.key)
    return redirect(reverse("calendar:post", args=[placement.post.key]))


@allow("see_corrections")
def correction_list(request: HttpRequest) -> HttpResponse:
    """Every mistake that was noted, with what was done and what is learned from it."""
    rows = Correction.objects.select_related("of", "post", "by").prefetch_related(
        "post__placements__delivery", "post__placements__channel"
    )
    context = {
        "rows": [(row, corrections.links(row)) for row in rows[:200]],
        "public": PolicyChoices.here().public_corrections,
        "may_choose": may(person(request), "write_policy", now_of(request)),
    }
    return render(request, "calendar_app/corrections.html", context)


@allow("see_corrections")
def corrections_table(request: HttpRequest) -> HttpResponse:
    """The public log as a table for spreadsheets: only what the public can see."""
    return tables.as_csv("corrections.csv", corrections.NAMES, corrections.table(corrections.published()))


@login_not_required
def public_corrections(request: HttpRequest) -> HttpResponse:
    """The log for everybody, where the town has chosen to show it; 404 otherwise."""
    if not PolicyChoices.here().public_corrections:
        raise Http404
    rows = [(row, corrections.links(row)) for row in corrections.published()]
    response = render(request, "calendar_app/public_corrections.html", {"rows": rows})
    response["Cache-Control"] = "no-cache"
    return response
