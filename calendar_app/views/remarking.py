"""Around a signature: remarks, an edit with the signature, and what was signed too late."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from calendar_app import mending, remarks, scheduling
from calendar_app.forms import lines
from calendar_app.views.finding import chosen, find_post, now_of, town_of
from calendar_app.views.signing import signed_words
from calendar_app.wording import places


@allow("remark_on_post")
@require_POST
def remark_on_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """One more remark in the thread of a post, written on its page or in the sign-off queue."""
    post = find_post(request, key)
    remarks.add(post, request.POST.get("words", ""), by=person(request), now=now_of(request))
    messages.success(request, "Your remark is in the thread.")
    if request.POST.get("back") == "sign-off":
        return redirect(reverse("desk:sign-off") + f"#post-{post.key}")
    return redirect(reverse("calendar:post", args=[post.key]) + "#remarks")


@allow("remark_on_post")
@require_POST
def take_change_back(request: HttpRequest, key: UUID, remark: UUID) -> HttpResponse:
    """Whoever asked for a change no longer does."""
    post = find_post(request, key)
    row = get_object_or_404(post.remarks, key=remark)
    remarks.take_back(row, by=person(request), now=now_of(request))
    return redirect(reverse("calendar:post", args=[post.key]) + "#remarks")


@allow("approve_post")
@require_POST
def edit_and_approve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change the words and sign them in one act; whoever asked is shown what was changed."""
    post, now = find_post(request, key), now_of(request)
    seen = dict(seal.split(":", 1) for seal in request.POST.getlist("seen") if ":" in seal)
    rows = [one for one in chosen(request, post, seen) if one.state == "in_review"]
    asked = request.POST  # a wording that is shared by several channels is there once, under a number
    texts = {str(one.key): lines(asked.get(f"words_{asked.get(f'of_{one.key}', '')}", "")) for one in rows}
    mending.edit_and_approve(post, rows, seen, texts, by=person(request), now=now)
    messages.success(request, f"Changed and signed on {places(rows)}.{signed_words(rows, now)}")
    return redirect("desk:sign-off")


@allow("write_post")
@require_POST
def send_signed(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was signed after its moment goes out now."""
    post = find_post(request, key)
    rows = chosen(request, post, request.POST.getlist("placement"))
    outcome = scheduling.send_signed(post, rows, zone=town_of(request).zone, by=person(request), now=now_of(request))
    messages.success(request, f"Publishing now on {places(outcome.going)}.")
    return redirect("calendar:post", key=post.key)
