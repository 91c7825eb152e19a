"""What a post's pages show of its sign-off: changes that were asked for, and the thread."""

from __future__ import annotations

from django import template

from calendar_app import remarks
from calendar_app.models import Post

register = template.Library()


@register.inclusion_tag("calendar_app/_changes.html")
def changes_asked(post: Post | None) -> dict[str, object]:
    """What an approver wants different, with what was changed since; nothing for a post that is not stored yet."""
    return {"changes": remarks.changes(post) if post else []}
