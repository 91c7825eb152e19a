"""What a thread's entries show, worked out once: a message is drawn often, and seldom has more than words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from engagement import liking
from engagement.models import Conversation, Message
from engagement.storyline import Entry


def drawn(
    entries: Sequence[Entry], conversation: Conversation, *, may_mark: bool, may_like: bool
) -> list[dict[str, Any]]:
    """Plain data for `_entry.html`, once `around.beside` has put the marks on the messages.

    `more` says whether `_entry_above.html` and `_entry_below.html` have anything to say under the words; `mark` is
    where this message is marked as support, empty for one that cannot be. `like` is how liking it stands, with where
    that is changed; empty where there is nothing to say and nothing to do.
    """
    acts = liking.acts_on(conversation.channel, conversation.private) if may_like else ()
    likes = {act: reverse(f"inbox:{act}", args=[conversation.key]) for act in acts}
    mark = reverse("issues:mark", args=[conversation.key]) if may_mark and not conversation.private else ""
    return [_drawn(entry, conversation.private, mark, likes) for entry in entries]


def _drawn(entry: Entry, private: bool, mark: str, likes: Mapping[str, str]) -> dict[str, Any]:
    if entry.kind == "event":
        return {"kind": "event", "text": entry.text, "at_words": entry.at_words}
    message, ours = entry.message, entry.kind == "out"
    shown = {
        "entry": entry,
        "kind": entry.kind,
        "author": entry.author,
        "shape": "channel" if ours else "",
        "hue": "1" if ours else "",
        "detail": "Note, seen by the team only" if entry.kind == "note" else entry.detail,
        "at": timezone.localtime(entry.at).isoformat(),
        "at_words": entry.at_words,
        "text": entry.text,
        "private": private and entry.kind != "note",
        "more": bool(entry.earlier or entry.state),
    }
    if message is None:
        return shown
    seldom = message.pictures or message.came_from or message.hidden or message.at_doubtful  # type: ignore[attr-defined]
    theirs = entry.kind == "in" and not private
    return shown | {
        "gone_at": message.gone_at,
        "language": message.language,
        "more": shown["more"] or bool(seldom),
        "marked": message.marked if theirs else "",  # type: ignore[attr-defined]
        "mark": mark if theirs else "",
        "like": _like(message, likes) if entry.kind == "in" and not message.gone_at else None,
        "pk": message.pk,
        "url": message.url if ours and not entry.state else "",
    }


def _like(message: Message, likes: Mapping[str, str]) -> dict[str, str] | None:
    """How liking it stands in words, and the act that can be asked for with its address."""
    stands = liking.standing(message.like)  # type: ignore[attr-defined]
    url = likes.get(stands.act, "")
    if not (stands.words or url):
        return None
    return {"words": stands.words, "tone": stands.tone, "act": stands.act, "url": url, "under_way": stands.under_way}
