"""From a kept promise to the post that tells everybody: the composer with its fields filled in."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.access import allow, person
from accounts.refusals import IllegalMove
from engagement.models import Issue, Promise


@allow("write_post")
def post_the_fix(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open the composer with the fix; only what may be told in public, and only once it is done."""
    user, now = person(request), request.now  # type: ignore[attr-defined]
    seen = Promise.objects.visible_to(user, now, "write_post").select_related("conversation__channel")
    row = get_object_or_404(seen, key=key)
    if row.state != "kept" or not row.public:
        raise IllegalMove(
            "Only a promise that is kept and may be told in public becomes a post.", next_step="Close it as kept first."
        )
    fields = {"kind": "fix", "text": words_of(row), "channel": str(row.conversation.channel.key)}
    return redirect(f"{reverse('calendar:new-post')}?{urlencode(fields)}")


@allow("write_post")
def post_the_end(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open the composer with the end of an issue that had no promise; its words are what the reporters were told."""
    user, now = person(request), request.now  # type: ignore[attr-defined]
    issue = get_object_or_404(Issue.objects.visible_to(user, now, "write_post"), key=key)
    if issue.state != "closed" or not issue.closing:
        raise IllegalMove("Only an issue that is closed becomes a post.", next_step="Close it first.")
    return redirect(f"{reverse('calendar:new-post')}?{urlencode({'kind': 'fix', 'text': issue.closing})}")


def words_of(row: Promise) -> str:
    """A first version of the post: you told us, it is done. Nobody who reported it is named."""
    return f"You told us, and it is done: {row.what.rstrip('.')}. Thank you to everybody who wrote."
