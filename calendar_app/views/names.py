"""The list of names an election looks for, and the pictures of the library that show one of them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app.mode_forms import NameForm
from calendar_app.models import PostPicture
from calendar_app.views.finding import now_of
from channels_app import media
from channels_app.models import Media
from policy.models import MarkedPicture, PublicName

MOST_PICTURES = 60


@allow("see_policy")
def names(request: HttpRequest) -> HttpResponse:
    return _names(request)


def _names(request: HttpRequest, form: NameForm | None = None) -> HttpResponse:
    """The list of names, and the pictures of the library with who is marked on them."""
    moment = now_of(request)
    may_set = may(person(request), "set_mode", moment)
    used = PostPicture.objects.values("media")
    pictures = Media.objects.filter(pk__in=used, state="ready").order_by("-at")[:MOST_PICTURES] if may_set else []
    marked: dict[str, list[PublicName]] = {}
    for row in MarkedPicture.objects.select_related("name"):
        marked.setdefault(str(row.media), []).append(row.name)
    listed = PublicName.objects.order_by("-active", "kind", "name")
    context = {
        "here": "modes",
        "rows": listed,
        "active": [one for one in listed if one.active],
        "form": form or NameForm(),
        "pictures": [(one, media.link(one, moment, small=True), marked.get(str(one.key), [])) for one in pictures],
        "may_set": may_set,
    }
    return render(request, "modes/names.html", context, status=422 if form else 200)


@allow("set_mode")
@require_POST
def add_name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _names(request, form)
    with transaction.atomic():
        row = form.save()
        audit.record("listed_name", row, by=person(request), now=now_of(request), what=row.kind)
    return redirect("modes:names")


@allow("set_mode")
@require_POST
def put_name_away(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a name off the list, or put it on again; it is never deleted, so that the trail stays readable."""
    row = get_object_or_404(PublicName, key=key)
    with transaction.atomic():
        PublicName.objects.filter(pk=row.pk).update(active=not row.active)
        act = "unlisted_name" if row.active else "listed_name"
        audit.record(act, row, by=person(request), now=now_of(request))
    return redirect("modes:names")


@allow("set_mode")
@require_POST
def mark_picture(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that a picture of the library shows this person, or that it does not."""
    row = get_object_or_404(PublicName, key=key)
    shown = get_object_or_404(Media, key=_uuid(request.POST.get("media", "")))
    with transaction.atomic():
        mark, new = MarkedPicture.objects.get_or_create(media=shown.key, name=row)
        if not new:
            mark.delete()
        act = "marked_picture" if new else "unmarked_picture"
        audit.record(act, row, by=person(request), now=now_of(request), picture=str(shown.key))
    return redirect("modes:names")


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        raise Invalid("Choose a picture.") from None
