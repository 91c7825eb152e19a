"""What the public sees of our posts: the list of receipts, and what people do about one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app import claiming, cloning, commenting, receipts
from calendar_app.models import Placement, Readback
from calendar_app.views.finding import find_placement, find_post, now_of

A_PAGE = 25
A_LOT = 2000


@allow("see_receipts")
def receipt_list(request: HttpRequest) -> HttpResponse:
    """How posts arrived: those with something lost and nothing that stands in for it first."""
    user, now = person(request), now_of(request)
    seen = Placement.objects.visible_to(user, now)
    rows = Readback.objects.filter(placement__in=seen).select_related("placement__post", "delivery__channel__scope")
    every = list(rows.order_by("-delivery__published_at")[:A_LOT])
    shown = request.GET.get("show", "open")
    wanted = [one for one in every if receipts.standing(one) == shown]
    context = {
        "tally": receipts.tally(every),
        "all": len(every),
        "page": Paginator(wanted, A_PAGE).get_page(request.GET.get("page")),
        "shown": shown,
        "may_decide": may(user, "decide_delivery", now),
        "workarounds": Readback.WORKAROUNDS,
        "to_close": commenting.waiting(user, now),
    }
    return render(request, "calendar_app/receipts.html", context)


def _readback(placement: Placement) -> Readback:
    row = Readback.objects.filter(delivery=placement.delivery_id).select_related("delivery__channel__scope").first()
    if row is None:
        raise Invalid("There is no receipt of it: it is not out, or Parley does not know its number there.")
    return row


@allow("see_receipts")
@require_POST
def read_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Have the platform read once more."""
    placement = find_placement(request, key)
    receipts.read_again(_readback(placement), by=person(request), now=now_of(request))
    messages.success(request, "It is read again within a minute.")
    return _to_receipts(placement)


@allow("decide_delivery")
@require_POST
def choose_workaround(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what stands in for what was lost."""
    placement, asked = find_placement(request, key), request.POST
    how, words = asked.get("how", ""), asked.get("words", "")
    receipts.choose_workaround(_readback(placement), how, words, by=person(request), now=now_of(request))
    messages.success(request, "Noted.")
    return _to_receipts(placement)


@allow("decide_delivery")
@require_POST
def attach_link(request: HttpRequest, key: UUID) -> HttpResponse:
    """A link to the live post of one whose fate is open: it is looked at before it counts."""
    placement = find_placement(request, key)
    claiming.claim(placement, request.POST.get("url", ""), by=person(request), now=now_of(request))
    messages.info(request, "The channel is read at that link. You are told what was found.")
    return redirect("calendar:post", key=placement.post.key)


@allow("write_post")
@require_POST
def clone_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same words as a new draft."""
    made = cloning.clone(find_post(request, key), by=person(request), now=now_of(request))
    messages.success(request, "A copy, as a draft. Facts are to be checked anew.")
    return redirect("calendar:edit-post", key=made.key)


def _to_receipts(placement: Placement) -> HttpResponse:
    return redirect(reverse("calendar:post", args=[placement.post.key]) + "#receipts")
