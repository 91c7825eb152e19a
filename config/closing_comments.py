"""Comments on a post are closed: what the inbox has of the thread is kept beside the calendar's word for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from calendar_app import commenting
from calendar_app.models import CommentWindow, Placement, Release
from engagement.models import Message


@allow("decide_delivery")
@require_POST
def close_comments(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody closed them on the network: keep the thread as it is now."""
    user, now = person(request), request.now  # type: ignore[attr-defined]
    seen = Placement.objects.visible_to(user, now)
    rows = CommentWindow.objects.select_related("placement__post", "placement__channel__scope")
    window = get_object_or_404(rows.filter(placement__in=seen), placement__key=key)
    closed = commenting.close(window, thread_of(window.placement), by=user, now=now)
    count = closed.thread or 0
    messages.success(request, f"Closed. {count} comment{' is' if count == 1 else 's are'} kept as they were.")
    return redirect(reverse("calendar:post", args=[window.placement.post.key]) + "#comments")


def thread_of(placement: Placement) -> list[dict[str, object]]:
    """Everything public under the post on that channel, ours too, with every version that was seen, oldest first."""
    ours = Release.objects.filter(placement=placement).exclude(delivery__remote_id="")
    posts = list(ours.values_list("delivery__remote_id", flat=True))
    under = Message.objects.filter(channel=placement.channel).filter(Q(root_id__in=posts) | Q(parent_id__in=posts))
    talks = under.exclude(conversation=None).values("conversation")
    whole = Q(pk__in=under) | Q(conversation__in=talks) | Q(conversation__root_id__in=posts)
    rows = Message.objects.filter(channel=placement.channel).filter(whole)
    public = rows.exclude(visibility__in=("private", "direct")).exclude(kind__in=("post", "direct"))
    return [_told(one) for one in public.select_related("person").prefetch_related("versions").order_by("at", "pk")]


def _told(one: Message) -> dict[str, object]:
    return {
        "id": one.remote_id,
        "answers": one.parent_id,
        "by": "the town" if one.ours else str(one.person),
        "at": one.at.isoformat(),
        "text": one.text,
        "versions": [version.text for version in one.versions.all()],
        "edited_at": one.edited_at.isoformat() if one.edited_at else "",
        "gone_at": one.gone_at.isoformat() if one.gone_at else "",
        "hidden": one.hidden,
        "pictures": one.pictures,
        "url": one.url,
    }
