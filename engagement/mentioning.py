"""Naming a colleague in a note: “@Ruth Calder, is this still so?” tells her, once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from accounts.access import who_may
from accounts.models import User
from accounts.notifications import tell
from engagement.models import Note

BEFORE = r"(?<![\w@.])@"


def named(text: str, people: Iterable[User]) -> list[User]:
    """Who of these people is named with an @ before the whole name, or before a first name only one of them has."""
    if "@" not in text:
        return []
    known = sorted(people, key=lambda one: -len(one.name))
    firsts: dict[str, list[User]] = {}
    for one in known:
        firsts.setdefault(_first(one), []).append(one)
    found = []
    for one in known:
        whole = re.compile(rf"{BEFORE}{re.escape(one.name)}(?!\w)", re.IGNORECASE)
        if whole.search(text):
            found.append(one)
            text = whole.sub(" ", text)
    for first, same in firsts.items():
        alone = re.search(rf"{BEFORE}{re.escape(first)}(?!\w)", text, re.IGNORECASE) if len(same) == 1 else None
        if alone and same[0] not in found:
            found.append(same[0])
    return found


def tell_named(note: Note, url: str, now: datetime) -> list[User]:
    """Tell those a note names, each once; who cannot see the conversation is not told."""
    people = who_may("see_inbox", now, note.conversation.channel.scope).exclude(pk=note.author_id)
    told = named(note.text, people)
    for user in told:
        words = f"{note.author.name} asks you in a note: {note.text}"
        tell(user, "inbox.named", words, url, now=now, once=f"note:{note.pk}")
    return told


def _first(user: User) -> str:
    return (user.name.split() or [user.name])[0].lower()
