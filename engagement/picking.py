"""Beginning an answer with words there are already: a saved reply, an approved answer, what a department said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.refusals import Invalid
from engagement import cases, filling, library, saved, wording
from engagement.models import Answer, Conversation, Reply, SavedReply, Used

SHOWN = 12


@dataclass(frozen=True)
class Offer:
    """One thing to begin with. `kind`: saved or answer; `words` are filled as far as can be, `gaps` say what is not;
    `overdue` marks an answer whose review is due."""

    kind: str
    key: str
    name: str
    words: str
    gaps: Sequence[str]
    more: str
    overdue: bool = False


def offers(query: str, conversation: Conversation, *, by: User, now: datetime) -> list[Offer]:
    """What fits the query, approved answers first where something is asked for; each as it would read here."""
    facts, day = filling.facts_for(conversation, by), library.today(now)
    found: list[Offer] = []
    for one in library.search(query)[:SHOWN]:
        filled = filling.fill(one.text, facts)
        late = library.is_overdue(one, day)
        more = f"Review was due on {one.review_on:%-d %B %Y}" if late else f"Approved, {one.topic or 'any topic'}"
        found.append(Offer("answer", str(one.key), one.question, filled.text, filled.gaps, more, late))
    for held in saved.search(query, by)[:SHOWN]:
        filled = filling.fill(held.text, facts)
        more = "Your own" if held.owner_id else "Shared"
        found.append(Offer("saved", str(held.key), held.name, filled.text, filled.gaps, more))
    return found


@transaction.atomic
def put(
    conversation: Conversation, kind: str, key: UUID, text: str, at: int | None, *, by: User, now: datetime
) -> Reply:
    """Put one of them into the words typed so far, at place `at` or at their end, and keep them as the draft.

    A field that cannot be filled stays and is named when the answer is sent.
    """
    thing = _thing(kind, key, by)
    if thing is None:
        raise Invalid("It is not there any more.", next_step="Choose another one.")
    if "{reference}" in thing.text:
        cases.give(conversation, by=by, now=now)
    words = filling.fill(thing.text, filling.facts_for(conversation, by)).text
    draft = wording.save(conversation, joined(text, words, at), by=by, now=now)
    if draft is None or draft.state != "draft":
        raise Invalid("This answer was sent meanwhile.", next_step="Load the page again.")
    column = "saved" if isinstance(thing, SavedReply) else "answer"
    Used.objects.get_or_create(reply=draft, **{column: thing}, defaults={"by": by, "at": now})
    return draft


def _thing(kind: str, key: UUID, by: User) -> SavedReply | Answer | None:
    if kind == "saved":
        return saved.visible_to(by).filter(key=key).first()
    return Answer.objects.filter(key=key, state="approved").first()


def joined(text: str, words: str, at: int | None = None) -> str:
    """Words put into a text, with a space where two words would meet; a semicolon that asked for them goes."""
    place = len(text) if at is None else max(0, min(at, len(text)))
    before, after = text[:place], text[place:]
    before = before[:-1] if before.endswith(";") and (len(before) == 1 or before[-2].isspace()) else before
    left = " " if before and not before[-1].isspace() else ""
    right = " " if after and not after[0].isspace() else ""
    return f"{before}{left}{words}{right}{after}"
