"""Saved replies: the list, and one to be written or changed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid, LostRace
from engagement import filling, saved
from engagement.reply_forms import SavedForm
from engagement.views.asking import now_of


@allow("see_inbox")
def show_saved(request: HttpRequest) -> HttpResponse:
    """Those the person sees, or those of them that hold the words looked for."""
    me, now, query = person(request), now_of(request), request.GET.get("q", "").strip()[:100]
    rows = saved.search(query, me)
    context = {
        "here": "saved",
        "query": query,
        "rows": [{"saved": one, "mine": saved.may_change(one, one.owner_id is None, me, now)} for one in rows],
        "fields": filling.FIELDS,
        "may_keep": may(me, "keep_saved_reply", now),
    }
    return render(request, "engagement/replies/saved.html", context)


@allow("keep_saved_reply")
@require_http_methods(["GET", "POST"])
def edit_saved(request: HttpRequest, ref: UUID | None = None) -> HttpResponse:
    """A new one, or other words for one that is kept."""
    me, now = person(request), now_of(request)
    held = get_object_or_404(saved.visible_to(me), key=ref) if ref else None
    start = {"name": held.name, "text": held.text, "shared": held.owner_id is None} if held else {}
    form = SavedForm(request.POST or None, initial=start, may_share=may(me, "share_saved_reply", now))
    if form.is_valid():
        version = request.POST.get("version", "")
        try:
            seen = int(version) if version.isdecimal() else None
            saved.keep(form.words(), by=me, now=now, held=held, version=seen)
        except (Invalid, LostRace) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            messages.success(request, "Saved. It is offered beside the reply box.")
            return redirect("inbox:saved-replies")
    context = {"here": "saved", "form": form, "held": held}
    context["mine"] = held is None or saved.may_change(held, held.owner_id is None, me, now)
    status = 422 if request.method == "POST" else 200
    return render(request, "engagement/replies/saved_form.html", context, status=status)


@allow("keep_saved_reply")
@require_POST
def put_saved_away(request: HttpRequest, ref: UUID) -> HttpResponse:
    me = person(request)
    saved.put_away(get_object_or_404(saved.visible_to(me), key=ref), by=me, now=now_of(request))
    messages.success(request, "Put away. Answers that began with it stay as they are.")
    return redirect("inbox:saved-replies")
