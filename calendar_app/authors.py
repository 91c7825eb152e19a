"""Whose words a post is made of: nobody of them signs it."""

from __future__ import annotations

from calendar_app.models import Post


def writers(post: Post) -> set[int]:
    """Everybody who wrote on it. What an approver changed while signing stays the author's, who is shown the edit."""
    rows = post.versions.filter(beside=False, while_signing=False)
    return {post.author_id, *rows.values_list("by", flat=True)}
