"""Mistakes that are out: noted with what is right and who was reached, then corrected visibly where they were made.

The original is kept as it was. Whether there is a correction is a decision with a name; without one nothing that was
wrong is taken down. The lesson stays with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from calendar_app import composing
from calendar_app.models import Correction, Placement, Post
from calendar_app.words import Words
from policy import records

RULE = "correction"
NAMES = (
    "When noted",
    "Channels",
    "What we wrote",
    "What was wrong",
    "What is right",
    "Original",
    "Correction",
    "Since",
)


@dataclass(frozen=True)
class Told:
    """What a person says about a mistake; `decision` is correct or none, the latter with `why`."""

    wrong: str
    right: str
    reached: str
    lesson: str
    decision: str
    why: str = ""


@transaction.atomic
def decide(post: Post, placements: Sequence[Placement], told: Told, *, by: User, now: datetime) -> Correction:
    """Note the mistake and what is done about it. A visible correction begins as a draft on the same channels."""
    out = [one for one in placements if one.shown_state in {"published", "removed"} and one.delivery]
    if not out:
        raise IllegalMove("Nothing of this is out, so there is nothing to correct.", rule=RULE)
    for one in out:
        require(by, "correct_post", now, one.channel.scope)
    _whole(told)
    original = [_as_it_was(one) for one in out]
    row = Correction.objects.create(
        of=post,
        wrong=told.wrong.strip(),
        right=told.right.strip(),
        reached=told.reached.strip()[:300],
        lesson=told.lesson.strip(),
        decision=told.decision,
        why=told.why.strip()[:500] if told.decision == "none" else "",
        original=original,
        post=_draft(post, out, told, by, now) if told.decision == "correct" else None,
        by=by,
        at=now,
    )
    row.placements.set(out)
    audit.record("decided_correction", post, by=by, now=now, decision=told.decision, wrong=row.wrong[:300])
    payload = {"original": original, "wrong": row.wrong, "right": row.right, "reached": row.reached}
    payload |= {"lesson": row.lesson, "decision": row.decision, "why": row.why, "by": by.name}
    records.keep("correction", str(row.key), f"Correction of {post}", payload, now, now)
    return row


def _whole(told: Told) -> None:
    missing = [
        words
        for value, words in (
            (told.wrong, "what was wrong"),
            (told.right, "what is right"),
            (told.reached, "who was reached"),
            (told.lesson, "what is learned from it"),
        )
        if not value.strip()
    ]
    if told.decision not in {"correct", "none"}:
        missing.append("whether it is corrected")
    if told.decision == "none" and not told.why.strip():
        missing.append("why there is no correction")
    if missing:
        raise Invalid(f"Say {', '.join(missing)}.", rule=RULE)


def _as_it_was(placement: Placement) -> dict[str, object]:
    delivery = placement.delivery
    return {
        "channel": str(placement.channel),
        "text": delivery.payload.get("text", "") if delivery else "",
        "pictures": delivery.payload.get("pictures", []) if delivery else [],
        "url": delivery.remote_url if delivery else "",
        "hash": delivery.content_hash if delivery else "",
        "since": delivery.published_at.isoformat() if delivery and delivery.published_at else "",
    }


def _draft(post: Post, out: Sequence[Placement], told: Told, by: User, now: datetime) -> Post:
    """The correction, begun: on every channel of the mistake, with the link to it there."""
    words = f"Correction: we wrote “{told.wrong.strip()}”. {told.right.strip()}"
    own = {}
    for one in out:
        url = one.delivery.remote_url if one.delivery else ""
        own[str(one.channel.key)] = f"{words}\n\n{url}" if url and one.shown_state == "published" else ""
    begun = Words(
        text=words,
        kind="correction",
        topic=post.topic,
        campaign=post.campaign,
        objective=post.objective,
        unplanned=post.unplanned or post.objective is None,
        benefit=post.benefit or "learn",
        language=post.language,
        own=own,
    )
    return composing.create(begun, by=by, now=now)


def covering(placement: Placement) -> Correction | None:
    """The newest correction decision about this placement."""
    return placement.corrections.order_by("-at", "-pk").first()


def reached_words(placement: Placement) -> str:
    """What the platform said about how far it went, as a first answer to who was reached; "" where it said nothing."""
    row = placement.readbacks.exclude(read_at=None).order_by("-read_at").first()
    names = {"impressions": "views", "reach": "people", "likes": "likes", "shares": "shares", "replies": "answers"}
    known = [f"{row.numbers[key]} {name}" for key, name in names.items() if row and row.numbers.get(key)]
    return f"{', '.join(known)} on {placement.channel}" if known else ""


def published() -> list[Correction]:
    """Those the public can see: corrected, and the correction is out."""
    rows = Correction.objects.filter(decision="correct", post__placements__delivery__state="published").distinct()
    return list(rows.select_related("of", "post", "by").prefetch_related("post__placements__delivery"))


def table(rows: Sequence[Correction]) -> list[list[object]]:
    """The public log, a row for each correction in the order of `NAMES`."""
    return [
        [
            row.at.date().isoformat(),
            ", ".join(str(one["channel"]) for one in row.original),
            shorten(str(row.original[0]["text"]), 300, placeholder="…") if row.original else "",
            row.wrong,
            row.right,
            " ".join(str(one["url"]) for one in row.original if one["url"]),
            " ".join(links(row)),
            min((one["since"][:10] for one in row.original if one["since"]), default=""),
        ]
        for row in rows
    ]


def links(row: Correction) -> list[str]:
    """Where the correction can be read."""
    found = row.post.placements.all() if row.post else []
    return [one.delivery.remote_url for one in found if one.delivery and one.delivery.state == "published"]
