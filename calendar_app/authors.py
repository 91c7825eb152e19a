"""Whose words a post is made of: nobody of them signs it."""

from __future__ import annotations

from calendar_app.models import Post


def writers(post: Post) -> set[int]:
    """Everybody whose words these are or may be. What an approver changed while signing stays the author's, who is
    shown the edit; a version that came too late counts, because another person may have taken its words up.
    """
    return {post.author_id, *post.versions.filter(while_signing=False).values_list("by", flat=True)}
