"""Until when people may comment: chosen on the post's page for each channel it is out on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid
from accounts.walltime import FIRST, from_wall
from calendar_app import commenting
from calendar_app.comment_forms import CommentWindowForm
from calendar_app.models import CommentWindow, Placement
from calendar_app.views import posts
from calendar_app.views.finding import find_placement, find_post, now_of, town_of


@allow("decide_delivery")
@require_POST
def set_comment_window(request: HttpRequest, key: UUID) -> HttpResponse:
    placement, form = find_placement(request, key), CommentWindowForm(request.POST, prefix=str(key))
    try:
        if form.is_valid():
            _set(request, placement, form)
            messages.success(request, "Noted. Put the notice under the post, so that everybody knows.")
            return _back(placement)
    except Invalid as why:
        form.add_error(None, f"{why.words} {why.next_step}".strip())
    return posts.page(request, find_post(request, placement.post.key), form)


def _set(request: HttpRequest, placement: Placement, form: CommentWindowForm) -> None:
    zone, data = town_of(request).zone, form.cleaned_data
    closes_at = from_wall(data["closes"], zone, FIRST)
    told = (data["reason"], data["why"], data["notice"], zone)
    commenting.set_window(placement, closes_at, *told, by=person(request), now=now_of(request))


@allow("decide_delivery")
@require_POST
def drop_comment_window(request: HttpRequest, key: UUID) -> HttpResponse:
    placement = find_placement(request, key)
    window = get_object_or_404(CommentWindow.objects.select_related("placement__channel__scope"), placement=placement)
    commenting.drop(window, by=person(request), now=now_of(request))
    messages.success(request, "Comments stay open.")
    return _back(placement)


def _back(placement: Placement) -> HttpResponse:
    return redirect(reverse("calendar:post", args=[placement.post.key]) + "#comments")
