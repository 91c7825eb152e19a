"""Changing a guide: a draft of the whole, what differs from the version in force, approval by somebody else.

Nobody approves their own draft where somebody else may. Where there is nobody, its writer looks again after the wait
the town has set, and the version says so. The shipped text is nobody's own, so adopting it unchanged needs no wait.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import slugify

from accounts import audit
from accounts.access import require, who_may
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from policy import guides, ruling, shipped
from policy.models import Acknowledgement, Clause, GuideVersion, PolicyChoices
from policy.moves import move
from policy.shipped import Words

A_YEAR = timedelta(days=365)
MOST_CLAUSES = 200


def draft_of(guide: str) -> GuideVersion | None:
    """The draft that is being written or waits for approval; there is one at most."""
    rows = GuideVersion.objects.filter(guide=guide, state__in=["draft", "asked"])
    return rows.select_related("made_by", "asked_by").first()


def begin(guide: str, *, by: User, now: datetime) -> GuideVersion:
    """A draft of the next version, beginning as the one in force; the draft there is where there is one."""
    require(by, "write_policy", now)
    there = draft_of(guide)
    if there is not None:
        return there
    return _make(guide, guides.clauses(guide), by=by, now=now)


@transaction.atomic
def adopt(guide: str, review_on: date, *, by: User, now: datetime) -> GuideVersion:
    """Put the shipped text in force as it is. Nobody here wrote it, so one signature is enough."""
    require(by, "approve_policy", now)
    if guides.current(guide) or draft_of(guide):
        raise IllegalMove("The town has a text of its own already.", next_step="Change that one.", rule="guides")
    _must_be_later(review_on, now)
    version = _make(guide, shipped.clauses(guide), by=None, now=now)
    version.summary = "The text that ships with Parley, adopted as it is."
    version.save(update_fields=["summary"])
    move(version, "asked", now=now)
    move(version, "approved", now=now, by=by, approved_by=by, approved_at=now, review_on=review_on)
    guides.acknowledge(version, by=by, now=now)
    guides.remind(version, by=None, now=now)
    return version


def content_of(clause: Words) -> str:
    """A mark of what one editor saw of a clause, to notice that a colleague changed it meanwhile."""
    told = [clause.chapter, clause.title, clause.text, *clause.questions, *clause.rules]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


@transaction.atomic
def save_clause(version: GuideVersion, clause: Words, seen: str, *, by: User, now: datetime) -> Words:
    """Write one clause of a draft, a new one when its anchor is empty. LostRace when it is not as it was seen."""
    rows = _open(version, by, now)
    _check(clause)
    if not clause.anchor:
        anchor = _new_anchor(clause.title, {row.anchor for row in rows})
        clause = replace(clause, anchor=anchor)
        last = max((n for n, row in enumerate(rows) if row.chapter == clause.chapter), default=len(rows) - 1)
        rows.insert(last + 1, clause)
    else:
        place = _place(rows, clause.anchor)
        if content_of(rows[place]) != seen:
            raise LostRace(
                f"A colleague changed “{rows[place].title}” while you were writing.",
                next_step="Compare with theirs below, then save again.",
            )
        rows[place] = clause
    _store(version, _by_chapter(rows), now)
    return clause


@transaction.atomic
def remove_clause(version: GuideVersion, anchor: str, *, by: User, now: datetime) -> None:
    rows = _open(version, by, now)
    del rows[_place(rows, anchor)]
    _store(version, rows, now)


@transaction.atomic
def move_clause(version: GuideVersion, anchor: str, step: int, *, by: User, now: datetime) -> None:
    """One place up (-1) or down (+1) within its chapter; at its end nothing happens."""
    rows = _open(version, by, now)
    here = _place(rows, anchor)
    there = here + step
    if 0 <= there < len(rows) and rows[there].chapter == rows[here].chapter:
        rows[here], rows[there] = rows[there], rows[here]
        _store(version, rows, now)


def drop(version: GuideVersion, *, by: User, now: datetime) -> GuideVersion:
    """Throw a draft away; what is in force stays."""
    require(by, "write_policy", now)
    return move(version, "dropped", now=now, by=by)


def back_to_draft(version: GuideVersion, reason: str, *, by: User, now: datetime) -> GuideVersion:
    """Send it back, or take it back to go on writing."""
    require(by, "write_policy", now)
    move(version, "draft", now=now, by=by, reason=reason.strip()[:300], asked_at=None, asked_by=None)
    if version.made_by and version.made_by != by:
        words = f"{by.name} sent {version} back: {reason.strip()[:150] or 'please look again'}"
        tell(version.made_by, "policy.sent_back", words, reverse("policy:draft", args=[version.guide]), now=now)
    return version


@transaction.atomic
def ask(version: GuideVersion, summary: str, *, by: User, now: datetime) -> GuideVersion:
    """Ask for approval. Everything that needs a clause must have one."""
    require(by, "write_policy", now)
    if not summary.strip():
        raise Invalid("Say in a sentence what changes, for everybody who has to read it.", rule="guides")
    if not guides.words_of(version):
        raise Invalid("A guide without a clause cannot be approved.", rule="guides")
    bare = without_clause(version)
    if bare:
        names = "; ".join(f"{ruling.name_of(rule)} ({rule})" for rule in bare[:6])
        raise Invalid(
            f"{len(bare)} rules would rest on no clause any more: {names}.",
            next_step="Name each of them in a clause, then ask again.",
            rule="guides",
        )
    move(version, "asked", now=now, by=by, asked_by=by, asked_at=now, summary=summary.strip()[:300])
    for user in others(version, now):
        words = f"{by.name} asks you to approve {version}: {version.summary}"
        tell(user, "policy.to_approve", words, reverse("policy:draft", args=[version.guide]), now=now)
    return version


@transaction.atomic
def approve(version: GuideVersion, review_on: date, *, by: User, now: datetime) -> GuideVersion:
    """Put it in force. By somebody who did not write it; alone, at the second look."""
    require(by, "approve_policy", now)
    version = GuideVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    _must_be_later(review_on, now)
    own = by.pk in {version.made_by_id, version.asked_by_id}
    if own:
        _must_be_second_look(version, now)
    move(
        version, "approved", now=now, by=by, approved_by=by, approved_at=now, review_on=review_on, second_look=own,
    )  # fmt: skip
    Acknowledgement.objects.get_or_create(version=version, user=by, defaults={"at": now})
    guides.remind(version, by=None, now=now)
    return version


def others(version: GuideVersion, now: datetime) -> QuerySet[User]:
    """Who may approve it and did not write it."""
    return who_may("approve_policy", now).exclude(pk__in=[version.made_by_id, version.asked_by_id])


def look_again_at(version: GuideVersion) -> datetime | None:
    """From when on its own writer may approve it, where nobody else can."""
    if version.asked_at is None:
        return None
    return version.asked_at + timedelta(hours=PolicyChoices.here().look_hours)


def without_clause(version: GuideVersion) -> list[str]:
    """What would rest on no clause if this version held."""
    rules = [rule for one in guides.words_of(version) for rule in one.rules]
    for other in set(guides.NAMES) - {version.guide}:
        rules += [rule for one in guides.clauses(other) for rule in one.rules]
    return ruling.uncovered(rules)


def rules_from(typed: str) -> tuple[str, ...]:
    """Rule ids as somebody typed them; Invalid names those that are none."""
    found = tuple(dict.fromkeys(word for word in re.split(r"[\s,;]+", typed) if word))
    families = {rule[0] for rule in ruling.every() if rule[0].isupper()}
    strange = [word for word in found if word not in ruling.every() and word not in families]
    if strange:
        raise Invalid(f"No rule is called {', '.join(strange)}.", next_step="The list is below the form.")
    return found


def _make(guide: str, clauses: Sequence[Words], *, by: User | None, now: datetime) -> GuideVersion:
    taken = GuideVersion.objects.filter(guide=guide).exclude(state="dropped").order_by("-number").first()
    with transaction.atomic():
        version = GuideVersion.objects.create(
            guide=guide, number=taken.number + 1 if taken else 1, made_by=by, made_at=now, changed_at=now
        )
        _store(version, clauses, now)
        if by is not None:
            audit.record("began", version, by=by, now=now)
    return version


def _store(version: GuideVersion, rows: Sequence[Words], now: datetime) -> None:
    Clause.objects.filter(version=version).delete()
    Clause.objects.bulk_create(
        Clause(
            version=version,
            anchor=row.anchor,
            position=place,
            chapter=row.chapter,
            number=row.number,
            title=row.title,
            text=row.text,
            rules=list(row.rules),
            questions="\n".join(row.questions),
        )
        for place, row in enumerate(shipped.numbered(rows))
    )
    GuideVersion.objects.filter(pk=version.pk).update(changed_at=now)


def _open(version: GuideVersion, by: User, now: datetime) -> list[Words]:
    """The clauses of a draft that may be written in, held until the end of the transaction."""
    require(by, "write_policy", now)
    held = GuideVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if held.state != "draft":
        raise IllegalMove("This version is not being written.", next_step="Begin a new draft.", rule="guides")
    return list(guides.words_of(held))


def _place(rows: Sequence[Words], anchor: str) -> int:
    for place, row in enumerate(rows):
        if row.anchor == anchor:
            return place
    raise LostRace("A colleague removed this clause.", next_step="Look at the draft again.")


def _by_chapter(rows: Sequence[Words]) -> list[Words]:
    chapters = list(dict.fromkeys(row.chapter for row in rows))
    return sorted(rows, key=lambda row: chapters.index(row.chapter))


def _check(clause: Words) -> None:
    if not (clause.title.strip() and clause.text.strip() and clause.chapter.strip()):
        raise Invalid("A clause has a chapter, a title and a text.", next_step="Your words are still here.")


def _new_anchor(title: str, taken: set[str]) -> str:
    base = slugify(title)[:50] or "clause"
    return next(name for name in [base, *(f"{base}-{n}" for n in range(2, MOST_CLAUSES))] if name not in taken)


def _must_be_later(review_on: date, now: datetime) -> None:
    if not now.date() < review_on <= now.date() + 3 * A_YEAR:
        raise Invalid("The review is on a day within the next three years.", rule="guides")


def _must_be_second_look(version: GuideVersion, now: datetime) -> None:
    someone = others(version, now).first()
    if someone is not None:
        raise NotAllowed(
            "Nobody approves their own draft.", next_step=f"Ask {someone.name}, who may approve it.", rule="guides"
        )
    opens_at = look_again_at(version)
    if opens_at is None or now < opens_at:
        raise NotAllowed(
            "Nobody else can approve this, so you look again after the wait.",
            next_step="The page says when; nothing is lost until then.",
            rule="second_look",
        )
